"""What a page says, in every channel. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.sdk import Urgency

TITLE_CHARS_MAX = 200
REHEARSAL = "REHEARSAL"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page is about, as it is at this moment."""

    code: str
    title: str
    service: str
    severity: str
    urgency: Urgency
    count: int
    since: datetime
    because: str
    attempt: int
    rehearsal: bool = False


def title(facts: Facts) -> str:
    """Severity, service, what a person notices: the word that matters comes first."""
    start = f"{facts.severity.capitalize()} · {facts.service}: "
    return _rehearsed(facts, start + facts.title)[:TITLE_CHARS_MAX]


def text(facts: Facts, now: datetime) -> str:
    """The whole message, for people and for screen readers."""
    times = f", {facts.count} signals" if facts.count > 1 else ""
    again = f" You were paged about this {_before(facts.attempt)}." if facts.attempt > 1 else ""
    lines = [
        facts.title,
        f"{facts.severity.capitalize()} on {facts.service}, {_age(now - facts.since)}{times}.",
        f"You are paged because of {facts.because}.{again}",
        f"Alert {facts.code}. Acknowledge to stop the paging.",
    ]
    return _rehearsed(facts, "\n".join(lines))


def test_title(*, rehearsal: bool) -> str:
    words = "Test page from Holdfast"
    return f"{REHEARSAL}: {words}" if rehearsal else words


def test_text(name: str) -> str:
    return (
        f"Hello {name}, this is the test page you asked for.\n"
        "Nothing is wrong. Answer it to prove that this way reaches you."
    )


def bare_title(code: str) -> str:
    """What is said when nothing better can be: a page always leaves (promises R70)."""
    return f"Holdfast alert {code}"


def _rehearsed(facts: Facts, words: str) -> str:
    return f"{REHEARSAL}: {words}" if facts.rehearsal else words


def _before(attempt: int) -> str:
    return "before" if attempt == 2 else f"{attempt - 1} times before"


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    if minutes < 1:
        return "since just now"
    if minutes < 120:
        return f"for {minutes} min"
    return f"for {minutes // 60} h"
