"""Answers to a request, and the room: who comes, who joins, who is let go."""

from __future__ import annotations

from dataclasses import replace

from holdfast.alerts import actions as alerts
from holdfast.escalation import actions as escalation
from holdfast.escalation.model import EscalationExhausted
from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents import store as incident_store
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.model import Ended, Incident, IncidentCoordinationGap, Phase
from holdfast.incidents.responders import queries, store
from holdfast.incidents.responders.actions.ask import RESPONDER, note_working
from holdfast.incidents.responders.actions.inform import ANSWERED, NOBODY_CAME, tell_command
from holdfast.incidents.responders.model import (
    ADDRESS_CHARS_MAX,
    MINUTES_MAX,
    UNJOINED_AFTER,
    CannotBeAsked,
    IncidentHelpAnswered,
    IncidentResponderJoined,
    IncidentResponderReleased,
    IncidentRoomOpened,
    NoRoom,
    NotAResponder,
    Reason,
    Request,
    RequestState,
    Responder,
    Room,
)
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.guardrails import LEAVE, LeaveFacts
from holdfast.kernel.actor import Actor, ActorKind
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.paging import queries as pages
from holdfast.paging.model import Page, PageAnswer, PageAnswered, PageState
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice.model import RoleKey
from holdfast.sdk import clean_line

ROLL_CALL = "roll_call"  # the clock of those who have not joined
SOLO = "solo"  # the clock of somebody who works alone
TOGETHER = 2  # from so many on, a room is one


def answer_page(tx: Tx, page_id: str, answer: PageAnswer) -> Page:
    """One person's answer to a page about an alert or an incident. Raises NoSuchPage, PageOver.

    What the page is about is locked before the page, as everywhere: answers cannot deadlock.
    """
    about = queries.find_request(tx, pages.page(tx, page_id).subject)
    if about is None:
        return alerts.answer_page(tx, page_id, answer)
    incident_store.take(tx, about.incident)
    return paging.answer(tx, page_id, answer)


def on_page_answered(tx: Tx, event: PageAnswered) -> None:
    """An answer from a phone is the answer to the request, in that person's name."""
    request = store.take_request(tx, event.about) if _is_ours(event.about) else None
    if request is None:
        return
    person = people.user(tx, event.user)
    theirs = tx.as_actor(Actor(ActorKind.USER, person.id, person.role, person.id))
    incident = incident_store.take(tx, request.incident)
    if PageAnswer(event.answer) is PageAnswer.ACKNOWLEDGE:
        _accepted(theirs, incident, request, person.id)
    else:
        _declined(theirs, incident, request, person.id)
        escalation.hurry_past(tx, event.subject)


def on_exhausted(tx: Tx, event: EscalationExhausted) -> None:
    """Everybody was asked and nobody has come: command must know (ledger S4-16)."""
    request = store.take_request(tx, event.subject) if _is_ours(event.subject) else None
    if request is not None and request.waiting:
        _end_request(tx, request, RequestState.UNANSWERED, None)
        tx.record(IncidentCoordinationGap(request.incident, "request_exhausted", request.id))
        incident = incident_store.take(tx, request.incident)
        tell_command(tx, incident, NOBODY_CAME.format(target=request.target), request.id)


def accept(tx: Tx, name: str, *, eta_minutes: int | None = None) -> Responder:
    """The actor comes: every page to them about this incident is answered."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _open_incident(tx, name)
    user = _person(tx)
    _answer_mine(tx, incident, user, PageAnswer.ACKNOWLEDGE)
    _take_mine(tx, incident, user)
    note_working(tx, incident.id, user)
    _note_eta(tx, incident, user, eta_minutes)
    role_actions.let_in(tx, incident, user)
    watch_alone(tx, incident)
    return _responder(tx, incident, user)


def join(tx: Tx, name: str) -> Responder:
    """The actor is in the room. Said again, nothing changes; two make it a room (ledger S2-01)."""
    accept(tx, name)
    incident = _open_incident(tx, name)
    before = _responder(tx, incident, _person(tx))
    if before.joined_at is not None:
        return before
    joined = replace(before, joined_at=tx.now)
    store.save_responder(tx, joined)
    clocks.engaged(tx, incident.id)
    tx.record(IncidentResponderJoined(incident.id, joined.user, "joined"))
    _settle_room(tx, incident)
    return joined


def decline(tx: Tx, name: str) -> Responder:
    """The actor cannot come: the next one is asked at once."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _open_incident(tx, name)
    user = _person(tx)
    _answer_mine(tx, incident, user, PageAnswer.DECLINE)
    before = queries.responder(tx, incident.id, user) or Responder(incident.id, user, tx.now)
    if not before.working and before.declined_at is None:
        store.save_responder(tx, replace(before, declined_at=tx.now))
    return _responder(tx, incident, user)


def release(tx: Tx, name: str, user: str, *, break_glass: str = "") -> Responder:
    """Lets somebody go: they are not paged for this incident any more (ledger B7).

    By themselves or by command. Raises NotAResponder, and the refusals HANDOFF_REQUIRED,
    LAST_RESPONDER, ONLY_COMMAND_ASSIGNS.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    before = queries.responder(tx, incident.id, user)
    held = [each for each in roles.holders(tx, incident.id) if each.user == user]
    if before is None and not held:
        raise NotAResponder
    if user != tx.actor.user_id:
        role_actions.require_order(tx, incident, user, break_glass)
    left = [each for each in queries.working(tx, incident.id) if each != user]
    facts = LeaveFacts(RoleKey.OBSERVER, "responder", incident.active, len(left))
    uphold(tx, LEAVE, facts, about=incident.id, reason=break_glass)
    for holding in held:
        role_actions.leave(tx, name, holding.role, user=user, break_glass=break_glass)
    gone = replace(before or Responder(incident.id, user, tx.now), released_at=tx.now)
    store.save_responder(tx, gone)
    _answer_mine(tx, incident, user, PageAnswer.DECLINE)
    tx.record(IncidentResponderReleased(incident.id, user, tx.actor.user_id or str(tx.actor)))
    watch_alone(tx, incident)
    return gone


def open_war_room(
    tx: Tx, name: str, address: str, *, fallback: str = "", recording: str = ""
) -> Room:
    """Says where responders meet, and where instead if that fails (ledger S4-46)."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _open_incident(tx, name)
    where, _ = clean_line(address, ADDRESS_CHARS_MAX)
    if not where:
        raise NoRoom(fields={"address": "say where"}, remedy="Give a link, a number or a place.")
    room = Room(
        incident=incident.id,
        address=where,
        fallback=clean_line(fallback, ADDRESS_CHARS_MAX)[0],
        recording=clean_line(recording, ADDRESS_CHARS_MAX)[0],
        opened_by=tx.actor.user_id or str(tx.actor),
        opened_at=tx.now,
    )
    store.save_room(tx, room)
    incident_store.save(tx, replace(incident, war_room=where))
    tx.record(IncidentRoomOpened(incident.id, room.opened_by))
    clocks.start(tx, incident.id, ROLL_CALL, tx.now + UNJOINED_AFTER)
    if tx.actor.user_id is not None:
        join(tx, incident.id)
    else:
        _settle_room(tx, incident)
    return room


def watch_alone(tx: Tx, incident: Incident) -> None:
    """While too few work on mitigating it, a clock runs that pages the next one (ledger S1-12)."""
    alone = len(queries.working(tx, incident.id)) < incident.level.responders_min
    if incident.phase is Phase.MITIGATING and alone:
        clocks.start(tx, incident.id, SOLO, tx.now + incident.pack.limits.solo_after)
    else:
        clocks.stop(tx, incident.id, SOLO)


def end_all(tx: Tx, incident: Incident, why: str) -> None:
    """The incident is over: nobody is asked to come any more."""
    owed = {request.id for request in queries.owed(tx, incident.id)}
    for request in queries.requests(tx, incident.id):
        if request.id in owed:
            _end_request(tx, request, RequestState.CANCELLED, None)
        if request.id in owed or request.wanted:
            escalation.stop(tx, request.id, why)


def _accepted(tx: Tx, incident: Incident, request: Request, user: str) -> None:
    note_working(tx, incident.id, user)
    clocks.acknowledged(tx, incident.id)
    tx.record(IncidentResponderJoined(incident.id, user, "accepted"))
    if request.wanted:
        _end_request(tx, request, RequestState.ACCEPTED, user)
        if request.why is Reason.ASKED:
            tell_command(tx, incident, ANSWERED.format(user=people.user(tx, user).name), request.id)
        escalation.stop(tx, request.id, f"{user} comes")
    role_actions.let_in(tx, incident, user)
    role_actions.accept_proposals(tx, incident, user)
    watch_alone(tx, incident)


def _declined(tx: Tx, incident: Incident, request: Request, user: str) -> None:
    before = queries.responder(tx, incident.id, user) or Responder(incident.id, user, tx.now)
    if before.released_at is None:
        store.save_responder(tx, replace(before, declined_at=tx.now))
    tx.record(IncidentHelpAnswered(incident.id, request.id, user, RequestState.DECLINED.value))
    if request.role is not None:
        role_actions.decline_proposals(tx, incident, user)


def _end_request(tx: Tx, request: Request, state: RequestState, user: str | None) -> None:
    ended = replace(request, state=state, answered_by=user, answered_at=tx.now)
    store.save_request(tx, ended)
    clocks.stop(tx, request.incident, f"{RESPONDER}{request.id}")
    tx.record(IncidentHelpAnswered(request.incident, request.id, user, state.value))


def _answer_mine(tx: Tx, incident: Incident, user: str, answer: PageAnswer) -> None:
    asked = [request.id for request in queries.requests(tx, incident.id)]
    for page in pages.about(tx, asked):
        if page.user == user and page.state is PageState.OPEN:
            paging.answer(tx, page.id, answer)


def _take_mine(tx: Tx, incident: Incident, user: str) -> None:
    """Requests that they had declined or never heard of, and that nobody else has answered."""
    waiting = {request.id: request for request in queries.waiting(tx, incident.id)}
    mine = {page.subject for page in pages.about(tx, list(waiting)) if page.user == user}
    for request_id in sorted(mine):
        _accepted(tx, incident, waiting[request_id], user)


def _note_eta(tx: Tx, incident: Incident, user: str, minutes: int | None) -> None:
    if minutes is None:
        return
    if not 0 <= minutes <= MINUTES_MAX:
        raise CannotBeAsked("That is no time of arrival.", fields={"eta_minutes": "0 to 1440"})
    mine = [r for r in queries.requests(tx, incident.id) if r.answered_by == user]
    for request in mine[-1:]:
        store.save_request(tx, replace(request, eta_minutes=minutes))


def _settle_room(tx: Tx, incident: Incident) -> None:
    """Two or more in a room that has an address: from now on it is one."""
    fresh = incident_store.take(tx, incident.id)
    together = queries.joined_count(tx, incident.id) >= TOGETHER
    if not together or not fresh.war_room or fresh.instants.war_room_opened_at is not None:
        return
    instants = replace(fresh.instants, war_room_opened_at=tx.now)
    incident_store.save(tx, replace(fresh, instants=instants))
    clocks.stop(tx, incident.id, "war_room")


def _open_incident(tx: Tx, name: str) -> Incident:
    incident = incidents.take(tx, name)
    if incident.ended:
        raise Ended
    return incident


def _person(tx: Tx) -> str:
    if tx.actor.user_id is None:
        raise CannotBeAsked("Only a person comes to an incident.", remedy="Act as yourself.")
    return tx.actor.user_id


def _responder(tx: Tx, incident: Incident, user: str) -> Responder:
    found = queries.responder(tx, incident.id, user)
    assert found is not None, "they were just written down"
    return found


def _is_ours(subject: str) -> bool:
    return subject.startswith(queries.REQUEST_PREFIX)
