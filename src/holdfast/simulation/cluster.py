"""The nodes of the product: who lives, who sleeps, who died, and outages of all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.chance import Chance
from holdfast.simulation.facts import Facts
from holdfast.simulation.faults import Fault, Faults, Health
from holdfast.simulation.node import Node
from holdfast.simulation.shaky import Killed, ShakyDatabase, Trouble, refused
from holdfast.storage import duties, hold

SECOND = timedelta(seconds=1)
NODES = (1, 2, 3, 4)
SLEEPS_S = (0.2, 3, 15, 40)
STALLS_S = (0.3, 0.8, 1.5, 2.5, 3.5, 8, 40)
RESTARTS_S = (0.5, 2, 8, 20, 60)
PULSE_AGE_S_MAX = 5.0
RELEASE_EVERY = timedelta(seconds=0.6)


class Surroundings(Protocol):
    """What the cluster needs of the world."""

    chance: Chance
    faults: Faults
    health: Health
    facts: Facts

    def now(self) -> datetime: ...

    def always(self, delay: timedelta, what: Callable[[], None]) -> None: ...

    def touched(self) -> None: ...

    def stall(self, node: Node, length: timedelta) -> None: ...

    def open_database(self, trouble: Trouble) -> ShakyDatabase: ...

    def make_node(self, database: ShakyDatabase, name: str) -> Node: ...


class Cluster:
    """Starts, kills and restarts nodes, and keeps the world's account of who was able to work."""

    def __init__(self, world: Surroundings) -> None:
        self._world = world
        self.nodes: list[Node] = []
        self.dead_names: set[str] = set()
        self.orphans: set[str] = set()  # dead nodes that may still hold leases
        self.killed = 0
        self.held = False
        self._down = False  # the whole product, until the outage ends
        self._last_alive: datetime = world.now()
        self._numbers = 0

    def start_all(self) -> None:
        for _ in range(self._world.chance.pick(NODES)):
            self.start()

    def awake(self) -> list[Node]:
        now = self._world.now()
        return [node for node in self.nodes if node.awake(now)]

    def wakes_in(self) -> timedelta | None:
        """How long until a sleeping node goes on, where all that live sleep; else None."""
        sleeping = [node.asleep_until for node in self.nodes if node.asleep_until is not None]
        if self.awake() or not sleeping:
            return None
        return min(sleeping) - self._world.now()

    def start(self) -> None:
        """A process comes up, releases the dead and forgives an outage, as Supervisor.start."""
        if self._down:
            return
        down_since = None if self.nodes or not self._numbers else self._last_alive
        self._backdate_pulse()
        self._numbers += 1
        trouble = NodeTrouble(self._world, self)
        database = self._world.open_database(trouble)
        node = self._world.make_node(database, f"node-{self._numbers}")
        self.nodes.append(node)
        try:
            node.begin()
        except Exception as error:
            if not is_simulated(error):
                raise
            self.kill(node)
            self._last_alive = down_since or self._last_alive  # it never came to its first beat
            return
        trouble.node = node
        if down_since is not None:
            self._world.facts.outages.append((down_since, self._world.now()))
        self.account()

    def kill(self, node: Node) -> None:
        """What it had in memory is gone: leases without outcomes, outcomes without a report."""
        if node.dead:
            return
        world = self._world
        self.killed += 1
        self._note_alive()
        node.dead = True
        self.nodes.remove(node)
        self.dead_names.add(node.name)
        self.orphans.add(node.name)
        world.health.failed(world.now())
        self.account()
        if not self._down:
            after = world.chance.pick(RESTARTS_S) * SECOND
            world.always(after, self.start)

    def sleep(self, node: Node, length: timedelta) -> None:
        """SIGSTOP: nothing of it moves, and its leases run out."""
        self._note_alive()
        node.asleep_until = self._world.now() + length
        self._world.health.failed(self._world.now())
        self.account()
        self._world.always(length, self.account)

    def sleep_somebody(self) -> None:
        if nodes := self.awake():
            length = self._world.chance.pick(SLEEPS_S) * SECOND
            self.sleep(self._world.chance.pick(nodes), length)

    def outage(self, length: timedelta, held_for: timedelta | None) -> None:
        """All of it is gone for that long; held_for: an operator lets it send only after that."""
        if self._down:
            return
        count = max(1, len(self.nodes))
        self._down = True
        for node in list(self.nodes):
            self.kill(node)
        self._world.always(length, lambda: self._come_back(count, held_for))

    def account(self) -> None:
        """Tells the world's health whether anybody can work from now on."""
        able = bool(self.awake()) and not self.held
        self._world.health.able(able=able, at=self._world.now())

    def release_the_dead(self, node: Node) -> None:
        """One look of one node after the leases of dead ones."""
        now = self._world.now()
        node.rests_until["release"] = now + RELEASE_EVERY
        node.release_the_dead()
        with self._quiet().read(SYSTEM) as tx:
            self.orphans &= duties.lease_owners(tx)

    def _note_alive(self) -> None:
        if self.awake():
            self._last_alive = self._world.now()

    def _come_back(self, count: int, held_for: timedelta | None) -> None:
        self._down = False
        self._world.health.failed(self._world.now())
        if held_for is not None:
            self._hold(held_for)
        for _ in range(count):
            self.start()

    def _hold(self, length: timedelta) -> None:
        """As `restore` does: the instance takes alerts in and sends nothing."""
        with self._quiet().begin(SYSTEM) as tx:
            hold.hold_instance(tx, "restored from a backup")
        self.held = True
        self._world.always(length, self._release)

    def _release(self) -> None:
        with self._quiet().begin(SYSTEM) as tx:
            hold.release_instance(tx)
        self.held = False
        for node in self.nodes:
            node.rests_until.clear()
        self._world.health.failed(self._world.now())
        self.account()

    def _backdate_pulse(self) -> None:
        """Nodes beat every five seconds while they live; the last beat is written down now."""
        age = self._world.chance.fraction() * PULSE_AGE_S_MAX * SECOND
        alive = self._world.now() if self.awake() else self._last_alive
        with self._quiet().begin(SYSTEM) as tx:
            now, tx.now = tx.now, alive - age
            hold.beat(tx)
            tx.now = now

    def _quiet(self) -> ShakyDatabase:
        """A database that nothing happens to."""
        return self._world.open_database(QuietTrouble(self._world, self))


class QuietTrouble:
    """None at all."""

    def __init__(self, world: Surroundings, cluster: Cluster) -> None:
        self._world = world
        self._cluster = cluster

    def before_commit(self) -> None:
        return

    def after_commit(self) -> None:
        self._world.touched()

    def after_look(self) -> None:
        return

    def dead(self) -> set[str]:
        return self._cluster.dead_names


class EdgeTrouble(QuietTrouble):
    """What may happen to people's and machines' requests; now and then a node dies right after."""

    def before_commit(self) -> None:
        if self._world.faults.strikes(Fault.REFUSE):
            raise refused("rolled back")

    def after_commit(self) -> None:
        self._world.touched()
        if self._world.faults.strikes(Fault.KILL) and self._cluster.nodes:
            self._cluster.kill(self._world.chance.pick(self._cluster.nodes))
        if self._world.faults.strikes(Fault.LIE):
            raise refused("committed, but nobody heard so")


class NodeTrouble(QuietTrouble):
    """What may happen to one node around each of its transactions."""

    def __init__(self, world: Surroundings, cluster: Cluster) -> None:
        super().__init__(world, cluster)
        self.node: Node | None = None  # until it has begun

    def before_commit(self) -> None:
        self._maybe_die()
        if self._world.faults.strikes(Fault.REFUSE):
            self._world.health.failed(self._world.now())
            raise refused("rolled back")

    def after_commit(self) -> None:
        self._world.touched()
        self._maybe_die()
        if self._world.faults.strikes(Fault.LIE):
            self._world.health.failed(self._world.now())
            raise refused("committed, but nobody heard so")

    def after_look(self) -> None:
        node = self.node
        if node is None or node.carrying is None or not self._world.faults.strikes(Fault.STALL):
            return
        self._world.stall(node, self._world.chance.pick(STALLS_S) * SECOND)
        if node.dead:
            raise Killed

    def _maybe_die(self) -> None:
        if self.node is not None and self._world.faults.strikes(Fault.KILL):
            self._cluster.kill(self.node)
            raise Killed


def is_simulated(error: BaseException) -> bool:
    """Whether the world itself made this error."""
    return "simulated" in str(getattr(error, "orig", ""))
