"""Ask about policies and climbs, and whom a target means at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from holdfast.escalation import store
from holdfast.escalation.model import Escalation, NoSuchPolicy, Policy, Target, TargetKind
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.schedules import queries as schedules


def policies(tx: Tx) -> dict[str, Policy]:
    """All policies by id."""
    return tx.remember("escalation.policies", lambda: store.find_policies(tx))


def policy(tx: Tx, policy_id: str) -> Policy:
    """Raises NoSuchPolicy."""
    found = policies(tx).get(policy_id)
    if found is None:
        raise NoSuchPolicy(f"There is no escalation policy “{policy_id[:80]}”.")
    return found


def climbs(tx: Tx, subjects: Sequence[str]) -> dict[str, Escalation]:
    """The climb of each of these subjects that has one."""
    return store.find(tx, subjects) if subjects else {}


def people_of(tx: Tx, target: Target, at: datetime) -> list[str]:
    """Who is meant by a target at that instant; empty where a schedule has nobody."""
    if target.kind is TargetKind.USER:
        return [target.id]
    if target.kind is TargetKind.TEAM:
        team = people.teams(tx).get(target.id)
        return [] if team is None else list(team.members)
    shift = schedules.on_call(tx, target.id, at)
    return [] if shift is None or shift.user is None else [shift.user]


def reachable_people(tx: Tx, targets: Sequence[Target], at: datetime) -> list[str]:
    """Each person once, in order, who exists, is enabled and has a way to be reached."""
    users = people.users(tx)
    found: dict[str, None] = {}
    for target in targets:
        for name in people_of(tx, target, at):
            if name in users and users[name].reachable:
                found[name] = None
    return list(found)


def why_nobody(tx: Tx, targets: Sequence[Target], at: datetime) -> str:
    """In words: why these targets reach nobody at that instant."""
    users = people.users(tx)
    reasons = []
    for target in targets:
        names = people_of(tx, target, at)
        if not names:
            reasons.append(f"nobody is on call in {target}" if target.kind is TargetKind.SCHEDULE
                           else f"{target} has no members")  # fmt: skip
        for name in names:
            if name not in users:
                reasons.append(f"{name} is not a user any more")
            elif users[name].disabled_at is not None:
                reasons.append(f"{name} is disabled")
            elif not users[name].methods:
                reasons.append(f"{name} has no contact method")
    return "; ".join(dict.fromkeys(reasons)) or "it names nobody"


def last_resort(tx: Tx, policy: Policy, team_id: str | None) -> tuple[Target, ...]:
    """Its own last resort, else the team's lead, else every member, else every admin."""
    users = people.users(tx)
    if policy.last_resort:
        return policy.last_resort
    team = people.teams(tx).get(team_id) if team_id else None
    if team is not None and team.lead in users and users[team.lead].disabled_at is None:
        return (Target(TargetKind.USER, team.lead),)
    if team is not None and any(m in users and users[m].disabled_at is None for m in team.members):
        return (Target(TargetKind.TEAM, team.id),)
    return tuple(Target(TargetKind.USER, admin.id) for admin in people.admins(tx))
