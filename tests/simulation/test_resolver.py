"""The simulator's plain resolver and the product's say the same for the shapes that worlds make."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from holdfast.kernel.chance import Chance
from holdfast.schedules import overlay
from holdfast.simulation import resolver
from holdfast.simulation.company import Company
from holdfast.simulation.world import STARTS

MOMENTS = 60


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("seed", range(4))
def test_two_ways_of_counting_name_the_same_person(seed: int, start: datetime) -> None:
    chance = Chance(seed)
    schedule = Company(chance, start).schedule("payments-a")
    for _ in range(MOMENTS):
        at = start + timedelta(seconds=chance.below(9 * 24 * 3600))
        assert resolver.on_call(schedule, at) == overlay.resolve(schedule, at).user
