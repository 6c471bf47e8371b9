"""Objects of the domain as the files write them: for the export, and for telling what differs.

Whatever parse/ reads back as the same object may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from holdfast.catalog.model import Connection, Service
from holdfast.escalation.model import Policy, Target
from holdfast.kernel.duration import format_duration
from holdfast.kernel.zone import UnknownZone, instant, last_instant, named_zone, wall
from holdfast.people.model import Team, User
from holdfast.practice.model import Pack
from holdfast.practice.written import fields as pack_fields
from holdfast.schedules.model import Hours, Override, Rotation, Schedule
from holdfast.schedules.written import (
    format_days,
    format_end,
    format_every,
    format_time,
    format_weekday,
)

Written = dict[str, object]


def user(user: User) -> Written:
    return _without_empty(
        {
            "id": user.id,
            "name": user.name,
            "email": user.email,
            "time_zone": user.time_zone,
            "role": user.role.value,
            "disabled": True if user.disabled_at is not None else None,
            "methods": [
                {"id": method.id, "kind": method.kind, "address": method.address}
                for method in user.methods
            ],
            "rules": {
                urgency.value: [
                    {"after": _duration(rung.after), "method": rung.method} for rung in rungs
                ]
                for urgency, rungs in sorted(user.rules.items())
                if rungs
            },
        }
    )


def team(team: Team) -> Written:
    return _without_empty(
        {"id": team.id, "name": team.name, "lead": team.lead, "members": list(team.members)}
    )


def schedule(schedule: Schedule) -> Written:
    """Without its overrides: they come and go by themselves."""
    return _without_empty(
        {
            "id": schedule.id,
            "name": schedule.name if schedule.name != schedule.id else None,
            "team": schedule.team,
            "time_zone": schedule.time_zone,
            "rotations": [_rotation(rotation) for rotation in schedule.rotations],
        }
    )


def override(override: Override, time_zone: str) -> Written:
    """In the schedule's wall time where that says exactly this instant, else in UTC."""
    zone = _zone(time_zone)
    start, end = override.span.start, override.span.end
    return {
        "id": override.id,
        "member": override.member,
        "from": _moment(start, zone, is_exact=instant(wall(start, zone), zone) == start),
        "until": _moment(end, zone, is_exact=last_instant(wall(end, zone), zone) == end),
    }


def policy(policy: Policy) -> Written:
    return _without_empty(
        {
            "id": policy.id,
            "name": policy.name,
            "steps": [
                {"page": _targets(step.page), "wait": _duration(step.wait)} for step in policy.steps
            ],
            "repeat": policy.repeat or None,
            "last_resort": _targets(policy.last_resort),
        }
    )


def service(service: Service) -> Written:
    return _without_empty(
        {
            "id": service.id,
            "name": service.name,
            "team": service.team,
            "policy": service.policy,
            "tier": service.tier,
            "depends_on": list(service.depends_on),
            "description": service.description,
        }
    )


def connection(connection: Connection) -> Written:
    """Without its keys: nobody can read them, and applying without a key keeps the one there is."""
    return _without_empty(
        {
            "id": connection.id,
            "kind": connection.kind,
            "service": connection.service,
            "every": None if connection.every is None else _duration(connection.every),
            "grace": None if connection.grace is None else _duration(connection.grace),
            "settings": dict(connection.settings),
            "disabled": True if connection.disabled_at is not None else None,
        }
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return named_zone(name)
    except UnknownZone:
        return named_zone("UTC")  # the machine has forgotten the zone; the export must still come


def _rotation(rotation: Rotation) -> Written:
    handoff = rotation.handoff
    written: Written = {
        "id": rotation.id,
        "members": list(rotation.members),
        "handoff": _without_empty(
            {
                "every": format_every(handoff.every, handoff.unit),
                "on": None if handoff.weekday is None else format_weekday(handoff.weekday),
                "at": format_time(handoff.at),
            }
        ),
        "starts": rotation.starts.isoformat(),
        "until": None if rotation.until is None else rotation.until.isoformat(),
        "hours": [_hours(hours) for hours in rotation.hours],
    }
    return _without_empty(written)


def _hours(hours: Hours) -> Written:
    return {
        "days": format_days(hours.days),
        "from": format_time(hours.start),
        "to": format_end(hours.end),
    }


def _moment(at: datetime, zone: ZoneInfo, *, is_exact: bool) -> str:
    shown = wall(at, zone) if is_exact else at
    whole = shown.second == shown.microsecond == 0
    return shown.isoformat(timespec="minutes" if whole else "auto")


def _targets(targets: tuple[Target, ...]) -> list[str]:
    return [str(target) for target in targets]


def _duration(duration: timedelta) -> str:
    return format_duration(duration)


def pack(pack: Pack) -> Written:
    """With the levels by their labels, so that a difference names the level."""
    found = pack_fields(pack)
    levels = {level.label: cells for level, cells in zip(pack.levels, _cells(found), strict=True)}
    return {**found, "levels": levels}


def _cells(found: Written) -> list[object]:
    levels = found["levels"]
    return list(levels) if isinstance(levels, list) else []


def _without_empty(written: Mapping[str, object]) -> Written:
    return {key: value for key, value in written.items() if value not in (None, "", [], {})}
