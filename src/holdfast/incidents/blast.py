"""How far trouble in a service reaches: what depends on it may be hurt as well. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

DOWNSTREAM_MAX = 50


def downstream(depends_on: Mapping[str, Sequence[str]], affected: Iterable[str]) -> tuple[str, ...]:
    """Services that need one of the affected ones, directly or through others, nearest first.

    `depends_on` says of each service what it needs; affected ones are not in the answer. Circles
    are walked once (ledger S1-06).
    """
    seen = set(affected)
    nearest = sorted(seen)
    found: list[str] = []
    while nearest and len(found) < DOWNSTREAM_MAX:
        hurt = set(nearest)
        nearest = sorted(
            name for name, needs in depends_on.items() if name not in seen and hurt & set(needs)
        )
        seen.update(nearest)
        found += nearest
    return tuple(found[:DOWNSTREAM_MAX])
