"""The why-path: every decision from signal to phone, with its reason, and nothing invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from holdfast.alerts import actions as alerts
from holdfast.alerts import queries
from holdfast.alerts.ahead import Now, now_of
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.why import Entry, Facts, Stage, State, path
from holdfast.escalation.actions import save_policy
from holdfast.escalation.model import Policy, Step, Target
from holdfast.kernel.actor import SYSTEM
from holdfast.paging.model import PageAnswer
from holdfast.schedules import actions as schedules
from holdfast.sdk import Rejected, Retry, Severity, Signal, SignalStatus, Urgency
from holdfast.timeline.event import Event, Recorded
from holdfast.web.alerts.facts import facts_of
from tests.support.database import START, opened
from tests.support.story import MINUTE, Story, weekly


@pytest.fixture
def story() -> Iterator[Story]:
    with opened() as database:
        yield Story(database).company()


def facts(story: Story, alert: str | None) -> Facts:
    assert alert is not None
    with story.database.read(SYSTEM) as tx:
        return facts_of(tx, queries.alert(tx, alert))


def told(story: Story, alert: str | None) -> list[str]:
    """`+5m step: Step 2 paged Bo` for each entry."""
    found = []
    for entry in path(facts(story, alert)):
        assert entry.at is not None
        minutes = int((entry.at - story.start).total_seconds()) // 60
        found.append(f"+{minutes}m {entry.stage.value}: {entry.what}")
    return found


def whys(story: Story, alert: str | None) -> dict[str, str | None]:
    return {entry.what: entry.why for entry in path(facts(story, alert))}


def now(story: Story, alert: str | None) -> Now:
    return now_of(facts(story, alert))


def ahead(story: Story, alert: str | None) -> list[str]:
    return [
        f"+{int((entry.at - story.start).total_seconds()) // 60}m {entry.what}"
        for entry in now(story, alert).ahead
        if entry.at is not None
    ]


def test_the_path_leads_from_the_signal_to_the_phone_and_to_the_answer(story: Story) -> None:
    alert = story.fires().alert
    story.pass_time(6 * MINUTE)
    story.answers("bo")
    story.drain()
    code = facts(story, alert).alert.code
    assert told(story, alert) == [
        "+0m signal: A signal came in by the connection am",
        f"+0m dedup: A new alert began: {code}",
        "+0m service: It belongs to Checkout",
        "+0m rule: Its urgency is high",
        "+0m policy: The climb began: escalation policy payments, 2 steps",
        "+0m step: Step 1 paged Ana",
        "+0m person: Ana was paged",
        "+0m rung: By the contact method phone",
        "+0m delivery: Sent by phone",
        "+2m rung: By the contact method mail",
        "+2m delivery: Sent by mail",
        "+5m step: Step 2 paged Bo",
        "+5m person: Bo was paged",
        "+5m rung: By the contact method phone",
        "+5m delivery: Sent by phone",
        "+6m answer: Bo answered: I have it",
        "+6m answer: Bo acknowledged it",
        "+6m step: Paging stopped",
        "+6m person: Ana need not answer any more",
    ]


def test_every_decision_says_why_it_was_taken(story: Story) -> None:
    alert = story.fires().alert
    story.pass_time(2 * MINUTE)
    found = whys(story, alert)
    code = facts(story, alert).alert.code
    assert found["A signal came in by the connection am"] == "its kind is alertmanager"
    assert found[f"A new alert began: {code}"] == "no alert is open with this key"
    assert found["Its urgency is high"] == "its severity is critical"
    assert found["Step 1 paged Ana"] == "step 1 of policy payments: schedule:primary"
    assert found["By the contact method phone"] == "first contact method"
    assert found["By the contact method mail"] == "it is due"


def test_a_step_that_reaches_nobody_is_told_with_its_reason_and_what_was_done(
    story: Story,
) -> None:
    with story.database.begin(SYSTEM) as tx:
        schedules.save(tx, weekly("night", (None,)))
        empty = Step((Target.parse("schedule:night"),), 5 * MINUTE)
        save_policy(tx, Policy("payments", (empty,), last_resort=(Target.parse("user:cy"),)))
    alert = story.fires().alert
    story.drain()
    found = {entry.what: entry for entry in path(facts(story, alert))}
    assert found["Step 1 was skipped"].why == "nobody is on call in schedule:night"
    assert found["Step 1 was skipped"].state is State.SKIPPED
    rescue = found["The last resort was paged: Cy"]
    assert rescue.why == "step 1 reaches nobody: nobody is on call in schedule:night"
    assert rescue.stage is Stage.LAST_RESORT


def test_a_dead_contact_method_and_the_next_one_stand_in_the_order_they_were_tried(
    story: Story,
) -> None:
    story.outcomes["ana@phone"] = Rejected("the number is dead")
    alert = story.fires().alert
    story.drain()
    assert told(story, alert)[-5:] == [
        "+0m person: Ana was paged",
        "+0m rung: By the contact method phone",
        "+0m delivery: phone failed",
        "+0m rung: By the contact method mail",
        "+0m delivery: Sent by mail",
    ]
    found = whys(story, alert)
    assert found["phone failed"] == "the number is dead"
    assert found["By the contact method mail"] == "phone did not work"


def test_retries_are_told_with_their_count_and_the_next_one_is_still_to_come(
    story: Story,
) -> None:
    story.outcomes["ana@phone"] = Retry("the carrier is busy")
    alert = story.fires().alert
    story.pass_time(timedelta(seconds=10))
    assert "+0m delivery: phone failed, and is tried again" in told(story, alert)
    assert any(line.endswith("Sending by phone, after 3 tries") for line in ahead(story, alert))
    story.outcomes.clear()
    story.pass_time(MINUTE)
    assert "+0m delivery: Sent by phone at try 4" in told(story, alert)


def test_what_was_not_sent_any_more_is_told_too(story: Story) -> None:
    story.outcomes["ana@phone"] = Retry("the carrier is busy")
    alert = story.fires().alert
    story.drain()
    story.answers("ana")
    assert "+0m delivery: Not sent by phone any more" in told(story, alert)


def test_repeated_signals_are_one_line_with_their_count(story: Story) -> None:
    alert = story.fires().alert
    story.pass_time(MINUTE)
    story.fires()
    story.fires()
    assert "+1m dedup: 2 more signals joined it" in told(story, alert)


def test_a_new_alert_after_a_resolve_names_the_one_before_it(story: Story) -> None:
    first = story.fires().alert
    story.drain()
    story.recovers()
    story.pass_time(MINUTE)
    second = story.fires().alert
    code = facts(story, first).alert.code
    assert f"+1m dedup: The same trouble as {code}, which is over" in told(story, second)
    assert "+0m resolved: The connection am resolved it" in told(story, first)
    assert whys(story, first)["The connection am resolved it"] == "the source says that it is over"


def test_holds_and_their_ends_are_told_with_their_reasons(story: Story) -> None:
    alert = story.fires().alert
    lead = story.fires("other").alert
    story.drain()
    assert alert is not None
    assert lead is not None
    story.pass_time(MINUTE)
    story.act("bo", lambda tx: alerts.snooze(tx, alert, timedelta(hours=1)))
    assert ahead(story, alert) == ["+61m The hold ends: it pages from the first step"]
    story.pass_time(MINUTE)
    story.act("bo", lambda tx: alerts.release(tx, alert))
    story.pass_time(MINUTE)
    story.act("bo", lambda tx: alerts.merge(tx, alert, lead))
    found = told(story, alert)
    code = facts(story, lead).alert.code
    assert "+1m hold: It was held: it wakes nobody" in found
    assert "+2m hold: The hold ended: it pages again" in found
    merged = f"It was merged into {code}: it wakes nobody while that is open"
    assert f"+3m hold: {merged}" in found
    assert now(story, alert) == Now(f"It wakes nobody: merged into {code}.", ())


def test_a_page_that_is_declined_and_an_alert_that_is_handed_on_are_told(story: Story) -> None:
    alert = story.fires().alert
    assert alert is not None
    story.drain()
    story.pass_time(MINUTE)
    story.answers("ana", PageAnswer.DECLINE)
    story.drain()
    found = told(story, alert)
    start = found.index("+1m answer: Ana answered: not me")
    assert found[start:][:3] == [
        "+1m answer: Ana answered: not me",
        "+1m answer: Ana escalated it",
        "+1m step: Step 2 paged Bo",
    ]
    story.pass_time(MINUTE)
    story.act("bo", lambda tx: alerts.reassign(tx, alert, Target.parse("user:cy")))
    story.drain()
    assert "+2m answer: Bo reassigned it to user:cy" in told(story, alert)
    assert whys(story, alert)["Bo need not answer any more"] == "reassigned to user:cy"


def test_an_alert_that_gets_worse_says_that_it_pages_now(story: Story) -> None:
    alert = story.fires(severity=Severity.INFO).alert
    story.drain()
    story.pass_time(MINUTE)
    story.fires()
    story.drain()
    assert "+1m rule: It was raised to critical" in told(story, alert)


def test_a_late_word_of_the_source_is_told_to_have_changed_nothing(story: Story) -> None:
    alert = story.fires(started_at=story.start).alert
    story.drain()
    late = Signal(SignalStatus.RESOLVED, "Disk full", dedup="k", started_at=story.start - MINUTE)
    story.receives(late)
    ignored = "A signal of the connection am changed nothing"
    assert f"+0m signal: {ignored}" in told(story, alert)
    assert whys(story, alert)[ignored] == (
        "it speaks of an earlier firing than the one that is open"
    )


def test_an_alert_by_hand_says_who_opened_it(story: Story) -> None:
    story.act("bo", lambda tx: alerts.open_by_hand(tx, "checkout", "Cards fail", Severity.ERROR))
    with story.database.read(SYSTEM) as tx:
        alert = queries.newest(tx, queries.Filter())[0].id
    assert told(story, alert)[0] == "+0m signal: Bo opened this alert by hand"


def test_what_comes_next_is_the_next_contact_method_and_the_next_step(story: Story) -> None:
    alert = story.fires().alert
    assert now(story, alert).what == "Nobody has answered yet."
    assert ahead(story, alert) == ["+0m Step 1 pages schedule:primary"]
    story.drain()
    assert now(story, alert).what == "Waiting for an answer of Ana."
    assert ahead(story, alert) == ["+2m Ana is reached by mail", "+5m Step 2 pages user:bo"]
    story.pass_time(5 * MINUTE)
    assert ahead(story, alert) == [
        "+7m Bo is reached by mail",
        "+20m The last resort is paged: user:cy",
    ]


def test_what_was_announced_is_what_then_happens(story: Story) -> None:
    alert = story.fires().alert
    story.drain()
    for _ in range(6):
        coming = now(story, alert).ahead
        if not coming:
            break
        assert coming[0].at is not None
        announced = len(story.heard)
        story.pass_time(coming[0].at - story.clock.now())
        assert len(story.heard) > announced, coming[0].what
    assert story.said()[-1] == "+22m cy@mail"


def test_an_alert_that_nobody_answered_says_that_all_was_tried(story: Story) -> None:
    alert = story.fires().alert
    story.pass_time(timedelta(hours=1))
    assert now(story, alert).what == "Waiting for an answer of Ana, Bo and Cy."
    assert now(story, alert).ahead == ()
    assert "+20m step: All steps were climbed once without an answer" in told(story, alert)
    for name in ("ana", "bo", "cy"):
        story.answers(name, PageAnswer.DECLINE)
    assert now(story, alert).what == (
        "Every step was climbed and nobody has answered. Reassign it to page somebody again."
    )


def test_an_alert_that_somebody_has_or_that_is_over_expects_nothing(story: Story) -> None:
    alert = story.fires().alert
    story.drain()
    story.answers("ana")
    assert now(story, alert) == Now("Ana has it: nobody else is paged.", ())
    story.recovers()
    assert now(story, alert) == Now("It is over: nobody is paged.", ())


def test_events_of_one_instant_are_told_as_they_happened_however_they_are_handed_over(
    story: Story,
) -> None:
    with story.database.begin(SYSTEM) as tx:
        all_at_once = Step((Target.parse("team:payments"),), 5 * MINUTE)
        save_policy(tx, Policy("payments", (all_at_once,), last_resort=(Target.parse("user:cy"),)))
    alert = story.fires().alert
    story.drain()
    known = facts(story, alert)
    lines = [entry.what for entry in path(known)]
    people = [line for line in lines if line.endswith("was paged")]
    for person in people:
        start = lines.index(person)
        assert lines[start + 1] == "By the contact method phone"
    assert lines.count("Sent by phone") == len(people)
    turned = Facts(
        alert=known.alert, events=known.events[::-1], pages=known.pages, names=known.names,
        deliveries=known.deliveries, climb=known.climb, kind=known.kind, service=known.service,
    )  # fmt: skip
    assert [entry.what for entry in path(turned)] == lines


def test_nothing_is_told_of_an_alert_of_which_nothing_is_written_down() -> None:
    bare = Facts(
        Alert(
            "al_1", "RAVO-42", "am", "checkout", "k", "Disk full", AlertStatus.TRIGGERED,
            Severity.ERROR, Urgency.HIGH, START,
        )
    )  # fmt: skip
    assert path(bare) == ()
    assert now_of(bare).what.startswith("Nobody is paged for this")


def test_every_kind_of_event_about_alerts_and_pages_is_told() -> None:
    alert = Alert(
        "al_1", "RAVO-42", "am", "checkout", "k", "Disk full", AlertStatus.TRIGGERED,
        Severity.ERROR, Urgency.HIGH, START,
    )  # fmt: skip
    kinds = {
        event.kind
        for event in Event.__subclasses__()
        if event.kind.startswith(("alert.", "escalation.", "page."))
    }
    assert len(kinds) > 20
    silent = {
        kind
        for kind in kinds
        if not path(Facts(alert, [Recorded("ev_1", START, kind, "al_1", "user:ana", {})]))
    }
    assert not silent


def test_an_event_of_a_kind_that_nobody_knows_here_is_passed_over() -> None:
    alert = Alert(
        "al_1", "RAVO-42", "am", "checkout", "k", "Disk full", AlertStatus.TRIGGERED,
        Severity.ERROR, Urgency.HIGH, START,
    )  # fmt: skip
    strange = Recorded("ev_1", START, "alert.praised", "al_1", "user:ana", {})
    resolved = Recorded("ev_2", START, "alert.resolved", "al_1", "system:holdfast", {"user": None})
    assert path(Facts(alert, [strange, resolved])) == (
        Entry(START, Stage.RESOLVED, "Holdfast resolved it", state=State.OK),
    )
