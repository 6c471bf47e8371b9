"""Whether a message is clear, factual and fair: findings, each with its remedy. Pure.

A finding of level error on what customers read needs a reason to be sent all the same (S4-44).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from holdfast.practice.model import Audience

CHARS_MAX = {Audience.CUSTOMERS: 800, Audience.LEADERS: 1500, Audience.INTERNAL: 2500}
OUTAGE_RANK_MAX = 1
NAMES_MAX = 5000

JARGON = (
    "5xx", "4xx", "API gateway", "backend", "circuit breaker", "connection pool", "cron", "CPU",
    "DB", "deadlock", "DNS", "egress", "endpoint", "failover", "garbage collection", "GC", "HTTP",
    "ingress", "k8s", "kubernetes", "latency", "load balancer", "microservice", "node", "OOM",
    "p95", "p99", "packet loss", "payload", "pod", "primary", "queue depth", "race condition",
    "regression", "replica", "replication lag", "rollback", "rollout", "schema", "shard", "SLO",
    "stack trace", "throughput", "timeout", "TLS", "upstream",
)  # fmt: skip
SPECULATION = (
    "apparently", "appears to", "could be", "guess", "hopefully", "it looks like", "likely",
    "may be caused", "maybe", "might", "perhaps", "possibly", "presumably", "probably", "seems",
    "suspect", "we assume", "we believe", "we think",
)  # fmt: skip
BLAME = (
    "at fault", "blame", "blames", "careless", "carelessly", "culprit", "'s fault", "fault of",
    "forgot to", "her fault", "his fault", "human error", "incompetent", "messed up",
    "negligence", "negligent", "responsible for breaking", "screwed up", "should have known",
    "sloppy", "stupid", "their fault", "user error",
)  # fmt: skip
ASSUMPTION = re.compile(r"\bassumption\b|\bassumed\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_HOST = re.compile(
    r"\b(?:\d{1,3}(?:\.\d{1,3}){3}|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:internal|local|svc|lan|corp))\b"
)
_TRACKER = re.compile(r"\b(?!INC-)[A-Z]{2,10}-\d{1,7}\b")
_TIME_TO_FIX = re.compile(
    r"\b(?:fixed|resolved|restored|back|working again)\s+(?:by|within|in)\s+\S*\d", re.IGNORECASE
)


class FindingLevel(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change. `words` is what was found, as it stands in the text."""

    code: str
    level: FindingLevel
    words: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads it, and what it is about. `names` are the people of the directory."""

    audience: Audience
    rank: int
    names: tuple[str, ...] = ()
    next_update: bool = True  # it says when the next one comes, or is the last


def findings(text: str, reading: Reading) -> tuple[Finding, ...]:
    """What should be changed before it is sent, errors first, each word once."""
    found = [
        *_length(text, reading),
        *_speculation(text, reading),
        *_blame(text),
        *_names(text, reading),
        *_outage(text, reading),
        *_inner(text, reading),
        *_jargon(text, reading),
        *_promises(text, reading),
    ]
    unique = {(each.code, each.words.lower()): each for each in reversed(found)}
    kept = [each for each in found if unique[each.code, each.words.lower()] is each]
    return tuple(sorted(kept, key=lambda each: each.level is not FindingLevel.ERROR))


def errors(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that need a reason on a public text."""
    return tuple(each for each in found if each.level is FindingLevel.ERROR)


def _length(text: str, reading: Reading) -> Iterator[Finding]:
    most = CHARS_MAX[reading.audience]
    if len(text) > most:
        yield Finding(
            "too_long", _worse(reading), f"{len(text)} characters",
            f"Say it in {most} characters: who is affected, what they notice, what comes next.",
        )  # fmt: skip


def _speculation(text: str, reading: Reading) -> Iterator[Finding]:
    for sentence in _SENTENCE.findall(text):
        if ASSUMPTION.search(sentence):
            continue
        for word in _present(sentence, SPECULATION):
            yield Finding(
                "speculation", _worse(reading), word,
                "Say only what is known, or mark the sentence: “(assumption)”.",
            )  # fmt: skip


def _blame(text: str) -> Iterator[Finding]:
    for word in _present(text, BLAME):
        yield Finding(
            "blame", FindingLevel.ERROR, word, "Say what happened in the system, not whose it was."
        )


def _names(text: str, reading: Reading) -> Iterator[Finding]:
    for name in reading.names[:NAMES_MAX]:
        if _names_person(text, name):
            yield Finding(
                "person_named", _worse(reading), name, "Name the role or the team, not the person."
            )


def _outage(text: str, reading: Reading) -> Iterator[Finding]:
    if reading.rank > OUTAGE_RANK_MAX and _present(text, ("outage",)):
        yield Finding(
            "overstated", _worse(reading), "outage",
            "At this severity not everything is down: say what does not work, and for whom.",
        )  # fmt: skip


def _inner(text: str, reading: Reading) -> Iterator[Finding]:
    if reading.audience is not Audience.CUSTOMERS:
        return
    for word in _HOST.findall(text):
        yield Finding("inner_name", FindingLevel.ERROR, word, "Leave out names of our machines.")
    for word in _TRACKER.findall(text):
        yield Finding("inner_name", FindingLevel.ERROR, word, "Leave out numbers of our trackers.")


def _jargon(text: str, reading: Reading) -> Iterator[Finding]:
    if reading.audience is Audience.INTERNAL:
        return
    for word in _present(text, JARGON):
        yield Finding(
            "jargon", FindingLevel.WARNING, word, "Say what people notice, in everyday words."
        )


def _promises(text: str, reading: Reading) -> Iterator[Finding]:
    if reading.audience is not Audience.CUSTOMERS:
        return
    for word in _TIME_TO_FIX.findall(text):
        yield Finding(
            "time_to_fix", FindingLevel.WARNING, word,
            "Promise the next update, not the time of the repair.",
        )  # fmt: skip
    if not reading.next_update:
        yield Finding(
            "no_next_update", FindingLevel.WARNING, "next update",
            "Say when the next one comes: silence is read as trouble.",
        )  # fmt: skip


def _worse(reading: Reading) -> FindingLevel:
    """What may be said among ourselves may not be said to customers."""
    outside = reading.audience is Audience.CUSTOMERS
    return FindingLevel.ERROR if outside else FindingLevel.WARNING


def _present(text: str, words: Sequence[str]) -> list[str]:
    """Those of the words that stand in the text as words; short capitals only as written."""
    found = []
    for word in words:
        flags = re.NOFLAG if word.isupper() else re.IGNORECASE
        start = r"(?<!\w)" if word[0].isalnum() else ""
        match = re.search(rf"{start}{re.escape(word)}(?!\w)", text, flags)
        if match:
            found.append(match[0])
    return found


def _names_person(text: str, name: str) -> bool:
    """A full name however it is written; a single word only as a name, with its capital."""
    name = name.strip()
    if len(name) < 2 or (name not in text and name.lower() not in text.lower()):
        return False  # the cheap look first: there may be thousands of names
    flags = re.IGNORECASE if " " in name else re.NOFLAG
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags) is not None
