"""Work is given to a named person, read back, and done."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.model import Incident
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles.model import Briefing
from holdfast.incidents.tasks import actions as tasks
from holdfast.incidents.tasks import queries
from holdfast.incidents.tasks.model import (
    Kind,
    NoSuchTask,
    NotYours,
    Report,
    Task,
    TaskOver,
    TaskState,
)
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import Invalid
from tests.incidents.responders.actions.test_ask import gaps
from tests.support.incidents import declares
from tests.support.story import MINUTE, Story

BRIEFING = Briefing(summary="we roll back")


def gives(story: Story, who: str, found: Incident, to: str | None, text: str) -> Task:
    made: list[Task] = []
    story.act(who, lambda tx: made.append(tasks.give(tx, found.id, to, text, 5)))
    return made[0]


def puts_up(story: Story, who: str, found: Incident) -> Task:
    made: list[Task] = []
    story.act(who, lambda tx: made.append(tasks.put_up(tx, found.id, "Restart the API", 10)))
    return made[0]


def task(story: Story, found: Incident, task_id: str) -> Task:
    with story.database.read(SYSTEM) as tx:
        return queries.task(tx, found.id, task_id)


@pytest.mark.ledger("S0-18")
@pytest.mark.refuses("NAME_A_PERSON")
def test_can_someone_is_refused_with_the_names_to_choose_from(story: Story) -> None:
    found = declares(story, "ana")
    story.act("bo", lambda tx: responders.join(tx, found.id))
    with pytest.raises(Refused) as refusal:
        gives(story, "ana", found, None, "Can someone restart the API?")
    assert refusal.value.code == "NAME_A_PERSON"
    assert refusal.value.remedy == "Name one of: ana, bo."


@pytest.mark.ledger("S0-18")
def test_a_task_has_a_person_minutes_and_a_read_back(story: Story) -> None:
    found = declares(story, "ana")
    given = gives(story, "ana", found, "bo", "Restart the API")
    assert given.due_at == story.clock.now() + 5 * MINUTE
    assert given.state is TaskState.GIVEN
    with pytest.raises(NotYours):
        story.act("cy", lambda tx: tasks.read_back(tx, found.id, given.id, "restart it"))
    with pytest.raises(Refused):
        story.act("bo", lambda tx: tasks.read_back(tx, found.id, given.id, " "))
    story.act("bo", lambda tx: tasks.read_back(tx, found.id, given.id, "restart the API pods"))
    understood = task(story, found, given.id)
    assert (understood.state, understood.read_back) == (
        TaskState.READ_BACK,
        "restart the API pods",
    )
    story.act("bo", lambda tx: tasks.finish(tx, found.id, given.id, "all pods are new"))
    assert task(story, found, given.id).result == "all pods are new"
    with pytest.raises(TaskOver):
        story.act("bo", lambda tx: tasks.finish(tx, found.id, given.id))


@pytest.mark.ledger("S2-10")
def test_a_time_box_that_is_over_is_told_to_command_at_that_instant(story: Story) -> None:
    found = declares(story, "ana")
    given = gives(story, "ana", found, "bo", "Restart the API")
    story.pass_time(4 * MINUTE)
    assert ("task_overdue", given.id) not in gaps(story, found)
    story.pass_time(MINUTE)
    assert ("task_overdue", given.id) in gaps(story, found)


def test_a_task_that_was_done_in_time_is_never_overdue(story: Story) -> None:
    found = declares(story, "ana")
    given = gives(story, "ana", found, "bo", "Restart the API")
    story.act("bo", lambda tx: tasks.finish(tx, found.id, given.id))
    story.pass_time(30 * MINUTE)
    assert ("task_overdue", given.id) not in gaps(story, found)


@pytest.mark.ledger("S2-10")
def test_command_asks_for_a_report_and_the_answer_is_on_the_timeline(story: Story) -> None:
    found = declares(story, "ana")
    asked: list[Task] = []
    story.act("ana", lambda tx: asked.append(tasks.ask_report(tx, found.id, "bo", 5)))
    story.pass_time(5 * MINUTE)
    assert ("report_overdue", asked[0].id) in gaps(story, found)
    said = Report("38 % of cards fail", "rolling back", "somebody who knows Oracle")
    story.act("bo", lambda tx: tasks.report(tx, found.id, said))
    told = task(story, found, asked[0].id)
    assert (told.kind, told.state, told.report) == (Kind.REPORT, TaskState.DONE, said)
    assert "incident.reported" in story.events(found.id)


def test_a_report_that_nobody_asked_for_is_kept_too(story: Story) -> None:
    found = declares(story, "ana")
    story.act("bo", lambda tx: tasks.report(tx, found.id, Report("it is worse", "", "")))
    with pytest.raises(Invalid):
        story.act("bo", lambda tx: tasks.report(tx, found.id, Report(" ", "", "")))
    with story.database.read(SYSTEM) as tx:
        assert [t.kind for t in queries.tasks(tx, found.id)] == [Kind.REPORT]


@pytest.mark.ledger("S0-18")
@pytest.mark.refuses("ALREADY_CLAIMED")
def test_of_two_who_claim_one_step_one_has_it_and_the_other_is_told_who(story: Story) -> None:
    found = declares(story, "ana")
    step = puts_up(story, "ana", found)
    story.act("bo", lambda tx: tasks.claim(tx, found.id, step.id))
    with pytest.raises(Refused) as refusal:
        story.act("cy", lambda tx: tasks.claim(tx, found.id, step.id))
    assert refusal.value.code == "ALREADY_CLAIMED"
    assert "bo" in refusal.value.detail
    story.act("bo", lambda tx: tasks.claim(tx, found.id, step.id))
    assert task(story, found, step.id).to == "bo"


@pytest.mark.ledger("S2-13", "S4-21")
@pytest.mark.refuses("IC_MUST_NOT_EXECUTE")
def test_the_commander_claims_no_step_until_command_is_handed_off(story: Story) -> None:
    found = declares(story, "ana", severity="SEV1")
    step = puts_up(story, "ana", found)
    with pytest.raises(Refused) as refusal:
        story.act("ana", lambda tx: tasks.claim(tx, found.id, step.id))
    assert refusal.value.code == "IC_MUST_NOT_EXECUTE"
    story.act("ana", lambda tx: roles.offer_handoff(tx, found.id, "command", "bo", BRIEFING))
    story.act("bo", lambda tx: roles.accept_handoff(tx, found.id, read_back="I have it"))
    story.act("ana", lambda tx: tasks.claim(tx, found.id, step.id))
    assert task(story, found, step.id).to == "ana"


@pytest.mark.ledger("S2-13")
def test_at_a_mild_level_the_commander_may_do_it(story: Story) -> None:
    found = declares(story, "ana", severity="SEV3")
    step = puts_up(story, "ana", found)
    story.act("ana", lambda tx: tasks.claim(tx, found.id, step.id))
    assert task(story, found, step.id).to == "ana"


def test_only_its_person_or_command_ends_a_task(story: Story) -> None:
    found = declares(story, "ana")
    given = gives(story, "ana", found, "bo", "Restart the API")
    with pytest.raises(NotYours):
        story.act("cy", lambda tx: tasks.finish(tx, found.id, given.id))
    with pytest.raises(NotYours):
        story.act("cy", lambda tx: tasks.cancel(tx, found.id, given.id))
    story.act("ana", lambda tx: tasks.cancel(tx, found.id, given.id, "not needed"))
    assert task(story, found, given.id).state is TaskState.CANCELLED


@pytest.mark.parametrize("minutes", [0, 14 * 24 * 60 + 1])
def test_a_task_without_words_or_with_no_sensible_time_is_refused(
    story: Story, minutes: int
) -> None:
    found = declares(story, "ana")
    with pytest.raises(Invalid):
        story.act("ana", lambda tx: tasks.give(tx, found.id, "bo", "Restart", minutes))
    with pytest.raises(Invalid):
        gives(story, "ana", found, "bo", " ")


def test_a_task_of_another_incident_is_not_found(story: Story) -> None:
    found, other = declares(story, "ana"), declares(story, "ana", title="Invoices are slow")
    given = gives(story, "ana", found, "bo", "Restart the API")
    with pytest.raises(NoSuchTask):
        story.act("bo", lambda tx: tasks.finish(tx, other.id, given.id))
