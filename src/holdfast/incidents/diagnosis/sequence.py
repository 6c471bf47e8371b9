"""The safe order: declare, build the timeline, separate facts from guesses, tie what is done to it.

Pure (ledger S0-27). Another order is possible, and shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from holdfast.incidents.diagnosis.model import Step, Taken
from holdfast.incidents.mitigations.model import Mitigation
from holdfast.incidents.record.model import Entry, EntryKind


def steps(
    declared_at: datetime, entries: Sequence[Entry], mitigations: Sequence[Mitigation]
) -> list[Taken]:
    """Each step with its first instant; out of order where one before it came later or never."""
    firsts = {
        Step.DECLARE: declared_at,
        Step.TIMELINE: _first(entry.recorded_at for entry in entries),
        Step.SEPARATE: _first(entry.recorded_at for entry in entries if _separates(entry)),
        Step.TIE: _first(each.proposed_at for each in mitigations),
    }
    found = []
    earlier: list[datetime | None] = []
    for step, at in firsts.items():
        late = at is not None and any(before is None or before > at for before in earlier)
        found.append(Taken(step, at, out_of_order=late))
        earlier.append(at)
    return found


def _separates(entry: Entry) -> bool:
    return entry.kind in (EntryKind.FACT, EntryKind.ASSUMPTION)


def _first(instants: Iterable[datetime]) -> datetime | None:
    return min(instants, default=None)
