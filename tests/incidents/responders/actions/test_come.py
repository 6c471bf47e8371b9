"""Answers to a request, and the room: who comes, who joins, who is let go."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.model import Incident
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.responders import queries
from holdfast.incidents.responders.model import NoRoom, NotAResponder, Presence, Responder
from holdfast.incidents.roles import actions as roles
from holdfast.kernel.actor import SYSTEM
from holdfast.paging.model import PageState
from holdfast.practice.model import RoleKey
from tests.support.incidents import clock, crewed, declares, incident
from tests.support.story import MINUTE, Story

BRIDGE = "https://meet.example.com/inc"


def responder(story: Story, found: Incident, name: str) -> Responder:
    with story.database.read(SYSTEM) as tx:
        asked = queries.responder(tx, found.id, name)
    assert asked is not None
    return asked


def releases(story: Story, found: Incident, name: str) -> None:
    story.act("ana", lambda tx: responders.release(tx, found.id, name))


def opens(story: Story, who: str, found: Incident, address: str = BRIDGE) -> None:
    story.act(
        who, lambda tx: responders.open_war_room(tx, found.id, address, fallback="+351 210 000")
    )


@pytest.mark.ledger("S4-46", "S2-01")
def test_a_room_is_one_when_two_have_joined_and_then_its_clock_stops(story: Story) -> None:
    found = declares(story, "ana", severity="SEV1")
    opens(story, "ana", found)
    assert incident(story, found.id).instants.war_room_opened_at is None
    running = clock(story, found.id, "war_room")
    assert running is not None
    assert running.running
    story.pass_time(4 * MINUTE)
    story.act("bo", lambda tx: responders.join(tx, found.id))
    joined = incident(story, found.id)
    assert joined.instants.war_room_opened_at == story.clock.now()
    assert joined.war_room == BRIDGE
    stopped = clock(story, found.id, "war_room")
    assert stopped is not None
    assert not stopped.running


@pytest.mark.ledger("S4-46")
def test_the_room_has_a_way_out_where_its_provider_is_down(story: Story) -> None:
    found = declares(story, "ana", severity="SEV1")
    opens(story, "ana", found)
    with story.database.read(SYSTEM) as tx:
        room = queries.room(tx, found.id)
    assert room is not None
    assert (room.address, room.fallback, room.opened_by) == (BRIDGE, "+351 210 000", "ana")


@pytest.mark.ledger("S4-46")
def test_whoever_is_paged_after_the_room_is_open_reads_where_it_is(story: Story) -> None:
    crewed(story)
    found = declares(story, "ana", severity="SEV1")
    opens(story, "ana", found)
    story.act("ana", lambda tx: responders.request(tx, found.id, "user:dee", "locks"))
    story.drain()
    [heard] = [h for h in story.heard if h.address == "dee@phone"]
    assert f"Join: {BRIDGE}" in heard.message.text


def test_a_room_without_a_place_is_none(story: Story) -> None:
    found = declares(story, "ana")
    with pytest.raises(NoRoom):
        opens(story, "ana", found, "  ")


def test_joining_answers_every_page_to_that_person_about_it(story: Story) -> None:
    crewed(story)
    found = declares(story, "ana", severity="SEV2")
    story.act("ana", lambda tx: responders.request(tx, found.id, "user:dee", "locks"))
    story.drain()
    story.act("dee", lambda tx: responders.join(tx, found.id))
    with story.database.read(SYSTEM) as tx:
        asked = [r for r in queries.requests(tx, found.id) if r.target == "user:dee"]
    assert [r.answered_by for r in asked] == ["dee"]
    assert {p.state for p in story.pages_about(asked[0].id)} == {PageState.ANSWERED}
    assert responder(story, found, "dee").presence is Presence.JOINED


@pytest.mark.ledger("S2-14")
def test_whoever_joins_before_anybody_was_paged_has_answered_no_page(story: Story) -> None:
    """Answered before paged would be an order of instants that no later move could keep."""
    found = declares(story, "ana", severity="SEV4")
    story.act("ana", lambda tx: responders.join(tx, found.id))
    instants = incident(story, found.id).instants
    assert (instants.paged_at, instants.acked_at) == (None, None)
    assert instants.engaged_at is not None


def test_joined_twice_is_joined_once(story: Story) -> None:
    found = declares(story, "ana")
    story.act("ana", lambda tx: responders.join(tx, found.id))
    first = responder(story, found, "ana").joined_at
    story.pass_time(MINUTE)
    story.act("ana", lambda tx: responders.join(tx, found.id))
    assert responder(story, found, "ana").joined_at == first


def test_whoever_declined_may_come_after_all_while_nobody_else_has(story: Story) -> None:
    found = declares(story, "ana", severity="SEV2")
    story.act("ana", lambda tx: responders.request(tx, found.id, "user:cy", "locks"))
    story.drain()
    story.act("cy", lambda tx: responders.decline(tx, found.id))
    assert responder(story, found, "cy").presence is Presence.DECLINED
    story.act("cy", lambda tx: responders.accept(tx, found.id, eta_minutes=5))
    assert responder(story, found, "cy").presence is Presence.COMING
    with story.database.read(SYSTEM) as tx:
        [asked] = [r for r in queries.requests(tx, found.id) if r.target == "user:cy"]
    assert (asked.answered_by, asked.eta_minutes) == ("cy", 5)


@pytest.mark.ledger("S0-15")
def test_somebody_who_was_released_is_not_paged_for_this_incident_any_more(story: Story) -> None:
    crewed(story)
    found = declares(story, "ana", severity="SEV2")
    story.act("ana", lambda tx: responders.request(tx, found.id, "user:dee", "locks"))
    story.act("ana", lambda tx: responders.request(tx, found.id, "team:payments", "hands"))
    story.drain()
    heard = len(story.heard)
    for name in ("dee", "cy"):
        releases(story, found, name)
        assert responder(story, found, name).presence is Presence.RELEASED
    story.pass_time(90 * MINUTE)
    assert [h.address for h in story.heard[heard:] if h.address[:3] in ("dee", "cy@")] == []


def test_only_command_lets_somebody_else_go(story: Story) -> None:
    found = declares(crewed(story), "ana", severity="SEV2")
    story.act("dee", lambda tx: responders.join(tx, found.id))
    with pytest.raises(Refused) as refusal:
        story.act("cy", lambda tx: responders.release(tx, found.id, "dee"))
    assert refusal.value.code == "ONLY_COMMAND_ASSIGNS"
    story.act("dee", lambda tx: responders.release(tx, found.id, "dee"))
    assert responder(story, found, "dee").presence is Presence.RELEASED


def test_the_commander_is_not_let_go_and_a_stranger_cannot_be(story: Story) -> None:
    found = declares(story, "ana", severity="SEV2")
    story.act("bo", lambda tx: responders.join(tx, found.id))
    with pytest.raises(Refused) as refusal:
        story.act("ana", lambda tx: responders.release(tx, found.id, "ana"))
    assert refusal.value.code == "HANDOFF_REQUIRED"
    with pytest.raises(NotAResponder):
        story.act("ana", lambda tx: responders.release(tx, found.id, "nobody"))


def test_roles_of_somebody_who_goes_are_released_with_them(story: Story) -> None:
    found = declares(story, "ana", severity="SEV2")
    story.act("ana", lambda tx: roles.assign(tx, found.id, RoleKey.SCRIBE, "bo"))
    story.act("ana", lambda tx: responders.release(tx, found.id, "bo"))
    assert "incident.role_released" in story.events(found.id)
