"""One node of the product, step by step and without threads: each step is the supervisor's own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from holdfast.engine.sender import Carrier, Claim
from holdfast.engine.supervisor import DEAD_AFTER_S, Chore, Supervisor, Work
from holdfast.sdk import Outcome
from holdfast.simulation.shaky import ShakyDatabase
from holdfast.storage import hold
from holdfast.storage.duties import Delivery

P = ParamSpec("P")
T = TypeVar("T")
SENDERS = 8


@dataclass(slots=True)
class Unreported:
    """An outcome that only this process knows, until `at` and the report after it."""

    delivery: Delivery
    outcome: Outcome
    at: datetime


class Shelf(ThreadPoolExecutor):
    """Where claimed deliveries wait for the world to say whose turn it is."""

    def __init__(self) -> None:
        super().__init__(1)
        self.claims: list[Claim] = []

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self.claims += [each for each in args if isinstance(each, Claim)]
        return Future()


class Node(Supervisor):
    """A process that can be killed and put to sleep."""

    def __init__(self, database: ShakyDatabase, work: Work, carrier: Carrier, name: str) -> None:
        super().__init__(database, work, carrier, name, senders=SENDERS)
        self._shaky = database
        self.name = name
        self.shelf = Shelf()
        self._pool = self.shelf
        self.unreported: list[Unreported] = []
        self.carrying: Claim | None = None
        self.dead = False
        self.asleep_until: datetime | None = None
        self.rests_until: dict[str, datetime] = {}
        self.deaf: set[str] = set()

    def awake(self, now: datetime) -> bool:
        return not self.dead and (self.asleep_until is None or self.asleep_until <= now)

    def rested(self, part: str, now: datetime) -> bool:
        """Whether that part of it looks for work at this instant."""
        return self.rests_until.get(part, now) <= now

    def begin(self) -> None:
        """As Supervisor.start, without its threads."""
        self.release_dead_nodes()
        self.forgive_outage()

    def turn(self) -> None:
        self.turn_engine()

    def claim(self) -> list[Claim]:
        """Leases what is due while a sender is free; returns what is new on the shelf."""
        before = len(self.shelf.claims)
        if before < SENDERS:
            self.turn_claims()
        return self.shelf.claims[before:]

    def carry(self, claim: Claim, latency: Callable[[], timedelta]) -> None:
        """Speaks for one claim. The outcome comes back after as long as the carrier took."""
        self.carrying = claim
        self.shelf.claims.remove(claim)
        try:
            if claim.looked is not None:
                self._shaky.goes_on_from_a_look()
            self.carry_one(claim)
        finally:
            self.carrying = None
        while not self._outcomes.empty():
            told = self._outcomes.get()
            if told is not None:
                at = self._database.clock.now() + latency()
                self.unreported.append(Unreported(*told, at))

    def report(self, batch: list[Unreported]) -> None:
        self.unreported = [each for each in self.unreported if each not in batch]
        self.write_down([(each.delivery, each.outcome) for each in batch])

    def release_the_dead(self) -> None:
        self.release_dead_nodes(missing_for_s=DEAD_AFTER_S)

    def seal(self) -> None:
        for chore in self._work.chores:
            self.do_chore(chore)

    def beat(self) -> None:
        self.do_chore(Chore("beat", 0.0, wanted=lambda tx: True, act=hold.beat))
