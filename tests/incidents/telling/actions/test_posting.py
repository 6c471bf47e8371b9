"""Posting one message to many audiences, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.model import Brief, Kind, Phase
from holdfast.incidents.record import queries as record
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.cadence import standing
from holdfast.incidents.telling.model import (
    Carried,
    Composed,
    Next,
    NothingMoreToSay,
    Standing,
    Template,
    ToldMeanwhile,
)
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.errors import Invalid
from holdfast.people.permissions import NotPermitted
from holdfast.practice.model import Audience, RoleKey
from tests.support.story import MINUTE, Story, person
from tests.support.telling import changes, commanded, gives, posts, thread, titles, told_company

INSIDE, LEADERS, CUSTOMERS = Audience.INTERNAL, Audience.LEADERS, Audience.CUSTOMERS


@pytest.mark.ledger("S2-26")
def test_one_post_reaches_every_audience_with_its_own_text_and_a_result(story: Story) -> None:
    incident = commanded(told_company(story))
    own = {CUSTOMERS: "One in three card payments fails. Please try again later."}
    made = posts(story, incident, INSIDE, LEADERS, CUSTOMERS, own=own, update="We undo it.")
    story.drain()
    assert [each.audience for each in made] == [INSIDE, LEADERS, CUSTOMERS]
    assert len({each.post for each in made}) == 1
    assert made[2].text.startswith("One in three card payments fails.")
    assert "Next update by" in made[2].text
    with story.database.read(SYSTEM) as tx:
        results = queries.delivered(tx, incident.id, made)
    assert results[made[0].id].how is Carried.NOTIFIED
    assert results[made[0].id].sent >= 2  # bo and cy; ana wrote it herself
    assert results[made[0].id].failed == 0
    assert results[made[1].id].sent == 1
    assert results[made[2].id].how is Carried.RECORDED  # there is no status page yet
    assert any("Update on" in title for title in titles(story, "lea"))
    assert not any("Update on" in title for title in titles(story, "ana"))


@pytest.mark.ledger("S0-32")
@pytest.mark.refuses("NEXT_UPDATE_REQUIRED")
def test_a_sev1_message_without_a_next_time_is_refused(story: Story) -> None:
    incident = commanded(told_company(story))
    with pytest.raises(Refused) as refusal:
        posts(story, incident, INSIDE, next_update=None, update="We look.")
    assert refusal.value.code == "NEXT_UPDATE_REQUIRED"
    assert refusal.value.remedy is not None
    assert "09:30 UTC" in refusal.value.remedy  # the story begins at 09:00, SEV1 has 30 minutes
    assert posts(story, incident, INSIDE, update="We look.")[0].next_update_at == (
        story.start + 30 * MINUTE
    )


@pytest.mark.ledger("S0-32")
@pytest.mark.refuses("NEXT_UPDATE_TOO_LATE")
def test_a_sev1_message_that_promises_too_late_is_refused(story: Story) -> None:
    incident = commanded(told_company(story))
    with pytest.raises(Refused) as refusal:
        posts(story, incident, INSIDE, next_update=story.start + 31 * MINUTE, update="We look.")
    assert refusal.value.code == "NEXT_UPDATE_TOO_LATE"


def test_on_the_response_path_a_reason_passes_the_rule_and_is_kept(story: Story) -> None:
    incident = commanded(told_company(story))
    posts(
        story, incident, INSIDE, next_update=None, update="We look.",
        break_glass="phones are down, typing from the train",
    )  # fmt: skip
    assert "guardrail.overridden" in story.events(incident.id)


def test_at_a_milder_level_the_cadence_gives_the_next_time(story: Story) -> None:
    incident = commanded(told_company(story), "SEV2")
    (made,) = posts(story, incident, INSIDE, next_update=None, update="We look.")
    assert made.next_update_at == story.start + timedelta(hours=1)


@pytest.mark.ledger("S4-37")
@pytest.mark.refuses("TEMPLATE_FIELD_EMPTY")
def test_the_first_message_names_its_commander_or_is_not_sent(story: Story) -> None:
    incident = commanded(told_company(story))
    (made,) = posts(story, incident, INSIDE, template=Template.INITIAL)
    assert "Commander: Ana" in made.text
    assert "Updates: every 30 min" in made.text
    changes(story, incident, brief=replace(incident.brief, impact=""))
    with pytest.raises(Refused) as refusal:
        posts(story, incident, INSIDE, template=Template.INITIAL)
    assert refusal.value.code == "TEMPLATE_FIELD_EMPTY"
    assert refusal.value.detail.startswith("impact:")


@pytest.mark.ledger("S1-16")
@pytest.mark.parametrize("severity", ["SEV0", "SEV2", "SEV4"])
def test_one_click_posts_a_first_message_that_is_complete(story: Story, severity: str) -> None:
    incident = commanded(told_company(story), severity)
    changes(story, incident, brief=Brief())
    with story.database.begin(person("ana")) as tx:
        assert not queries.was_told(tx, incident.id, INSIDE)
        (made,) = telling.investigating(tx, incident.id)
        assert queries.was_told(tx, incident.id, INSIDE)
    assert "Status: Investigating" in made.text
    assert "is not known yet" in made.text


@pytest.mark.ledger("S0-33")
@pytest.mark.refuses("RECOVERY_NOT_VERIFIED")
def test_nobody_is_told_that_it_is_over_while_the_window_is_open(story: Story) -> None:
    incident = commanded(told_company(story))
    instants = replace(incident.instants, restored_at=story.start, monitoring_since=story.start)
    incident = changes(story, incident, phase=Phase.MONITORING, instants=instants)
    story.pass_time(29 * MINUTE)
    with pytest.raises(Refused) as refusal:
        posts(story, incident, INSIDE, template=Template.RESOLUTION)
    assert refusal.value.code == "RECOVERY_NOT_VERIFIED"
    with pytest.raises(Refused):
        posts(story, incident, INSIDE, template=Template.RESOLUTION, break_glass="they all ask")
    story.pass_time(MINUTE)
    (made,) = posts(story, incident, INSIDE, template=Template.RESOLUTION)
    assert made.final
    assert made.next_update_at is None


@pytest.mark.ledger("S4-39")
@pytest.mark.refuses("DURATION_COMPUTED")
def test_a_typed_duration_must_be_the_computed_one(story: Story) -> None:
    incident = commanded(told_company(story))
    story.pass_time(83 * MINUTE)
    instants = replace(incident.instants, restored_at=story.clock.now())
    incident = changes(story, incident, phase=Phase.RESOLVED, instants=instants)
    with pytest.raises(Refused) as refusal:
        posts(story, incident, INSIDE, template=Template.RESOLUTION, duration="23m")
    assert refusal.value.code == "DURATION_COMPUTED"
    (made,) = posts(story, incident, INSIDE, template=Template.RESOLUTION, duration="1h23m")
    assert "Duration: 1 h 23 min" in made.text


@pytest.mark.ledger("S4-44")
@pytest.mark.refuses("UPDATE_WORDS")
def test_a_guess_to_customers_needs_a_reason_and_the_same_words_inside_do_not(
    story: Story,
) -> None:
    incident = commanded(told_company(story))
    guess = "It is probably the network."
    with pytest.raises(Refused) as refusal:
        posts(story, incident, CUSTOMERS, update=guess)
    assert refusal.value.code == "UPDATE_WORDS"
    assert posts(story, incident, INSIDE, update=guess)
    assert posts(story, incident, CUSTOMERS, update=guess, break_glass="the bank asked for it")
    assert "guardrail.overridden" in story.events(incident.id)


@pytest.mark.ledger("S1-17", "S4-32")
def test_who_heard_of_it_is_missing_the_end_until_they_are_told(story: Story) -> None:
    incident = commanded(told_company(story))
    posts(story, incident, INSIDE, CUSTOMERS, update="We look into it.")
    incident = changes(story, incident, phase=Phase.RESOLVED, instants=replace(
        incident.instants, restored_at=story.start))  # fmt: skip
    with story.database.read(SYSTEM) as tx:
        assert queries.final_missing(tx, incident) == [INSIDE, CUSTOMERS]
    made = posts(story, incident, template=Template.RESOLUTION, cause="A change was undone.")
    assert [each.audience for each in made] == [INSIDE, CUSTOMERS]
    with story.database.read(SYSTEM) as tx:
        assert queries.final_missing(tx, incident) == []
        assert queries.next_update_by(tx, incident) is not None  # leaders were never told
    assert any("It is over" in title for title in titles(story, "bo"))


@pytest.mark.ledger("S0-30")
def test_promises_are_kept_late_and_counted_per_audience(story: Story) -> None:
    incident = commanded(told_company(story))
    story.pass_time(5 * MINUTE)
    posts(story, incident, INSIDE, update="One.")  # within the ten minutes of the first update
    story.pass_time(30 * MINUTE)
    posts(story, incident, INSIDE, update="Two.")  # in the last minute of the promise
    story.pass_time(47 * MINUTE)
    posts(story, incident, INSIDE, update="Three.")
    with story.database.read(SYSTEM) as tx:
        made = [each for each in queries.promises(tx, incident.id) if each.audience is INSIDE]
        found = queries.adherence(tx, incident, INSIDE)
        standings = [standing(each, tx.now) for each in made]
    assert standings == [Standing.KEPT, Standing.KEPT, Standing.LATE, Standing.OPEN]
    assert [each.rank for each in made] == [1, 1, 1, 1]
    assert found.kept_share == pytest.approx(2 / 3)
    assert found.longest_silence == 47 * MINUTE


def test_a_correction_is_a_new_message_and_leaves_promises_as_they_are(story: Story) -> None:
    incident = commanded(told_company(story))
    (first,) = posts(story, incident, INSIDE, update="Two of three payments fail.")
    due = thread(story, incident).due_at
    story.pass_time(5 * MINUTE)
    (made,) = posts(story, incident, corrects=first.id, update="One of three payments fails.")
    assert made.corrects == first.id
    assert thread(story, incident).due_at == due
    with story.database.read(SYSTEM) as tx:
        kept = queries.update(tx, incident.id, first.id)
    assert "Two of three" in kept.text
    assert any(title.startswith("Correction on") for title in titles(story, "bo"))


def test_what_was_told_stands_in_the_incidents_own_list(story: Story) -> None:
    incident = commanded(told_company(story))
    posts(story, incident, INSIDE, update="We undo the change.")
    with story.database.read(SYSTEM) as tx:
        texts = [line.text for line in record.entries(tx, incident.id)]
    assert any("Told everybody inside" in text and "We undo the change" in text for text in texts)
    (event,) = [e for e in story.recorded(incident.id) if e.kind == "incident.update_posted"]
    assert "We undo" not in str(event.data)  # only its digest: people's words stay erasable
    assert len(str(event.data["digest"])) == 64


@pytest.mark.ledger("S4-33")
def test_command_may_write_and_then_communications_is_asked_to_take_over(story: Story) -> None:
    incident = commanded(told_company(story))
    posts(story, incident, INSIDE, update="We look.")
    assert not any("updates are yours" in title for title in titles(story, "dee"))
    gives(story, incident, RoleKey.COMMUNICATIONS, "dee")
    posts(story, incident, INSIDE, update="We look.")
    assert any("updates are yours" in title for title in titles(story, "dee"))
    posts(story, incident, INSIDE, who="dee", update="We look.")
    assert sum("updates are yours" in title for title in titles(story, "dee")) == 1


def test_a_person_in_two_audiences_is_told_once(story: Story) -> None:
    incident = commanded(told_company(story))
    with story.database.begin(person("ana")) as tx:
        telling.subscribe(tx, incident.id, "lea", INSIDE)
    posts(story, incident, INSIDE, LEADERS, update="We look.")
    assert sum("Update on" in title for title in titles(story, "lea")) == 1


def test_after_it_is_closed_only_a_correction_may_follow(story: Story) -> None:
    incident = commanded(told_company(story))
    (first,) = posts(story, incident, INSIDE, update="We look.")
    incident = changes(story, incident, phase=Phase.CLOSED)
    with pytest.raises(NothingMoreToSay):
        posts(story, incident, INSIDE, update="One more.")
    assert posts(story, incident, corrects=first.id, update="We looked.")


def test_a_viewer_may_not_post_and_a_strange_field_is_named(story: Story) -> None:
    incident = commanded(told_company(story))
    with (
        pytest.raises(NotPermitted),
        story.database.begin(person("lea", Role.VIEWER)) as tx,
    ):
        telling.post(tx, incident.id, Composed(Template.UPDATE, next_update=Next.CADENCE))
    with pytest.raises(Invalid) as invalid:
        posts(story, incident, INSIDE, moon="full")
    assert "moon" in invalid.value.fields


def test_a_drill_says_so_in_every_message_and_reaches_no_leader(story: Story) -> None:
    incident = commanded(told_company(story), kind=Kind.DRILL)
    made = posts(story, incident, INSIDE, LEADERS, update="We practise.")
    assert all(each.text.startswith("DRILL: ") for each in made)
    assert not any("Update on" in title for title in titles(story, "lea"))


def test_of_two_who_write_at_once_the_second_is_told_what_the_first_said(story: Story) -> None:
    incident = commanded(told_company(story))
    (first,) = posts(story, incident, INSIDE, update="We undo it.", seen="")
    with pytest.raises(ToldMeanwhile, match=r"(?s)ana told internal a moment ago: .*We undo it"):
        posts(story, incident, INSIDE, who="bo", update="We look.", seen="")
    assert posts(story, incident, INSIDE, who="bo", update="We look.", seen=first.id)
