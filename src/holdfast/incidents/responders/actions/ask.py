"""Page people for an incident: those of its level, and those who are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from holdfast.catalog import queries as catalog
from holdfast.escalation import actions as escalation
from holdfast.escalation import queries as climbs
from holdfast.escalation.model import Step, Target, TargetKind
from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.model import Ended, Incident, IncidentCoordinationGap
from holdfast.incidents.responders import queries, store
from holdfast.incidents.responders.aim import (
    ALL_HANDS,
    ON_CALL,
    OWNERS,
    ROLE,
    ROLES,
    Aim,
    aim,
    empty_groups,
)
from holdfast.incidents.responders.guardrails import SPAN, CrewFacts
from holdfast.incidents.responders.model import (
    ANSWER_MINUTES,
    MINUTES_MAX,
    MINUTES_MIN,
    REASON_CHARS_MAX,
    REQUESTS_MAX,
    CannotBeAsked,
    IncidentHelpRequested,
    Reason,
    Request,
    Responder,
)
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.model import How
from holdfast.kernel.tx import Tx
from holdfast.paging.model import PageOpened
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice.model import Hours, RoleKey
from holdfast.sdk import Urgency, clean_line

RESPONDER = "responder:"  # and the request's id: the clock of its answer
AT_IT = (How.DECLARED, How.ACKNOWLEDGED)  # they need no page: they are at it


@dataclass(frozen=True, slots=True)
class Ask:
    """One wish for somebody: whom, why, for which role, and how long an answer may take."""

    aim: Aim
    why: Reason
    text: str
    role: RoleKey | None = None
    minutes: int | None = None


def page_for(tx: Tx, incident: Incident, words: Sequence[str]) -> list[Request]:
    """Pages whom the words of a level mean, in this transaction (ledger S0-05, S0-06).

    Whoever is at it already, or was asked and has not answered, is not asked again. A level that
    wakes nobody pages nobody.
    """
    _welcome(tx, incident)
    if incident.level.hours is Hours.NEVER:
        return []
    for group in empty_groups(words, people.teams(tx)):
        tx.record(IncidentCoordinationGap(incident.id, "group_missing", group))
    people_asked = [Ask(each, Reason.LEVEL, "") for each in _people(tx, incident, words)]
    asks = [*_role_asks(tx, incident, words), *people_asked]
    made = [ask(tx, incident, each) for each in asks]
    return [request for request in made if request is not None]


def request(
    tx: Tx, name: str, target: str, reason: str, *, minutes: int | None = None,
    role: str | None = None, break_glass: str = "",
) -> Request:  # fmt: skip
    """Pages a person, team, schedule or service for help (ledger S4-16).

    Unanswered for `minutes`, it goes on to the policy of their team or service, and command is
    told. Raises CannotBeAsked, Ended. Asked again while it waits, nothing changes.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    if incident.ended:
        raise Ended
    wanted = aim(target, catalog.services(tx), people.teams(tx))
    _must_reach(tx, wanted)
    if len(queries.requests(tx, incident.id)) >= REQUESTS_MAX:
        raise CannotBeAsked(f"An incident has at most {REQUESTS_MAX} requests.")
    uphold(tx, SPAN, crew_facts(tx, incident), about=incident.id, reason=break_glass)
    text, _ = clean_line(reason, REASON_CHARS_MAX)
    key = None if role is None else roles.role(incident, role).key
    wish = Ask(wanted, Reason.ASKED, text, key, _bounded(minutes))
    made = ask(tx, incident, wish, again=True)
    assert made is not None, "asked again, somebody is always asked"
    return made


def ask(tx: Tx, incident: Incident, wish: Ask, *, again: bool = False) -> Request | None:
    """Asks, unless they are at it already; `again` asks whoever is at it, or was released, too."""
    target = wish.aim.target
    for waiting in queries.waiting(tx, incident.id):
        same = (waiting.target, waiting.role, waiting.why) == (target, wish.role, wish.why)
        if same:
            return waiting
    if not again and _is_needless(tx, incident, wish.aim):
        return None
    return _open(tx, incident, wish)


def call(tx: Tx, incident: Incident, made: Request, wanted: Aim) -> None:
    """The pages of a request leave, and its clock runs."""
    store.save_request(tx, made)
    tx.record(
        IncidentHelpRequested(incident.id, made.id, made.target, made.why.value, made.answer_by)
    )
    clocks.start(tx, incident.id, f"{RESPONDER}{made.id}", made.answer_by)
    wait = made.answer_by - tx.now
    first = None if wanted.first is None else Step((wanted.first,), wait)
    urgency = Urgency.HIGH if incident.level.hours is Hours.ALWAYS else Urgency.LOW
    escalation.start(tx, made.id, wanted.policy, team=wanted.team, urgency=urgency, first=first)
    # At once, not at the engine's next look: the pages are part of declaring (ledger S0-05).
    escalation.advance(tx, made.id)


def on_page_opened(tx: Tx, event: PageOpened) -> None:
    """Somebody is asked to an incident by this page: they are on its roll call from now on."""
    found = queries.find_request(tx, event.about)
    if found is None:
        return
    before = queries.responder(tx, found.incident, event.user)
    if before is None:
        store.save_responder(tx, Responder(found.incident, event.user, tx.now))
    elif before.declined_at is not None or _is_asked_anew(found, before):
        fresh = replace(before, asked_at=tx.now, released_at=None, declined_at=None)
        store.save_responder(tx, replace(fresh, joined_at=None, accepted_at=None))


def _is_asked_anew(found: Request, before: Responder) -> bool:
    """Whoever was let go stays so, until a person asks again (ledger B7)."""
    released_at = before.released_at
    return released_at is not None and found.why is Reason.ASKED and found.asked_at > released_at


def crew_facts(tx: Tx, incident: Incident) -> CrewFacts:
    """How many work on it, and how many the level wants."""
    level = incident.level
    return CrewFacts(level.label, len(queries.working(tx, incident.id)), level.responders_min)


def note_working(tx: Tx, incident_id: str, user: str) -> None:
    """This person is at it, and nobody needs to ask them."""
    before = queries.responder(tx, incident_id, user)
    here = Responder(incident_id, user, tx.now) if before is None else before
    if not here.working:
        accepted = replace(here, accepted_at=tx.now, declined_at=None, released_at=None)
        store.save_responder(tx, accepted)


def _welcome(tx: Tx, incident: Incident) -> None:
    for holding in roles.holders(tx, incident.id):
        if holding.how in AT_IT or holding.user == tx.actor.user_id:
            note_working(tx, incident.id, holding.user)


def _people(tx: Tx, incident: Incident, words: Sequence[str]) -> list[Aim]:
    """All hands are asked one by one: each of them must come."""
    found = list(queries.aims_of(tx, incident, [w for w in words if w != ALL_HANDS]))
    for team in queries.aims_of(tx, incident, [w for w in words if w == ALL_HANDS]):
        targets = [] if team.first is None else [team.first]
        found += [
            replace(team, target=f"user:{user}", first=Target(TargetKind.USER, user))
            for user in climbs.reachable_people(tx, targets, tx.now)
        ]
    return found


def _role_asks(tx: Tx, incident: Incident, words: Sequence[str]) -> Iterable[Ask]:
    """One for each candidate, and for each holder who was named and may not know it yet."""
    keys = {RoleKey(word.removeprefix(ROLE)) for word in words if word.startswith(ROLE)}
    role_actions.propose(tx, incident, keys)
    if {OWNERS, ON_CALL} & set(words):
        # Where whoever is on call commands already, the next one is asked to work on it.
        keys |= {RoleKey.OPERATIONS, RoleKey.TECHNICAL_LEAD}
    known, teams = catalog.services(tx), people.teams(tx)
    for holding in [*roles.proposals(tx, incident.id), *roles.holders(tx, incident.id)]:
        wanted = ROLES in words or holding.role in keys
        if wanted and holding.how not in AT_IT:
            label = roles.role(incident, holding.role).label
            target = aim(f"user:{holding.user}", known, teams)
            yield Ask(target, Reason.ROLE, label, holding.role)


def _open(tx: Tx, incident: Incident, wish: Ask) -> Request:
    ack = incident.level.clocks.ack
    wait = timedelta(minutes=ANSWER_MINUTES) if ack is None else ack
    if wish.minutes is not None:
        wait = timedelta(minutes=wish.minutes)
    made = Request(
        id=tx.new_id("rq"),
        incident=incident.id,
        target=wish.aim.target,
        why=wish.why,
        text=wish.text,
        asked_by=tx.actor.user_id or str(tx.actor),
        asked_at=tx.now,
        answer_by=tx.now + wait,
        role=wish.role,
    )
    call(tx, incident, made, wish.aim)
    return made


def _is_needless(tx: Tx, incident: Incident, wanted: Aim) -> bool:
    """True where whoever would be asked first is at it, or was released."""
    asked = _first_people(tx, wanted)
    if not asked:
        return False
    known = {each.user: each for each in queries.responders(tx, incident.id)}
    return all(
        user in known and (known[user].working or known[user].released_at is not None)
        for user in asked
    )


def _first_people(tx: Tx, wanted: Aim) -> list[str]:
    if wanted.first is not None:
        return climbs.reachable_people(tx, [wanted.first], tx.now)
    policy = climbs.policies(tx).get(wanted.policy)
    if policy is None or not policy.steps:
        return []
    return climbs.reachable_people(tx, policy.steps[0].page, tx.now)


def _must_reach(tx: Tx, wanted: Aim) -> None:
    if wanted.first is None:
        return
    if not climbs.reachable_people(tx, [wanted.first], tx.now):
        why = climbs.why_nobody(tx, [wanted.first], tx.now)
        raise CannotBeAsked(
            f"{wanted.target} reaches nobody now: {why}.",
            remedy="Ask somebody else.",
            fields={"target": "reaches nobody"},
        )


def _bounded(minutes: int | None) -> int | None:
    if minutes is not None and not MINUTES_MIN <= minutes <= MINUTES_MAX:
        raise CannotBeAsked(
            f"An answer may take {MINUTES_MIN} to {MINUTES_MAX} minutes.",
            fields={"minutes": f"{MINUTES_MIN} to {MINUTES_MAX}"},
        )
    return minutes
