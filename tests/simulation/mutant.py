"""What a planted bug is: a small change to the source that the simulator must find by itself."""

from __future__ import annotations

from dataclasses import dataclass

SEEDS = tuple(range(1, 21))


def soonest(seed: int) -> tuple[int, ...]:
    """All seeds, but first the one that is known to find it."""
    return (seed, *(other for other in SEEDS if other != seed))


@dataclass(frozen=True, slots=True)
class Edit:
    """`old` stands exactly once in `file` (below src/holdfast) and becomes `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted bug, and the row of the promises or the rule that it breaks.

    `seeds` are tried in order: first those that are known to find it soon.
    """

    name: str
    breaks: str
    edits: tuple[Edit, ...]
    seeds: tuple[int, ...] = SEEDS
