"""From what a sender said, in whatever types it used, to signals that can be kept and paged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from holdfast.sdk.clean import clean_details, clean_key, clean_labels, clean_line
from holdfast.sdk.cut import cut
from holdfast.sdk.instant import parse_instant
from holdfast.sdk.signal import (
    LINK_CHARS_MAX,
    TITLE_CHARS_MAX,
    Severity,
    Signal,
    SignalStatus,
    severity_of,
)

SIGNALS_MAX = 1000  # of one request; what is more becomes one signal that says so
TITLE_FALLBACK = "An alert without a title"
LEFT_OUT_DEDUP = "holdfast/alerts-left-out"
QUOTED_CHARS_MAX = 40
MARKS_MAX = 20

T = TypeVar("T")

_LINK = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source found in a message, not yet cleaned: any field may be any JSON value.

    Give it to `signal_of`. Fields mean what they mean in Signal.
    """

    title: object
    status: SignalStatus = SignalStatus.FIRING
    dedup: object = None
    severity: object = None
    labels: object = None
    details: object = None
    link: object = None
    started_at: object = None
    group: object = None
    resolves_group: bool = False
    marks: tuple[str, ...] = ()


def signal_of(reading: Reading) -> Signal:
    """The signal: every text printable and within its limit, what was changed told in `marks`.

    Never raises: whatever is odd still pages (promises e, intake rule).
    """
    title, title_mark = clean_line(reading.title, TITLE_CHARS_MAX)
    dedup, dedup_mark = clean_key(reading.dedup)
    group, group_mark = clean_key(reading.group)
    severity, severity_mark = _severity(reading.severity)
    labels, label_marks = clean_labels(reading.labels)
    details, detail_marks = clean_details(reading.details)
    link, link_mark = _link(reading.link)
    started_at, started_mark = _started_at(reading.started_at)
    marks = (
        *reading.marks,
        *_named("title", (title_mark if title else "missing",)),
        *_named("dedup key", (dedup_mark, _ends_nothing(reading.status, dedup, group))),
        *_named("group", (group_mark,)),
        *_named("severity", (severity_mark,)),
        *_named("link", (link_mark,)),
        *_named("start", (started_mark,)),
        *_named("labels", label_marks),
        *_named("details", detail_marks),
    )
    return Signal(
        status=reading.status,
        title=title or TITLE_FALLBACK,
        dedup=dedup,
        severity=severity,
        labels=labels,
        details=details,
        link=link,
        started_at=started_at,
        group=group,
        resolves_group=reading.resolves_group,
        marks=marks[:MARKS_MAX],
    )


def signals_of(items: Sequence[T], read: Callable[[T], Reading]) -> list[Signal]:
    """The signals of one request: SIGNALS_MAX at the most, and then one that tells of the rest.

    `read` finds the fields in one item of the message.
    """
    signals = [signal_of(read(item)) for item in items[:SIGNALS_MAX]]
    left_out = len(items) - len(signals)
    if left_out:
        signals.append(
            Signal(
                status=SignalStatus.FIRING,
                title="One message held more alerts than Holdfast reads at once",
                dedup=LEFT_OUT_DEDUP,
                details={"read": len(signals), "left_out": left_out},
                marks=(f"{left_out} alerts of this message were left out",),
            )
        )
    return signals


def object_of(value: object) -> Mapping[str, object]:
    """The JSON object that was expected here, or an empty one where something else came."""
    return value if isinstance(value, dict) else {}


def _named(name: str, marks: Iterable[str | None]) -> list[str]:
    return [f"{name}: {mark}" for mark in marks if mark]


def _ends_nothing(status: SignalStatus, dedup: str | None, group: str | None) -> str | None:
    if status is SignalStatus.FIRING or dedup or group:
        return None
    return "missing, so this matches no open alert"


def _severity(word: object) -> tuple[Severity, str | None]:
    if word is None or word == "":
        return Severity.UNKNOWN, None
    severity = severity_of(word)
    if severity is not Severity.UNKNOWN:
        return severity, None
    text, _ = clean_line(word, TITLE_CHARS_MAX)
    if text.lower() in ("", Severity.UNKNOWN.value):
        return severity, None
    return severity, f"“{cut(text, QUOTED_CHARS_MAX)}” is not known here, so it pages"


def _link(value: object) -> tuple[str | None, str | None]:
    if value is None or value == "":
        return None, None
    text, changed = clean_line(value, LINK_CHARS_MAX)
    # Half an address leads nowhere, and anything but the web could act when it is opened.
    if changed or not _LINK.fullmatch(text):
        return None, "not a web address, left out"
    return text, None


def _started_at(value: object) -> tuple[datetime | None, str | None]:
    if value is None or value == "":
        return None, None
    started_at = parse_instant(value)
    return started_at, None if started_at else "not a time that can be read"
