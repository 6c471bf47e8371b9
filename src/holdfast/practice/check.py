"""Whether a pack can be worked by: a short ladder, no level without behaviour, clocks in order.

Pure. Every finding names the place, and the pair that does not fit (ledger C19, S2-04, S3-02,
S3-06, S3-22).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from holdfast.kernel.duration import format_duration
from holdfast.practice.model import (
    LEVELS_MIN,
    RANKS_MAX,
    SIGNIFICANT_RANK_MAX,
    Hours,
    Level,
    Need,
    Pack,
    Postmortem,
    RoleKey,
    plain,
)

RANK_MAX = RANKS_MAX - 1
VERIFY_MIN = timedelta(minutes=15)
VERIFY_MAX = timedelta(minutes=30)
SHORT_RESTORE = timedelta(minutes=30)  # below it no cadence can be shorter and still make sense
# Roles that may be renamed but never taken out (ledger S3-09).
CORE_ROLES = (RoleKey.COMMAND, RoleKey.OPERATIONS, RoleKey.COMMUNICATIONS, RoleKey.SCRIBE)

TOO_LONG = "LADDER_TOO_LONG"
WITHOUT_BEHAVIOUR = "SEVERITY_WITHOUT_BEHAVIOUR"
INCONSISTENT = "POLICY_INCONSISTENT"
UNDEFINED = "SIGNIFICANCE_UNDEFINED"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps a pack from being worked by. `path` such as `levels.2.clocks.ack`."""

    path: str
    message: str
    remedy: str
    code: str | None = None


def findings(pack: Pack) -> tuple[Finding, ...]:
    """Everything that is wrong with the pack; empty where it can be worked by."""
    return tuple(finding for find in CHECKS for finding in find(pack))


def ladder_length(pack: Pack) -> Iterator[Finding]:
    """A ladder has two to six levels: a fixed, small one that everybody knows by heart."""
    count = len(pack.levels)
    if count > RANKS_MAX:
        yield Finding(
            "levels", f"the ladder has {count} levels; {RANKS_MAX} is the most.",
            "Merge levels until everybody can tell them apart at three in the morning.", TOO_LONG,
        )  # fmt: skip
    elif count < LEVELS_MIN:
        yield Finding("levels", "a ladder has two levels or more.", "Add a level.")


def ladder_order(pack: Pack) -> Iterator[Finding]:
    """Levels stand worst first, each with a rank and names of its own."""
    seen: dict[str, str] = {}
    for index, level in enumerate(pack.levels):
        if index and level.rank <= pack.levels[index - 1].rank:
            yield Finding(
                f"levels.{index}.rank",
                f"{level.label} has rank {level.rank} after {pack.levels[index - 1].rank}.",
                "Give ranks that grow from the worst level to the mildest.",
            )
        for name in (level.label, *level.aliases):
            other = seen.setdefault(plain(name), level.label)
            if other != level.label or not plain(name):
                yield Finding(
                    f"levels.{index}", f"{name} names both {other} and {level.label}.",
                    "Give each level names of its own.",
                )  # fmt: skip


def behaviour(pack: Pack) -> Iterator[Finding]:
    """Every level brings something about; a label without behaviour is noise."""
    for index, level in enumerate(pack.levels):
        for cell in ("label", "title", "criteria", "response"):
            if not getattr(level, cell).strip():
                yield _blank(index, level, cell)
        wakes = level.hours is Hours.ALWAYS
        if wakes and not level.page and not level.notify:
            yield _blank(index, level, "page")
        if wakes and level.clocks.ack is None and level.clocks.engage is None:
            yield _blank(index, level, "clocks")
        if level.hours is Hours.NEVER and level.due_in is None and level.due_business_days is None:
            yield _blank(index, level, "due")


def clocks_in_order(pack: Pack) -> Iterator[Finding]:
    """Acknowledged before engaged before gathered: no clock runs out before the one it needs."""
    for index, level in enumerate(pack.levels):
        clocks = level.clocks
        named = (("ack", clocks.ack), ("engage", clocks.engage), ("war_room", clocks.war_room))
        stated = [(name, value) for name, value in named if value is not None]
        for (first, low), (second, high) in pairwise(stated):
            if low > high:
                where = f"levels.{index}.clocks.{first}"
                yield _pair(where, level, (first, low), (second, high))
        if level.war_room is Need.REQUIRED and clocks.war_room is None:
            yield Finding(
                f"levels.{index}.clocks.war_room",
                f"{level.label} needs a war room and has no clock for it (war_room, clocks).",
                "Write clocks: {war_room: 15m}, or war_room: optional.", INCONSISTENT,
            )  # fmt: skip


def cadence_before_restore(pack: Pack) -> Iterator[Finding]:
    """People hear of it before it should be over, where that is longer than half an hour."""
    for index, level in enumerate(pack.levels):
        restore = level.clocks.restore
        if restore is None or restore <= SHORT_RESTORE:
            continue
        for audience, cadence in level.cadence.items():
            if cadence is not None and cadence >= restore:
                where = f"levels.{index}.cadence.{audience}"
                pair = (f"cadence {audience}", cadence), ("restore", restore)
                yield _pair(where, level, *pair)


def verify_window(pack: Pack) -> Iterator[Finding]:
    """A fix has held when it held for 15 to 30 minutes."""
    for index, level in enumerate(pack.levels):
        if not VERIFY_MIN <= level.verify_window <= VERIFY_MAX:
            shown = format_duration(level.verify_window)
            yield Finding(
                f"levels.{index}.verify_window",
                f"{level.label}: verify_window {shown} is not within 15m and 30m.",
                "Write verify_window: 15m to 30m.", INCONSISTENT,
            )  # fmt: skip


def people_enough(pack: Pack) -> Iterator[Finding]:
    """Whoever must be apart is enough people, and promised updates have a cadence."""
    for index, level in enumerate(pack.levels):
        if level.promise_next_update and not any(level.cadence.values()):
            yield Finding(
                f"levels.{index}.promise_next_update",
                f"{level.label}: promise_next_update has no cadence to keep (promise_next_update,"
                " cadence).",
                "Write a cadence, or promise_next_update: false.", INCONSISTENT,
            )  # fmt: skip


def significance(pack: Pack) -> Iterator[Finding]:
    """The pack says what a significant incident is: which levels, and which triggers."""
    marked = any(
        level.rank <= SIGNIFICANT_RANK_MAX and level.postmortem is Postmortem.REQUIRED
        for level in pack.levels
    )
    if not marked:
        yield Finding(
            "levels", "no level says that its incidents are significant.",
            "Write postmortem: required at the level that stands for it.", UNDEFINED,
        )  # fmt: skip
    if not any(trigger.required for trigger in pack.triggers):
        yield Finding(
            "triggers", "no trigger says which incidents are significant whatever their level.",
            "Write triggers: {required: [data_loss]} or more.", UNDEFINED,
        )  # fmt: skip


def roles(pack: Pack) -> Iterator[Finding]:
    """The core roles are there under any name, and every role that is asked for exists."""
    keys = [role.key for role in pack.roles]
    for key in CORE_ROLES:
        if key not in keys:
            yield Finding(
                "roles", f"the role {key} is missing.",
                f"Add {{key: {key}, label: ...}}: it may have any name, and cannot be taken out.",
            )  # fmt: skip
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Finding("roles", f"the role {key} is there twice.", "Keep one of the two.")
    for index, level in enumerate(pack.levels):
        asked = {*level.roles_required, *(key for pair in level.apart for key in pair)}
        for key in sorted(asked.difference(keys)):
            yield Finding(
                f"levels.{index}.roles_required", f"{level.label} asks for the role {key}, which"
                " the pack does not have.", "Add it to roles, or take it out there.",
            )  # fmt: skip
    for duty, holders in pack.duties.items():
        if not holders or not set(holders) <= set(keys):
            yield Finding(
                f"duties.{duty}", f"the duty {duty} has nobody accountable.",
                "Write the roles that hold it in turn, such as [scribe, command].",
            )  # fmt: skip


def maps(pack: Pack) -> Iterator[Finding]:
    """What another ladder's level means here is a level that there is."""
    ranks = {level.rank for level in pack.levels}
    for other, table in pack.severity_map.items():
        for label, meant in table.items():
            for rank in meant:
                if rank not in ranks:
                    yield Finding(
                        "severity_map",
                        f"severity_map {other}: {label} means rank {rank}, which no level has.",
                        f"Use {', '.join(str(known) for known in sorted(ranks))}.",
                    )


def relaxed(pack: Pack) -> tuple[str, ...]:
    """Where the pack separates less than the house does (ledger C8): `SEV1: command+scribe`.

    Relaxing is allowed, for one level at a time, and written on the timeline (ledger S3-09).
    """
    return tuple(
        f"{level.label}: {first}+{second}"
        for level in pack.levels
        for first, second in _separated(level.rank)
        if frozenset((first, second)) not in level.apart
    )


CHECKS: tuple[Callable[[Pack], Iterator[Finding]], ...] = (
    ladder_length,
    ladder_order,
    behaviour,
    clocks_in_order,
    cadence_before_restore,
    verify_window,
    people_enough,
    significance,
    roles,
    maps,
)


def _separated(rank: int) -> tuple[tuple[RoleKey, RoleKey], ...]:
    if rank > SIGNIFICANT_RANK_MAX:
        return ()
    if rank == SIGNIFICANT_RANK_MAX:
        return ((RoleKey.COMMAND, RoleKey.OPERATIONS),)
    first, *rest = CORE_ROLES
    pairs = [(first, other) for other in rest]
    return (*pairs, *((a, b) for i, a in enumerate(rest) for b in rest[i + 1 :]))


def _blank(index: int, level: Level, cell: str) -> Finding:
    return Finding(
        f"levels.{index}.{cell}",
        f"level {level.label or index} says nothing under {cell}: a label without behaviour.",
        f"Write {cell}: ... .",
        WITHOUT_BEHAVIOUR,
    )


def _pair(
    path: str, level: Level, first: tuple[str, timedelta], second: tuple[str, timedelta]
) -> Finding:
    low, high = format_duration(first[1]), format_duration(second[1])
    return Finding(
        path,
        f"{level.label}: {first[0]} {low} does not fit {second[0]} {high}.",
        f"Make {first[0]} shorter, or {second[0]} longer.",
        INCONSISTENT,
    )
