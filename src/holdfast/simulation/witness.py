"""Sees every event of every committed transaction: the trace, the facts, the invariants."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from holdfast import reactions
from holdfast.kernel.tx import Tx
from holdfast.simulation.facts import Broken, Facts
from holdfast.simulation.invariants import alerts, beats, climbs, pages, sends, signals
from holdfast.simulation.invariants.climbs import Moves
from holdfast.simulation.invariants.pages import Turns
from holdfast.timeline.event import Recorded

CONFIGURED = {
    "user.saved", "user.disabled", "team.saved", "schedule.saved", "policy.saved", "service.saved",
    "schedule.override_added", "schedule.override_removed",
}  # fmt: skip


class Witness:
    """The recorder of the simulated product: it does what the real one does, and remembers."""

    def __init__(self, reload: Callable[[Tx], None]) -> None:
        self._reload = reload
        self._pending: list[Recorded] = []
        self._trace = hashlib.sha256()
        self.facts: Facts | None = None  # nothing is checked while the company is being set up
        self.heartbeats: Mapping[str, timedelta] = {}
        self.broken: Broken | None = None
        self.seen = 0
        self.triggered: list[str] = []  # alerts that began, for the world to react to

    def record(self, tx: Tx, event: object) -> None:
        reactions.RECORDER.record(tx, event)

    def write(self, tx: Tx, events: Sequence[object]) -> None:
        reactions.RECORDER.write(tx, events)
        self._pending += [event for event in events if isinstance(event, Recorded)]

    def before_commit(self, tx: Tx) -> None:
        """The last look into the transaction, for what its events only name."""
        if self.facts is not None and any(e.kind in CONFIGURED for e in self._pending):
            self._reload(tx)

    def rolled_back(self) -> None:
        self._pending.clear()
        self._forget()

    def committed(self, now: datetime) -> None:
        """Takes what the transaction did into the facts. The first breach is kept."""
        events, self._pending = self._pending, []
        self.seen += len(events)
        for event in events:
            self.trace(event.id, event.at, event.kind, event.subject, event.actor, event.data)
        if self.facts is not None and self.broken is None:
            try:
                self._follow(self.facts, events, now)
            except Broken as broken:
                self.broken = broken
        self._forget()

    def trace(self, *words: object) -> None:
        """Adds to the hash that two equal runs share."""
        self._trace.update(repr(words).encode())

    def trace_hash(self) -> str:
        return self._trace.hexdigest()[:12]

    def _follow(self, facts: Facts, events: list[Recorded], now: datetime) -> None:
        facts.events += len(events)
        moves, turns = Moves(), Turns()
        signals.check_letters(facts, events, set(self.heartbeats))
        for event in events:
            alerts.see(facts, event)
            beats.see(facts, event, self.heartbeats)
            climbs.see(facts, moves, event)
            pages.see(facts, turns, moves, event)
            if event.kind == "alert.triggered":
                self.triggered.append(event.subject)
        for told in facts.reporting:
            sends.note_reported(facts, told, now)
        climbs.settle(moves)
        pages.settle(turns, moves)
        alerts.settle(facts, _touched(facts, events), now)

    def _forget(self) -> None:
        if self.facts is not None:
            self.facts.reading.clear()
            self.facts.rescued.clear()
            self.facts.reporting.clear()


def _touched(facts: Facts, events: Sequence[Recorded]) -> set[str]:
    names = {event.subject for event in events}
    names |= {str(event.data["about"]) for event in events if "about" in event.data}
    return names & facts.alerts.keys()
