"""Command by API: roles, hand-offs, responders, the room, tasks and reports."""

from __future__ import annotations

from collections.abc import Callable

from holdfast.incidents import queries as incidents
from holdfast.incidents.board import queries as board
from holdfast.incidents.responders import actions as responder_actions
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.responders.model import Request
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.model import Holding
from holdfast.kernel.errors import NotFound
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.web.command.bodies import (
    AcceptBody,
    AssignBody,
    ComeBody,
    DeclineBody,
    EscalationBody,
    GlassBody,
    HandoffBody,
    LeaveBody,
    ReleaseBody,
    RequestBody,
    RoomBody,
)
from holdfast.web.command.shapes import (
    CommandShape,
    HandoffShape,
    HoldingShape,
    RequestShape,
    ResponderShape,
    RoomShape,
    SeatShape,
    command_shape,
    handoff_shape,
    holding_shape,
    request_shape,
    responder_shape,
    room_shape,
    seat_shape,
)
from holdfast.web.command.work import ROUTES as WORK
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import NamePath, Nothing, act, row


class NoRoomYet(NotFound):
    """Nobody has opened a room for this incident."""


def show_command(ctx: ContextDep, incident_id: NamePath) -> CommandShape:
    """What command has to look at: tasks, owners, timers, missing roles, messages, hypotheses."""
    with ctx.read() as tx:
        return command_shape(board.command_board(tx, incident_id))


def here(ctx: ContextDep, incident_id: NamePath, body: Nothing | None = None) -> CommandShape:
    """The asker is at work on it: a commander who reads is not silent."""

    def done(tx: Tx) -> CommandShape:
        permissions.require(tx.actor, "incidents.respond")
        incident = incidents.incident(tx, incident_id)
        if tx.actor.user_id is not None:
            role_actions.note_activity(tx, incident.id, tx.actor.user_id)
        return command_shape(board.command_board(tx, incident_id))

    return act(ctx, done)


def list_roles(ctx: ContextDep, incident_id: NamePath, asked: AskedDep) -> Listing[SeatShape]:
    """Every role of the incident's practice: held, proposed, missing or open."""
    with ctx.read() as tx:
        seats = roles.seats(tx, incidents.incident(tx, incident_id))
    shown, following = asked.by_count(seats)
    return Listing(items=[seat_shape(seat) for seat in shown], next=following)


def list_stints(ctx: ContextDep, incident_id: NamePath, asked: AskedDep) -> Listing[HoldingShape]:
    """Who held which role from when until when, oldest first."""
    with ctx.read() as tx:
        stints = roles.history(tx, incidents.incident(tx, incident_id).id)
    shown, following = asked.by_count(stints)
    return Listing(items=[holding_shape(each) for each in shown], next=following)


def assign(ctx: ContextDep, incident_id: NamePath, body: AssignBody) -> HoldingShape:
    """Gives somebody a role; they are paged unless they are at it already."""
    who = (body.role, body.user)
    return _held(
        ctx,
        lambda tx: responder_actions.appoint(tx, incident_id, *who, break_glass=body.break_glass),
    )


def fill(
    ctx: ContextDep, incident_id: NamePath, body: GlassBody | None = None
) -> Listing[SeatShape]:
    """Every candidate who is on call has their role now."""
    said = "" if body is None else body.break_glass

    def done(tx: Tx) -> Listing[SeatShape]:
        role_actions.fill(tx, incident_id, break_glass=said)
        seats = roles.seats(tx, incidents.incident(tx, incident_id))
        return Listing(items=[seat_shape(seat) for seat in seats], next=None)

    return act(ctx, done)


def leave(ctx: ContextDep, incident_id: NamePath, body: LeaveBody) -> HoldingShape:
    """Leaves a role; command is handed off instead."""
    glass = body.break_glass
    return _held(
        ctx,
        lambda tx: role_actions.leave(
            tx, incident_id, body.role, user=body.user, break_glass=glass
        ),
    )


def list_handoffs(ctx: ContextDep, incident_id: NamePath, asked: AskedDep) -> Listing[HandoffShape]:
    """Every offer of a role, oldest first."""
    with ctx.read() as tx:
        offers = roles.handoffs(tx, incidents.incident(tx, incident_id).id)
    shown, following = asked.by_count(offers)
    return Listing(items=[handoff_shape(each) for each in shown], next=following)


def offer_handoff(ctx: ContextDep, incident_id: NamePath, body: HandoffBody) -> HandoffShape:
    """Offers a role to somebody; it stays with its holder until they have accepted."""

    def done(tx: Tx) -> HandoffShape:
        offer = responder_actions.hand_off(
            tx, incident_id, body.role, body.to, body.said(), break_glass=body.break_glass
        )
        return handoff_shape(offer)

    return act(ctx, done)


def accept_handoff(ctx: ContextDep, incident_id: NamePath, body: AcceptBody) -> HoldingShape:
    """Takes over what was offered to the asker."""
    said, glass = body.read_back, body.break_glass
    return _held(
        ctx,
        lambda tx: role_actions.accept_handoff(
            tx, incident_id, read_back=said, role=body.role, break_glass=glass
        ),
    )


def decline_handoff(
    ctx: ContextDep, incident_id: NamePath, body: DeclineBody | None = None
) -> HandoffShape:
    """Will not take it over, or takes one's own offer back."""
    role = None if body is None else body.role
    return act(
        ctx, lambda tx: handoff_shape(role_actions.decline_handoff(tx, incident_id, role=role))
    )


def take_over(ctx: ContextDep, incident_id: NamePath, body: AcceptBody) -> HoldingShape:
    """Takes command that is empty or has gone silent."""
    said, glass = body.read_back, body.break_glass
    return _held(
        ctx,
        lambda tx: role_actions.take_over(tx, incident_id, read_back=said, break_glass=glass),
    )


def list_responders(
    ctx: ContextDep, incident_id: NamePath, asked: AskedDep
) -> Listing[ResponderShape]:
    """The roll call: everybody who was asked or came."""
    with ctx.read() as tx:
        found = responders.responders(tx, incidents.incident(tx, incident_id).id)
    shown, following = asked.by_count(found)
    return Listing(items=[responder_shape(each) for each in shown], next=following)


def list_requests(ctx: ContextDep, incident_id: NamePath, asked: AskedDep) -> Listing[RequestShape]:
    """Whom people and the severity asked for, and what became of it."""
    with ctx.read() as tx:
        found = responders.requests(tx, incidents.incident(tx, incident_id).id)
    shown, following = asked.by_count(found)
    return Listing(items=[request_shape(each) for each in shown], next=following)


def ask(ctx: ContextDep, incident_id: NamePath, body: RequestBody) -> RequestShape:
    """Pages a person, team, schedule or service for help."""

    def done(tx: Tx) -> RequestShape:
        made = responder_actions.request(
            tx,
            incident_id,
            body.target,
            body.reason,
            minutes=body.minutes,
            role=body.role,
            break_glass=body.break_glass,
        )
        return request_shape(responders.request(tx, made.id))

    return act(ctx, done)


def ask_escalation(ctx: ContextDep, incident_id: NamePath, body: EscalationBody) -> RequestShape:
    """Asks command to page more people; unanswered, it happens by itself."""
    return _request(
        ctx,
        lambda tx: responder_actions.ask_escalation(
            tx, incident_id, body.reason, target=body.target or ""
        ),
    )


def grant(
    ctx: ContextDep, incident_id: NamePath, request_id: NamePath, body: Nothing | None = None
) -> RequestShape:
    """Command says yes: they are paged now."""
    return _request(ctx, lambda tx: responder_actions.grant(tx, incident_id, request_id))


def refuse(
    ctx: ContextDep, incident_id: NamePath, request_id: NamePath, body: Nothing | None = None
) -> RequestShape:
    """Command says no: nobody is paged."""
    return _request(ctx, lambda tx: responder_actions.refuse(tx, incident_id, request_id))


def come(ctx: ContextDep, incident_id: NamePath, body: ComeBody | None = None) -> ResponderShape:
    """The asker comes: paging them stops."""
    eta = None if body is None else body.eta_minutes
    return act(
        ctx,
        lambda tx: responder_shape(responder_actions.accept(tx, incident_id, eta_minutes=eta)),
    )


def join(ctx: ContextDep, incident_id: NamePath, body: Nothing | None = None) -> ResponderShape:
    """The asker is in the room."""
    return act(ctx, lambda tx: responder_shape(responder_actions.join(tx, incident_id)))


def decline(ctx: ContextDep, incident_id: NamePath, body: Nothing | None = None) -> ResponderShape:
    """The asker cannot come: the next one is asked at once."""
    return act(ctx, lambda tx: responder_shape(responder_actions.decline(tx, incident_id)))


def release(ctx: ContextDep, incident_id: NamePath, body: ReleaseBody) -> ResponderShape:
    """Lets somebody go: they are not paged for this incident any more."""
    glass = body.break_glass

    def done(tx: Tx) -> ResponderShape:
        gone = responder_actions.release(tx, incident_id, body.user, break_glass=glass)
        return responder_shape(gone)

    return act(ctx, done)


def show_room(ctx: ContextDep, incident_id: NamePath) -> RoomShape:
    """Where responders meet."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        found = responders.room(tx, incident.id)
        joined = responders.joined_count(tx, incident.id)
    if found is None:
        raise NoRoomYet
    return room_shape(found, joined)


def open_room(ctx: ContextDep, incident_id: NamePath, body: RoomBody) -> RoomShape:
    """Says where responders meet; whoever opens it is in it."""

    def done(tx: Tx) -> RoomShape:
        room = responder_actions.open_war_room(
            tx, incident_id, body.address, fallback=body.fallback, recording=body.recording
        )
        return room_shape(room, responders.joined_count(tx, room.incident))

    return act(ctx, done)


def _held(ctx: Context, action: Callable[[Tx], Holding]) -> HoldingShape:
    return act(ctx, lambda tx: holding_shape(action(tx)))


def _request(ctx: Context, action: Callable[[Tx], Request]) -> RequestShape:
    return act(ctx, lambda tx: request_shape(action(tx)))


_ONE = "incidents/{incident_id}"
_ASKED = f"{_ONE}/requests/{{request_id}}"
_READ = "incidents.read"
_RESPOND = "incidents.respond"
ROUTES = (
    *WORK,
    row("GET", f"{_ONE}/command", show_command, _READ, summary="What command has to look at"),
    row("POST", f"{_ONE}/here", here, _RESPOND, summary="I am at work on it"),
    row("GET", f"{_ONE}/roles", list_roles, _READ, summary="Roles and who holds them"),
    row("POST", f"{_ONE}/roles", assign, _RESPOND, summary="Give somebody a role"),
    row("GET", f"{_ONE}/roles/stints", list_stints, _READ, summary="Who held which role when"),
    row("POST", f"{_ONE}/roles/fill", fill, _RESPOND, summary="Fill roles from on call"),
    row("POST", f"{_ONE}/roles/leave", leave, _RESPOND, summary="Leave a role"),
    row("GET", f"{_ONE}/handoff", list_handoffs, _READ, summary="Offers of roles"),
    row("POST", f"{_ONE}/handoff", offer_handoff, _RESPOND, summary="Offer a role"),
    row("POST", f"{_ONE}/handoff/accept", accept_handoff, _RESPOND, summary="Accept a role"),
    row("POST", f"{_ONE}/handoff/decline", decline_handoff, _RESPOND, summary="Decline a role"),
    row("POST", f"{_ONE}/roles/handoff", offer_handoff, _RESPOND, summary="Offer a role, too"),
    row("POST", f"{_ONE}/roles/handoff/accept", accept_handoff, _RESPOND, summary="Accept it, too"),
    row("POST", f"{_ONE}/take-over", take_over, _RESPOND, summary="Take silent command"),
    row("GET", f"{_ONE}/responders", list_responders, _READ, summary="The roll call"),
    row("POST", f"{_ONE}/responders", ask, _RESPOND, summary="Page somebody for help"),
    row("GET", f"{_ONE}/requests", list_requests, _READ, summary="Who was asked for"),
    row("POST", f"{_ONE}/escalate", ask_escalation, _RESPOND, summary="More people are needed"),
    row("POST", f"{_ASKED}/grant", grant, _RESPOND, summary="Command says yes"),
    row("POST", f"{_ASKED}/refuse", refuse, _RESPOND, summary="Command says no"),
    row("POST", f"{_ONE}/responders/accept", come, _RESPOND, summary="I come"),
    row("POST", f"{_ONE}/responders/join", join, _RESPOND, summary="I am in the room"),
    row("POST", f"{_ONE}/responders/decline", decline, _RESPOND, summary="I cannot come"),
    row("POST", f"{_ONE}/responders/release", release, _RESPOND, summary="Let somebody go"),
    row("GET", f"{_ONE}/war-room", show_room, _READ, summary="Where responders meet"),
    row("POST", f"{_ONE}/war-room", open_room, _RESPOND, summary="Open a room"),
)
