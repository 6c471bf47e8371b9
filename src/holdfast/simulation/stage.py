"""What the parts of the world need of the whole: time, chance, and a way to act in the product."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import log
from typing import Protocol

from holdfast.kernel.actor import Actor
from holdfast.kernel.chance import Chance
from holdfast.kernel.tx import Tx
from holdfast.simulation.carrier import Carriers
from holdfast.simulation.company import Company
from holdfast.simulation.facts import Facts
from holdfast.simulation.faults import Faults
from holdfast.storage.inbox import Envelope


class Stage(Protocol):
    """The world, as its people, machines and admins see it."""

    chance: Chance
    company: Company
    facts: Facts
    faults: Faults
    carriers: Carriers

    def now(self) -> datetime: ...

    def later(self, delay: timedelta, what: Callable[[], None]) -> None:
        """It happens then, unless the world has begun to heal."""

    def wakes_in(self) -> timedelta | None:
        """How long until a sleeping node goes on, where all that live sleep; else None."""

    def act(self, actor: Actor, what: Callable[[Tx], object]) -> bool:
        """Does it in a transaction; True once it is committed, False where nobody serves."""

    def take_in(self, envelope: Envelope) -> bool:
        """A letter comes in; True once the sender has heard so."""


def about(chance: Chance, mean: timedelta) -> timedelta:
    """A wait without memory, of that mean length."""
    return mean * -log(1.0 - chance.fraction())


def between(chance: Chance, least: timedelta, most: timedelta) -> timedelta:
    return least + (most - least) * chance.fraction()
