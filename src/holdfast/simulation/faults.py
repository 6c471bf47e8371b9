"""What may go wrong, how often in this seed, and what all of it may cost in lateness."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.chance import Chance

SCALES = (0, 1, 4, 15)  # swarm: each seed has its own mixture (promises c.3)
HEALTHY_LATE_MAX = timedelta(seconds=1)
# One lease and two seconds for the death or the sleep of any one process (promises P6).
FAULT_COSTS = timedelta(seconds=12)
# A fault may be over and its lease still run.
FAULT_LINGERS = timedelta(seconds=60)


class Fault(StrEnum):
    KILL = "kill"  # a node dies between two transactions, or inside one
    PAUSE = "pause"  # a node sleeps; its leases lapse meanwhile
    STALL = "stall"  # it sleeps exactly between its last look and the words (promises c.3)
    REFUSE = "refuse"  # a transaction fails before its commit
    LIE = "lie"  # a transaction commits, and whoever asked hears that it failed
    DEAFEN = "deafen"  # a wake-up is lost: the node looks at its next poll
    CARRIER = "carrier"  # a carrier is slow, down, lying, doubling or refusing for a while
    POISON = "poison"  # our own code fails on one row


# For one chance to strike; a seed multiplies each by one of SCALES.
ODDS = {
    Fault.KILL: 0.0015,
    Fault.PAUSE: 0.002,
    Fault.STALL: 0.01,
    Fault.REFUSE: 0.002,
    Fault.LIE: 0.002,
    Fault.DEAFEN: 0.02,
    Fault.CARRIER: 0.04,
    Fault.POISON: 0.01,
}


class Faults:
    """Rolls the dice until the world heals."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self.scales = {fault: chance.pick(SCALES) for fault in Fault}
        self.healed = False

    def strikes(self, fault: Fault) -> bool:
        """Whether it happens, now and here."""
        if self.healed or not self.scales[fault]:
            return False
        return self._chance.fraction() < ODDS[fault] * self.scales[fault]


class Health:
    """Since when nobody could work, and when something failed: the excuses for being late."""

    def __init__(self) -> None:
        self._unable: list[tuple[datetime, datetime]] = []
        self._since: datetime | None = None
        self._faults: list[datetime] = []

    def failed(self, at: datetime) -> None:
        """Something went wrong at that instant."""
        self._faults.append(at)

    def able(self, *, able: bool, at: datetime) -> None:
        """Whether any node can work from this instant on."""
        if not able and self._since is None:
            self._since = at
        elif able and self._since is not None:
            if at > self._since:
                self._unable.append((self._since, at))
            self._since = None

    def late(self, due: datetime, now: datetime) -> timedelta:
        """How late it is beyond what outages and faults excuse; more than zero is a breach."""
        spent = now - due
        for start, end in reversed(self._unable):
            if end <= due:
                break
            spent -= end - max(start, due)
        if self._since is not None:
            spent -= now - max(self._since, due)
        faults = len(self._faults) - bisect_left(self._faults, due - FAULT_LINGERS)
        return spent - HEALTHY_LATE_MAX - FAULT_COSTS * faults
