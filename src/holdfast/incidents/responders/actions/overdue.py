"""What happens when nobody has come, answered or spoken in time. Called for clocks that ran out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from holdfast.catalog import queries as catalog
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.model import Incident, IncidentCoordinationGap, Phase
from holdfast.incidents.responders import queries, store
from holdfast.incidents.responders.actions.ask import RESPONDER, Ask, ask
from holdfast.incidents.responders.actions.come import ROLL_CALL, SOLO
from holdfast.incidents.responders.actions.escalate import ESCALATION, escalation_due
from holdfast.incidents.responders.actions.inform import NO_ANSWER, tell_command
from holdfast.incidents.responders.actions.prompt import SCRIBE, scribe_due
from holdfast.incidents.responders.aim import aim
from holdfast.incidents.responders.model import Presence, Reason
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.actions.holding import COMMAND_SILENT, PROMPT_SHARE, ROLES, SHIFT
from holdfast.incidents.roles.model import Briefing, Holding, OfferedAlready, Why
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.practice.model import RoleKey

RANK_PAGED_MAX = 1  # from here down a missing role is only suggested (ledger S3-10)
SHIFT_OVER = "Your shift is over and this incident is open: hand {label} off to {to}."
SHIFT_BEGINS = "You are on call now: {giver} hands {label} off to you."
SILENT = "You command this incident and have been silent: say that you are there."
DEPUTY = "The commander {user} is silent: take command if nobody answers."
ALONE = "Somebody works on this alone: join them."
ROOM = "Nobody has opened a room for this incident."


class ClockDuty(Protocol):
    """Answers a clock that ran out; `name` is the clock's."""

    def __call__(self, tx: Tx, incident: Incident, name: str) -> None: ...


def responder_due(tx: Tx, incident: Incident, name: str) -> None:
    """Nobody has answered a request: the next one is asked by its plan, and command is told
    (ledger S4-16)."""
    request = store.take_request(tx, name.removeprefix(RESPONDER))
    if request is not None and request.waiting:
        tx.record(IncidentCoordinationGap(incident.id, "request_unanswered", request.id))
        tell_command(tx, incident, NO_ANSWER.format(target=request.target), request.id)


def roles_due(tx: Tx, incident: Incident, name: str) -> None:
    """Roles are still missing: at the worst levels somebody is paged for each, else somebody is
    suggested (ledger S0-03, S3-10)."""
    if not incident.active:
        return
    empty = roles.missing(tx, incident)
    for role in empty:
        tx.record(IncidentCoordinationGap(incident.id, "role_missing", role.value))
    found = role_actions.propose(tx, incident, empty)
    if incident.severity.rank <= RANK_PAGED_MAX:
        for role in empty:
            _ask_for_role(tx, incident, role, found.get(role))
    if empty:
        clocks.start(tx, incident.id, ROLES, tx.now + incident.pack.limits.role_missing_after)


def command_silent_due(tx: Tx, incident: Incident, name: str) -> None:
    """A commander who says nothing is asked; after the practice's time the deputy is paged, and may
    take over (ledger S3-14)."""
    held = _holding(tx, incident, RoleKey.COMMAND)
    silent = roles.silent_for(tx, incident)
    if held is None or silent is None or not incident.active:
        return
    after = incident.pack.limits.command_silent_after
    if silent >= after:
        tx.record(IncidentCoordinationGap(incident.id, "command_silent", held.user))
        _page_deputy(tx, incident, held.user)
        clocks.start(tx, incident.id, COMMAND_SILENT, tx.now + after)
    elif silent >= after * PROMPT_SHARE:
        tx.record(IncidentCoordinationGap(incident.id, "command_prompted", held.user))
        _page(tx, incident, held.user, (Reason.SILENT, SILENT, None))
        clocks.start(tx, incident.id, COMMAND_SILENT, tx.now + (after - silent))
    else:
        clocks.start(tx, incident.id, COMMAND_SILENT, tx.now + (after * PROMPT_SHARE - silent))


def shift_due(tx: Tx, incident: Incident, name: str) -> None:
    """The commander's shift ends with the incident open: a hand-off to whoever is on call now is
    opened and both are paged; command stays where it is until it is accepted (ledger S3-13)."""
    role = RoleKey(name.removeprefix(SHIFT))
    held = _holding(tx, incident, role)
    if held is None or not incident.active:
        return
    following = roles.on_shift(tx, incident, role)
    if following is None or following[0] == held.user:
        _watch_shift(tx, incident, held, name)
        return
    to, label = following[0], roles.role(incident, role).label
    try:
        said = (_briefing(tx, incident), Why.SHIFT_END)
        role_actions.open_handoff(tx, incident, held, to, said)
    except OfferedAlready:
        return  # they are handing it to somebody else, which is theirs to decide
    tx.record(IncidentCoordinationGap(incident.id, "shift_ended", held.user))
    giver = people.user(tx, held.user).name
    _page(tx, incident, held.user, (Reason.SHIFT, SHIFT_OVER.format(label=label, to=to), None))
    _page(tx, incident, to, (Reason.SHIFT, SHIFT_BEGINS.format(label=label, giver=giver), None))


def roll_call_due(tx: Tx, incident: Incident, name: str) -> None:
    """Whoever was asked and is not in the room stands on command's list (ledger S4-47)."""
    if incident.active:
        for responder in queries.unjoined(tx, incident):
            tx.record(IncidentCoordinationGap(incident.id, "not_joined", responder.user))


def solo_due(tx: Tx, incident: Incident, name: str) -> None:
    """Somebody works on it alone: the next person is paged (ledger S1-12)."""
    working = queries.working(tx, incident.id)
    if incident.phase is not Phase.MITIGATING or len(working) >= incident.level.responders_min:
        return
    alone = working[0] if working else ""
    tx.record(IncidentCoordinationGap(incident.id, "solo_responder", alone))
    following = _next_ones(tx, incident, working)
    if following:
        _page(tx, incident, following[0], (Reason.SOLO, ALONE, None))
        clocks.start(tx, incident.id, SOLO, tx.now + incident.pack.limits.solo_after)


def war_room_due(tx: Tx, incident: Incident, name: str) -> None:
    """No room with two people in it in time: command is paged again (ledger S2-01)."""
    if not incident.active or incident.instants.war_room_opened_at is not None:
        return
    tx.record(IncidentCoordinationGap(incident.id, "no_war_room", ""))
    commander = roles.holder(tx, incident.id, RoleKey.COMMAND)
    if commander is not None:
        _page(tx, incident, commander, (Reason.ROLE, ROOM, None))


# By a clock's name, or by the beginning of it where that ends with a colon.
CLOCKS: Mapping[str, ClockDuty] = {
    RESPONDER: responder_due,
    ROLES: roles_due,
    COMMAND_SILENT: command_silent_due,
    SHIFT: shift_due,
    ROLL_CALL: roll_call_due,
    SOLO: solo_due,
    ESCALATION: escalation_due,
    SCRIBE: scribe_due,
    "war_room": war_room_due,
}


def _next_ones(tx: Tx, incident: Incident, working: list[str]) -> list[str]:
    """Whom to page next: somebody new first, then whoever was asked and has not answered."""
    known = {each.user: each.presence for each in queries.responders(tx, incident.id)}
    pool = [
        user
        for user in roles.pool(tx, incident, RoleKey.OPERATIONS)
        if user not in working and known.get(user, Presence.ASKED) is Presence.ASKED
    ]
    return sorted(pool, key=lambda user: user in known)


def _ask_for_role(tx: Tx, incident: Incident, role: RoleKey, user: str | None) -> None:
    waiting = [r for r in queries.waiting(tx, incident.id) if r.role is role]
    if user is not None and not waiting:
        label = roles.role(incident, role).label
        _page(tx, incident, user, (Reason.ROLE, label, role))


def _page_deputy(tx: Tx, incident: Incident, silent: str) -> None:
    deputy = roles.holder(tx, incident.id, RoleKey.DEPUTY)
    pool = [user for user in roles.pool(tx, incident, RoleKey.COMMAND) if user != silent]
    chosen = next(iter([*([deputy] if deputy else []), *pool]), None)
    if chosen is not None:
        words = DEPUTY.format(user=people.user(tx, silent).name)
        _page(tx, incident, chosen, (Reason.SILENT, words, RoleKey.COMMAND))


def _page(tx: Tx, incident: Incident, user: str, said: tuple[Reason, str, RoleKey | None]) -> None:
    """Pages one person, also somebody who is at it: they are asked for something new."""
    person = people.find_user(tx, user)
    if person is None or not person.reachable:
        return
    why, words, role = said
    wanted = aim(f"user:{user}", catalog.services(tx), people.teams(tx))
    ask(tx, incident, Ask(wanted, why, words, role), again=True)


def _briefing(tx: Tx, incident: Incident) -> Briefing:
    """Drafted from what is known, so that a hand-off at a shift's end says something at once."""
    brief = incident.brief
    return Briefing(
        severity=f"{incident.level.label}: {incident.title}",
        summary=" ".join(part for part in (brief.impact, brief.cause) if part),
        actions=brief.doing,
    )


def _watch_shift(tx: Tx, incident: Incident, held: Holding, name: str) -> None:
    ends = roles.shift_end(tx, incident, held.role, held.user)
    if ends is not None and ends - tx.now > timedelta():
        clocks.start(tx, incident.id, name, ends)


def _holding(tx: Tx, incident: Incident, role: RoleKey) -> Holding | None:
    return next((each for each in roles.holders(tx, incident.id) if each.role is role), None)
