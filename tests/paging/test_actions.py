"""Stories of one person who is paged: door after door, until they answer or it is over."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from holdfast.alerts.model import AlertStatus
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.paging import actions as paging
from holdfast.paging import queries as pages
from holdfast.paging.actions import BACKOFF_MAX, TRIES_MAX, Demand
from holdfast.paging.model import NoSuchPage, NotReachable, Page, PageAnswer, PageOver, PageState
from holdfast.people import actions as people
from holdfast.people import queries as people_queries
from holdfast.people.model import Method, NoSuchMethod, Rung
from holdfast.people.permissions import NotPermitted
from holdfast.sdk import Rejected, Retry, Sent, Severity, Urgency
from holdfast.storage import duties
from holdfast.storage.duties import Delivery, DeliveryState
from tests.support.story import MINUTE, Story, person, policy_of, user

SECOND = timedelta(seconds=1)
HOUR = 60 * MINUTE


def one_page(story: Story, subject: str, name: str = "ana") -> Page:
    return next(page for page in story.pages_about(subject) if page.user == name)


def deliveries(story: Story, page: Page) -> list[Delivery]:
    with story.database.read(SYSTEM) as tx:
        return duties.deliveries_for(tx, [page.id])


def by_phone(story: Story, subject: str, name: str = "ana") -> Delivery:
    found = deliveries(story, one_page(story, subject, name))
    return next(delivery for delivery in found if delivery.way == "phone")


def troubles(story: Story, name: str) -> dict[str, str | None]:
    with story.database.read(SYSTEM) as tx:
        return {method.id: method.trouble for method in people_queries.user(tx, name).methods}


def test_rungs_that_fall_due_together_are_all_used(story: Story) -> None:
    together = {Urgency.HIGH: (Rung(timedelta(), "phone"), Rung(timedelta(), "mail"))}
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("ana", rules=together))
    story.opens()
    story.drain()
    assert story.said() == ["+0m ana@mail", "+0m ana@phone"]


def test_a_low_page_uses_the_rule_for_low_pages(story: Story) -> None:
    story.opens(severity=Severity.WARNING)
    story.pass_time(4 * MINUTE)
    assert story.said() == ["+0m ana@mail"]


def test_a_dead_door_hurries_the_next_rung(story: Story) -> None:
    """Promises P10: the wait before the next rung is not for a door that refused."""
    story.outcomes["ana@phone"] = Rejected("no such number")
    subject = story.opens()
    story.drain()
    assert story.said() == ["+0m ana@mail"]
    assert troubles(story, "ana") == {"phone": "no such number", "mail": None}
    events = story.recorded(one_page(story, subject).id)
    assert [(e.kind, e.data.get("why")) for e in events if e.kind != "page.sent"] == [
        ("page.opened", None),
        ("page.rung_reached", "first contact method"),
        ("page.failed", "no such number"),
        ("page.rung_reached", "phone did not work"),
    ]


def test_a_door_that_works_again_loses_its_trouble(story: Story) -> None:
    story.outcomes["ana@phone"] = Rejected("no such number")
    story.opens("first")
    story.drain()
    del story.outcomes["ana@phone"]
    story.opens("second")
    story.drain()
    assert troubles(story, "ana") == {"phone": None, "mail": None}


@pytest.mark.ledger("S1-32")
def test_a_door_that_does_not_answer_is_tried_again_while_the_next_is_used(story: Story) -> None:
    """Promises R09: retried until the alert is over, and nobody waits for it."""
    story.outcomes["ana@phone"] = Retry("503")
    story.opens()
    story.drain()
    assert story.said() == ["+0m ana@mail"]
    del story.outcomes["ana@phone"]
    story.pass_time(3 * SECOND)
    assert [said for said in story.said() if "phone" in said] == ["+0m2s ana@phone"]


def test_retries_wait_longer_and_longer_up_to_a_minute(story: Story) -> None:
    story.outcomes["ana@phone"] = Retry("503")
    subject = story.opens()
    story.drain()
    waits = []
    for _ in range(10):
        phone = by_phone(story, subject)
        assert phone.due is not None
        waits.append((phone.due - story.clock.now()) / SECOND)
        story.clock.jump_to(phone.due)
        story.drain()
        if story.climb(subject).step > 1:
            break
    assert 1.8 <= waits[0] <= 2.2
    assert all(later > earlier for earlier, later in pairwise(waits[:5]))
    assert max(waits) <= BACKOFF_MAX / SECOND * 1.1


def test_a_wait_that_the_other_side_asks_for_is_kept_within_reason(story: Story) -> None:
    story.outcomes["ana@phone"] = Retry("429", after=timedelta(minutes=3))
    subject = story.opens()
    story.drain()
    phone = by_phone(story, subject)
    assert phone.due is not None
    assert phone.due - story.clock.now() >= timedelta(minutes=2.5)
    story.outcomes["bo@phone"] = Retry("429", after=timedelta(days=99))
    story.pass_time(5 * MINUTE)
    phone = by_phone(story, subject, "bo")
    assert phone.due is not None
    assert phone.due - story.clock.now() <= timedelta(minutes=17)


def test_tries_have_an_end_and_then_the_person_is_unreachable(story: Story) -> None:
    """Promises R39: no endless retries; the budget ends with a reason."""
    page = lonely_page(story)
    story.outcomes["ana@phone"] = Retry("503")
    story.pass_time(TRIES_MAX * BACKOFF_MAX * 1.2)
    (phone,) = deliveries(story, page)
    assert (phone.state, phone.tries) == (DeliveryState.FAILED, TRIES_MAX)
    assert story.events(page.id)[-1] == "page.unreachable"
    assert story.events(page.id).count("page.failed") == 2  # the first time, and at the end


def lonely_page(story: Story) -> Page:
    """A page about nothing that climbs, to somebody with one door."""
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("ana", methods=(Method("phone", "fake", "ana@phone"),), rules={}))
        return paging.send_test(tx, "ana", "phone")


def test_somebody_whose_every_door_refuses_is_passed_over_at_once(story: Story) -> None:
    story.outcomes["ana@phone"] = story.outcomes["ana@mail"] = Rejected("gone")
    subject = story.opens()
    story.drain()
    assert story.said() == ["+0m bo@phone"]
    assert "page.unreachable" in story.events(one_page(story, subject).id)


def test_a_step_goes_on_at_once_only_when_nobody_of_it_can_be_reached(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        paging_policy = policy_of(("user:ana user:bo", 5), ("user:cy", 5))
        story.save_policy(tx, paging_policy)
    for door in ("ana@phone", "ana@mail", "bo@phone"):
        story.outcomes[door] = Rejected("gone")
    story.opens("bo can be mailed")
    story.drain()
    assert story.said() == ["+0m bo@mail"]
    story.outcomes["bo@mail"] = Rejected("gone")
    story.heard.clear()
    story.opens("nobody can be reached")
    story.drain()
    assert story.said() == ["+0m cy@phone"]


def test_an_older_page_that_is_still_open_holds_up_no_later_step(story: Story) -> None:
    """Ana's page of the first step is still open when Bo's doors refuse: nobody waits for her."""
    story.opens()
    story.drain()
    story.outcomes["bo@phone"] = story.outcomes["bo@mail"] = Rejected("gone")
    story.pass_time(5 * MINUTE)
    assert story.said() == ["+0m ana@phone", "+2m ana@mail", "+5m cy@phone"]


def test_when_the_last_resort_cannot_be_reached_the_admins_are_paged(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("root", role=Role.ADMIN))
    story.outcomes["cy@phone"] = story.outcomes["cy@mail"] = Rejected("gone")
    subject = story.opens()
    story.pass_time(20 * MINUTE)
    assert story.said()[-1] == "+20m root@phone"
    last = [e.data["why"] for e in story.recorded(subject) if "last_resort" in e.kind]
    assert last == ["nobody answered", "cy, the last resort, cannot be reached"]


def test_admins_who_cannot_be_reached_either_are_not_paged_for_ever(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("root", role=Role.ADMIN))
    for name in ("cy", "root"):
        story.outcomes[f"{name}@phone"] = story.outcomes[f"{name}@mail"] = Rejected("gone")
    subject = story.opens()
    story.pass_time(HOUR)
    assert len([page for page in story.pages_about(subject) if page.user == "root"]) == 1


def test_acknowledging_the_page_acknowledges_the_alert_and_stops_everything(story: Story) -> None:
    """Promises R35, P11."""
    subject = story.opens()
    story.drain()
    story.answers("ana")
    story.pass_time(HOUR)
    assert story.said() == ["+0m ana@phone"]
    alert = story.alert(subject)
    assert (alert.status, alert.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, "ana")
    assert one_page(story, subject).answer is PageAnswer.ACKNOWLEDGE


def test_an_acknowledgement_of_one_closes_the_pages_of_all(story: Story) -> None:
    subject = story.opens()
    story.pass_time(6 * MINUTE)
    story.answers("bo")
    assert {page.user: page.state for page in story.pages_about(subject)} == {
        "ana": PageState.CLOSED,
        "bo": PageState.ANSWERED,
    }
    story.pass_time(HOUR)
    assert story.said() == ["+0m ana@phone", "+2m ana@mail", "+5m bo@phone"]


@pytest.mark.parametrize("answer", [PageAnswer.ESCALATE, PageAnswer.DECLINE])
def test_whoever_escalates_or_declines_leaves_it_to_the_next_step_at_once(
    story: Story, answer: PageAnswer
) -> None:
    subject = story.opens()
    story.drain()
    story.answers("ana", answer)
    story.drain()
    assert story.said() == ["+0m ana@phone", "+0m bo@phone"]
    assert story.alert(subject).status is AlertStatus.TRIGGERED
    assert "alert.escalated" in story.events(subject)


def test_whoever_declines_late_does_not_hurry_past_the_person_who_is_asked_now(
    story: Story,
) -> None:
    """Promises R34: Bo has only just been paged."""
    story.opens()
    story.pass_time(5 * MINUTE)
    story.answers("ana", PageAnswer.DECLINE)
    story.pass_time(14 * MINUTE)
    assert not [said for said in story.said() if "cy" in said]
    story.pass_time(MINUTE)
    assert story.said()[-1] == "+20m cy@phone"


@pytest.mark.ledger("S1-32")
def test_an_answer_that_is_given_again_changes_nothing(story: Story) -> None:
    subject = story.opens()
    story.drain()
    page = story.answers("ana")
    before = story.events(subject), story.events(page.id)
    with story.database.begin(person("ana")) as tx:
        paging.answer(tx, page.id, PageAnswer.ACKNOWLEDGE)
    assert (story.events(subject), story.events(page.id)) == before


def test_an_answer_that_comes_too_late_says_so(story: Story) -> None:
    story.opens()
    story.drain()
    with story.database.read(SYSTEM) as tx:
        page = pages.latest(tx, user="ana", limit=1)[0]
    story.recovers()
    with story.database.begin(person("ana")) as tx, pytest.raises(PageOver) as late:
        paging.answer(tx, page.id, PageAnswer.ACKNOWLEDGE)
    assert "resolved" in late.value.detail


def test_a_page_that_never_was_cannot_be_answered(story: Story) -> None:
    with story.database.begin(person("ana")) as tx, pytest.raises(NoSuchPage):
        paging.answer(tx, "pg_nothing", PageAnswer.ACKNOWLEDGE)


def test_what_the_other_side_took_is_no_answer(story: Story) -> None:
    """Promises R69: only a person stops the climb."""
    story.outcomes["ana@phone"] = Sent("delivered, says the carrier")
    story.opens()
    story.pass_time(5 * MINUTE)
    assert "+5m bo@phone" in story.said()


def test_a_second_page_about_the_same_takes_the_place_of_the_first(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        story.save_policy(tx, policy_of(("user:ana", 5), repeat=1))
    subject = story.opens()
    story.pass_time(5 * MINUTE)
    first, second = (page for page in story.pages_about(subject) if page.user == "ana")
    assert (first.state, first.ended_because) == (PageState.CLOSED, "paged again")
    assert (second.state, second.attempt, second.round) == (PageState.OPEN, 2, 1)


def test_a_test_page_that_is_answered_verifies_its_method(story: Story) -> None:
    with story.database.begin(person("ana")) as tx:
        page = paging.send_test(tx, "ana", "mail")
    story.drain()
    assert story.said() == ["+0m ana@mail"]
    assert story.heard[0].message.title == "Test page from Holdfast"
    with story.database.begin(person("ana")) as tx:
        paging.answer(tx, page.id, PageAnswer.ACKNOWLEDGE)
    with story.database.read(SYSTEM) as tx:
        methods = people_queries.user(tx, "ana").methods
    assert [m.id for m in methods if m.verified_at == story.clock.now()] == ["mail"]
    assert "method.verified" in story.events("ana")


def test_nobody_sends_test_pages_to_others_without_the_right(story: Story) -> None:
    with story.database.begin(person("bo")) as tx, pytest.raises(NotPermitted):
        paging.send_test(tx, "ana", "mail")


def test_a_test_page_needs_a_method_that_exists(story: Story) -> None:
    with story.database.begin(person("ana")) as tx, pytest.raises(NoSuchMethod):
        paging.send_test(tx, "ana", "pigeon")


def test_a_person_without_a_door_cannot_be_paged(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.save_methods(tx, "cy", ())
        with pytest.raises(NotReachable):
            paging.page(tx, "cy", Demand("al_x", Urgency.HIGH, "a test of ours"))


def test_an_outcome_that_comes_after_the_answer_changes_nothing(story: Story) -> None:
    """The carrier was slow, the person was not."""
    subject = story.opens()
    with story.database.begin(SYSTEM) as tx:
        story.advance_climb(tx, subject)
    with story.database.begin(SYSTEM) as tx:
        (claimed,) = duties.claim_deliveries(tx, "node-1", 10)
    story.answers("ana")
    before = story.events(claimed.key)
    with story.database.begin(SYSTEM) as tx:
        paging.on_outcome(tx, claimed, Rejected("no such number"))
    assert story.events(claimed.key) == before
    (delivery,) = deliveries(story, one_page(story, subject))
    assert delivery.state is DeliveryState.CANCELLED
