"""Ask about responders: who was asked, who came, who is still owed an answer."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.catalog import queries as catalog
from holdfast.escalation import queries as escalation
from holdfast.escalation.model import Target
from holdfast.incidents import store as incidents
from holdfast.incidents.model import Incident
from holdfast.incidents.responders import store
from holdfast.incidents.responders.aim import ROLE, ROLES, Aim, aims
from holdfast.incidents.responders.model import (
    UNJOINED_AFTER,
    NoSuchRequest,
    Presence,
    Reason,
    Request,
    RequestState,
    Responder,
    Room,
)
from holdfast.incidents.responders.words import PageFacts
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.model import How
from holdfast.kernel.tx import Tx
from holdfast.paging.model import Page
from holdfast.people import queries as people
from holdfast.practice.model import RoleKey

REQUEST_PREFIX = "rq_"  # of the ids that pages about an incident are about


def responders(tx: Tx, incident_id: str) -> list[Responder]:
    """Everybody who was asked or came, whoever was asked first first."""
    return store.responders_of(tx, [incident_id])


def responder(tx: Tx, incident_id: str, user: str) -> Responder | None:
    """One of them; None for somebody who was never asked."""
    return next((each for each in responders(tx, incident_id) if each.user == user), None)


def joined_count(tx: Tx, incident_id: str) -> int:
    """How many are in the room now."""
    return sum(each.presence is Presence.JOINED for each in responders(tx, incident_id))


def working(tx: Tx, incident_id: str) -> list[str]:
    """Whoever has accepted, joined or taken a role, and was not released."""
    found = {each.user: None for each in responders(tx, incident_id) if each.working}
    gone = {each.user for each in responders(tx, incident_id) if each.released_at is not None}
    for holding in roles.holders(tx, incident_id):
        # Whoever was put down for a role by somebody else may not even know it yet.
        unasked = holding.how is How.ASSIGNED and holding.by != holding.user
        if holding.user not in gone and holding.role is not RoleKey.OBSERVER and not unasked:
            found[holding.user] = None
    return list(found)


def requests(tx: Tx, incident_id: str) -> list[Request]:
    """Every request of this incident, oldest first."""
    return store.requests_of(tx, incident_id)


def waiting(tx: Tx, incident_id: str) -> list[Request]:
    """Those that nobody has answered yet."""
    return [request for request in requests(tx, incident_id) if request.waiting]


def owed(tx: Tx, incident_id: str) -> list[Request]:
    """Those that wait for an answer, of whoever was asked or of command first."""
    open_ones = (RequestState.PENDING, RequestState.ASKED)
    return [request for request in requests(tx, incident_id) if request.state in open_ones]


def request(tx: Tx, request_id: str) -> Request:
    """Raises NoSuchRequest."""
    found = find_request(tx, request_id)
    if found is None:
        raise NoSuchRequest
    return found


def find_request(tx: Tx, request_id: str) -> Request | None:
    """What a page is about; None where it is about something else, such as an alert."""
    return find_requests(tx, [request_id]).get(request_id)


def find_requests(tx: Tx, ids: Sequence[str]) -> dict[str, Request]:
    """Those of these ids that are requests."""
    ours = [each for each in ids if each.startswith(REQUEST_PREFIX)]
    return store.find_requests(tx, ours) if ours else {}


def room(tx: Tx, incident_id: str) -> Room | None:
    """Where they meet; None while there is no room."""
    return store.room_of(tx, incident_id)


def unjoined(tx: Tx, incident: Incident) -> list[Responder]:
    """Whoever was asked ten minutes ago or more, has not declined, and is not in the room that is
    open (ledger S4-47)."""
    found = room(tx, incident.id)
    if found is None:
        return []
    return [
        each
        for each in responders(tx, incident.id)
        if each.presence in (Presence.ASKED, Presence.COMING)
        and tx.now - max(each.asked_at, found.opened_at) >= UNJOINED_AFTER
    ]


def aims_of(tx: Tx, incident: Incident, words: Sequence[str]) -> tuple[Aim, ...]:
    """Whom these words of a level mean for this incident, but for `roles`."""
    found = (catalog.find_service(tx, name) for name in incident.services)
    return aims(
        words,
        [service for service in found if service is not None],
        catalog.services(tx),
        people.teams(tx),
    )


def people_for(tx: Tx, incident: Incident, words: Sequence[str]) -> list[str]:
    """Each person once whom these words reach now, for telling them something (ledger S0-07)."""
    targets: list[Target] = []
    for each in aims_of(tx, incident, words):
        targets += [each.first] if each.first is not None else _first_step(tx, each.policy)
    found = dict.fromkeys(escalation.reachable_people(tx, targets, tx.now))
    held = [*roles.holders(tx, incident.id), *roles.proposals(tx, incident.id)]
    named = [each for each in held if ROLES in words or f"{ROLE}{each.role.value}" in words]
    found.update(dict.fromkeys(each.user for each in named))
    return list(found)


def incident_of(tx: Tx, asked: Request) -> Incident:
    """The incident of a request, whoever asks: whoever was asked to it may see it."""
    return incidents.find(tx, [asked.incident])[asked.incident]


def incidents_of(tx: Tx, asked: Sequence[Request]) -> dict[str, Incident]:
    """The incident of each of these requests, by the request's id: read at once for a list."""
    found = incidents.find(tx, sorted({each.incident for each in asked})) if asked else {}
    return {each.id: found[each.incident] for each in asked}


def is_over(tx: Tx, asked: Request, user: str) -> str | None:
    """Why this person need not be told any more; None while they should be (ledger B7)."""
    incident = incident_of(tx, asked)
    if incident.ended:
        return "the incident is over"
    if not asked.wanted:
        return "the request is answered"
    known = responder(tx, asked.incident, user)
    gone = known is not None and known.presence is Presence.RELEASED
    return "they were released from this incident" if gone else None


def page_facts(
    tx: Tx, asked: Request, page: Page, *, rehearsal: bool
) -> tuple[Incident, PageFacts]:
    """The incident that a page is about, and what the page says of it."""
    incident = incident_of(tx, asked)
    asker = people.find_user(tx, asked.asked_by) if asked.why is Reason.ASKED else None
    named = None if asked.role is None else incident.pack.role(asked.role)
    silent = asked.why is Reason.SILENT
    return incident, PageFacts(
        number=incident.number,
        title=incident.title,
        level=incident.level.label,
        kind=incident.kind,
        phase=incident.phase.value,
        declared_at=incident.instants.declared_at,
        text=asked.text,
        role=None if named is None or silent else named.label,
        asked_by=None if asker is None else asker.name,
        room=incident.war_room,
        because=page.because,
        attempt=page.attempt,
        rehearsal=rehearsal,
    )


def _first_step(tx: Tx, policy_id: str) -> list[Target]:
    policy = escalation.policies(tx).get(policy_id)
    return list(policy.steps[0].page) if policy is not None and policy.steps else []
