"""A signal: one normalised message from a source, firing or resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

DEDUP_CHARS_MAX = 512
TITLE_CHARS_MAX = 1024
LABELS_MAX = 100
LABEL_CHARS_MAX = 1024
DETAILS_CHARS_MAX = 32_768
LINK_CHARS_MAX = 2048


class SignalStatus(StrEnum):
    FIRING = "firing"
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"  # some senders say so; it stops paging like a person's answer


class Severity(StrEnum):
    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    HIGH = "high"
    LOW = "low"


_LOW = frozenset({Severity.WARNING, Severity.INFO})
_SEVERITY_WORDS: Mapping[str, Severity] = {
    **{severity.value: severity for severity in Severity},
    **dict.fromkeys(("page", "fatal", "emergency", "disaster", "p1", "sev1"), Severity.CRITICAL),
    **dict.fromkeys(("high", "major", "err", "p2", "sev2", "alert"), Severity.ERROR),
    **dict.fromkeys(("warn", "medium", "average", "minor", "p3", "sev3"), Severity.WARNING),
    **dict.fromkeys(
        ("information", "informational", "low", "debug", "none", "p4", "p5", "sev4", "sev5"),
        Severity.INFO,
    ),
}


def severity_of(word: object) -> Severity:
    """The severity that a sender's word means; whatever nobody knows is `unknown` and pages."""
    if not isinstance(word, str):
        return Severity.UNKNOWN
    return _SEVERITY_WORDS.get(word.strip().lower(), Severity.UNKNOWN)


def urgency_of(severity: Severity) -> Urgency:
    """Critical, error and unknown wake people; warning and info wait for the morning."""
    return Urgency.LOW if severity in _LOW else Urgency.HIGH


@dataclass(frozen=True, slots=True)
class Signal:
    """What a source read.

    `dedup` joins signals of one trouble; None means that each is its own. `group` and
    `resolves_group`: a source that may never show the end of each member can end a whole group.
    `marks` say what had to be shortened or guessed, in words a person can read.
    """

    status: SignalStatus
    title: str
    dedup: str | None = None
    severity: Severity = Severity.UNKNOWN
    labels: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, object] = field(default_factory=dict)
    link: str | None = None
    started_at: datetime | None = None
    group: str | None = None
    resolves_group: bool = False
    marks: tuple[str, ...] = ()
