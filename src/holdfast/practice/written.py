"""Writes a pack as YAML: one way of writing it, so that export and import are byte-equal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import combinations

import yaml

from holdfast.kernel.duration import format_duration
from holdfast.practice.calendar import WEEKDAYS
from holdfast.practice.fields import NONE
from holdfast.practice.levels import CLOCK_FIELDS
from holdfast.practice.model import Audience, Calendar, Duty, Level, Limits, Pack, Role, RoleKey
from holdfast.practice.reader import LIMIT_FIELDS

LINE_CHARS_MAX = 100
Written = dict[str, object]


def written(pack: Pack) -> str:
    """The pack's file; `read` makes the same pack of it, and `written` the same text again."""
    return yaml.dump(
        fields(pack),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=LINE_CHARS_MAX,
    )


def fields(pack: Pack) -> Written:
    """The pack as the fields of its file."""
    return {
        "pack": pack.name,
        "title": pack.title,
        "version": pack.version,
        "source": pack.source,
        "summary": pack.summary,
        "calendar": _calendar(pack.calendar),
        "roles": [_role(role) for role in pack.roles],
        "duties": {duty.value: [key.value for key in pack.duties[duty]] for duty in Duty},
        "levels": [_level(level) for level in pack.levels],
        "limits": _limits(pack.limits),
        "triggers": {
            "required": _list(each.name for each in pack.triggers if each.required),
            "recommended": _list(each.name for each in pack.triggers if not each.required),
        },
        "cause_asked": pack.cause_asked,
        "severity_map": _maps(pack.severity_map),
    }


def groups(pairs: tuple[frozenset[RoleKey], ...]) -> list[tuple[RoleKey, ...]]:
    """Pairs drawn together into groups of whom nobody holds two, in the order of RoleKey."""
    left = set(pairs)
    groups: list[tuple[RoleKey, ...]] = []
    for first, second in combinations(RoleKey, 2):
        if frozenset((first, second)) not in left:
            continue
        group = [first, second]
        for role in RoleKey:
            if role not in group and all(frozenset((role, held)) in pairs for held in group):
                group.append(role)
        groups.append(tuple(group))
        left -= {frozenset(pair) for pair in combinations(group, 2)}
    return groups


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - PyYAML's
        """Every list is indented below its key."""
        super().increase_indent(flow, indentless=False)


def _calendar(calendar: Calendar) -> Written:
    return {
        "time_zone": calendar.time_zone,
        "weekdays": [WEEKDAYS[day] for day in calendar.weekdays],
        "opens": f"{calendar.opens:%H:%M}",
        "closes": f"{calendar.closes:%H:%M}",
        "holidays": _list(day.isoformat() for day in calendar.holidays),
    }


def _role(role: Role) -> Written:
    found: Written = {"key": role.key.value, "label": role.label}
    if role.aliases:
        found["aliases"] = list(role.aliases)
    found["exclusive"] = role.exclusive
    if role.schedule is not None:
        found["schedule"] = role.schedule
    return found


def _level(level: Level) -> Written:
    """Every cell is written, so that a blank one is a mistake of whoever edits the file."""
    clocks = {name: _span(getattr(level.clocks, name)) for name in CLOCK_FIELDS}
    found: Written = {
        "rank": level.rank,
        "label": level.label,
        "aliases": _list(level.aliases),
        "title": level.title,
        "criteria": level.criteria,
        "response": level.response,
        "hours": level.hours.value,
        "page": _list(level.page),
        "notify": _list(level.notify),
        "clocks": clocks,
        "cadence": {each.value: _span(level.cadence.get(each)) for each in Audience},
        "first_update": _span(level.first_update),
        "promise_next_update": level.promise_next_update,
        "public_update_required": level.public_update_required,
        "roles_required": _list(key.value for key in level.roles_required),
        "apart": _list(" ".join(group) for group in groups(level.apart)),
        "responders_min": level.responders_min,
        "war_room": level.war_room.value,
        "verify_window": _span(level.verify_window),
        "reevaluate_every": _span(level.reevaluate_every),
        "postmortem": level.postmortem.value,
        "postmortem_due": _due(level.postmortem_due, level.postmortem_business_days),
        "due": _due(level.due_in, level.due_business_days),
    }
    if level.users_affected_min is not None:
        found["users_affected_min"] = f"{level.users_affected_min:g}%"
    found["cites"] = _list(level.cites)
    return found


def _limits(limits: Limits) -> Written:
    return {name: _span(getattr(limits, name)) for name in LIMIT_FIELDS}


def _maps(maps: Mapping[str, Mapping[str, tuple[int, ...]]]) -> Written:
    return {
        other: {label: list(ranks) for label, ranks in table.items()}
        for other, table in maps.items()
    }


def _span(span: timedelta | None) -> str:
    return NONE if span is None else format_duration(span)


def _due(span: timedelta | None, days: int | None) -> str:
    if days is not None:
        return f"{days} business day{'' if days == 1 else 's'}"
    return _span(span)


def _list(words: Iterable[str]) -> object:
    found = list(words)
    return found or NONE
