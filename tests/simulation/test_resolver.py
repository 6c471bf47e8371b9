"""The simulator's plain resolver and the product's say the same for the shapes that worlds make."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.kernel.chance import Chance
from holdfast.schedules import overlay
from holdfast.simulation import resolver
from holdfast.simulation.company import Company
from holdfast.simulation.world import STARTS

MOMENTS = 60


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("seed", range(4))
def test_two_ways_of_counting_name_the_same_person(seed: int, start: object) -> None:
    chance = Chance(seed)
    begin = STARTS[STARTS.index(start)]  # type: ignore[arg-type]  # it comes from STARTS
    schedule = Company(chance, begin).schedule("payments-a")
    for _ in range(MOMENTS):
        at = begin + timedelta(seconds=chance.below(9 * 24 * 3600))
        assert resolver.on_call(schedule, at) == overlay.resolve(schedule, at).user
