"""The instants that every incident's table names, and which of them are missing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from holdfast.incidents.model import Instants
from holdfast.incidents.record.model import Line, Milestone

# What a table that is handed on must have (ledger S2-15, S4-28).
WANTED = (
    Milestone.ALERT,
    Milestone.ACKNOWLEDGED,
    Milestone.DECLARED,
    Milestone.CAUSE,
    Milestone.MITIGATION,
    Milestone.RESTORED,
    Milestone.CLOSED,
)
LABELS: Mapping[Milestone, str] = {
    Milestone.CHANGE: "Change",
    Milestone.ALERT: "Alert fired",
    Milestone.ACKNOWLEDGED: "Acknowledged",
    Milestone.DECLARED: "Declared",
    Milestone.CAUSE: "Cause identified",
    Milestone.MITIGATION: "Mitigation applied",
    Milestone.RESTORED: "Service restored",
    Milestone.RESOLVED: "Resolved",
    Milestone.CLOSED: "Closed",
}


@dataclass(frozen=True, slots=True)
class Reached:
    """One milestone, when it was reached, and the words that stand for it."""

    milestone: Milestone
    at: datetime
    text: str


def reached(instants: Instants, lines: Sequence[Line]) -> list[Reached]:
    """The first of each, in the order in which they happened.

    What people set on the incident itself wins over what the list says: it may have been corrected.
    """
    found: dict[Milestone, Reached] = {}
    for line in sorted(lines, key=lambda line: (line.at, line.id)):
        if line.milestone is not None and line.milestone not in found:
            found[line.milestone] = Reached(line.milestone, line.at, line.text)
    for milestone, at in _said(instants):
        if at is not None:
            text = found[milestone].text if milestone in found else LABELS[milestone]
            found[milestone] = Reached(milestone, at, text)
    return sorted(found.values(), key=lambda each: (each.at, list(Milestone).index(each.milestone)))


def missing(there: Iterable[Reached]) -> tuple[Milestone, ...]:
    """What a table of this incident lacks."""
    known = {each.milestone for each in there}
    return tuple(milestone for milestone in WANTED if milestone not in known)


def table(rows: Iterable[tuple[datetime, str]]) -> str:
    """The Markdown table of ledger S4-28: Time (UTC) and Event, oldest first, whatever zone."""
    lines = ["| Time (UTC) | Event |", "| --- | --- |"]
    for at, text in rows:
        utc = at.astimezone(UTC)
        plain = " ".join(text.split()).replace("|", "\\|")
        lines.append(f"| {utc:%Y-%m-%d %H:%M:%S} | {plain} |")
    return "\n".join(lines) + "\n"


def _said(instants: Instants) -> list[tuple[Milestone, datetime | None]]:
    return [
        (Milestone.DECLARED, instants.declared_at),
        (Milestone.MITIGATION, instants.mitigated_at),
        (Milestone.RESTORED, instants.restored_at),
        (Milestone.RESOLVED, instants.resolved_at),
        (Milestone.CLOSED, instants.closed_at),
    ]
