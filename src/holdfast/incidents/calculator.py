"""Which severity the impact speaks for, and why. Pure: it only proposes, a person confirms.

It has no input for how loudly somebody complains (ledger S4-12).
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.incidents.model import Complexity, DataRisk, Impact
from holdfast.practice.model import Level, Pack

TIER_CRITICAL = 0
MOST_PERCENT = 50.0  # of users: more than that is the whole business
MANY_PERCENT = 5.0
SOME_PERCENT = 0.0
NO_SLO = "no service level objective is known, so the impact questions were used"

_ALL, _MAJOR, _PARTIAL, _MINOR, _COSMETIC = range(5)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the calculator is told. `tier` is the most critical one of the services affected, 0 the
    most critical; `restore_target_minutes` is what the level in question aims at."""

    impact: Impact
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A level of the ladder, and each reason for it, in the order in which it counted."""

    level: Level
    reasons: tuple[str, ...]
    known: bool  # False: nobody has said anything that it could be judged by


def propose(pack: Pack, answers: Answers) -> Proposal:
    """The level that the answers speak for (ledger S1-07, S4-05 to S4-10, S3-07)."""
    impact = answers.impact
    rank, reasons, known = _by_users(pack, impact)
    if known:
        for step, reason in (
            _by_tier(answers.tier),
            _by_workaround(pack, rank, impact),
            _by_recovery(pack, rank, impact),
            _by_complexity(impact),
        ):
            rank += step
            if reason:
                reasons.append(reason)
    if impact.revenue:
        reasons.append(f"revenue: {impact.revenue}")
    floor = floor_rank(impact)
    if floor is not None and (rank > floor or not known):
        rank, known = floor, True
        reasons.append(f"data risk is {impact.data_risk.value}: at least rank {floor}")
    reasons.append(NO_SLO)
    return Proposal(pack.level(max(rank, 0)), tuple(reasons), known)


def floor_rank(impact: Impact) -> int | None:
    """The mildest rank that the risk to data allows; None: it asks for none (ledger S4-07)."""
    if impact.data_risk in (DataRisk.CONFIRMED, DataRisk.EXPOSURE):
        return _ALL
    return _MAJOR if impact.data_risk is DataRisk.POSSIBLE else None


def worst_plausible(ranks: tuple[int, ...]) -> int:
    """Whoever is unsure declares the worst of what may be true (ledger C21, S0-02)."""
    return min(ranks)


def in_doubt(pack: Pack, rank: int) -> Level:
    """The next worse level; the worst one stays (ledger S2-05)."""
    worse = [level for level in pack.levels if level.rank < rank]
    return worse[-1] if worse else pack.levels[0]


def _by_users(pack: Pack, impact: Impact) -> tuple[int, list[str], bool]:
    percent = _percent(impact)
    if percent is None:
        said = "it is not known yet how many users are affected"
        return pack.levels[-1].rank, [said], False
    for level in pack.levels:
        if level.users_affected_min is not None and percent >= level.users_affected_min:
            least = f"{level.users_affected_min:g} % or more is {level.label}"
            return level.rank, [f"{percent:g} % of users are affected; {least}"], True
    rank = _rank_of(percent)
    return rank, [f"{percent:g} % of users are affected"], True


def _percent(impact: Impact) -> float | None:
    # Of a range the worse end counts: an estimate must not talk an incident down.
    ends = [end for end in (impact.users_affected, impact.users_affected_max) if end is not None]
    return max(ends) if ends else None


def _rank_of(percent: float) -> int:
    if percent >= MOST_PERCENT:
        return _ALL
    if percent >= MANY_PERCENT:
        return _MAJOR
    return _PARTIAL if percent > SOME_PERCENT else _MINOR


def _by_tier(tier: int | None) -> tuple[int, str]:
    if tier is None:
        return 0, ""
    if tier <= TIER_CRITICAL:
        return -1, "a service of tier 0 is affected: one rank worse"
    return 0, f"the most critical service affected is of tier {tier}"


def _by_workaround(pack: Pack, rank: int, impact: Impact) -> tuple[int, str]:
    if impact.workaround is None:
        return 0, ""
    if not impact.workaround:
        return -1, "there is no workaround: one rank worse"
    target = pack.level(max(rank, 0)).clocks.restore
    minutes = impact.workaround_minutes
    if minutes is not None and target is not None and minutes * 60 > target.total_seconds():
        return -1, f"the workaround takes {minutes} min, longer than its target: one rank worse"
    return 1, "there is a workaround: one rank milder"


def _by_recovery(pack: Pack, rank: int, impact: Impact) -> tuple[int, str]:
    minutes, target = impact.expected_minutes, pack.level(max(rank, 0)).clocks.restore
    if minutes is None or target is None:
        return 0, ""
    if minutes * 60 <= target.total_seconds():
        return 0, f"recovery is expected in {minutes} min, within the level's target"
    return -1, f"recovery is expected in {minutes} min, past the level's target: one rank worse"


def _by_complexity(impact: Impact) -> tuple[int, str]:
    if impact.complexity is Complexity.HIGH:
        return -1, "recovery looks complex: one rank worse"
    return 0, ""
