"""Reads a pack from YAML, with the line of everything that is wrong with it.

What cannot be said in the model, a blank cell, is found here; what a whole pack must hold to is
found by check.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slug
from holdfast.kernel.quote import quoted
from holdfast.practice import check
from holdfast.practice.calendar import CALENDAR_FIELDS, calendar
from holdfast.practice.fields import Part, one_of, short, text, whole, yes_or_no
from holdfast.practice.levels import LEVEL_FIELDS, level
from holdfast.practice.model import (
    OFF,
    Calendar,
    Duty,
    Level,
    Limits,
    NotAPack,
    Pack,
    PackMistake,
    Role,
    RoleKey,
    Trigger,
)
from holdfast.practice.tree import Keyed, Several, Word, tree
from holdfast.practice.triggers import TRIGGERS

PACK_FIELDS = (
    "pack", "title", "version", "source", "summary", "calendar", "roles", "duties", "levels",
    "limits", "triggers", "cause_asked", "severity_map",
)  # fmt: skip
ROLE_FIELDS = ("key", "label", "aliases", "exclusive", "schedule")
LIMIT_FIELDS = (
    "command_silent_after", "update_grace", "escalation_answer_within", "no_mitigation_after",
    "solo_after", "role_missing_after", "scribe_prompt_after", "fixation_after", "mark_every",
    "task_overdue_grace", "impact_unknown_ask_after", "reopen_within", "break_glass_for",
)  # fmt: skip


def read(text: str, file: str) -> Pack:
    """The pack that the text holds. `file` is what messages call it.

    Raises NotAPack with every mistake by line; those of a guardrail carry its code.
    """
    return from_tree(tree(text, file), file)


def from_tree(root: Keyed, file: str) -> Pack:
    """As `read`, for a pack that stands inside another file."""
    mistakes: list[PackMistake] = []
    pack = _pack(Part(root, "the pack", PACK_FIELDS, mistakes))
    # With cells that could not be read, only the number of levels is sure.
    found = check.ladder_length(pack) if mistakes else check.findings(pack)
    mistakes.extend(_placed(found, root))
    if mistakes:
        raise NotAPack(file, mistakes)
    return pack


def _pack(part: Part) -> Pack:
    limits = part.part("limits", "limits", LIMIT_FIELDS)
    return Pack(
        name=part.need("pack", _name, ""),
        title=part.need("title", text, ""),
        version=part.need("version", short, ""),
        source=part.need("source", text, ""),
        summary=part.need("summary", text, ""),
        levels=tuple(_levels(part)),
        roles=tuple(_roles(part)),
        duties=dict(_duties(part)),
        limits=_limits(limits),
        triggers=tuple(_triggers(part)),
        cause_asked=part.read("cause_asked", yes_or_no, default=False),
        severity_map=dict(_maps(part)),
        calendar=_calendar(part),
    )


def _name(found: str) -> str:
    if found == OFF:
        raise Invalid(f"{quoted(found)} means that there is no pack.", remedy="Use another name.")
    return slug(found)


def _levels(part: Part) -> Iterator[Level]:
    for each in part.parts("levels", "level", "label", LEVEL_FIELDS):
        yield level(each)


def _roles(part: Part) -> Iterator[Role]:
    for each in part.parts("roles", "role", "key", ROLE_FIELDS):
        key = each.need("key", one_of(RoleKey), RoleKey.OBSERVER)
        yield Role(
            key=key,
            label=each.need("label", short, ""),
            aliases=each.words("aliases", short),
            exclusive=each.need("exclusive", yes_or_no, default=True),
            schedule=each.read("schedule", slug, None),
        )


def _duties(part: Part) -> Iterator[tuple[Duty, tuple[RoleKey, ...]]]:
    duties = part.part("duties", "duties", tuple(Duty))
    if duties is not None:
        for duty in Duty:
            yield duty, duties.words(duty, one_of(RoleKey), needed=True)


def _limits(part: Part | None) -> Limits:
    zero = timedelta()
    return Limits(
        **{name: part.need(name, parse_duration, zero) if part else zero for name in LIMIT_FIELDS}
    )


def _triggers(part: Part) -> Iterator[Trigger]:
    triggers = part.part("triggers", "triggers", ("required", "recommended"))
    if triggers is None:
        return
    for key in ("required", "recommended"):
        for name in triggers.words(key, _trigger):
            yield Trigger(name, required=key == "required")


def _trigger(found: str) -> str:
    if found not in TRIGGERS:
        raise Invalid(
            f"{quoted(found)} is no trigger.", remedy=f"Use one of: {', '.join(TRIGGERS)}."
        )
    return found


def _maps(part: Part) -> Iterator[tuple[str, Mapping[str, tuple[int, ...]]]]:
    node = part.node("severity_map")
    if node is None:
        return
    if not isinstance(node, Keyed):
        part.wrong("severity_map", "severity_map must be written as fields.", _MAP_REMEDY)
        return
    for other, labels in node.values.items():
        if not isinstance(labels, Keyed):
            message = f"severity_map of {quoted(other)} must be written as fields."
            part.wrong(None, message, _MAP_REMEDY, line=labels.line)
            continue
        table = Part(labels, f"severity_map of {other}", tuple(labels.values), part.mistakes)
        yield other, {label: table.words(label, _rank, needed=True) for label in table.keys}


_MAP_REMEDY = "Write the other pack's labels with the ranks here, such as P1: [1]."
_rank = whole(0, check.RANK_MAX)


def _calendar(part: Part) -> Calendar:
    found = part.part("calendar", "the calendar", CALENDAR_FIELDS, needed=False)
    return Calendar() if found is None else calendar(found)


def _placed(found: Iterable[check.Finding], root: Keyed) -> Iterator[PackMistake]:
    for finding in found:
        line = _line(root, finding.path)
        yield PackMistake(line, finding.message, finding.remedy, finding.code)


_STEP = re.compile(r"[a-z_]+|\d+")


def _line(root: Keyed, path: str) -> int:
    """The line of `levels.2.clocks`, or of the nearest part that holds it."""
    node: object = root
    line = root.line
    for step in _STEP.findall(path):
        match node:
            case Keyed() if step in node.values:
                line, node = node.lines[step], node.values[step]
            case Several() if step.isdigit() and int(step) < len(node.items):
                node = node.items[int(step)]
                line = node.line
            case Word() | _:
                return line
    return line
