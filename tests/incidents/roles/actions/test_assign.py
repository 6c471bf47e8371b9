"""Roles: proposed from on call, assigned, accepted and left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.guardrails.model import GuardrailOverridden, Refused
from holdfast.incidents import actions
from holdfast.incidents import queries as incidents
from holdfast.incidents.actions import Declaration
from holdfast.incidents.model import Detection, Incident, Phase
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries
from holdfast.incidents.roles.model import CannotRespond, HoldingState, How, NotTheHolder, Seat
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.paging.model import PageAnswer
from holdfast.people import actions as people
from holdfast.people.model import NoSuchUser
from holdfast.practice.model import Duty, RoleKey
from tests.support.incidents import crewed, declares
from tests.support.story import MINUTE, Story, at, person, user

COMMAND, OPERATIONS = RoleKey.COMMAND, RoleKey.OPERATIONS
COMMUNICATIONS, SCRIBE = RoleKey.COMMUNICATIONS, RoleKey.SCRIBE


def seats(story: Story, incident: Incident) -> dict[RoleKey, Seat]:
    with story.database.read(SYSTEM) as tx:
        return {seat.role: seat for seat in queries.seats(tx, incident)}


def holder(story: Story, incident: Incident, role: RoleKey) -> str | None:
    with story.database.read(SYSTEM) as tx:
        return queries.holder(tx, incident.id, role)


def assigns(story: Story, who: str, incident: Incident, role: RoleKey, to: str, **how: Any) -> None:
    story.act(who, lambda tx: roles.assign(tx, incident.id, role, to, **how))


@pytest.mark.ledger("S0-01", "S0-20")
def test_at_three_on_a_sunday_every_role_has_a_named_candidate_or_is_missing(story: Story) -> None:
    story.clock.jump_to(at("2026-11-22T03:00"))
    incident = declares(story, "bo", severity="SEV1")
    found = seats(story, incident)
    assert [holding.user for holding in found[COMMAND].holders] == ["bo"]
    empty = [role for role in incident.level.roles_required if not found[role].holders]
    asked = {role: found[role].candidate for role in empty}
    candidates = {role: None if each is None else each.user for role, each in asked.items()}
    assert candidates == {OPERATIONS: "ana", COMMUNICATIONS: "cy", SCRIBE: None}
    assert found[SCRIBE].missing


@pytest.mark.ledger("S0-20")
def test_whoever_acknowledged_the_alert_has_operations_without_being_asked(story: Story) -> None:
    alert = story.opens()
    story.drain()
    story.answers("ana")
    incident = declares(story, "bo", alert=alert, severity="SEV1")
    assert holder(story, incident, OPERATIONS) == "ana"
    assert holder(story, incident, COMMAND) == "bo"


def test_whoever_acknowledged_and_declares_commands_and_the_next_one_is_asked_to_work(
    story: Story,
) -> None:
    alert = story.opens()
    story.drain()
    story.answers("ana")
    incident = declares(story, "ana", alert=alert, severity="SEV1")
    assert holder(story, incident, COMMAND) == "ana"
    assert holder(story, incident, OPERATIONS) is None
    candidate = seats(story, incident)[OPERATIONS].candidate
    assert candidate is not None
    assert candidate.user == "bo"


@pytest.mark.ledger("S3-12")
def test_at_a_mild_level_whoever_acknowledged_and_declares_has_both(story: Story) -> None:
    alert = story.opens()
    story.drain()
    story.answers("ana")
    incident = declares(story, "ana", alert=alert, severity="SEV3")
    assert holder(story, incident, COMMAND) == holder(story, incident, OPERATIONS) == "ana"


@pytest.mark.ledger("S0-03")
def test_a_candidate_who_answers_their_page_has_the_role_from_that_instant(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV0")
    story.drain()
    assert seats(story, incident)[OPERATIONS].missing
    story.pass_time(2 * MINUTE)
    story.answers("bo")
    held = seats(story, incident)[OPERATIONS].holders[0]
    assert (held.user, held.how, held.state) == ("bo", How.ON_CALL, HoldingState.HELD)
    assert held.since == story.clock.now()


def test_a_candidate_who_declines_makes_room_for_the_next_one(story: Story) -> None:
    crewed(story)
    incident = declares(story, "ana", severity="SEV0")
    story.drain()
    story.answers("bo", PageAnswer.DECLINE)
    candidate = seats(story, incident)[OPERATIONS].candidate
    assert candidate is None or candidate.user != "bo"


@pytest.mark.ledger("S0-20")
def test_filling_gives_every_candidate_their_role(story: Story) -> None:
    incident = declares(story, "bo", severity="SEV2")
    story.act("bo", lambda tx: roles.fill(tx, incident.id))
    assert holder(story, incident, OPERATIONS) == "ana"


@pytest.mark.ledger("S0-13")
@pytest.mark.refuses("ROLE_ALREADY_HELD")
def test_a_second_commander_is_refused_and_told_to_use_a_handoff(story: Story) -> None:
    incident = declares(story, "ana")
    with pytest.raises(Refused) as refusal:
        assigns(story, "ana", incident, COMMAND, "bo")
    assert refusal.value.code == "ROLE_ALREADY_HELD"
    assert refusal.value.remedy is not None
    assert "hand-off" in refusal.value.remedy
    assert holder(story, incident, COMMAND) == "ana"


def test_assigning_the_same_person_again_changes_nothing(story: Story) -> None:
    incident = declares(story, "ana")
    assigns(story, "ana", incident, OPERATIONS, "bo")
    before = story.events(incident.id)
    assigns(story, "ana", incident, OPERATIONS, "bo")
    assert story.events(incident.id) == before


@pytest.mark.ledger("S3-08")
@pytest.mark.refuses("SEPARATION_OF_DUTIES")
def test_one_person_may_not_command_and_work_at_sev1_but_may_at_sev3(story: Story) -> None:
    severe = declares(story, "ana", severity="SEV1")
    with pytest.raises(Refused) as refusal:
        assigns(story, "ana", severe, OPERATIONS, "ana")
    assert refusal.value.code == "SEPARATION_OF_DUTIES"
    mild = declares(story, "ana", severity="SEV3", title="Invoices are slow")
    assigns(story, "ana", mild, OPERATIONS, "ana")
    assert holder(story, mild, OPERATIONS) == "ana"


def test_glass_can_be_broken_where_nobody_else_is_there(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV1")
    assigns(story, "ana", incident, OPERATIONS, "ana", break_glass="nobody else is awake tonight")
    assert holder(story, incident, OPERATIONS) == "ana"
    broken = [e for e in story.recorded(incident.id) if e.kind == GuardrailOverridden.kind]
    assert [event.data["code"] for event in broken] == ["SEPARATION_OF_DUTIES"]


@pytest.mark.ledger("S4-15")
@pytest.mark.refuses("ONLY_COMMAND_ASSIGNS")
def test_a_responder_does_not_assign_once_somebody_commands_and_a_deputy_does(
    story: Story,
) -> None:
    incident = declares(story, "ana")
    with pytest.raises(Refused) as refusal:
        assigns(story, "bo", incident, COMMUNICATIONS, "cy")
    assert refusal.value.code == "ONLY_COMMAND_ASSIGNS"
    assigns(story, "ana", incident, RoleKey.DEPUTY, "bo")
    assigns(story, "bo", incident, COMMUNICATIONS, "cy")
    assert holder(story, incident, COMMUNICATIONS) == "cy"


def test_while_nobody_commands_anybody_who_responds_may_take_command(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("wil", role=Role.VIEWER))
    incident = _declared_by_itself(story)
    assert holder(story, incident, COMMAND) is None
    assigns(story, "cy", incident, COMMAND, "cy")
    assert holder(story, incident, COMMAND) == "cy"


def test_a_role_is_held_by_somebody_who_exists_and_may_respond(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("wil", role=Role.VIEWER))
    incident = declares(story, "ana")
    with pytest.raises(CannotRespond):
        assigns(story, "ana", incident, SCRIBE, "wil")
    with pytest.raises(NoSuchUser):
        assigns(story, "ana", incident, SCRIBE, "nobody")


@pytest.mark.ledger("S3-13")
@pytest.mark.refuses("HANDOFF_REQUIRED")
def test_the_commander_does_not_leave_but_by_a_handoff(story: Story) -> None:
    incident = declares(story, "ana")
    with pytest.raises(Refused) as refusal:
        story.act("ana", lambda tx: roles.leave(tx, incident.id, COMMAND))
    assert refusal.value.code == "HANDOFF_REQUIRED"
    assert holder(story, incident, COMMAND) == "ana"


@pytest.mark.ledger("S0-15")
@pytest.mark.refuses("LAST_RESPONDER")
def test_the_last_one_who_works_on_it_does_not_leave_and_the_last_but_one_does(
    story: Story,
) -> None:
    incident = declares(story, "ana")
    assigns(story, "ana", incident, OPERATIONS, "bo")
    with pytest.raises(Refused) as refusal:
        story.act("bo", lambda tx: roles.leave(tx, incident.id, OPERATIONS))
    assert refusal.value.code == "LAST_RESPONDER"
    assigns(story, "ana", incident, OPERATIONS, "cy")
    story.act("bo", lambda tx: roles.leave(tx, incident.id, OPERATIONS))
    left = seats(story, incident)[OPERATIONS].holders
    assert [(each.user, each.primary) for each in left] == [("cy", True)]


def test_nobody_leaves_a_role_that_they_do_not_hold(story: Story) -> None:
    incident = declares(story, "ana")
    with pytest.raises(NotTheHolder):
        story.act("bo", lambda tx: roles.leave(tx, incident.id, SCRIBE))


@pytest.mark.ledger("S4-26", "S0-16")
def test_a_duty_has_one_accountable_person_and_moves_when_its_role_is_filled(story: Story) -> None:
    incident = declares(story, "ana")

    def accountable(duty: Duty) -> str | None:
        with story.database.read(SYSTEM) as tx:
            return queries.accountable(tx, incident, duty)

    assert accountable(Duty.DOCUMENT) == accountable(Duty.COMMUNICATE_PUBLIC) == "ana"
    assigns(story, "ana", incident, SCRIBE, "bo")
    assigns(story, "ana", incident, COMMUNICATIONS, "cy")
    assert (accountable(Duty.DOCUMENT), accountable(Duty.COMMUNICATE_PUBLIC)) == ("bo", "cy")


@pytest.mark.ledger("S0-13")
def test_the_history_says_who_held_it_from_when_until_when_and_how(story: Story) -> None:
    incident = declares(story, "ana")
    assigns(story, "ana", incident, SCRIBE, "bo")
    began = story.clock.now()
    story.pass_time(5 * MINUTE)
    story.act("bo", lambda tx: roles.leave(tx, incident.id, SCRIBE))
    with story.database.read(SYSTEM) as tx:
        stint = queries.history(tx, incident.id, SCRIBE)[0]
    assert (stint.user, stint.how, stint.by) == ("bo", How.ASSIGNED, "ana")
    assert (stint.since, stint.until) == (began, began + timedelta(minutes=5))


def test_whoever_holds_a_role_of_a_private_incident_may_see_it(story: Story) -> None:
    incident = declares(story, "ana", private=True)
    assigns(story, "ana", incident, SCRIBE, "bo")
    with story.database.read(person("bo")) as tx:
        assert queries.holder(tx, incident.id, SCRIBE) == "bo"
        assert incidents.incident(tx, incident.number).phase is Phase.DECLARED


def _declared_by_itself(story: Story) -> Incident:
    """Nobody stands behind it, as where a program declares: everybody is a candidate only."""
    with story.database.begin(SYSTEM) as tx:
        return actions.declare(
            tx, Declaration(title="Checkout is down", severity="SEV2", detection=Detection.ALERT)
        )
