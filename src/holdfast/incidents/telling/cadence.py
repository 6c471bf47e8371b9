"""When an audience is to hear something next, and what became of what it was promised. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from holdfast.incidents.telling.model import (
    LONG_AFTER,
    REMIND_BEFORE,
    TOP_AFTER,
    Adherence,
    Promise,
    Standing,
    Thread,
)
from holdfast.practice.model import Audience, Level, Limits


def cadence(level: Level, audience: Audience, thread: Thread | None = None) -> timedelta | None:
    """The longest silence towards this audience: agreed on by a person, else the level's.

    None: it is not told regularly. A cadence that was set stays only where it is not longer than
    the level's, or was agreed on as a long one: a worse level makes a short-sighted promise void.
    """
    of_level = level.cadence.get(audience)
    if thread is None or thread.every is None:
        return of_level
    if of_level is None or thread.long:
        return thread.every
    return min(thread.every, of_level)


def first_due(
    level: Level, audience: Audience, thread: Thread | None, at: datetime
) -> datetime | None:
    """When the first message is due that nobody has heard yet, counted from declaring or a change
    of severity (ledger S1-16). None: this audience is not told by itself."""
    every = cadence(level, audience, thread)
    if audience is Audience.INTERNAL and level.first_update is not None:
        return at + (level.first_update if every is None else min(level.first_update, every))
    if audience is Audience.CUSTOMERS and not level.public_update_required:
        return None
    return None if every is None else at + every


def due_after_change(thread: Thread, level: Level, at: datetime) -> datetime | None:
    """When an audience is owed something after the severity changed at `at`.

    Whoever has heard keeps an earlier promise; a worse level makes it due earlier, never later.
    """
    if thread.final_at is not None and thread.due_at is None:
        return None
    if thread.last_at is None:
        fresh = first_due(level, thread.audience, thread, at)
    else:
        every = cadence(level, thread.audience, thread)
        fresh = None if every is None else max(at + REMIND_BEFORE, thread.last_at + every)
    if thread.due_at is None or fresh is None:
        return fresh or thread.due_at
    return min(thread.due_at, fresh)


def due_again(level: Level, audience: Audience, thread: Thread, at: datetime) -> datetime | None:
    """When an audience that was told the end must hear that it is not over: as soon as a first
    message would be due, whichever audience it is."""
    waits = [cadence(level, audience, thread), level.first_update]
    stated = [wait for wait in waits if wait is not None]
    return at + min(stated) if stated else None


def remind_at(due_at: datetime) -> datetime:
    """When whoever answers for it is reminded."""
    return due_at - REMIND_BEFORE


def after_due(due_at: datetime, limits: Limits) -> datetime:
    """When the deputy, or whoever is next, hears that it is still missing (ledger S4-22)."""
    return due_at + max(limits.update_grace, TOP_AFTER)


def is_top(due_at: datetime | None, now: datetime) -> bool:
    """True where it is overdue for so long that it comes first on the commander's list."""
    return due_at is not None and now >= due_at + TOP_AFTER


def long_allowed(declared_at: datetime, now: datetime) -> bool:
    """True where a longer silence than the level's may be agreed on (ledger B8)."""
    return now - declared_at >= LONG_AFTER


def standing(promise: Promise, now: datetime) -> Standing:
    """What became of a promise: kept on time, late within its own length again, else broken."""
    if promise.settled_at is not None and promise.settled_by is None:
        return Standing.WITHDRAWN if promise.settled_at <= promise.due_at else Standing.BROKEN
    until = now if promise.settled_at is None else promise.settled_at
    if until <= promise.due_at:
        return Standing.OPEN if promise.settled_at is None else Standing.KEPT
    length = promise.due_at - promise.promised_at
    return Standing.LATE if until <= promise.due_at + length else Standing.BROKEN


def adherence(
    promises: Iterable[Promise], heard: Sequence[datetime], since: datetime, now: datetime
) -> Adherence:
    """How the promises to one audience were kept (ledger S0-30).

    `heard` are the instants of its messages, oldest first; `since` is when it should first have
    heard, `now` the end of the last silence: the present, or the final message.
    """
    counts = dict.fromkeys(Standing, 0)
    for promise in promises:
        counts[standing(promise, now)] += 1
    return Adherence(
        kept=counts[Standing.KEPT],
        late=counts[Standing.LATE],
        broken=counts[Standing.BROKEN],
        open=counts[Standing.OPEN],
        longest_silence=longest_silence(heard, since, now),
    )


def longest_silence(heard: Sequence[datetime], since: datetime, now: datetime) -> timedelta | None:
    """The longest gap between two messages, the first counted from `since` (ledger S4-31)."""
    instants = [since, *heard, now]
    gaps = [later - earlier for earlier, later in pairwise(instants)]
    return max((gap for gap in gaps if gap > timedelta()), default=None)
