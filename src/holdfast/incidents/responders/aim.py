"""Whom a word of the practice means, and by which plan they are asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.catalog.model import Service
from holdfast.escalation.model import Target, TargetKind
from holdfast.incidents.responders.model import CannotBeAsked
from holdfast.people.model import Team

OWNERS = "owners"
ON_CALL = "on_call"
ROLES = "roles"
LEADERSHIP = "leadership"
SENIOR = "senior"
ALL_HANDS = "all_hands"
ROLE = "role:"
SERVICE = "service:"
GROUPS = (LEADERSHIP, SENIOR, ALL_HANDS)


@dataclass(frozen=True, slots=True)
class Aim:
    """Whom to ask first (None: the policy's own first step), and the plan after that."""

    target: str
    first: Target | None
    policy: str = ""
    team: str | None = None


def aims(
    words: Sequence[str],
    services: Sequence[Service],
    every_service: Mapping[str, Service],
    teams: Mapping[str, Team],
) -> tuple[Aim, ...]:
    """What the words of a level mean for these services, each once; roles are not answered here.

    `owners` and `on_call` climb the policy of each service; `leadership`, `senior` and `all_hands`
    are the teams of that name. Without such a team, all hands are everybody of the owning teams,
    and the others are nobody.
    """
    found: list[Aim] = []
    for word in words:
        if word in (OWNERS, ON_CALL):
            found += [of_service(service) for service in services]
        elif word in GROUPS:
            named = [name for name in (word, _slug(word)) if name in teams][:1]
            owners = list(dict.fromkeys(service.team for service in services))
            chosen = named or (owners if word == ALL_HANDS else [])
            targets = [Target(TargetKind.TEAM, name) for name in chosen if name in teams]
            found += [of_target(target, every_service, teams) for target in targets]
        elif word != ROLES and not word.startswith(ROLE):
            found.append(aim(word, every_service, teams))
    return tuple({each.target: each for each in found}.values())


def empty_groups(words: Sequence[str], teams: Mapping[str, Team]) -> tuple[str, ...]:
    """Groups among the words that no team is named for: they reach nobody."""
    known = (LEADERSHIP, SENIOR)
    return tuple(w for w in words if w in known and w not in teams and _slug(w) not in teams)


def aim(text: str, services: Mapping[str, Service], teams: Mapping[str, Team]) -> Aim:
    """Reads `user:ID`, `team:ID`, `schedule:ID` or `service:ID`. Raises CannotBeAsked, Invalid."""
    if text.startswith(SERVICE):
        found = services.get(text.removeprefix(SERVICE))
        if found is None:
            raise CannotBeAsked(f"There is no service “{text[:80]}”.")
        return of_service(found)
    return of_target(Target.parse(text if ":" in text else f"user:{text}"), services, teams)


def of_service(service: Service) -> Aim:
    return Aim(f"{SERVICE}{service.id}", None, service.policy, service.team)


def of_target(target: Target, services: Mapping[str, Service], teams: Mapping[str, Team]) -> Aim:
    """First the one who was asked for; then the policy of a service of their team."""
    team = _team_of(target, teams)
    policy = next((s.policy for s in services.values() if team is not None and s.team == team), "")
    return Aim(str(target), target, policy, team)


def _team_of(target: Target, teams: Mapping[str, Team]) -> str | None:
    if target.kind is TargetKind.TEAM:
        return target.id
    if target.kind is TargetKind.USER:
        return next((team.id for team in teams.values() if target.id in team.members), None)
    return None


def _slug(word: str) -> str:
    return word.replace("_", "-")
