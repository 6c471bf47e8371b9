"""The resolver against the brute-force oracle, around the clock changes of 2015 to 2040."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.kernel.zone import named_zone
from holdfast.schedules.model import Shift
from holdfast.schedules.overlay import layers, resolve, shifts
from holdfast.schedules.rotation import holder, turns
from tests.schedules import oracle
from tests.schedules.oracle import MINUTE
from tests.schedules.strategies import Case, cases, changes_of, crowded_cases

LONG = os.environ.get("HOLDFAST_LONG") == "1"


def examples(count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """So many examples, always the same; with HOLDFAST_LONG=1 a hundred times more, at random."""
    return settings(
        max_examples=count * 100 if LONG else count,
        derandomize=not LONG,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def minute_by_minute(found: list[Shift], case: Case) -> list[str | None]:
    said: list[str | None] = []
    for shift in found:
        said += [shift.user] * (shift.span.length // MINUTE)
    assert len(said) == case.minutes
    return said


def assert_same_as_the_oracle(case: Case) -> None:
    said = minute_by_minute(shifts(case.schedule, case.span), case)
    expected = oracle.on_call(case.schedule, case.start, case.minutes)
    differing = [n for n in range(case.minutes) if said[n] != expected[n]]
    assert not differing, (case.start + differing[0] * MINUTE, said[differing[0]])


@pytest.mark.timeout(7200 if LONG else 120)
@pytest.mark.ledger("S1-23")
@examples(90)
@given(cases())
def test_shifts_say_in_every_minute_what_the_oracle_says(case: Case) -> None:
    assert_same_as_the_oracle(case)


@pytest.mark.timeout(7200 if LONG else 120)
@pytest.mark.ledger("S1-23")
@examples(100)
@given(crowded_cases())
def test_in_the_hours_around_a_clock_change_shifts_say_what_the_oracle_says(case: Case) -> None:
    assert_same_as_the_oracle(case)


@pytest.mark.timeout(7200 if LONG else 120)
@examples(120)
@given(cases(), st.data())
def test_asking_for_an_instant_gives_the_same_shift_as_asking_for_the_span(
    case: Case, data: st.DataObject
) -> None:
    found = shifts(case.schedule, case.span)
    minute = data.draw(st.integers(0, case.minutes - 1))
    second = data.draw(st.integers(0, 59))
    at = case.start + minute * MINUTE + timedelta(seconds=second)
    shift = resolve(case.schedule, at)
    assert shift.span.covers(at)
    in_the_span = next(s for s in found if s.span.covers(at))
    assert (shift.user, shift.why) == (in_the_span.user, in_the_span.why)
    assert shift.span.overlap(case.span) == in_the_span.span
    assert resolve(case.schedule, in_the_span.span.start).user == shift.user


@examples(120)
@given(cases())
def test_shifts_are_without_holes_and_neighbours_differ(case: Case) -> None:
    found = shifts(case.schedule, case.span)
    assert found[0].span.start == case.span.start
    assert found[-1].span.end == case.span.end
    for before, after in pairwise(found):
        assert before.span.end == after.span.start
        assert (before.user, before.why) != (after.user, after.why)


@examples(120)
@given(cases())
def test_two_halves_of_a_span_say_the_same_as_the_whole(case: Case) -> None:
    def who(at: datetime, found: list[Shift]) -> tuple[str | None, str]:
        return next((s.user, s.why) for s in found if s.span.covers(at))

    middle = case.start + case.span.length / 2
    whole = shifts(case.schedule, case.span)
    halves = [
        *shifts(case.schedule, type(case.span)(case.span.start, middle)),
        *shifts(case.schedule, type(case.span)(middle, case.span.end)),
    ]
    for shift in [*whole, *halves]:
        assert who(shift.span.start, whole) == who(shift.span.start, halves)


@examples(120)
@given(cases())
def test_the_uppermost_layer_with_somebody_is_the_one_on_call(case: Case) -> None:
    drawn = layers(case.schedule, case.span)
    for shift in shifts(case.schedule, case.span):
        at = shift.span.start
        claims = [s for layer in drawn for s in layer.shifts if s.span.covers(at)]
        somebody = [claim.user for claim in claims if claim.user is not None]
        assert shift.user == (somebody[-1] if somebody else None)


@examples(120)
@given(cases())
def test_the_holder_is_who_the_sweep_finds_and_turns_follow_each_other(case: Case) -> None:
    zone = named_zone(case.schedule.time_zone)
    for rotation in case.schedule.rotations:
        for turn in turns(rotation, case.span, zone):
            whole = holder(rotation, turn.span.start, zone)
            assert whole is not None
            assert (whole.member, whole.number) == (turn.member, turn.number)
            assert whole.span.overlap(turn.span) == turn.span
            following = holder(rotation, whole.span.end, zone)
            assert following is None or following.number == whole.number + 1


def test_the_oracle_finds_the_clock_changes_that_everybody_knows() -> None:
    lisbon = [at for at in changes_of("Europe/Lisbon") if at.year == 2026]
    assert lisbon == [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
    ]
    assert changes_of("Asia/Kathmandu") == []
