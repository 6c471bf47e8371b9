"""Which severity the impact speaks for, and for which reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.incidents.calculator import (
    NO_SLO,
    Answers,
    Proposal,
    floor_rank,
    in_doubt,
    propose,
    worst_plausible,
)
from holdfast.incidents.model import Complexity, DataRisk, Impact
from holdfast.practice import shipped
from holdfast.practice.model import SHIPPED

UNION = shipped.pack("union-5")


def said(tier: int | None = 2, **impact: Any) -> Proposal:
    return propose(UNION, Answers(Impact(**impact), tier))


@pytest.mark.ledger("S1-07")
def test_everybody_without_a_workaround_is_the_worst() -> None:
    found = said(users_affected=100, workaround=False)
    assert found.level.rank <= 1
    assert found.known
    assert any("100 %" in reason for reason in found.reasons)


@pytest.mark.ledger("S4-08")
def test_a_complex_recovery_is_one_rank_worse_and_says_so() -> None:
    low = said(users_affected=5, complexity=Complexity.LOW)
    high = said(users_affected=5, complexity=Complexity.HIGH)
    assert low.level.rank - high.level.rank == 1
    assert any("complex" in reason for reason in high.reasons)


@pytest.mark.ledger("S4-09")
def test_no_workaround_or_a_slow_one_is_worse() -> None:
    none = said(users_affected=5, workaround=False)
    slow = said(users_affected=5, workaround=True, workaround_minutes=100_000)
    quick = said(users_affected=5, workaround=True, workaround_minutes=1)
    assert none.level.rank == slow.level.rank < quick.level.rank


@pytest.mark.ledger("S4-10")
def test_a_service_of_tier_zero_is_one_rank_worse_than_one_of_tier_three() -> None:
    assert said(3, users_affected=5).level.rank - said(0, users_affected=5).level.rank == 1


@pytest.mark.ledger("S4-10")
def test_a_recovery_past_the_target_is_worse() -> None:
    soon = said(users_affected=5, expected_minutes=5)
    late = said(users_affected=5, expected_minutes=50_000)
    assert late.level.rank < soon.level.rank


@pytest.mark.ledger("S4-06")
def test_revenue_appears_in_the_reasons() -> None:
    assert "revenue: 4000 EUR an hour" in said(users_affected=5, revenue="4000 EUR an hour").reasons


@pytest.mark.ledger("S4-07")
@pytest.mark.parametrize(
    ("risk", "rank"),
    [
        (DataRisk.NONE, None),
        (DataRisk.POSSIBLE, 1),
        (DataRisk.CONFIRMED, 0),
        (DataRisk.EXPOSURE, 0),
    ],
)
def test_risk_to_data_sets_the_mildest_rank(risk: DataRisk, rank: int | None) -> None:
    assert floor_rank(Impact(data_risk=risk)) == rank
    if rank is not None:
        assert said(users_affected=0, data_risk=risk).level.rank <= rank
        assert said(data_risk=risk).level.rank <= rank


@pytest.mark.ledger("S3-07")
def test_without_an_objective_it_is_said_that_the_impact_questions_were_used() -> None:
    assert said(users_affected=100).reasons[-1] == NO_SLO


def test_of_a_range_the_worse_end_counts() -> None:
    assert said(users_affected=1, users_affected_max=95) == replace(
        said(users_affected=1, users_affected_max=95)
    )
    assert said(users_affected=1, users_affected_max=95).level.rank == 0


def test_nothing_said_is_nothing_known() -> None:
    found = said()
    assert not found.known
    assert "not known" in found.reasons[0]


@pytest.mark.ledger("S0-02")
def test_the_worst_of_the_plausible_ranks_counts() -> None:
    assert worst_plausible((3, 1, 2)) == 1


@pytest.mark.ledger("S2-05")
def test_in_doubt_is_the_next_worse_level_and_stops_at_the_worst() -> None:
    assert [in_doubt(UNION, rank).rank for rank in range(5)] == [0, 0, 1, 2, 3]


@pytest.mark.ledger("S4-12")
def test_there_is_no_input_for_how_annoyed_somebody_is() -> None:
    asked = set(Impact.__dataclass_fields__) | set(Answers.__dataclass_fields__)
    assert not {"annoyance", "reporter", "anger", "urgency", "priority"} & asked


@given(
    pack=st.sampled_from(SHIPPED),
    percent=st.floats(0, 100),
    more=st.floats(0, 100),
    tier=st.integers(0, 5),
)
def test_more_users_are_never_milder(pack: str, percent: float, more: float, tier: int) -> None:
    few, many = sorted((percent, more))
    ranks = [
        propose(shipped.pack(pack), Answers(Impact(users_affected=share), tier)).level.rank
        for share in (few, many)
    ]
    assert ranks[1] <= ranks[0]
