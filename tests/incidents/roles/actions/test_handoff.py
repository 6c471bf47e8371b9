"""A role is handed on: offered with a briefing, accepted with a read-back."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.model import Incident
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries
from holdfast.incidents.roles.model import (
    Briefing,
    Handoff,
    NoSuchHandoff,
    NotTheHolder,
    OfferedAlready,
    OfferState,
)
from holdfast.incidents.roles.succession import fault
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.span import Span
from holdfast.practice.model import RoleKey
from tests.support.incidents import crewed, declares
from tests.support.story import MINUTE, Story

COMMAND, OPERATIONS = RoleKey.COMMAND, RoleKey.OPERATIONS
TOLD = Briefing(summary="Card payments fail; we roll back", contingency="if not, fail over")


def commander(story: Story, incident: Incident) -> str | None:
    with story.database.read(SYSTEM) as tx:
        return queries.holder(tx, incident.id, COMMAND)


def offers(story: Story, who: str, incident: Incident, to: str) -> None:
    story.act(who, lambda tx: roles.offer_handoff(tx, incident.id, "command", to, TOLD))


def accepts(story: Story, who: str, incident: Incident, said: str = "I have command") -> None:
    story.act(who, lambda tx: roles.accept_handoff(tx, incident.id, read_back=said))


def offered(story: Story, incident: Incident) -> list[Handoff]:
    with story.database.read(SYSTEM) as tx:
        return queries.handoffs(tx, incident.id)


@pytest.mark.ledger("S3-13", "S2-08")
def test_command_stays_with_the_old_holder_until_the_new_one_has_accepted(story: Story) -> None:
    incident = declares(story, "ana")
    offers(story, "ana", incident, "bo")
    assert commander(story, incident) == "ana"
    story.pass_time(3 * MINUTE)
    accepts(story, "bo", incident)
    assert commander(story, incident) == "bo"
    with story.database.read(SYSTEM) as tx:
        stints = queries.history(tx, incident.id, COMMAND)
    declared = incident.instants.declared_at
    assert fault(stints, Span(declared, declared + 10 * MINUTE)) is None
    assert [(each.user, each.until) for each in stints] == [
        ("ana", declared + 3 * MINUTE),
        ("bo", None),
    ]


@pytest.mark.ledger("S3-13")
@pytest.mark.refuses("READ_BACK_REQUIRED")
@pytest.mark.parametrize("said", ["", "   "])
def test_a_role_is_not_accepted_without_saying_what_is_taken_over(story: Story, said: str) -> None:
    incident = declares(story, "ana")
    offers(story, "ana", incident, "bo")
    with pytest.raises(Refused) as refusal:
        accepts(story, "bo", incident, said)
    assert refusal.value.code == "READ_BACK_REQUIRED"
    assert commander(story, incident) == "ana"


def test_the_briefing_and_the_read_back_are_kept_with_the_handoff(story: Story) -> None:
    incident = declares(story, "ana")
    offers(story, "ana", incident, "bo")
    accepts(story, "bo", incident, "rolling back, else fail over")
    kept = offered(story, incident)[0]
    assert kept.briefing == TOLD
    assert (kept.read_back, kept.state) == ("rolling back, else fail over", OfferState.ACCEPTED)


def test_only_whom_it_was_offered_to_accepts_it(story: Story) -> None:
    incident = declares(story, "ana")
    offers(story, "ana", incident, "bo")
    with pytest.raises(NoSuchHandoff):
        accepts(story, "cy", incident)
    assert commander(story, incident) == "ana"


def test_a_declined_offer_leaves_the_role_where_it_is_and_another_may_follow(story: Story) -> None:
    incident = declares(story, "ana")
    offers(story, "ana", incident, "bo")
    with pytest.raises(OfferedAlready):
        offers(story, "ana", incident, "cy")
    story.act("bo", lambda tx: roles.decline_handoff(tx, incident.id))
    assert commander(story, incident) == "ana"
    offers(story, "ana", incident, "cy")
    accepts(story, "cy", incident)
    assert commander(story, incident) == "cy"
    assert [each.state for each in offered(story, incident)] == [
        OfferState.DECLINED,
        OfferState.ACCEPTED,
    ]


def test_whoever_offered_it_may_take_the_offer_back(story: Story) -> None:
    incident = declares(story, "ana")
    offers(story, "ana", incident, "bo")
    story.act("ana", lambda tx: roles.decline_handoff(tx, incident.id))
    with pytest.raises(NoSuchHandoff):
        accepts(story, "bo", incident)
    assert offered(story, incident)[0].state is OfferState.WITHDRAWN


def test_offered_again_to_the_same_person_nothing_changes(story: Story) -> None:
    incident = declares(story, "ana")
    offers(story, "ana", incident, "bo")
    offers(story, "ana", incident, "bo")
    assert len(offered(story, incident)) == 1


def test_a_role_that_nobody_holds_is_not_handed_on(story: Story) -> None:
    incident = declares(story, "ana")
    with pytest.raises(NotTheHolder):
        story.act(
            "ana", lambda tx: roles.offer_handoff(tx, incident.id, "scribe", "bo", Briefing())
        )
    with pytest.raises(NotTheHolder):
        offers(story, "ana", incident, "ana")


def test_somebody_else_does_not_hand_on_what_the_commander_holds(story: Story) -> None:
    incident = declares(story, "ana")
    with pytest.raises(Refused) as refusal:
        offers(story, "cy", incident, "bo")
    assert refusal.value.code == "ONLY_COMMAND_ASSIGNS"


def test_whoever_works_on_it_takes_command_only_after_giving_that_up(story: Story) -> None:
    crewed(story)
    incident = declares(story, "ana", severity="SEV1")
    story.act("ana", lambda tx: roles.assign(tx, incident.id, OPERATIONS, "bo"))
    story.act("ana", lambda tx: roles.assign(tx, incident.id, OPERATIONS, "cy"))
    offers(story, "ana", incident, "bo")
    with pytest.raises(Refused) as refusal:
        accepts(story, "bo", incident)
    assert refusal.value.code == "SEPARATION_OF_DUTIES"
    story.act("bo", lambda tx: roles.leave(tx, incident.id, OPERATIONS))
    accepts(story, "bo", incident)
    assert commander(story, incident) == "bo"
