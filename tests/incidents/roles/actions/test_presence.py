"""Command that goes silent is noticed and may be taken over."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.model import Incident
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries
from holdfast.incidents.roles.model import How, IncidentCommandTakenOver
from holdfast.kernel.actor import SYSTEM
from holdfast.practice.model import RoleKey
from tests.support.incidents import declares
from tests.support.story import MINUTE, Story


def takes_over(story: Story, who: str, incident: Incident, said: str = "I have command") -> None:
    story.act(who, lambda tx: roles.take_over(tx, incident.id, read_back=said))


def commander(story: Story, incident: Incident) -> tuple[str, How]:
    with story.database.read(SYSTEM) as tx:
        held = next(h for h in queries.holders(tx, incident.id) if h.role is RoleKey.COMMAND)
    return held.user, held.how


@pytest.mark.ledger("S3-14")
@pytest.mark.refuses("COMMAND_IS_PRESENT")
def test_command_is_not_taken_from_somebody_who_is_there(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV1")
    story.clock.jump_to(story.clock.now() + 14 * MINUTE)
    with pytest.raises(Refused) as refusal:
        takes_over(story, "bo", incident)
    assert refusal.value.code == "COMMAND_IS_PRESENT"
    assert commander(story, incident) == ("ana", How.DECLARED)


@pytest.mark.ledger("S3-14")
def test_command_is_taken_from_somebody_who_has_been_silent_too_long(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV1")
    story.clock.jump_to(story.clock.now() + 15 * MINUTE)
    takes_over(story, "bo", incident)
    assert commander(story, incident) == ("bo", How.TAKEN_OVER)
    over = [e for e in story.recorded(incident.id) if e.kind == IncidentCommandTakenOver.kind]
    assert [(event.data["before"], event.data["user"]) for event in over] == [("ana", "bo")]


@pytest.mark.ledger("S3-14")
def test_whoever_does_something_or_reads_along_is_not_silent(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV1")
    story.clock.jump_to(story.clock.now() + 10 * MINUTE)
    story.act("ana", lambda tx: roles.note_activity(tx, incident.id, "ana"))
    story.clock.jump_to(story.clock.now() + 10 * MINUTE)
    with pytest.raises(Refused):
        takes_over(story, "bo", incident)
    story.act("ana", lambda tx: roles.assign(tx, incident.id, RoleKey.SCRIBE, "cy"))
    story.clock.jump_to(story.clock.now() + 14 * MINUTE)
    with pytest.raises(Refused):
        takes_over(story, "bo", incident)


def test_a_takeover_is_said_and_keeps_roles_apart(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV1")
    story.act("ana", lambda tx: roles.assign(tx, incident.id, RoleKey.OPERATIONS, "bo"))
    story.clock.jump_to(story.clock.now() + 16 * MINUTE)
    with pytest.raises(Refused) as unsaid:
        takes_over(story, "cy", incident, " ")
    with pytest.raises(Refused) as together:
        takes_over(story, "bo", incident)
    codes = (unsaid.value.code, together.value.code)
    assert codes == ("READ_BACK_REQUIRED", "SEPARATION_OF_DUTIES")
