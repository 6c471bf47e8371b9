"""In which order the instants of an incident can have happened (ledger 3.1). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from holdfast.incidents.model import Instants

# Whose clock is a little ahead has not said anything untrue.
AHEAD_MAX = timedelta(minutes=1)

_CHAINS: Sequence[Sequence[str]] = (
    ("impact_started_at", "mitigated_at", "restored_at", "resolved_at", "closed_at"),
    ("detected_at", "declared_at"),
    ("paged_at", "acked_at"),
    ("impact_started_at", "impact_ended_at"),
)


def faults(instants: Instants, now: datetime) -> list[str]:
    """In words: what cannot have been so. Empty where everything can.

    That it was detected before users were hurt is legal: an early warning.
    """
    return [*_in_the_future(instants, now), *_out_of_order(instants)]


def early_warning(instants: Instants) -> timedelta:
    """By how much somebody knew before users were hurt; zero where it was not so."""
    started, detected = instants.impact_started_at, instants.detected_at
    if started is None or detected is None:
        return timedelta()
    return max(started - detected, timedelta())


def _in_the_future(instants: Instants, now: datetime) -> list[str]:
    names = dict.fromkeys(name for chain in _CHAINS for name in chain)
    late = [name for name in names if _at(instants, name, now) > now + AHEAD_MAX]
    return [f"{name} lies in the future" for name in late]


def _out_of_order(instants: Instants) -> list[str]:
    found = []
    for chain in _CHAINS:
        said = [name for name in chain if getattr(instants, name) is not None]
        for earlier, later in pairwise(said):
            slack = instants.impact_precision if earlier == "impact_started_at" else timedelta()
            if getattr(instants, earlier) - slack > getattr(instants, later):
                found.append(f"{earlier} comes after {later}")
    return found


def _at(instants: Instants, name: str, otherwise: datetime) -> datetime:
    said: datetime | None = getattr(instants, name)
    return otherwise if said is None else said
