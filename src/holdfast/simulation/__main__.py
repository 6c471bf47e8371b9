"""`./dev simulate SEED...`: runs each seed, prints a line for it, and how to repeat a failure."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Sequence

import structlog

from holdfast.simulation.facts import Broken
from holdfast.simulation.world import World

DAYS = 1.0
IN_MEMORY = "sqlite://"
OBJECTS_PER_COLLECTION = 200_000


def main(words: Sequence[str]) -> int:
    """0 where every invariant held in every seed; stops at the first that did not."""
    asked = _parser().parse_args(words)
    seeds = [*asked.seed, *_range(asked.seeds)] or [1]
    gc.set_threshold(OBJECTS_PER_COLLECTION)  # a world lives for seconds and leaves little
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return 0 if all(run(seed, asked.days, asked.database) for seed in seeds) else 1


def run(seed: int, days: float, url: str) -> bool:
    """Runs one seed and says so. False where an invariant broke."""
    world = World(seed, days, url)
    try:
        print(world.run(), flush=True)
    except Broken as broken:
        print(f"seed {seed}: broken at {world.now().isoformat()}\n  {broken}")
        print(f"  again: ./dev simulate {seed}{_options(days, url)}", flush=True)
        return False
    except Exception:
        print(f"seed {seed}: failed at {world.now().isoformat()}", flush=True)
        raise
    finally:
        world.close()
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev simulate", description=__doc__)
    parser.add_argument("seed", type=int, nargs="*", help="each is a world of its own")
    parser.add_argument("--seeds", help="a range of seeds, such as 1-200")
    parser.add_argument("--days", type=float, default=DAYS, help="of simulated time (%(default)g)")
    parser.add_argument("--database", default=IN_MEMORY, metavar="URL", help="an empty one")
    return parser


def _range(text: str | None) -> range:
    if text is None:
        return range(0)
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _options(days: float, url: str) -> str:
    told = "" if days == DAYS else f" --days {days:g}"
    return told if url == IN_MEMORY else f"{told} --database {url}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
