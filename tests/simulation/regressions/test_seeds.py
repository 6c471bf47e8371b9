"""Seeds that once found a bug, with what they found; the bug itself stands among the mutants."""

from __future__ import annotations

import pytest

from holdfast.simulation.world import World

# seed, days: the first worlds in which it showed, as the world was made up then.
FOUND = {
    "a page left seconds after its answer: the node had slept after its last look": (2, 0.5),
    "a heartbeat was missed because its one beat came during our own outage": (4, 0.5),
    "an acknowledgement taken back left a snoozed alert held, and climbing": (8, 0.5),
    "an alert that grew worse within one batch lost a signal from its count": (2, 1.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", FOUND)
def test_a_world_that_once_found_a_bug_holds_now(what: str) -> None:
    seed, days = FOUND[what]
    world = World(seed, days)
    try:
        assert world.run().events > 0
    finally:
        world.close()
