"""Between two packs' ladders: an explicit table, never arithmetic on labels (ledger C1, C2)."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.practice.model import Level, Pack, plain


@dataclass(frozen=True, slots=True)
class Fit:
    """The levels that another ladder's level may stand for, worst first.

    With more than one somebody has to confirm; until then the worst one counts.
    """

    levels: tuple[Level, ...]

    @property
    def sure(self) -> bool:
        return len(self.levels) == 1

    @property
    def worst(self) -> Level:
        return self.levels[0]


def fit(pack: Pack, other: str, label: str) -> Fit | None:
    """What the label of the pack named `other` means in this pack; None where no table says it."""
    if other == pack.name:
        own = pack.named(label)
        return None if own is None else Fit((own,))
    for name, ranks in pack.severity_map.get(other, {}).items():
        if plain(name) == plain(label):
            levels = tuple(level for level in pack.levels if level.rank in ranks)
            return Fit(levels) if levels else None
    return None
