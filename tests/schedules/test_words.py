"""What schedules say to people."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from holdfast.schedules import words
from tests.schedules.build import span, utc

LISBON = ZoneInfo("Europe/Lisbon")


def test_local_times_are_in_the_schedules_zone() -> None:
    assert words.local_time(utc("2026-07-01 20:05"), LISBON) == "Wed 1 Jul 21:05"
    assert (
        words.local_time(utc("2026-07-01 20:05"), ZoneInfo("Asia/Kathmandu")) == "Thu 2 Jul 01:50"
    )


def test_a_repeated_local_time_says_which_one_it_is() -> None:
    assert words.local_time(utc("2026-10-25 00:30"), LISBON) == "Sun 25 Oct 01:30 (UTC+01:00)"
    assert words.local_time(utc("2026-10-25 01:30"), LISBON) == "Sun 25 Oct 01:30 (UTC+00:00)"
    assert words.local_time(utc("2026-10-25 02:30"), LISBON) == "Sun 25 Oct 02:30"


def test_a_gap_says_from_when_to_when_and_how_long() -> None:
    gap = span("2026-10-25 21:00", "2026-10-26 01:30")
    looked_at = span("2026-10-20 00:00", "2026-11-20 00:00")
    assert words.gap(gap, looked_at, LISBON) == (
        "Nobody is on call from Sun 25 Oct 21:00 to Mon 26 Oct 01:30 (4h30m)."
    )


def test_a_clock_change_at_midnight_is_dated_by_the_day_it_ends() -> None:
    # In Beirut the clocks go forward from 00:00 on a Sunday to 01:00.
    said = words.clock_change(utc("2026-03-28 22:00"), timedelta(hours=1), ZoneInfo("Asia/Beirut"))
    assert said.startswith("The clocks go forward by 1h on Sun 29 Mar: 00:00 becomes 01:00.")


def test_an_unknown_zone_is_quoted_so_that_it_can_be_shown() -> None:
    assert "\ud800" not in words.by_unknown_zone("\ud800")
    assert words.unknown_zone("Mars/Olympus").startswith("The time zone “Mars/Olympus”")
