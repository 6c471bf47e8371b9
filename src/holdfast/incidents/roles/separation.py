"""Which roles one person may hold together, per level, and who could take which. Pure.

The pairs are the practice's (ledger C8, S3-08): free at the mildest levels, apart at the worst.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from holdfast.practice.model import Level, RoleKey

Assigned = tuple[RoleKey, str]  # a role and its holder


@dataclass(frozen=True, slots=True)
class Split:
    """Two roles that one person holds and should not (ledger S3-12)."""

    user: str
    first: RoleKey
    second: RoleKey


def kept_apart(level: Level, first: RoleKey, second: RoleKey) -> bool:
    """True where one person may not hold both at this level."""
    return frozenset({_plain(first), _plain(second)}) in level.apart or (
        frozenset({first, second}) in level.apart
    )


def clash(level: Level, held: Iterable[Assigned], role: RoleKey, user: str) -> RoleKey | None:
    """The role of this person that keeps them from taking `role` as well; None where they may."""
    for other, holder in held:
        if holder == user and other is not role and kept_apart(level, other, role):
            return other
    return None


def splits(level: Level, held: Sequence[Assigned]) -> tuple[Split, ...]:
    """Every pair of roles that must be split at this level, each once."""
    found = []
    for place, (first, user) in enumerate(held):
        for second, holder in held[place + 1 :]:
            if user == holder and first is not second and kept_apart(level, first, second):
                found.append(Split(user, first, second))
    return tuple(dict.fromkeys(found))


def share_out(
    level: Level,
    wanted: Sequence[RoleKey],
    pools: Mapping[RoleKey, Sequence[str]],
    held: Sequence[Assigned],
) -> dict[RoleKey, str | None]:
    """A person for each role wanted, from its own pool, as the level's separation allows.

    Whoever has nothing yet comes before whoever has a role already; None where nobody is left.
    """
    taken = list(held)
    found: dict[RoleKey, str | None] = {}
    for role in wanted:
        fitting = [user for user in pools.get(role, ()) if clash(level, taken, role, user) is None]
        busy = {user for _, user in taken}
        free = [user for user in fitting if user not in busy]
        chosen = next(iter(free or fitting), None)
        found[role] = chosen
        if chosen is not None:
            taken.append((role, chosen))
    return found


def _plain(role: RoleKey) -> RoleKey:
    """The technical lead is a kind of operations (ledger C6)."""
    return RoleKey.OPERATIONS if role is RoleKey.TECHNICAL_LEAD else role
