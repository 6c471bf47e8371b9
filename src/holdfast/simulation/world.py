"""A whole company in one thread: the world picks who steps next, and what goes wrong between."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from holdfast.kernel.actor import SYSTEM, Actor
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import SteppedClock, SystemClock
from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.tx import Tx
from holdfast.simulation import queries
from holdfast.simulation.carrier import Carriers, Said
from holdfast.simulation.cluster import Cluster, EdgeTrouble, QuietTrouble, is_simulated
from holdfast.simulation.company import Company
from holdfast.simulation.edits import Edits
from holdfast.simulation.facts import Broken, Facts
from holdfast.simulation.faults import Fault, Faults, Health
from holdfast.simulation.invariants import alerts, beats, climbs, ending, rows
from holdfast.simulation.machines import Machines
from holdfast.simulation.node import Node
from holdfast.simulation.people import People
from holdfast.simulation.product import carrier_of, directory_of, note_addresses, work_of
from holdfast.simulation.queries import Look
from holdfast.simulation.shaky import ShakyDatabase, Trouble
from holdfast.simulation.stage import between
from holdfast.simulation.steps import POLL, Step, Steps
from holdfast.simulation.witness import Witness
from holdfast.storage.database import open_backend
from holdfast.storage.inbox import Envelope

# Two of them lie just before a change of the clocks.
STARTS = (
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
    datetime(2026, 6, 1, tzinfo=UTC),
)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TROUBLES_A_DAY = (4, 8, 14)
OUTAGES = (MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR, 48 * HOUR)
HEALS_WITHIN = timedelta(days=6)
STEP_MICROSECONDS_MAX = 3000
EDGE_TAKES = timedelta(microseconds=200)
STEPS_PER_GLANCE = 25  # the facts among themselves: cheap
STEPS_PER_AUDIT = 150  # the facts against the rows
STEPS_MAX = 2_000_000
ATTEMPTS_MAX = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run was, in figures."""

    seed: int
    days: float
    alerts: int
    messages: int
    crashes: int
    timers: int
    events: int
    trace: str
    took_s: float

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.days:g} days, {self.alerts} alerts, {self.messages} messages,"
            f" {self.crashes} crashes, {self.timers} timers, {self.events} events,"
            f" trace {self.trace}, {self.took_s:.2f} s"
        )


class World:
    """One seed, one company, one run."""

    def __init__(self, seed: int, days: float, url: str = "sqlite://") -> None:
        self._seed, self._days = seed, days
        self.chance = Chance(seed)
        self._ids = Chance(seed + 1)
        self.clock = SteppedClock(self.chance.pick(STARTS))
        self.faults = Faults(self.chance)
        self.health = Health()
        self.witness = Witness(self._reload)
        self._backend = open_backend(url)
        self._agenda: list[tuple[datetime, int, bool, Callable[[], None]]] = []
        self._order = self._taken = self._timers = self._depth = 0
        self._seen: Look | None = None
        self.steps = Steps(self)
        self.cluster = Cluster(self)
        self.quiet = self.open_database(QuietTrouble(self, self.cluster))
        self._edge = self.open_database(EdgeTrouble(self, self.cluster))
        self.company = Company(self.chance, self.clock.now())
        self.carriers = Carriers(self.chance, self.steps.hears, self._reaches)
        self.facts = self._found()
        self.people = People(self)

    def run(self) -> Summary:
        """Lives through the days, heals, and comes to rest. Raises Broken."""
        began = SystemClock().monotonic()
        self._begin()
        self._until(self.clock.now() + timedelta(days=self._days))
        self._heal()
        ending.check(self.facts, self.quiet, self.clock.now())
        return Summary(
            self._seed, self._days, len(self.facts.alerts), self.carriers.count,
            self.cluster.killed, self._timers, self.facts.events, self.witness.trace_hash(),
            SystemClock().monotonic() - began,
        )  # fmt: skip

    def close(self) -> None:
        self._backend.close()

    def now(self) -> datetime:
        return self.clock.now()

    def later(self, delay: timedelta, what: Callable[[], None]) -> None:
        """It happens then, unless the world has begun to heal."""
        self._put(delay, what, always=False)

    def always(self, delay: timedelta, what: Callable[[], None]) -> None:
        """It happens then, whatever else does."""
        self._put(delay, what, always=True)

    def touched(self) -> None:
        """Something was committed: what is due may have changed."""
        self._seen = None

    def look(self) -> Look:
        """What is due when, by the rows."""
        if self._seen is None:
            with self.quiet.read(SYSTEM) as tx:
                self._seen = queries.look(tx)
        return self._seen

    def wakes_in(self) -> timedelta | None:
        return self.cluster.wakes_in()

    def act(self, actor: Actor, what: Callable[[Tx], object]) -> bool:
        """In a transaction of the edge, tried again as a client would; True once committed."""
        if not self.cluster.awake():
            return False
        before = self._edge.written
        for _ in range(ATTEMPTS_MAX):
            # No two transactions of one database begin in the same microsecond.
            self.clock.jump_to(self.clock.now() + EDGE_TAKES)
            try:
                with self._edge.begin(actor) as tx:
                    what(tx)
                break
            except HoldfastError:
                break  # refused, with its reason
            except Exception as error:
                if not is_simulated(error):
                    raise
        return self._edge.written > before

    def take_in(self, envelope: Envelope) -> bool:
        """The edge takes a letter in; True once its sender has heard so."""
        if not self.cluster.awake():
            return False
        try:
            self._edge.append_inbox([envelope])
        except Exception as error:
            if not is_simulated(error):
                raise
            return False
        self.facts.accepted.add(envelope.id)
        return True

    def open_database(self, trouble: Trouble) -> ShakyDatabase:
        return ShakyDatabase(
            self._backend, clock=self.clock, chance=self._ids, witness=self.witness,
            trouble=trouble,
        )  # fmt: skip

    def make_node(self, database: ShakyDatabase, name: str) -> Node:
        return Node(database, work_of(self.facts, self._fired), carrier_of(self.carriers), name)

    def stall(self, node: Node, length: timedelta) -> None:
        """The node sleeps here and now, in the middle of its step; all others go on."""
        if self._depth:
            return
        assert node.carrying is not None
        page = self.facts.pages.get(node.carrying.delivery.key)
        if page is not None and self.chance.below(4):
            name, answered = page.user, page.id
            soon = timedelta(milliseconds=5)
            self.later(soon, lambda: self.people.answer_now(name, answered))
        self.cluster.sleep(node, length)
        self._depth += 1
        self._until(self.clock.now() + length)
        self._depth -= 1

    def _found(self) -> Facts:
        self.quiet.migrate()
        with self.quiet.begin(SYSTEM) as tx:
            self.company.found(tx)
        with self.quiet.read(SYSTEM) as tx:
            facts = Facts(directory_of(tx), self.health)
        note_addresses(facts, self.clock.now())
        facts.events = self.witness.seen
        self.witness.facts = facts
        self.witness.heartbeats = {
            beat.connection: beat.every + beat.grace for beat in self.company.heartbeats
        }
        return facts

    def _begin(self) -> None:
        self.cluster.start_all()
        Machines(self, timedelta(days=1) / self.chance.pick(TROUBLES_A_DAY)).start()
        self.people.start()
        Edits(self, self.chance.pick((HOUR, 3 * HOUR, 12 * HOUR))).start()
        for _ in range(self.chance.below(3)):
            self.later(timedelta(days=self._days * self.chance.fraction()), self._outage)

    def _outage(self) -> None:
        """Sometimes the instance comes back on hold, as after a restore."""
        if self.faults.scales[Fault.KILL]:
            fitting = [each for each in OUTAGES if each <= timedelta(days=self._days) / 2]
            held = between(self.chance, 5 * MINUTE, HOUR) if self.chance.below(2) else None
            self.cluster.outage(self.chance.pick(fitting or OUTAGES[:1]), held)

    def _heal(self) -> None:
        """Faults stop, machines and people fall silent; every duty must come to its end."""
        self.faults.healed = True
        self.carriers.modes.clear()
        self._agenda = [entry for entry in self._agenda if entry[2]]
        heapq.heapify(self._agenda)
        limit = self.clock.now() + HEALS_WITHIN
        while (following := self._next()) is not None:
            if following >= limit:
                raise Broken("L1", f"still busy {HEALS_WITHIN} after the last fault")
            self._until(max(following, self.clock.now()) + MINUTE)
        self._glance()

    def _until(self, end: datetime) -> None:
        while self.clock.now() < end:
            while self._agenda and self._agenda[0][0] <= self.clock.now():
                heapq.heappop(self._agenda)[3]()
                self._raise_broken()
            if not self._step():
                following = self._next()
                self.clock.jump_to(
                    end if following is None else min(max(following, self.clock.now()), end)
                )

    def _step(self) -> bool:
        """One step of one node; False where nobody has anything to do."""
        ready = self.steps.ready()
        if not ready:
            return False
        self._taken += 1
        assert self._taken < STEPS_MAX, "the world never comes to rest"
        step = self.chance.pick(ready)
        if step.part in ("turn", "claim") and self._misses_the_wake(step):
            return True
        self.steps.run(step)
        self._raise_broken()
        moved = timedelta(microseconds=100 + self.chance.below(STEP_MICROSECONDS_MAX))
        self.clock.jump_to(self.clock.now() + moved)
        if self.faults.strikes(Fault.PAUSE):
            self.cluster.sleep_somebody()
        self._plant_poison()
        if self._taken % STEPS_PER_GLANCE == 0:
            self._glance()
        if self._taken % STEPS_PER_AUDIT == 0:
            with self.quiet.read(SYSTEM) as tx:
                rows.check_rows(self.facts, tx)
        return True

    def _misses_the_wake(self, step: Step) -> bool:
        """True where that part of the node hears nothing, and looks at its next poll."""
        if step.part in step.node.deaf:
            step.node.deaf.remove(step.part)
            return False
        if not self.faults.strikes(Fault.DEAFEN):
            return False
        step.node.deaf.add(step.part)
        step.node.rests_until[step.part] = self.clock.now() + POLL
        return True

    def _next(self) -> datetime | None:
        """The next instant at which anybody may have something to do."""
        now, look = self.clock.now(), self.look()
        known = [self._agenda[0][0]] if self._agenda else []
        awake = self.cluster.awake()
        if awake and look.next is not None and (look.next > now or not self.cluster.held):
            known.append(look.next)
        for node in awake:
            known += [each.at for each in node.unreported]
            known += [at for at in node.rests_until.values() if at > now]
        ahead = [at for at in known if at > now]
        overdue = len(ahead) < len(known)
        return min(ahead, default=now + POLL if overdue else None)

    def _glance(self) -> None:
        now = self.clock.now()
        rows.check_lateness(self.facts, self.look(), now)
        climbs.check_late(self.facts, now)
        alerts.check_holds(self.facts, now)
        alerts.check_first_attempts(self.facts, now)
        beats.check_silence(self.facts, self.witness.heartbeats, now)

    def _plant_poison(self) -> None:
        for name in self.witness.triggered:
            if self.faults.strikes(Fault.POISON):
                self.facts.poisoned.add(name)
                self.facts.climbs[name].poisoned = True
        self.witness.triggered.clear()

    def _raise_broken(self) -> None:
        if self.witness.broken is not None:
            raise self.witness.broken

    def _put(self, delay: timedelta, what: Callable[[], None], *, always: bool) -> None:
        if always or not self.faults.healed:
            self._order += 1
            entry = (self.clock.now() + delay, self._order, always, what)
            heapq.heappush(self._agenda, entry)

    def _reaches(self, said: Said) -> None:
        claim = self.steps.claim_spoken()
        page = self.facts.pages.get(claim.delivery.key)
        if page is not None:
            name, reached = page.user, page.id
            latency = timedelta(milliseconds=300)
            self.later(latency, lambda: self.people.notice(name, reached))

    def _reload(self, tx: Tx) -> None:
        self.facts.directory = directory_of(tx)
        note_addresses(self.facts, tx.now)

    def _fired(self) -> None:
        self._timers += 1
