"""How times, ages, lengths and counts are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from holdfast.web.layout import words
from holdfast.web.layout.views import Face

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 10, 22, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "text"),
    [
        (timedelta(hours=6), "09:02"),
        (timedelta(hours=21), "Fri 23 Oct 00:02"),
        (timedelta(days=3, hours=1), "Sun 25 Oct 03:02"),
        (timedelta(days=-300), "Fri 26 Dec 2025 02:02"),
    ],
)
def test_a_moment_is_short_and_never_unclear(later: timedelta, text: str) -> None:
    assert words.moment(NOW + later, NOW, BERLIN) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (3599, "59 min ago"), (18_000, "5 h ago"),
     (18_060, "5 h 1 min ago"), (-3, "0 s ago")],
)  # fmt: skip
def test_an_age_is_never_a_few_minutes(seconds: int, text: str) -> None:
    assert words.age(seconds) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [(timedelta(seconds=45), "45 s"), (timedelta(seconds=90), "90 s"),
     (timedelta(minutes=1), "1 min"),
     (timedelta(minutes=5), "5 min"), (timedelta(hours=4, minutes=30), "4 h 30 min"),
     (timedelta(days=1), "1 day"), (timedelta(days=2, hours=3), "2 days 3 h")],
)  # fmt: skip
def test_a_length_is_in_two_units_at_the_most(length: timedelta, text: str) -> None:
    assert words.length(length) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(248, "4:08"), (3848, "1:04:08"), (-260, "−4:20"), (0, "0:00")]
)
def test_a_stopwatch_goes_on_counting_when_it_is_late(seconds: int, text: str) -> None:
    assert words.stopwatch(seconds) == text


def test_counts_lists_and_sentences() -> None:
    assert words.count(1, "signal", "signals") == "1 signal"
    assert words.count(12_345, "signal", "signals") == "12\N{NARROW NO-BREAK SPACE}345 signals"
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.listing(()) == ""
    assert words.sentence_case("pages Aiko Tanaka") == "Pages Aiko Tanaka"


def test_a_person_keeps_one_colour_and_gets_initials_whatever_the_name() -> None:
    assert Face("ana", "Ana Lima").hue == Face("ana", "Somebody Else").hue
    assert 0 <= Face("bo", "Bo").hue < 8
    assert Face("bo", "Bo", tone=3).hue == 3
    assert Face("x", "Tomás Reyes").initials == "TR"
    assert Face("x", "Bo").initials == "BO"
    assert Face("x", "").initials == "?"
    assert Face("x", "Ana (on leave) Lima").initials == "AL"
