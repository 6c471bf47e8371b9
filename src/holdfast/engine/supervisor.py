"""Threads, wake-ups, drain and liveness: what keeps the engine turning in one process."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from holdfast.engine import loop, sender
from holdfast.engine.loop import InboxDuty, TimerDuty
from holdfast.engine.sender import Abandoned, Carrier, Claim, DeliveryDuty
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.tx import Tx
from holdfast.sdk import Outcome
from holdfast.storage import duties, hold, inbox
from holdfast.storage.database import Database
from holdfast.storage.duties import Delivery

POLL_S = 0.25  # the truth, where wake-ups are only hints (promises rule 2)
RECOVERY_WAIT_S = 0.5
DRAIN_S = 8.0
CROWD_WAIT_S = 0.005  # at most so long does a claim wait for one more sender to be free
REPORTS_PER_STEP = 100
BEAT_EVERY_S = 5.0
# After a restart of the database all nodes have to announce themselves again.
DEAD_AFTER_S = 1.0
# How long one thread may keep Python's lock while another wants it: the thread that takes in alerts
# asks for it several times a request, and must not wait Python's own 5 ms each time.
SWITCH_S = 0.0005
OUTAGE_MIN = timedelta(seconds=30)

log = structlog.get_logger("supervisor")


@dataclass(frozen=True, slots=True)
class Chore:
    """Something small that is looked at every so often. `act` runs only where `wanted`."""

    name: str
    every_s: float
    wanted: Callable[[Tx], bool]
    act: Callable[[Tx], object]


@dataclass(frozen=True, slots=True)
class Work:
    """Everything the engine does, told by the composition root."""

    timers: Mapping[str, TimerDuty]
    inbox: InboxDuty
    deliveries: Mapping[str, DeliveryDuty]
    chores: Sequence[Chore]
    after_outage: Callable[[Tx, timedelta], object]


class Supervisor:
    """Runs the engine of one node until told to stop."""

    def __init__(
        self, database: Database, work: Work, carrier: Carrier, node: str, *, senders: int
    ) -> None:
        self._database = database
        self._work = work
        self._carrier = carrier
        self._node = node
        self._senders = senders
        self._stopping = threading.Event()
        self._free = threading.Semaphore(senders)
        self._outcomes: queue.SimpleQueue[tuple[Delivery, Outcome] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._pool: ThreadPoolExecutor | None = None
        self._progress: dict[str, float] = {}
        self._looked_at: datetime | None = None  # when the engine last looked for what is due
        self._missing: dict[str, float] = {}  # nodes that do not answer, and since when
        self._crowded = False  # the last claim found work for every free sender

    def start(self) -> None:
        """Announces the node, forgives our own outage, and begins."""
        sys.setswitchinterval(SWITCH_S)
        self._database.enlist(self._node)
        self.release_dead_nodes()
        self.forgive_outage()
        self._pool = ThreadPoolExecutor(self._senders, thread_name_prefix="sender")
        for name, turn in (
            ("engine", self._turn_awake),
            ("claims", self.turn_claims),
            ("chores", self._turn_chores),
        ):
            self._begin(name, partial(self._until_stopped, turn))
        self._begin("reports", self._report_outcomes)

    def stop(self) -> None:
        """Claims nothing more, lets what is being said finish, writes it down (SIGTERM)."""
        self._stopping.set()
        self._database.wake()
        for thread in self._threads:
            if thread.name != "reports":
                thread.join(DRAIN_S)
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._outcomes.put(None)
        for thread in self._threads:
            thread.join(DRAIN_S)
        self._carrier.close()
        with self._database.begin(SYSTEM) as tx:
            duties.release_owner(tx, self._node)

    def progress(self) -> Mapping[str, float]:
        """When each part last finished a turn, in monotonic seconds."""
        return dict(self._progress)

    def _begin(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _until_stopped(self, turn: Callable[[], bool]) -> None:
        """Turns again at once while there is work, else waits for a wake-up or the poll."""
        name = threading.current_thread().name
        seen = 0
        while not self._stopping.is_set():
            try:
                busy = turn()
                self._progress[name] = self._database.clock.monotonic()
                if not busy:
                    seen = self._database.wait_for_wake(seen, self._patience())
            except Exception:
                # Whatever it was (the database is away, the disk is full): nothing is lost, the
                # rows wait for us, and a thread that ended would wait for ever.
                log.exception("turn.failed", part=name)
                self._stopping.wait(RECOVERY_WAIT_S)

    def _patience(self) -> float:
        """Seconds until something is due, at most one poll."""
        with self._database.read(SYSTEM) as tx:
            due = duties.next_due(tx)
            left = POLL_S if due is None else (due - tx.now).total_seconds()
        return min(max(left, 0.02), POLL_S)

    def turn_engine(self) -> bool:
        """Digests letters and fires timers, once. False: nothing was due."""
        if self.on_hold():
            return False
        if not self._anything_to_do():
            return False
        return loop.turn(self._database, self._work.timers, self._work.inbox) > 0

    def turn_claims(self) -> bool:
        """Leases what is due while senders are free, and hands it to them. False: nothing is."""
        if self.on_hold() or not (places := self._take_places()):
            return False
        claimed: list[Claim] = []
        try:
            if self._anything_to_send():
                claimed = sender.claim(self._database, self._node, places)
                claimed = self._looked_at_together(claimed)
        finally:
            for _ in range(places - len(claimed)):
                self._free.release()
        assert self._pool is not None
        for each in claimed:
            self._pool.submit(self.carry_one, each)
        self._crowded = len(claimed) == places
        return bool(claimed)

    def _take_places(self) -> int:
        """How many senders are free. In a storm, many places at once: each claim is a commit."""
        if not self._free.acquire(timeout=POLL_S):
            return 0
        places = 1
        enough = max(self._senders // 2, 1) if self._crowded else 1
        while places < self._senders and self._free.acquire(
            timeout=CROWD_WAIT_S if places < enough else 0.0
        ):
            places += 1
        return places

    def _looked_at_together(self, claimed: list[Claim]) -> list[Claim]:
        """One look at all of them; where it fails, each sender looks for itself."""
        with suppress(Exception):  # whatever it was, that look will tell and log it
            return sender.look(self._database, self._work.deliveries, claimed)
        return claimed

    def carry_one(self, claimed: Claim) -> None:
        """Speaks for one claim; its outcome waits to be written down."""
        try:
            outcome = sender.carry(self._database, self._work.deliveries, self._carrier, claimed)
            if not isinstance(outcome, Abandoned):
                self._outcomes.put((claimed.delivery, outcome))
        except Exception:
            # The lease runs out and the delivery is due again; it is not lost (promises R08).
            log.exception("delivery.failed", delivery=claimed.delivery.id)
        finally:
            self._free.release()

    def _report_outcomes(self) -> None:
        while True:
            first = self._outcomes.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < REPORTS_PER_STEP and not self._outcomes.empty():
                further = self._outcomes.get()
                if further is None:
                    self.write_down(batch)
                    return
                batch.append(further)
            self.write_down(batch)

    def write_down(self, batch: list[tuple[Delivery, Outcome]]) -> None:
        """Outcomes in one transaction; where that fails, each in its own."""
        try:
            sender.report(self._database, self._work.deliveries, batch)
        except Exception:
            log.exception("report.failed", count=len(batch))
            if len(batch) > 1:
                for each in batch:
                    self.write_down([each])

    def _turn_chores(self) -> bool:
        due: dict[str, float] = {}
        while not self._stopping.wait(POLL_S):
            now = self._database.clock.monotonic()
            self._database.enlist(self._node)
            self.release_dead_nodes(missing_for_s=DEAD_AFTER_S)
            for chore in (*self._work.chores, _BEAT):
                if now >= due.get(chore.name, 0.0):
                    due[chore.name] = now + chore.every_s
                    self.do_chore(chore)
            self._progress["chores"] = now
        return False

    def do_chore(self, chore: Chore) -> None:
        """Does it where it is wanted."""
        with self._database.read(SYSTEM) as tx:
            wanted = chore.wanted(tx)
        if wanted:
            with self._database.begin(SYSTEM, patient=False) as tx:
                chore.act(tx)

    def release_dead_nodes(self, missing_for_s: float = 0.0) -> None:
        """Deliveries leased by a node that died are due at once, not after their lease."""
        with self._database.read(SYSTEM) as tx:
            owners = duties.lease_owners(tx) - {self._node}
        missing = self._database.dead_nodes(owners) if owners else set()
        now = self._database.clock.monotonic()
        self._missing = {owner: self._missing.get(owner, now) for owner in missing}
        dead = sorted(o for o, since in self._missing.items() if now - since >= missing_for_s)
        if dead:
            with self._database.begin(SYSTEM) as tx:
                for owner in dead:
                    duties.release_owner(tx, owner)

    def forgive_outage(self) -> None:
        """Nobody was heard while we were away: that proves nothing about them (promises P16)."""
        with self._database.begin(SYSTEM) as tx:
            last: datetime | None = hold.last_beat(tx)
            if last is not None and tx.now - last > OUTAGE_MIN:
                self._work.after_outage(tx, tx.now - last)
            hold.beat(tx)

    def _turn_awake(self) -> bool:
        """A turn of the engine as its thread takes it: several times a second, unless it slept."""
        self._forgive_suspension()
        return self.turn_engine()

    def _forgive_suspension(self) -> None:
        """A process that stood still (a suspended machine, SIGSTOP) has heard no heartbeat either:
        what is due now must not alarm before that is forgiven."""
        with self._database.read(SYSTEM) as tx:
            now = tx.now
        away = timedelta() if self._looked_at is None else now - self._looked_at
        self._looked_at = now
        if away > OUTAGE_MIN:
            with self._database.begin(SYSTEM) as tx:
                self._work.after_outage(tx, away)

    def on_hold(self) -> bool:
        """True where nothing may leave until a person has looked (after a restore)."""
        with self._database.read(SYSTEM) as tx:
            return hold.instance_hold(tx) is not None

    def _anything_to_do(self) -> bool:
        with self._database.read(SYSTEM) as tx:
            return inbox.oldest_waiting(tx) is not None or duties.any_timer_due(tx)

    def _anything_to_send(self) -> bool:
        with self._database.read(SYSTEM) as tx:
            return duties.anything_due(tx)


def lateness_s(tx: Tx) -> float:
    """How late the oldest duty is, in seconds; zero when nothing is."""
    oldest = [due for due in (duties.next_due(tx), inbox.oldest_waiting(tx)) if due is not None]
    return max(0.0, (tx.now - min(oldest)).total_seconds()) if oldest else 0.0


_BEAT = Chore("beat", BEAT_EVERY_S, wanted=lambda tx: True, act=hold.beat)
