"""Who hears what an audience is told. Pure: it works on people, teams and services as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from holdfast.catalog.model import Service
from holdfast.incidents.model import Incident, Kind
from holdfast.incidents.telling.model import RECIPIENTS_MAX, Stakeholder, Subscription
from holdfast.kernel.actor import Role
from holdfast.people.model import Team, User
from holdfast.practice.model import Audience

LEADERSHIP = "leadership"  # the team of those who are briefed; without it, the admins
TEAM = "team:"


@dataclass(frozen=True, slots=True)
class Around:
    """Everybody who could be told. `working` are the responders and holders of roles; `heard` are
    those who were told anything about this incident before."""

    incident: Incident
    users: Mapping[str, User]
    teams: Mapping[str, Team]
    services: Sequence[Service]  # of the incident
    working: Sequence[str] = ()
    subscriptions: Sequence[Subscription] = ()
    heard: Sequence[str] = ()


def hearers(around: Around, audience: Audience, *, final: bool) -> list[str]:
    """Each person once. A final message reaches everybody who heard of it before (ledger S1-17);
    a drill or test reaches those who take part and those who asked for it."""
    subscribed = [each.user for each in around.subscriptions if each.audience is audience]
    match audience:
        case Audience.CUSTOMERS:
            found: list[str] = []
        case Audience.LEADERS:
            found = [*_if_real(around, leaders(around.users, around.teams)), *subscribed]
        case Audience.INTERNAL:
            heard = around.heard if final else ()
            found = [*around.working, *_if_real(around, _owners(around)), *subscribed, *heard]
    return [name for name in dict.fromkeys(found) if _may_hear(around, name)][:RECIPIENTS_MAX]


def leaders(users: Mapping[str, User], teams: Mapping[str, Team]) -> list[str]:
    """The team `leadership` where there is one, else every admin."""
    team = teams.get(LEADERSHIP)
    if team is not None:
        return list(team.members)
    return [user.id for user in users.values() if user.role is Role.ADMIN]


def interested(
    stakeholders: Iterable[Stakeholder], rank: int, teams: Mapping[str, Team]
) -> dict[str, Stakeholder]:
    """Who is told about an incident of that rank, by person: the first line that names them."""
    found: dict[str, Stakeholder] = {}
    for each in stakeholders:
        if rank > each.rank_max:
            continue
        team = teams.get(each.who.removeprefix(TEAM)) if each.who.startswith(TEAM) else None
        names = [each.who] if team is None else list(team.members)
        for name in names:
            found.setdefault(name, each)
    return found


def _owners(around: Around) -> list[str]:
    teams = [around.teams.get(service.team) for service in around.services]
    return [name for team in teams if team is not None for name in team.members]


def _if_real(around: Around, names: list[str]) -> list[str]:
    return names if around.incident.kind is Kind.REAL else []


def _may_hear(around: Around, name: str) -> bool:
    user = around.users.get(name)
    if user is None or user.disabled_at is not None:
        return False
    incident = around.incident
    own = {incident.declared_by, *incident.access}
    return not incident.private or user.role is Role.ADMIN or name in own
