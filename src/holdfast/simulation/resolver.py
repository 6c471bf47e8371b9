"""Who is on call and who can be reached, worked out again by plain counting.

Knows nothing of schedules/rotation.py and overlay.py but their words: it walks from the first turn
to the asked instant, for the shapes that the world makes (no hand-off in a skipped hour).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdfast.catalog.model import Service
from holdfast.escalation.model import Policy, Target, TargetKind
from holdfast.kernel.actor import Role
from holdfast.people.model import Team, User
from holdfast.schedules.model import Rotation, Schedule, Unit


@dataclass(frozen=True, slots=True)
class Directory:
    """The committed configuration at one moment."""

    users: Mapping[str, User]
    teams: Mapping[str, Team]
    schedules: Mapping[str, Schedule]
    policies: Mapping[str, Policy]
    services: Mapping[str, Service]


def on_call(schedule: Schedule, at: datetime) -> str | None:
    """The person whose turn it is; later overrides and later rotations first."""
    for override in reversed(schedule.overrides):
        if override.span.start <= at < override.span.end:
            return override.member
    zone = ZoneInfo(schedule.time_zone)
    for rotation in reversed(schedule.rotations):
        member = _turn(rotation, at, zone)
        if member is not None and _open(rotation, at.astimezone(zone)):
            return member
    return None


def reached(directory: Directory, targets: Sequence[Target], at: datetime) -> list[str]:
    """Everybody whom these targets mean then, once each, in order, if they can be paged."""
    found: list[str] = []
    for target in targets:
        for name in _meant(directory, target, at):
            user = directory.users.get(name)
            if user is not None and user.disabled_at is None and user.methods:
                found += [] if name in found else [name]
    return found


def last_resort(directory: Directory, policy: Policy, service: Service | None) -> list[Target]:
    """A policy's own, else the team's lead, else its members, else the admins."""
    if policy.last_resort:
        return list(policy.last_resort)
    team = directory.teams.get(service.team) if service else None
    if team is not None and team.lead and _enabled(directory, team.lead):
        return [Target(TargetKind.USER, team.lead)]
    if team is not None and any(_enabled(directory, name) for name in team.members):
        return [Target(TargetKind.TEAM, team.id)]
    return admins(directory)


def admins(directory: Directory) -> list[Target]:
    return [
        Target(TargetKind.USER, user.id)
        for user in directory.users.values()
        if user.role is Role.ADMIN and user.disabled_at is None
    ]


def _enabled(directory: Directory, name: str) -> bool:
    return name in directory.users and directory.users[name].disabled_at is None


def _meant(directory: Directory, target: Target, at: datetime) -> list[str]:
    if target.kind is TargetKind.USER:
        return [target.id]
    if target.kind is TargetKind.TEAM:
        team = directory.teams.get(target.id)
        return list(team.members) if team else []
    schedule = directory.schedules.get(target.id)
    name = on_call(schedule, at) if schedule else None
    return [name] if name else []


def _turn(rotation: Rotation, at: datetime, zone: ZoneInfo) -> str | None:
    handoff = rotation.handoff
    start = _instant(rotation.starts, handoff.at, zone)
    if at < start:
        return None
    if handoff.unit is Unit.HOURS:
        turns = int((at - start).total_seconds() // (handoff.every * 3600))
        return rotation.members[turns % len(rotation.members)]
    step = handoff.every * (7 if handoff.unit is Unit.WEEKS else 1)
    day, turns = rotation.starts + timedelta(days=step), 0
    while _instant(day, handoff.at, zone) <= at:
        day, turns = day + timedelta(days=step), turns + 1
    return rotation.members[turns % len(rotation.members)]


def _open(rotation: Rotation, wall: datetime) -> bool:
    if not rotation.hours:
        return True
    clock = wall.time()
    return any(
        wall.weekday() in hours.days and hours.start <= clock < hours.end
        for hours in rotation.hours
    )


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
