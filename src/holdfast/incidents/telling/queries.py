"""Ask what was told to whom, what is owed next, and what people want to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling import store
from holdfast.incidents.telling.cadence import adherence as kept_promises
from holdfast.incidents.telling.cadence import cadence
from holdfast.incidents.telling.hearers import Around, hearers
from holdfast.incidents.telling.model import (
    DUTIES,
    UPDATES_MAX,
    Adherence,
    Carried,
    Delivered,
    NoSuchUpdate,
    Owed,
    Promise,
    Question,
    QuestionState,
    Stakeholder,
    Subscription,
    Thread,
    Update,
)
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import queries as notifications
from holdfast.paging.notifications.model import NotificationState
from holdfast.people import queries as people
from holdfast.practice.model import Audience

TELLING_DUTIES = tuple(DUTIES.values())


def updates(
    tx: Tx,
    incident_id: str,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = UPDATES_MAX,
) -> list[Update]:
    """What was told, newest first; `before` continues after the last one seen."""
    return store.updates(tx, incident_id, before, min(limit, UPDATES_MAX + 1))


def update(tx: Tx, incident_id: str, name: str) -> Update:
    """One message of this incident. Raises NoSuchUpdate."""
    found = store.find_update(tx, name)
    if found is None or found.incident != incident_id:
        raise NoSuchUpdate
    return found


def threads(tx: Tx, incident_id: str) -> Mapping[Audience, Thread]:
    """What each audience has heard and is owed; those that are owed nothing yet are not there."""
    return store.threads(tx, [incident_id]).get(incident_id, {})


def thread(tx: Tx, incident_id: str, audience: Audience) -> Thread:
    """What one audience has heard; an empty one where it has heard nothing."""
    return threads(tx, incident_id).get(audience, Thread(incident_id, audience))


def next_update_by(tx: Tx, incident: Incident) -> datetime | None:
    """When somebody must hear something next; None where nothing is owed."""
    return next_updates(tx, [incident.id]).get(incident.id)


def next_updates(tx: Tx, incidents: Sequence[str]) -> Mapping[str, datetime]:
    """The same for many incidents at once; those that owe nothing are not there."""
    found = {}
    for name, heard in (store.threads(tx, incidents) if incidents else {}).items():
        owed = [each.due_at for each in heard.values() if each.due_at is not None]
        if owed:
            found[name] = min(owed)
    return found


def final_missing(tx: Tx, incident: Incident) -> list[Audience]:
    """The audiences that heard of it and were not told that it is over (ledger S1-17)."""
    found = threads(tx, incident.id)
    return [audience for audience in Audience if audience in found and found[audience].open]


def was_told(tx: Tx, incident_id: str, audience: Audience) -> bool:
    """True where that audience was told anything at all (ledger S4-02, S4-29)."""
    return thread(tx, incident_id, audience).heard_at is not None


def cadence_of(tx: Tx, incident: Incident, audience: Audience) -> timedelta | None:
    """How often this audience hears something now; None where nobody has said so."""
    return cadence(incident.level, audience, thread(tx, incident.id, audience))


def promises(tx: Tx, incident_id: str) -> list[Promise]:
    """Every “next update by”, oldest first."""
    return store.promises(tx, [incident_id])


def adherence(tx: Tx, incident: Incident, audience: Audience | None = None) -> Adherence:
    """How the promises were kept to one audience; None: to internal and leaders and customers
    together, with the longest of their silences (ledger S0-30, S4-31)."""
    if audience is not None:
        return adherences(tx, incident)[audience]
    each = list(adherences(tx, incident).values())
    silences = [one.longest_silence for one in each if one.longest_silence is not None]
    return Adherence(
        kept=sum(one.kept for one in each),
        late=sum(one.late for one in each),
        broken=sum(one.broken for one in each),
        open=sum(one.open for one in each),
        longest_silence=max(silences, default=None),
    )


def adherences(tx: Tx, incident: Incident) -> Mapping[Audience, Adherence]:
    """The same for each audience; one that was owed nothing has no silence either."""
    made = promises(tx, incident.id)
    heard = store.heard(tx, incident.id)
    found = threads(tx, incident.id)
    result = {}
    for audience in Audience:
        mine = [promise for promise in made if promise.audience is audience]
        instants = heard.get(audience, [])
        if not mine and not instants:
            result[audience] = Adherence()
            continue
        over = found[audience].final_at if audience in found else None
        end = over or (incident.instants.closed_at if incident.ended else None) or tx.now
        result[audience] = kept_promises(mine, instants, incident.instants.declared_at, end)
    return result


def delivered(tx: Tx, incident_id: str, made: Sequence[Update]) -> Mapping[str, Delivered]:
    """How each of these updates reached its audience (ledger S2-26)."""
    counts = notifications.outcome_counts(tx, incident_id) if made else {}
    result = {}
    for each in made:
        if each.audience is Audience.CUSTOMERS:
            result[each.id] = Delivered(Carried.RECORDED)
            continue
        of_update = counts.get(each.id, {})
        result[each.id] = Delivered(
            Carried.NOTIFIED,
            sent=of_update.get(NotificationState.SENT, 0),
            waiting=of_update.get(NotificationState.QUEUED, 0)
            + of_update.get(NotificationState.WAITING, 0),
            failed=of_update.get(NotificationState.FAILED, 0),
        )
    return result


def questions(tx: Tx, incident_id: str, *, state: QuestionState | None = None) -> list[Question]:
    """What stakeholders want to know, oldest first."""
    return [
        each for each in store.questions(tx, incident_id) if state is None or each.state is state
    ]


def subscriptions(tx: Tx, incident_id: str) -> list[Subscription]:
    """Who is told about it besides those who respond, and why."""
    return store.subscriptions(tx, incident_id)


def stakeholders(tx: Tx, services: Sequence[str]) -> list[Stakeholder]:
    """Who wants to hear of these services' incidents."""
    return store.find_stakeholders(tx, services) if services else []


def hearers_of(tx: Tx, incident: Incident, audience: Audience, *, final: bool) -> list[str]:
    """Whom a message to this audience reaches now, each once."""
    found = (catalog.find_service(tx, name) for name in incident.services)
    heard = [each.user for each in notifications.about(tx, incident.id)] if final else []
    around = Around(
        incident=incident,
        users=people.users(tx),
        teams=people.teams(tx),
        services=[service for service in found if service is not None],
        working=responders.working(tx, incident.id),
        subscriptions=subscriptions(tx, incident.id),
        heard=heard,
    )
    return hearers(around, audience, final=final)


def owed(tx: Tx, *, user: str | None = None) -> list[Owed]:
    """What is owed to whom in every active incident, what is due first first; `user` asks for what
    one person answers for (ledger S0-31, S4-36)."""
    found = []
    active = incidents.active(tx)
    all_threads = store.threads(tx, [each.id for each in active]) if active else {}
    for incident in active:
        for each in all_threads.get(incident.id, {}).values():
            if each.due_at is not None:
                holder = roles.accountable(tx, incident, DUTIES[each.audience])
                found.append(Owed(incident, each.audience, each.due_at, holder))
    wanted = [each for each in found if user is None or each.holder == user]
    return sorted(wanted, key=lambda each: (each.due_at, each.incident.id, each.audience))


def owes(incident: Incident) -> bool:
    """True while somebody may still have to hear something. Of a false alarm they hear as well;
    whoever heard of a merged one hears from the other."""
    return not incident.ended or incident.phase is Phase.FALSE_ALARM
