"""What a page about an incident says, in every channel. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.incidents.model import Kind

TITLE_CHARS_MAX = 200
REHEARSAL = "REHEARSAL"
COMES = "Acknowledge to say that you come."
TAKES = "Acknowledge to take it."
_KINDS = {Kind.REAL: "", Kind.DRILL: "DRILL: ", Kind.TEST: "TEST: "}


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the page is about, as it is at this moment. `role` is what they are asked to take."""

    number: str
    title: str
    level: str
    kind: Kind
    phase: str
    declared_at: datetime
    text: str  # why they are asked, in the words of whoever asks
    role: str | None
    asked_by: str | None
    room: str
    because: str
    attempt: int
    rehearsal: bool = False


def title(facts: PageFacts) -> str:
    """Severity and number first: the word that matters is read before the phone is unlocked."""
    said = f"{_KINDS[facts.kind]}{facts.level} · {facts.number}: {facts.title}"
    return _rehearsed(facts, said)[:TITLE_CHARS_MAX]


def text(facts: PageFacts, now: datetime) -> str:
    """The whole message, for people and for screen readers."""
    again = "" if facts.attempt < 2 else " You were paged about this before."
    lines = [
        f"{_KINDS[facts.kind]}{facts.title}",
        f"{facts.level}, declared {_age(now - facts.declared_at)}, now {_plain(facts.phase)}.",
        _wanted(facts),
        f"You are paged because of {facts.because}.{again}",
        *([f"Join: {facts.room}"] if facts.room else []),
        f"Incident {facts.number}. {COMES if facts.role is None else TAKES}",
    ]
    return _rehearsed(facts, "\n".join(line for line in lines if line))


def sentence(facts: PageFacts, now: datetime) -> str:
    """One line below the title of the answer page."""
    return f"{_wanted(facts)} Declared {_age(now - facts.declared_at)}.".strip()


def _wanted(facts: PageFacts) -> str:
    if facts.role is not None:
        return f"You are asked to take the role {facts.role}."
    who = f"{facts.asked_by} asks for you" if facts.asked_by else "You are asked to help"
    return f"{who}: {facts.text}" if facts.text else f"{who}."


def _rehearsed(facts: PageFacts, words: str) -> str:
    return f"{REHEARSAL}: {words}" if facts.rehearsal else words


def _plain(phase: str) -> str:
    return phase.replace("_", " ")


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"
