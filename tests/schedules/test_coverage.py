"""Gaps in words, and the clock changes that lie ahead."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from holdfast.kernel.errors import Invalid
from holdfast.schedules.coverage import (
    GAPS_NAMED_MAX,
    LOOK_AHEAD_DAYS_MAX,
    clock_changes,
    gaps,
    look_ahead,
)
from holdfast.schedules.model import ClockChange, Override, ProblemKind
from tests.schedules.build import (
    WEEKDAYS,
    handoff,
    hours,
    override,
    rotation,
    schedule,
    span,
    utc,
)
from tests.schedules.strategies import FIRST_YEAR, LAST_YEAR, ZONES, changes_of

ALWAYS = rotation("ana bo", handoff("1w", on="monday"), "2026-01-05")
LATE_SUNDAY = [
    hours("mon tue wed thu fri sat", "00:00", "24:00"),
    hours("sun", "00:00", "21:00"),
]


def test_a_schedule_that_always_has_somebody_has_no_gaps() -> None:
    assert gaps(schedule(ALWAYS), span("2026-11-01", "2026-12-01")) == []


def test_neighbouring_gaps_of_different_reasons_are_one() -> None:
    sparse = schedule(rotation("- ana", handoff("1d", at="00:00"), "2026-11-16"))
    looked_at = span("2026-11-15 00:00", "2026-11-20 00:00")
    assert gaps(sparse, looked_at) == [
        span("2026-11-15 00:00", "2026-11-17 00:00"),
        span("2026-11-18 00:00", "2026-11-19 00:00"),
    ]


def test_an_override_closes_a_gap() -> None:
    office = rotation("ana", handoff("1w"), "2026-11-16", hours(WEEKDAYS, "09:00", "17:00"))
    filled = schedule(office, override("bo", "2026-11-17 17:00", "2026-11-18 09:00"))
    found = gaps(filled, span("2026-11-17 12:00", "2026-11-18 12:00"))
    assert found == []


@pytest.mark.ledger("S4-79")
def test_a_gap_is_named_in_words_with_local_times() -> None:
    leaky = schedule(
        rotation("ana", handoff("1w"), "2026-01-05", *LATE_SUNDAY), zone="Europe/Lisbon"
    )
    [gap, *rest] = look_ahead(leaky, utc("2026-11-02 12:00"), days=10)
    assert rest == []
    assert gap.kind is ProblemKind.GAP
    assert gap.span == span("2026-11-08 21:00", "2026-11-09 00:00")
    assert gap.words == "Nobody is on call from Sun 8 Nov 21:00 to Mon 9 Nov 00:00 (3h)."


def test_a_gap_in_a_repeated_hour_says_which_of_the_two_it_means() -> None:
    brief = schedule(
        rotation("ana", handoff("1w", at="00:00"), "2026-10-05"),
        override("bo", "2026-10-01", "2026-10-05"),
        zone="Europe/Lisbon",
    )
    gone = rotation("ana", handoff("1h", at="00:00"), "2026-10-25")
    short = schedule(
        gone,
        override("bo", "2026-10-24 12:00", "2026-10-24 23:00"),
        zone="Europe/Lisbon",
    )
    assert gaps(brief, span("2026-10-01", "2026-10-30")) == []
    assert gaps(short, span("2026-10-24 12:00", "2026-10-26 12:00")) == []
    twice = schedule(
        override("bo", "2026-10-24 12:00", "2026-10-25 00:30"),
        override("bo", "2026-10-25 01:30", "2026-10-26 12:00", name="after"),
        zone="Europe/Lisbon",
    )
    found = look_ahead(twice, utc("2026-10-24 12:00"), days=1)
    assert [problem.words for problem in found if problem.kind is ProblemKind.GAP] == [
        "Nobody is on call from Sun 25 Oct 01:30 (UTC+01:00) to Sun 25 Oct 01:30 (UTC+00:00) (1h)."
    ]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], "Nobody is on call in the whole of the next 1w3d."),
        (
            [override("bo", "2026-11-01", "2026-11-05 12:00")],
            "Nobody is on call from Thu 5 Nov 12:00 on, as far as this looks ahead.",
        ),
        (
            [override("bo", "2026-11-05 12:00", "2027-11-05")],
            "Nobody is on call from now to Thu 5 Nov 12:00 (3d12h).",
        ),
    ],
)
def test_a_gap_at_an_end_of_the_days_ahead_does_not_invent_the_other_end(
    parts: list[Override], said: str
) -> None:
    found = look_ahead(schedule(*parts), utc("2026-11-02 00:00"), days=10)
    assert [problem.words for problem in found] == [said]


def test_clock_changes_ahead_are_named() -> None:
    lisbon = schedule(ALWAYS, zone="Europe/Lisbon")
    [back] = look_ahead(lisbon, utc("2026-10-02 00:00"))
    assert back.kind is ProblemKind.CLOCK_CHANGE
    assert back.span == span("2026-10-25 01:00", "2026-10-25 02:00")
    assert back.words == (
        "The clocks go back by 1h on Sun 25 Oct: 02:00 becomes 01:00. "
        "A shift counted in days or weeks that spans it is 1h longer."
    )
    [forward] = look_ahead(lisbon, utc("2026-03-20 00:00"))
    assert forward.words.startswith(
        "The clocks go forward by 1h on Sun 29 Mar: 01:00 becomes 02:00"
    )
    assert forward.words.endswith("is 1h shorter.")


def test_problems_come_in_the_order_of_time() -> None:
    leaky = schedule(
        rotation("ana", handoff("1w"), "2026-01-05", *LATE_SUNDAY), zone="Europe/Lisbon"
    )
    found = look_ahead(leaky, utc("2026-10-02 00:00"))
    assert sum(problem.kind is ProblemKind.GAP for problem in found) == 4
    starts = [problem.span.start for problem in found]
    assert starts == sorted(starts)


def test_where_there_are_too_many_gaps_the_list_ends_with_their_number() -> None:
    holes = schedule(rotation("ana -", handoff("1h"), "2026-01-05"))
    found = look_ahead(holes, utc("2026-11-02 00:00"), days=10)
    assert len(found) == GAPS_NAMED_MAX + 1
    assert found[-1].words == "… and 20 more gaps after these."


def test_an_unknown_zone_is_a_problem_by_itself() -> None:
    [problem] = look_ahead(schedule(ALWAYS, zone="Mars/Olympus"), utc("2026-11-02 00:00"))
    assert problem.kind is ProblemKind.TIME_ZONE
    assert "“Mars/Olympus” is not known" in problem.words


@pytest.mark.parametrize("days", [0, -1, LOOK_AHEAD_DAYS_MAX + 1, 10**9])
def test_looking_ahead_by_no_or_too_many_days_is_refused(days: int) -> None:
    with pytest.raises(Invalid) as refused:
        look_ahead(schedule(ALWAYS), utc("2026-11-02 00:00"), days)
    assert "days" in refused.value.fields


@pytest.mark.parametrize("name", ZONES)
def test_every_clock_change_of_25_years_is_found_at_its_minute(name: str) -> None:
    found = clock_changes(ZoneInfo(name), span(f"{FIRST_YEAR}-01-01", f"{LAST_YEAR + 1}-01-01"))
    assert [change.at for change in found] == changes_of(name)


def test_a_clock_change_belongs_to_the_span_that_begins_with_it() -> None:
    lisbon = ZoneInfo("Europe/Lisbon")
    change = ClockChange(utc("2026-10-25 01:00"), timedelta(hours=-1))
    assert clock_changes(lisbon, span("2026-10-25 01:00", "2026-10-25 02:00")) == [change]
    assert clock_changes(lisbon, span("2026-10-25 00:00", "2026-10-25 01:00")) == []


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [("Australia/Lord_Howe", {30, -30}), ("Antarctica/Troll", {120, -120})],
)
def test_clocks_do_not_always_jump_by_an_hour(zone: str, minutes: set[int]) -> None:
    found = clock_changes(ZoneInfo(zone), span("2026-01-01", "2027-01-01"))
    assert {change.delta for change in found} == {timedelta(minutes=by) for by in minutes}
