"""What the instants of an incident show by themselves, whoever wrote them down. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from holdfast.incidents.conformance.model import Finding
from holdfast.incidents.model import Instants
from holdfast.kernel.duration import format_duration
from holdfast.practice.model import Level

DECLARE_LATENCY_MAX = timedelta(minutes=5)  # from the first word of it to an incident


def findings(instants: Instants, level: Level) -> tuple[Finding, ...]:
    """A window too short, a target missed, a declaration that came late (ledger S4-95, S4-96)."""
    found = (_window(instants, level), _target(instants, level), _latency(instants))
    return tuple(each for each in found if each is not None)


def _window(instants: Instants, level: Level) -> Finding | None:
    over = instants.resolved_at or instants.closed_at
    held = _between(instants.monitoring_since or instants.restored_at, over)
    if held is None or held >= level.verify_window:
        return None
    why = f"the fix had held for {_said(held)}, and {_said(level.verify_window)} are asked for"
    return Finding("VERIFY_WINDOW", "S4-95", held, level.verify_window, why)


def _target(instants: Instants, level: Level) -> Finding | None:
    began = instants.impact_started_at or instants.detected_at
    over = instants.restored_at or instants.closed_at
    lasted, target = _between(began, over), level.clocks.restore
    if lasted is None or target is None or lasted <= target:
        return None
    why = f"it lasted {_said(lasted)}, and {level.label} aims at {_said(target)}"
    return Finding("TTR_TARGET_MISSED", "S4-96", lasted, target, why)


def _latency(instants: Instants) -> Finding | None:
    late = _between(instants.detected_at, instants.declared_at)
    if late is None or late <= DECLARE_LATENCY_MAX:
        return None
    why = f"it was declared {_said(late)} after it was first known"
    return Finding("DECLARE_LATENCY", "S4-96", late, DECLARE_LATENCY_MAX, why)


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return None if start is None or end is None else max(end - start, timedelta())


def _said(length: timedelta) -> str:
    return format_duration(length)
