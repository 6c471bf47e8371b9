"""What happens when nobody has come, answered or spoken in time."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refuse, Strength
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.responders import queries
from holdfast.incidents.responders.guardrails import CrewFacts, nobody_is_alone
from holdfast.incidents.responders.model import Reason
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.model import OfferState, Why
from holdfast.kernel.actor import SYSTEM
from holdfast.practice.model import RoleKey
from tests.incidents.responders.actions.test_ask import gaps
from tests.support.incidents import crewed, declares, moves, practises, triaged
from tests.support.story import MINUTE, Story, at


def paged_for(story: Story, found: Incident, why: Reason) -> list[str]:
    with story.database.read(SYSTEM) as tx:
        asked = [r.target for r in queries.requests(tx, found.id) if r.why is why]
    return [target.removeprefix("user:") for target in asked]


@pytest.mark.ledger("S3-14")
def test_a_silent_commander_is_asked_first_and_then_the_deputy_is_paged(story: Story) -> None:
    found = declares(story, "ana", severity="SEV1")
    story.act("ana", lambda tx: role_actions.assign(tx, found.id, RoleKey.DEPUTY, "cy"))
    story.pass_time(9 * MINUTE)
    assert paged_for(story, found, Reason.SILENT) == []
    story.pass_time(2 * MINUTE)
    assert paged_for(story, found, Reason.SILENT) == ["ana"]
    story.pass_time(3 * MINUTE)
    assert paged_for(story, found, Reason.SILENT) == ["ana"]
    story.pass_time(MINUTE)
    assert paged_for(story, found, Reason.SILENT) == ["ana", "cy"]
    assert ("command_silent", "ana") in gaps(story, found)
    story.act("cy", lambda tx: role_actions.take_over(tx, found.id, read_back="mine"))
    with story.database.read(SYSTEM) as tx:
        assert roles.holder(tx, found.id, RoleKey.COMMAND) == "cy"


def test_a_commander_who_acts_is_not_asked_whether_they_are_there(story: Story) -> None:
    found = declares(story, "ana", severity="SEV1")
    for _ in range(5):
        story.pass_time(8 * MINUTE)
        story.act("ana", lambda tx: role_actions.note_activity(tx, found.id, "ana"))
    assert paged_for(story, found, Reason.SILENT) == []


@pytest.mark.ledger("S3-13")
def test_a_shift_that_ends_with_the_incident_open_opens_a_handoff_and_pages_both(
    story: Story,
) -> None:
    story.clock.jump_to(at("2026-11-23T08:50"))
    found = declares(story, "ana", severity="SEV2")
    story.pass_time(9 * MINUTE)
    assert paged_for(story, found, Reason.SHIFT) == []
    story.pass_time(MINUTE)
    with story.database.read(SYSTEM) as tx:
        [offer] = roles.handoffs(tx, found.id)
        assert roles.holder(tx, found.id, RoleKey.COMMAND) == "ana"
    assert (offer.giver, offer.to, offer.why) == ("ana", "bo", Why.SHIFT_END)
    assert "SEV2" in offer.briefing.severity
    assert sorted(paged_for(story, found, Reason.SHIFT)) == ["ana", "bo"]
    story.act("bo", lambda tx: role_actions.accept_handoff(tx, found.id, read_back="I have it"))
    with story.database.read(SYSTEM) as tx:
        assert roles.holder(tx, found.id, RoleKey.COMMAND) == "bo"
        assert roles.handoffs(tx, found.id)[0].state is OfferState.ACCEPTED


@pytest.mark.ledger("S3-10")
def test_at_sev1_somebody_is_paged_for_missing_communications_and_at_sev2_only_suggested(
    story: Story,
) -> None:
    crewed(story)
    found = declares(story, "dee", severity="SEV1")
    with story.database.read(SYSTEM) as tx:
        seats = {seat.role: seat for seat in roles.seats(tx, found)}
    candidate = seats[RoleKey.COMMUNICATIONS].candidate
    assert candidate is not None
    wait = found.pack.limits.role_missing_after
    assert candidate.user not in paged_for(story, found, Reason.ROLE)
    story.pass_time(wait)
    assert ("role_missing", "communications") in gaps(story, found)
    assert candidate.user in paged_for(story, found, Reason.ROLE)
    mild = declares(story, "eli", severity="SEV2", title="Invoices are slow")
    story.pass_time(wait)
    assert paged_for(story, mild, Reason.ROLE).count("cy") == 0


@pytest.mark.ledger("S1-12")
@pytest.mark.refuses("SOLO_RESPONDER")
def test_somebody_who_mitigates_alone_is_joined_by_the_next_person(story: Story) -> None:
    practises(story, "classic-4")
    found = triaged(story, declares(story, "ana", severity="Sev-1"))
    moves(story, "ana", found.id, Phase.MITIGATING)
    alone = working(story, found)
    assert len(alone) < found.level.responders_min
    story.pass_time(found.pack.limits.solo_after)
    assert ("solo_responder", alone[0]) in gaps(story, found)
    [asked] = paged_for(story, found, Reason.SOLO)
    assert asked not in alone
    verdict = nobody_is_alone.judge(CrewFacts("Sev-1", 1, 2))
    assert isinstance(verdict, Refuse)
    assert nobody_is_alone.strength is Strength.SHOULD


def working(story: Story, found: Incident) -> list[str]:
    with story.database.read(SYSTEM) as tx:
        return queries.working(tx, found.id)


@pytest.mark.ledger("S4-47")
def test_whoever_has_not_joined_after_ten_minutes_stands_on_commands_list(story: Story) -> None:
    crewed(story)
    found = declares(story, "ana", severity="SEV2")
    story.act("ana", lambda tx: responders.request(tx, found.id, "user:dee", "locks", minutes=60))
    story.act("ana", lambda tx: responders.open_war_room(tx, found.id, "room 4"))
    story.pass_time(9 * MINUTE)
    with story.database.read(SYSTEM) as tx:
        assert queries.unjoined(tx, found) == []
    story.pass_time(MINUTE)
    with story.database.read(SYSTEM) as tx:
        assert "dee" in [each.user for each in queries.unjoined(tx, found)]
    assert ("not_joined", "dee") in gaps(story, found)


@pytest.mark.ledger("S2-01")
def test_a_room_that_nobody_opens_in_time_is_a_gap_and_pages_command(story: Story) -> None:
    found = declares(story, "ana", severity="SEV1")
    wait = found.level.clocks.war_room
    assert wait is not None
    story.pass_time(wait)
    assert ("no_war_room", "") in gaps(story, found)
