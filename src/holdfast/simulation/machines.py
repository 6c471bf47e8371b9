"""What sends signals: monitoring that fires, repeats and recovers, and machines that beat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from holdfast.alerts.actions import heartbeat
from holdfast.alerts.actions.letters import signals_out
from holdfast.catalog import queries as catalog
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.tx import Tx
from holdfast.sdk import Severity, Signal, SignalStatus
from holdfast.simulation.company import Beating
from holdfast.simulation.facts import LetterFact
from holdfast.simulation.faults import Fault
from holdfast.simulation.invariants import beats
from holdfast.simulation.stage import Stage, about, between
from holdfast.storage.inbox import Envelope

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
KEYS = 8
STORM_SIGNALS_MAX = 12
RESENDS_MAX = 400  # a sender of ours tries for hours, as Alertmanager does
RESEND_AFTER = timedelta(seconds=20)
BEAT_RETRIES = 9
RETRY_BEAT_AFTER = timedelta(seconds=5)
SEVERITIES = (
    Severity.CRITICAL, Severity.CRITICAL, Severity.ERROR, Severity.WARNING, Severity.UNKNOWN,
)  # fmt: skip


@dataclass(slots=True)
class Machines:
    """Monitoring and machines of one company. `every` is the mean time between troubles."""

    stage: Stage
    every: timedelta

    def start(self) -> None:
        self.stage.later(about(self.stage.chance, self.every), self._trouble)
        for beat in self.stage.company.heartbeats:
            self.stage.facts.pinged[beat.connection] = self.stage.now()
            beats.note_heard(self.stage.facts, beat.connection, self.stage.now())
            self.stage.later(beat.every, lambda beat=beat: self._beat(beat))  # type: ignore[misc] # a default binds it now

    def _trouble(self) -> None:
        chance = self.stage.chance
        self.stage.later(about(chance, self.every), self._trouble)
        storm = chance.below(12) == 0
        for _ in range(1 + chance.below(STORM_SIGNALS_MAX) if storm else 1):
            self._fire()

    def _fire(self) -> None:
        stage, chance = self.stage, self.stage.chance
        connection = chance.pick(stage.company.connections)
        key = None if chance.below(15) == 0 else f"key-{chance.below(KEYS)}"
        firing = Signal(
            SignalStatus.FIRING, f"{connection} {key} is in trouble", key,
            chance.pick(SEVERITIES), started_at=stage.now(),
        )  # fmt: skip
        self._send(connection, self._with_others(firing))
        for _ in range(chance.below(3)):
            again = self._worse(firing) if chance.below(3) == 0 else firing
            self._send_later(between(chance, MINUTE, HOUR), connection, again)
        if chance.below(5):
            over = Signal(SignalStatus.RESOLVED, firing.title, key, started_at=firing.started_at)
            for _ in range(1 + (chance.below(4) == 0)):  # some say it twice
                self._send_later(about(chance, 2 * HOUR), connection, over)
        if chance.below(6) == 0:  # a late word about the time before
            before = stage.now() - between(chance, MINUTE, HOUR)
            late = Signal(SignalStatus.RESOLVED, firing.title, key, started_at=before)
            self._send_later(between(chance, timedelta(), HOUR), connection, late)
        if chance.below(20) == 0:
            seen = Signal(SignalStatus.ACKNOWLEDGED, firing.title, key)
            self._send_later(about(chance, HOUR / 4), connection, seen)

    def _with_others(self, signal: Signal) -> tuple[Signal, ...]:
        """Some letters bring several signals, of which some are the same trouble again."""
        chance = self.stage.chance
        if chance.below(12) == 0:  # it grows worse while nobody takes letters in
            mild = replace(signal, severity=Severity.WARNING)
            return (mild, mild, self._worse(signal))
        count = chance.below(4) if chance.below(4) == 0 else 0
        return (signal, *(self._other(signal) for _ in range(count)))

    def _other(self, signal: Signal) -> Signal:
        chance = self.stage.chance
        status = chance.pick((SignalStatus.FIRING, SignalStatus.FIRING, SignalStatus.RESOLVED))
        key = chance.pick((signal.dedup, signal.dedup, None, f"key-{chance.below(KEYS)}"))
        return Signal(
            status, "More of it", key, chance.pick(SEVERITIES), started_at=self.stage.now()
        )

    def _worse(self, signal: Signal) -> Signal:
        return replace(signal, severity=Severity.CRITICAL)

    def _send_later(self, delay: timedelta, connection: str, signal: Signal) -> None:
        self.stage.later(delay, lambda: self._send(connection, (signal,)))

    def _send(self, connection: str, signals: tuple[Signal, ...], resent: int = 0) -> None:
        """A letter of its own for each try: whether the one before was kept, nobody told."""
        chance, now = self.stage.chance, self.stage.now()
        letter = f"lt_{chance.below(10**15):015d}"
        self.stage.facts.letters[letter] = LetterFact(letter, connection, now, signals)
        if self.stage.faults.strikes(Fault.POISON):
            self.stage.facts.poisoned.add(letter)
        envelope = Envelope(letter, connection, now, b"raw text", signals_out(signals))
        if not self.stage.take_in(envelope) and resent < RESENDS_MAX:
            wait = between(chance, RESEND_AFTER / 20, RESEND_AFTER)
            self.stage.later(wait, lambda: self._send(connection, signals, resent + 1))

    def _beat(self, beat: Beating, retries: int = BEAT_RETRIES) -> None:
        chance = self.stage.chance
        if retries == BEAT_RETRIES:
            dies = chance.below(60) == 0
            pause = about(chance, 3 * HOUR) if dies else timedelta()
            early = between(chance, timedelta(), beat.grace / 4)
            self.stage.later(beat.every - early + pause, lambda: self._beat(beat))
        self.stage.facts.pinged[beat.connection] = self.stage.now()
        if not self._beats(beat.connection, self.stage.now()) and retries:
            # A node that was put to sleep serves the waiting request first when it goes on.
            wait = self.stage.wakes_in() or RETRY_BEAT_AFTER
            self.stage.later(wait, lambda: self._beat(beat, retries - 1))

    def _beats(self, name: str, at: datetime) -> bool:
        def take(tx: Tx) -> None:
            heartbeat.beat(tx, catalog.connection(tx, name))

        heard = self.stage.act(SYSTEM, take)
        if heard:
            beats.note_heard(self.stage.facts, name, at)
        return heard
