"""Ask the timeline: what happened, and is the record whole?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.kernel.tx import Tx
from holdfast.timeline import chain, store
from holdfast.timeline.event import Recorded

VERIFY_BATCH = 2000
ABOUT_MAX = 1000
SINCE_MAX = 2000


@dataclass(frozen=True, slots=True)
class ChainReport:
    """`broken` names the first row that is not as it was sealed; None when all is well."""

    sealed: int
    unsealed: int
    anchor: str
    broken: str | None = None


def about(tx: Tx, subjects: list[str], limit: int = ABOUT_MAX) -> list[Recorded]:
    """The newest events about these subjects, oldest first."""
    tx.write_events()
    return store.about(tx, subjects, min(limit, ABOUT_MAX)) if subjects else []


def since(tx: Tx, at: datetime, limit: int = SINCE_MAX) -> list[Recorded]:
    """Events from that instant on, oldest first."""
    tx.write_events()
    return store.since(tx, at, min(limit, SINCE_MAX))


def latest(
    tx: Tx,
    *,
    before: tuple[datetime, str] | None = None,
    kinds: list[str] | None = None,
    limit: int = 50,
) -> list[Recorded]:
    """Newest first; `before` continues after the last one seen."""
    tx.write_events()
    return store.page_of(tx, before=before, kinds=kinds or [], limit=limit)


def told(
    tx: Tx,
    subjects: list[str],
    *,
    before: tuple[datetime, str] | None = None,
    after: tuple[datetime, str] | None = None,
    kinds: list[str] | None = None,
    without: list[str] | None = None,
    limit: int = 50,
) -> list[Recorded]:
    """Events about these subjects, newest first, from just before one place to just after another.

    A place is an instant and an event's id. Of these kinds only, or of all but those in `without`.
    """
    tx.write_events()
    if not subjects:
        return []
    return store.told(
        tx,
        subjects,
        before=before,
        after=after,
        kinds=kinds or [],
        without=without or [],
        limit=limit,
    )


def unsealed_count(tx: Tx) -> int:
    tx.write_events()
    return store.count_unsealed(tx)


def verify_chain(tx: Tx) -> ChainReport:
    """Walks the whole chain. Finds what was changed, removed, added, reordered or cut off
    (ledger S0-66)."""
    previous, position = chain.GENESIS, 0
    while batch := store.sealed_after(tx, position, VERIFY_BATCH):
        for seal in batch:
            position += 1
            fault = _fault(seal, position, previous)
            if fault is not None:
                named = f"event {seal.event} at position {seal.position}: {fault}"
                return ChainReport(position, 0, previous, named)
            previous = seal.hash
    return _compare_end(tx, position, previous)


def _fault(seal: store.Seal, expected: int, previous: str) -> str | None:
    event = seal.sealed
    if seal.position != expected:
        return f"a seal is missing before it (expected position {expected})"
    if event is None:
        return "the event was removed"
    if event.position != seal.position:
        return "the event was moved"
    if chain.digest(event) != seal.digest:
        return "the event was changed"
    if chain.link(previous, seal.position, seal.digest) != seal.hash:
        return "the chain does not continue here"
    return None


def _compare_end(tx: Tx, position: int, previous: str) -> ChainReport:
    end, anchor = store.head(tx)
    unsealed = store.count_unsealed(tx)
    broken = None
    if (end, anchor) != (position, previous):
        broken = f"the chain was cut: it should end at position {end}, but ends at {position}"
    elif (claim := store.unsealed_claim(tx)) is not None:
        broken = f"event {claim[0]} claims position {claim[1]}, which no seal gives it"
    return ChainReport(position, unsealed, previous, broken)
