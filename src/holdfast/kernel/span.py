"""Half-open spans of time: the start belongs to the span, the end does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """[start, end). Both ends are aware instants, kept in UTC, and start is before end.

    In UTC because Python compares and subtracts two datetimes of one zone by their wall time:
    across a clock change that is an hour wrong, and the two 01:30 of an autumn night are equal
    (promises R49).
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        assert self.start.tzinfo is not None, "a span is made of instants"
        assert self.end.tzinfo is not None, "a span is made of instants"
        if self.start.tzinfo is not UTC:
            object.__setattr__(self, "start", self.start.astimezone(UTC))
        if self.end.tzinfo is not UTC:
            object.__setattr__(self, "end", self.end.astimezone(UTC))
        assert self.start < self.end, "a span has a length"

    def covers(self, at: datetime) -> bool:
        """Whether that instant lies in the span: at its start yes, at its end no."""
        return self.start <= at < self.end

    def overlap(self, other: Span) -> Span | None:
        """What both spans cover. Spans that only touch have nothing in common."""
        if other.start <= self.start and self.end <= other.end:
            return self
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    @property
    def length(self) -> timedelta:
        """Elapsed time, whatever the clocks on the walls did meanwhile."""
        return self.end - self.start
