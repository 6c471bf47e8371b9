"""What a phase, a severity and the passing minutes bring with them."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions
from holdfast.incidents.actions import Move
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries as role_queries
from holdfast.incidents.roles.model import Briefing
from holdfast.incidents.roles.succession import fault
from holdfast.incidents.tasks import actions as tasks
from holdfast.incidents.tasks import queries
from holdfast.incidents.tasks.model import Kind, Task
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.span import Span
from holdfast.practice.model import RoleKey
from tests.support.incidents import crewed, declares, incident, moves, resolved, triaged
from tests.support.story import MINUTE, Story

COMMAND, OPERATIONS = RoleKey.COMMAND, RoleKey.OPERATIONS


def given(story: Story, found: Incident, kind: Kind) -> list[Task]:
    with story.database.read(SYSTEM) as tx:
        return [task for task in queries.tasks(tx, found.id) if task.kind is kind]


def marks(story: Story, found: Incident) -> list[object]:
    return [
        event.data["minutes"]
        for event in story.recorded(found.id)
        if event.kind == "incident.mark_reached"
    ]


def test_every_ten_minutes_a_mark_is_called_while_people_respond(story: Story) -> None:
    """Ledger part 2.1, B6."""
    found = declares(story, "ana", severity="SEV3")
    story.pass_time(31 * MINUTE)
    assert marks(story, found) == [10, 20, 30]
    moves(story, "ana", found.id, Phase.FALSE_ALARM, Move(reason="it was a test"))
    story.pass_time(60 * MINUTE)
    assert marks(story, found) == [10, 20, 30]


@pytest.mark.ledger("S3-12")
@pytest.mark.refuses("SPLIT_ROLES")
def test_an_upgrade_asks_to_split_what_one_person_may_not_hold_and_stops_until_it_is(
    story: Story,
) -> None:
    found = triaged(crewed(story), declares(story, "ana", severity="SEV3"))
    story.act("ana", lambda tx: roles.assign(tx, found.id, OPERATIONS, "ana"))
    story.act("ana", lambda tx: actions.change_severity(tx, found.id, "SEV1", "worse"))
    [task] = given(story, found, Kind.SPLIT)
    assert task.to == "ana"
    upgraded = incident(story, found.id)
    with story.database.read(SYSTEM) as tx:
        seats = {seat.role: seat for seat in role_queries.seats(tx, upgraded)}
    proposed = seats[RoleKey.COMMUNICATIONS].candidate
    assert proposed is not None
    with pytest.raises(Refused) as refusal:
        moves(story, "ana", found.id, Phase.MITIGATING)
    assert refusal.value.code in ("SPLIT_ROLES", "TRIAGE_INCOMPLETE")


def test_what_is_owed_and_held_ends_with_the_incident(story: Story) -> None:
    found = declares(story, "ana", severity="SEV2")
    story.act("ana", lambda tx: tasks.give(tx, found.id, "bo", "Restart the API", 60))
    story.pass_time(20 * MINUTE)
    moves(story, "ana", found.id, Phase.FALSE_ALARM, Move(reason="it was a test"))
    with story.database.read(SYSTEM) as tx:
        assert queries.live(tx, found.id) == []
        assert role_queries.holders(tx, found.id) == []
        assert responders.waiting(tx, found.id) == []
        stints = role_queries.history(tx, found.id, COMMAND)
    declared = found.instants.declared_at
    assert fault(stints, Span(declared, declared + 20 * MINUTE)) is None


@pytest.mark.ledger("S2-08")
def test_command_has_one_holder_from_declaring_to_the_end_whoever_it_passes_to(
    story: Story,
) -> None:
    found = declares(story, "ana", severity="SEV2")
    for giver, to in (("ana", "bo"), ("bo", "cy"), ("cy", "ana")):
        story.pass_time(3 * MINUTE)
        hands_over(story, found, giver, to)
    story.pass_time(MINUTE)
    moves(story, "ana", found.id, Phase.FALSE_ALARM, Move(reason="it was a test"))
    with story.database.read(SYSTEM) as tx:
        stints = role_queries.history(tx, found.id, COMMAND)
    span = Span(found.instants.declared_at, story.clock.now())
    assert fault(stints, span) is None
    assert [stint.user for stint in stints] == ["ana", "bo", "cy", "ana"]


@pytest.mark.ledger("S2-12")
def test_whoever_led_the_work_owes_two_things_once_it_is_resolved(story: Story) -> None:
    found = declares(crewed(story), "ana", severity="SEV2")
    resolved(story, found)
    with story.database.read(SYSTEM) as tx:
        lead = role_queries.holder(tx, found.id, OPERATIONS)
    owed = given(story, found, Kind.AFTERWARDS)
    assert lead is not None
    assert [task.to for task in owed] == [lead, lead]
    assert sum("experiment" in task.text for task in owed) == 1
    assert all(task.live for task in owed)


def test_an_incident_that_is_opened_again_has_a_commander_and_marks_again(story: Story) -> None:
    found = declares(crewed(story), "ana", severity="SEV3")
    resolved(story, found)
    moves(story, "ana", found.id, Phase.MITIGATING, Move(reason="it came back"))
    before = len(marks(story, found))
    story.pass_time(10 * MINUTE)
    assert len(marks(story, found)) == before + 1
    with story.database.read(SYSTEM) as tx:
        assert role_queries.holder(tx, found.id, COMMAND) == "ana"


def hands_over(story: Story, found: Incident, giver: str, to: str) -> None:
    """One offers command, and a minute later the other has it."""
    story.act(giver, lambda tx: roles.offer_handoff(tx, found.id, "command", to, Briefing()))
    story.pass_time(MINUTE)
    story.act(to, lambda tx: roles.accept_handoff(tx, found.id, read_back="I have command"))
