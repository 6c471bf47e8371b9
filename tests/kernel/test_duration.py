"""Durations as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kernel.duration import (
    DURATION_MAX,
    NotADuration,
    format_duration,
    parse_duration,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0m", timedelta()),
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("1h30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(days=7)),
        ("1w2d3h4m5s", timedelta(days=9, hours=3, minutes=4, seconds=5)),
        ("  5m ", timedelta(minutes=5)),
        ("PT15M", timedelta(minutes=15)),
        ("PT0S", timedelta()),
        ("P1D", timedelta(days=1)),
        ("P1DT12H", timedelta(hours=36)),
        ("P2W", timedelta(days=14)),
        ("3660d", DURATION_MAX),
    ],
)
def test_durations_are_read_in_both_ways_of_writing(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "5",
        "m",
        "5 m",
        "1h 30m",
        "30m1h",
        "5m5m",
        "-5m",
        "+5m",
        "1.5h",
        "1_0m",
        "\u0661\u0662m",
        "²m",
        "5M",
        "P",
        "PT",
        "P1DT",
        "PT-1H",
        "P1M",
        "P1Y",
        "P9999999Y",
        "9999999w",
        "999999w",
        "1e3s",
        "5m\0",
        "\ud800",
        "5m" * 1_000_000,
    ],
)
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(NotADuration) as refused:
        parse_duration(text)
    assert refused.value.remedy is not None
    assert "1h30m" in refused.value.remedy
    assert len(refused.value.detail.encode()) < 400


@given(st.integers(0, int(DURATION_MAX.total_seconds())))
def test_a_duration_is_read_back_as_it_was_written(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert parse_duration(format_duration(duration)) == duration


@given(st.text(max_size=40))
def test_any_text_is_either_a_duration_or_refused(text: str) -> None:
    try:
        found = parse_duration(text)
    except NotADuration:
        return
    assert timedelta() <= found <= DURATION_MAX


def test_durations_are_written_greatest_unit_first() -> None:
    assert format_duration(timedelta(minutes=90)) == "1h30m"
    assert format_duration(timedelta(days=8)) == "1w1d"
    assert format_duration(timedelta()) == "0m"
    assert format_duration(timedelta(milliseconds=900)) == "0m"


def test_a_duration_below_zero_cannot_be_written() -> None:
    with pytest.raises(AssertionError, match="sign"):
        format_duration(timedelta(seconds=-1))
