"""In which order options are shown and tried: lowest risk first, then what is quickest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from holdfast.incidents.mitigations.model import (
    OPTIONS,
    Mitigation,
    MitigationState,
    Reversibility,
    Risk,
)

MINUTES_UNKNOWN = 10_000


def ordered(mitigations: Iterable[Mitigation]) -> list[Mitigation]:
    """By risk, then by how long it takes, then by how easily it is undone (ledger S0-38)."""
    return sorted(
        mitigations,
        key=lambda each: (
            each.risk.rank,
            MINUTES_UNKNOWN if each.plan.expected_minutes is None else each.plan.expected_minutes,
            list(Reversibility).index(each.plan.reversibility),
            each.proposed_at,
            each.id,
        ),
    )


def attempts(mitigations: Iterable[Mitigation]) -> list[Mitigation]:
    """What was carried out, in the order in which it was begun (ledger S0-38)."""
    return sorted(
        (each for each in mitigations if each.attempt is not None),
        key=lambda each: each.attempt or 0,
    )


def less_risky(mitigations: Iterable[Mitigation], chosen: Mitigation) -> list[Mitigation]:
    """Options that nobody has tried and that are less risky than the chosen one, best first."""
    return [
        each
        for each in ordered(mitigations)
        if each.id != chosen.id
        and each.state in OPTIONS
        and each.state is not MitigationState.PROPOSED
        and each.risk.rank < chosen.risk.rank
    ]


def on_same_target(running: Sequence[Mitigation], chosen: Mitigation) -> Mitigation | None:
    """What is being done to the same target right now."""
    wanted = _plain(chosen.target)
    same = (each for each in running if each.id != chosen.id and _plain(each.target) == wanted)
    return next(same, None) if wanted else None


def is_risky(risk: Risk) -> bool:
    return risk is Risk.HIGH


def _plain(target: str) -> str:
    return " ".join(target.casefold().split())
