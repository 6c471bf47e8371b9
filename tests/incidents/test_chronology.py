"""Which orders of instants can have happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.incidents.chronology import early_warning, faults
from holdfast.incidents.model import Instants
from tests.support.database import START

MINUTE = timedelta(minutes=1)
NOW = START + timedelta(hours=5)
IN_ORDER = Instants(
    declared_at=START + 10 * MINUTE,
    impact_started_at=START,
    detected_at=START + 5 * MINUTE,
    paged_at=START + 6 * MINUTE,
    acked_at=START + 7 * MINUTE,
    mitigated_at=START + 30 * MINUTE,
    restored_at=START + 40 * MINUTE,
    resolved_at=START + 55 * MINUTE,
    closed_at=START + 90 * MINUTE,
)


def test_a_plain_life_is_possible() -> None:
    assert faults(IN_ORDER, NOW) == []


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("impact_started_at", START + 31 * MINUTE),
        ("mitigated_at", START + 41 * MINUTE),
        ("restored_at", START + 56 * MINUTE),
        ("resolved_at", START + 91 * MINUTE),
        ("detected_at", START + 11 * MINUTE),
        ("paged_at", START + 8 * MINUTE),
        ("closed_at", NOW + 2 * MINUTE),
    ],
)
def test_what_comes_before_its_cause_is_named(name: str, at: object) -> None:
    found = faults(replace(IN_ORDER, **{name: at}), NOW)  # type: ignore[arg-type]  # one of the instants
    assert len(found) == 1
    assert name in found[0]


def test_between_two_that_are_known_an_unknown_one_hides_nothing() -> None:
    strange = replace(IN_ORDER, mitigated_at=None, impact_started_at=START + 45 * MINUTE)
    assert faults(strange, NOW) == ["impact_started_at comes after restored_at"]


def test_an_estimate_may_be_wrong_by_as_much_as_it_says() -> None:
    about = replace(IN_ORDER, impact_started_at=START + 32 * MINUTE)
    assert faults(replace(about, impact_precision=2 * MINUTE), NOW) == []


def test_somebody_may_know_before_users_are_hurt() -> None:
    warned = replace(IN_ORDER, detected_at=START - 5 * MINUTE)
    assert faults(warned, NOW) == []
    assert early_warning(warned) == 5 * MINUTE
    assert early_warning(IN_ORDER) == timedelta()


def test_a_clock_a_little_ahead_has_said_nothing_untrue() -> None:
    ahead = replace(IN_ORDER, closed_at=NOW + timedelta(seconds=30))
    assert faults(ahead, NOW) == []
