"""The stage of `up --rehearsal`: everything runs, on a clock that moves only when told."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from holdfast.engine import loop, sender
from holdfast.engine.egress import is_loopback_host
from holdfast.engine.sender import (
    Abandoned,
    Carrier,
    DeliveryDuty,
    Parcel,
    Prepare,
    Transport,
)
from holdfast.engine.supervisor import Work
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SteppedClock
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.sdk import Call, HttpCall, MailCall, Rejected, Reply
from holdfast.storage import duties
from holdfast.storage.database import Database
from holdfast.storage.duties import Delivery

DELIVERIES_KEPT_MAX = 10_000
TURNS_MAX = 100_000
POLL_S = 1.0


def stage_transport(outside: Transport) -> Transport:
    """Really calls the loopback; everything else is taken by a carrier in memory."""

    def call(wanted: Call) -> Reply:
        if isinstance(wanted, HttpCall) and is_loopback_host(urlsplit(wanted.url).hostname or ""):
            return outside(wanted)
        if isinstance(wanted, MailCall) and is_loopback_host(wanted.host):
            return outside(wanted)
        return Reply(250 if isinstance(wanted, MailCall) else 200, body=b"rehearsed")

    return call


class Stage:
    """Steps through every due instant. One turn at a time, whoever asks."""

    def __init__(self, database: Database, work: Work, carrier: Carrier, node: str) -> None:
        clock = database.clock
        assert isinstance(clock, SteppedClock), "a rehearsal has a clock of its own"
        self._clock = clock
        self._database = database
        self._carrier = carrier
        self._node = node
        self._turn = threading.RLock()
        self._stopping = threading.Event()
        self._seen: deque[dict[str, object]] = deque(maxlen=DELIVERIES_KEPT_MAX)
        self._work = replace(work, deliveries=self._watched(work.deliveries))

    def start(self) -> None:
        """Begins to do what is due at the present instant whenever something new arrives."""
        threading.Thread(target=self._watch, name="rehearsal", daemon=True).start()

    def stop(self) -> None:
        """No further turn begins."""
        self._stopping.set()
        self._database.wake()

    def drain(self) -> None:
        """Does all that is due at the present instant; returns when nothing is left of it."""
        with self._turn:
            for _ in range(TURNS_MAX):
                done = loop.turn(self._database, self._work.timers, self._work.inbox)
                done += sender.step(
                    self._database, self._work.deliveries, self._carrier, self._node
                )
                if not done:
                    break
            for chore in self._work.chores:
                with self._database.begin(SYSTEM) as tx:
                    chore.act(tx)

    def advance(self, to: datetime) -> datetime:
        """Moves the clock to that instant, stopping wherever something is due on the way."""
        with self._turn:
            if to < self._clock.now():
                raise Invalid("The clock of a rehearsal only moves forward.")
            self.drain()
            while (due := self._next_due()) is not None and due <= to:
                self._clock.jump_to(max(due, self._clock.now()))
                self.drain()
            self._clock.jump_to(max(to, self._clock.now()))
            self.drain()
            return self._clock.now()

    def now(self) -> datetime:
        return self._clock.now()

    def deliveries(self) -> list[dict[str, object]]:
        """What was said so far, oldest first."""
        return list(self._seen)

    def _watch(self) -> None:
        seen = 0
        while not self._stopping.is_set():
            self.drain()
            seen = self._database.wait_for_wake(seen, POLL_S)

    def _next_due(self) -> datetime | None:
        with self._database.read(SYSTEM) as tx:
            return duties.next_due(tx)

    def _watched(self, kinds: Mapping[str, DeliveryDuty]) -> Mapping[str, DeliveryDuty]:
        return {kind: replace(duty, prepare=self._noting(duty)) for kind, duty in kinds.items()}

    def _noting(self, duty: DeliveryDuty) -> Prepare:
        def prepare(tx: Tx, delivery: Delivery) -> Parcel | Rejected | Abandoned:
            parcel = duty.prepare(tx, delivery)
            if isinstance(parcel, Parcel):
                self._seen.append(
                    {
                        "at": tx.now,
                        "to": parcel.to.address,
                        "name": parcel.to.name,
                        "method": delivery.way,
                        "notifier": parcel.notifier,
                        "message": dict(parcel.message.payload),
                        "title": parcel.message.title,
                        "text": parcel.message.text,
                    }
                )
            return parcel

        return prepare
