"""How a role passes from one person to the next. Pure.

An exclusive role has one holder at any instant: whoever follows begins at the very instant at
which the one before ends (ledger S2-08), and nobody ends before somebody has accepted (S3-13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from holdfast.incidents.roles.model import (
    CURRENT,
    Holding,
    HoldingState,
    How,
    NotTheHolder,
    OfferedAlready,
)
from holdfast.kernel.span import Span


@dataclass(frozen=True, slots=True)
class Passed:
    """What passing a role on leaves: the stint that ended, and the one that begins."""

    released: Holding
    held: Holding


def accept(proposed: Holding, now: datetime) -> Holding:
    """The candidate has it from now on. Raises NotTheHolder for anything but a proposal."""
    if proposed.state is not HoldingState.PROPOSED:
        raise NotTheHolder
    return replace(proposed, state=HoldingState.HELD, since=now)


def offer(held: Holding) -> Holding:
    """It is being handed on, and is still theirs. Raises OfferedAlready, NotTheHolder."""
    if held.state is HoldingState.HANDING_OFF:
        raise OfferedAlready
    if held.state is not HoldingState.HELD:
        raise NotTheHolder
    return replace(held, state=HoldingState.HANDING_OFF)


def keep(offered: Holding) -> Holding:
    """The offer was declined or withdrawn: nothing has changed hands."""
    if offered.state not in CURRENT:
        raise NotTheHolder
    return replace(offered, state=HoldingState.HELD)


def pass_on(
    before: Holding, to: str, now: datetime, *, holding_id: str, how: How, by: str | None = None
) -> Passed:
    """The one ends and the other begins at one instant. Raises NotTheHolder."""
    if before.state not in CURRENT:
        raise NotTheHolder
    held = Holding(
        id=holding_id,
        incident=before.incident,
        role=before.role,
        user=to,
        state=HoldingState.HELD,
        since=now,
        how=how,
        primary=before.primary,
        by=by,
    )
    return Passed(release(before, now), held)


def release(before: Holding, now: datetime) -> Holding:
    """It is theirs no more. Raises NotTheHolder where it was not."""
    if before.state not in CURRENT:
        raise NotTheHolder
    return replace(before, state=HoldingState.RELEASED, until=now)


def fault(stints: Sequence[Holding], span: Span) -> str | None:
    """What keeps these stints from parting the span without gap or overlap; None: nothing.

    A stint of no length, where somebody passed it on at once, is none.
    """
    at = span.start
    ordered = sorted(stints, key=lambda stint: (stint.since, stint.until or span.end))
    for stint in ordered:
        until = span.end if stint.until is None else stint.until
        if until - stint.since == timedelta():
            continue
        if stint.since > at:
            return f"nobody held it from {at} until {stint.since}"
        if stint.since < at:
            return f"two held it at {stint.since}"
        at = until
    return None if at == span.end else f"nobody held it from {at} until {span.end}"
