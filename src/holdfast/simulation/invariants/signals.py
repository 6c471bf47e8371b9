"""I1 and I12: every accepted signal has the one fate that plain counting gives it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime

from holdfast.sdk import Severity, Signal, SignalStatus
from holdfast.simulation.facts import AlertFact, Broken, Facts, Key, LetterFact
from holdfast.timeline.event import Recorded

_BY_SIGNALS = {"alert.triggered", "alert.raised", "alert.resolved", "alert.acknowledged"}
_LOW = {Severity.WARNING, Severity.INFO}
_BY_CONNECTION = "connection:"


def check_letters(facts: Facts, events: Sequence[Recorded], heartbeats: set[str]) -> None:
    """Walks through what a transaction digested, in order, beside the events it wrote."""
    said = deque(
        event
        for event in events
        if event.kind in _BY_SIGNALS
        and event.actor.startswith(_BY_CONNECTION)
        and event.actor.removeprefix(_BY_CONNECTION) not in heartbeats
    )
    for letter in facts.reading:
        _check_digested_once(facts, letter)
        for signal in letter.signals:
            _follow(facts, said, letter, signal)
    for letter in facts.rescued:
        _check_digested_once(facts, letter)
        register(facts, _expect(said, "alert.triggered", letter, "its raw text pages"), letter.at)
        facts.counted[letter.connection] = facts.counted.get(letter.connection, 0) + 1
    if said:
        raise Broken("I1", f"{said[0].kind} about {said[0].subject} has no signal behind it")


def _check_digested_once(facts: Facts, letter: LetterFact) -> None:
    if letter.id in facts.digested:
        raise Broken("I1", f"the letter {letter.id} was digested twice")
    facts.digested.add(letter.id)


def _follow(facts: Facts, said: deque[Recorded], letter: LetterFact, signal: Signal) -> None:
    key: Key | None = None if signal.dedup is None else (letter.connection, signal.dedup)
    name = facts.by_key.get(key) if key is not None else None
    alert = facts.alerts[name] if name is not None else None
    if signal.status is SignalStatus.FIRING:
        counted = facts.counted.get(letter.connection, 0)
        facts.counted[letter.connection] = counted + 1
        if alert is None:
            _open(facts, said, letter, signal)
        else:
            _repeat(said, letter, signal, alert)
    elif alert is not None and signal.status is SignalStatus.RESOLVED:
        if not _speaks_of_earlier(signal, alert):
            event = _expect(said, "alert.resolved", letter, "it resolves the open alert")
            _same(event, alert.id)
            assert key is not None
            del facts.by_key[key]
    elif alert is not None and alert.status == "triggered":
        _same(_expect(said, "alert.acknowledged", letter, "the source has it"), alert.id)
        alert.status = "acknowledged"


def _open(facts: Facts, said: deque[Recorded], letter: LetterFact, signal: Signal) -> None:
    event = _expect(said, "alert.triggered", letter, "no alert is open with its key")
    alert = register(facts, event, letter.at)
    alert.low = signal.severity in _LOW
    alert.started_at = signal.started_at
    if signal.dedup is not None:
        alert.key = (letter.connection, signal.dedup)
        facts.by_key[alert.key] = alert.id


def _repeat(said: deque[Recorded], letter: LetterFact, signal: Signal, alert: AlertFact) -> None:
    alert.count += 1
    if alert.low and signal.severity not in _LOW:
        _same(_expect(said, "alert.raised", letter, "it is worse than before"), alert.id)
        alert.low = False


def register(facts: Facts, event: Recorded, accepted_at: datetime) -> AlertFact:
    """The simulator's own note of a new alert."""
    if event.subject in facts.alerts:
        return facts.alerts[event.subject]
    alert = AlertFact(
        event.subject, str(event.data["connection"]), str(event.data["service"]), event.at,
        accepted_at,
    )  # fmt: skip
    facts.alerts[alert.id] = facts.open_alerts[alert.id] = alert
    return alert


def _expect(said: deque[Recorded], kind: str, letter: LetterFact, why: str) -> Recorded:
    if not said or said[0].kind != kind or said[0].actor != f"connection:{letter.connection}":
        found = f"{said[0].kind} by {said[0].actor}" if said else "nothing"
        raise Broken("I1", f"letter {letter.id}: expected {kind} ({why}), found {found}")
    return said.popleft()


def _same(event: Recorded, alert: str) -> None:
    if event.subject != alert:
        raise Broken("I12", f"{event.kind} is about {event.subject}, but {alert} is meant")


def _speaks_of_earlier(signal: Signal, alert: AlertFact) -> bool:
    return (
        signal.started_at is not None
        and alert.started_at is not None
        and signal.started_at < alert.started_at
    )
