"""What excuses being late, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from holdfast.kernel.chance import Chance
from holdfast.simulation.faults import FAULT_COSTS, HEALTHY_LATE_MAX, Fault, Faults, Health

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_healthy_product_is_late_after_one_second() -> None:
    health = Health()
    assert health.late(NOON, NOON + HEALTHY_LATE_MAX) == timedelta()
    assert health.late(NOON, NOON + 3 * SECOND) == 2 * SECOND


def test_time_in_which_nobody_could_work_does_not_count() -> None:
    health = Health()
    health.able(able=False, at=NOON - 10 * SECOND)
    health.able(able=True, at=NOON + 20 * SECOND)
    assert health.late(NOON, NOON + 21 * SECOND) == timedelta()
    assert health.late(NOON, NOON + 25 * SECOND) == 4 * SECOND


def test_an_outage_that_still_goes_on_does_not_count_either() -> None:
    health = Health()
    health.able(able=False, at=NOON)
    assert health.late(NOON - SECOND, NOON + timedelta(hours=1)) == timedelta()


def test_each_fault_near_by_excuses_one_lease_and_two_seconds() -> None:
    health = Health()
    health.failed(NOON - timedelta(hours=1))  # long over
    health.failed(NOON + SECOND)
    assert health.late(NOON, NOON + HEALTHY_LATE_MAX + FAULT_COSTS) == timedelta()


def test_nothing_strikes_once_the_world_has_healed() -> None:
    faults = Faults(Chance(1))
    faults.scales = dict.fromkeys(Fault, 10_000)
    assert faults.strikes(Fault.KILL)
    faults.healed = True
    assert not faults.strikes(Fault.KILL)
