"""One step of one node: which ones could come next, and what is looked at around each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from holdfast.engine.sender import Claim
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.chance import Chance
from holdfast.simulation import queries
from holdfast.simulation.carrier import Carriers, Said
from holdfast.simulation.cluster import Cluster, is_simulated
from holdfast.simulation.facts import Broken, Facts
from holdfast.simulation.invariants import alerts, sends
from holdfast.simulation.node import SENDERS, Node
from holdfast.simulation.queries import Look
from holdfast.simulation.shaky import Killed, ShakyDatabase
from holdfast.simulation.witness import Witness

RECOVERY = timedelta(milliseconds=500)
POLL = timedelta(milliseconds=250)
HELD_POLL = timedelta(minutes=5)  # as the real poll, but the simulator would do little else
STEPS_PER_SEAL = 60


class Surroundings(Protocol):
    """What a step needs of the world."""

    chance: Chance
    facts: Facts
    witness: Witness
    cluster: Cluster
    carriers: Carriers
    quiet: ShakyDatabase

    def now(self) -> datetime: ...

    def look(self) -> Look: ...


@dataclass(frozen=True, slots=True)
class Step:
    """`part` is the thread of the supervisor whose work it is."""

    node: Node
    part: str
    do: Callable[[], None]


class Steps:
    """All that the engine does, cut where another node may come between."""

    def __init__(self, world: Surroundings) -> None:
        self._world = world
        self._speaking: Node | None = None

    def ready(self) -> list[Step]:
        """What could come next; empty where everybody waits."""
        now, look = self._world.now(), self._world.look()
        to_turn = _due(now, look.timer, look.letter)
        to_send = _due(now, look.delivery)
        found = [
            step
            for node in self._world.cluster.awake()
            for step in self._ready(node, now, to_turn=to_turn, to_send=to_send)
        ]
        if found and self._world.chance.below(STEPS_PER_SEAL) == 0:
            return [Step(found[0].node, "seal", found[0].node.seal)]
        return found

    def run(self, step: Step) -> None:
        """Does it. What the supervisor would log and survive, is survived here too."""
        try:
            step.do()
        except Killed:
            return
        except Broken:
            raise
        except Exception as error:
            if not is_simulated(error):
                raise Broken("X0", f"{step.part} failed: {error!r}") from error
            step.node.rests_until[step.part] = self._world.now() + RECOVERY

    def hears(self, said: Said) -> None:
        """A message leaves this very moment."""
        claim, now = self.claim_spoken(), self._world.now()
        self._world.witness.trace(now, said.kind, said.address, said.text)
        try:
            self._check(claim, said, now)
        except Broken as broken:
            self._world.witness.broken = self._world.witness.broken or broken

    def claim_spoken(self) -> Claim:
        """What the node that speaks this very moment has claimed."""
        assert self._speaking is not None, "only a node speaks"
        assert self._speaking.carrying is not None, "only about what it claimed"
        return self._speaking.carrying

    def _ready(self, node: Node, now: datetime, *, to_turn: bool, to_send: bool) -> list[Step]:
        found = []
        if to_turn and node.rested("turn", now):
            found.append(Step(node, "turn", partial(self._turn, node)))
        if to_send and len(node.shelf.claims) < SENDERS and node.rested("claim", now):
            found.append(Step(node, "claim", partial(self._claim, node)))
        if node.shelf.claims:
            found.append(Step(node, "carry", partial(self._carry, node)))
        if any(each.at <= now for each in node.unreported):
            found.append(Step(node, "report", partial(self._report, node)))
        if self._world.cluster.orphans and node.rested("release", now):
            found.append(Step(node, "release", partial(self._world.cluster.release_the_dead, node)))
        return found

    def _turn(self, node: Node) -> None:
        facts, before = self._world.facts, self._world.facts.events
        node.turn()
        if self._world.cluster.held:
            node.rests_until["turn"] = self._world.now() + HELD_POLL
            if facts.events != before:
                raise Broken("I17", "an instance on hold climbs")

    def _claim(self, node: Node) -> None:
        now, held = self._world.now(), self._world.cluster.held
        claims = node.claim()
        if held and claims:
            raise Broken("I17", "an instance on hold takes up deliveries")
        if not claims:
            node.rests_until["claim"] = now + (HELD_POLL if held else POLL)
        for each in claims:
            dead = self._world.cluster.dead_names
            sends.check_claim(self._world.facts, node.name, each.delivery, now, dead)

    def _carry(self, node: Node) -> None:
        claim = self._world.chance.pick(node.shelf.claims)
        before, self._speaking = self._speaking, node
        try:
            node.carry(claim, lambda: self._world.carriers.latency)
        finally:
            self._speaking = before

    def _report(self, node: Node) -> None:
        now = self._world.now()
        node.report([each for each in node.unreported if each.at <= now])

    def _check(self, claim: Claim, said: Said, now: datetime) -> None:
        facts = self._world.facts
        if self._world.cluster.held:
            raise Broken("I17", f"an instance on hold speaks to {said.address}")
        sends.check_send(facts, claim, now)
        page = facts.pages.get(claim.delivery.key)
        if page is None:
            return
        alert = facts.alerts[page.about]
        if not alert.code:
            with self._world.quiet.read(SYSTEM) as tx:
                alert.code = queries.code_of(tx, alert.id)
        sends.check_words(facts, claim, said.text, said.address, now)
        if alert.attempted_at is None:
            alert.attempted_at = now
            if not facts.climbs[alert.id].poisoned:
                alerts.check_in_time(facts, alert, now)


def _due(now: datetime, *instants: datetime | None) -> bool:
    return any(at is not None and at <= now for at in instants)
