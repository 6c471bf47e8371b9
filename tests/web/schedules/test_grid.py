"""The drawing: every shift at its place in elapsed time, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from holdfast.kernel.span import Span
from holdfast.schedules.model import Handoff, Hours, Override, Rotation, Schedule, Unit
from holdfast.schedules.overlay import shifts
from holdfast.web.faces import Faces
from holdfast.web.schedules.grid import WEEKS, monday_of, schedule_grid, window_of
from holdfast.web.schedules.views import Grid

NOBODY_KNOWN = Faces({}, "ana")
NOW = datetime(2026, 10, 28, 12, tzinfo=UTC)
# Autumn and spring, north and south, half hours, and a change of half an hour.
CHANGES = [
    ("Europe/Berlin", date(2026, 10, 19), "Clocks go back, 25 h day"),
    ("Europe/Berlin", date(2027, 3, 22), "Clocks go forward, 23 h day"),
    ("America/St_Johns", date(2026, 10, 26), "Clocks go back, 25 h day"),
    ("Australia/Lord_Howe", date(2027, 3, 29), "Clocks go back, 24.5 h day"),
    ("Australia/Adelaide", date(2026, 9, 28), "Clocks go forward, 23 h day"),
    ("America/Santiago", date(2026, 8, 31), "Clocks go forward, 23 h day"),
]


def schedule(zone: str, *overrides: Override) -> Schedule:
    days = Rotation("days", ("ana", "bo"), Handoff(1, Unit.DAYS, None, time(9)), date(2026, 1, 5))
    nights = Rotation(
        "nights", ("cy", None), Handoff(1, Unit.WEEKS, 0, time(9)), date(2026, 1, 5),
        (Hours(frozenset(range(7)), time(22), time(6)),),
    )  # fmt: skip
    return Schedule("s", "S", "t", zone, (days, nights), overrides)


def drawn(zone: str, first: date, weeks: int = 1, *overrides: Override) -> Grid:
    window = window_of(first, weeks, zone)
    return schedule_grid(schedule(zone, *overrides), window, NOBODY_KNOWN, NOW)


@pytest.mark.parametrize(("zone", "first", "said"), CHANGES)
def test_a_day_is_as_wide_as_it_is_long(zone: str, first: date, said: str) -> None:
    grid = drawn(zone, first)
    assert [change.text for change in grid.changes] == [said]
    usual = sorted(day.w for day in grid.days)[3]
    changed = next(day for day in grid.days if day.x <= grid.changes[0].x < day.x + day.w)
    hours = float(said.split()[3])
    assert changed.w == pytest.approx(usual * hours / 24)
    assert sum(day.w for day in grid.days) == pytest.approx(100)


@pytest.mark.parametrize(("zone", "first", "said"), CHANGES)
@pytest.mark.parametrize("weeks", WEEKS)
def test_the_result_has_no_hole_and_is_what_paging_says(
    zone: str, first: date, said: str, weeks: int
) -> None:
    grid = drawn(zone, first, weeks)
    window = window_of(first, weeks, zone)
    bars = grid.rows[0].bars
    found = shifts(schedule(zone), window.span)
    assert [(b.start, b.end) for b in bars] == [(s.span.start, s.span.end) for s in found]
    assert [b.who.id if b.who else None for b in bars] == [s.user for s in found]
    edges = [bar.x for bar in bars] + [100.0]
    assert edges[0] == 0
    for bar, following in zip(bars, edges[1:], strict=True):
        assert bar.x + bar.w == pytest.approx(following)


def test_an_override_is_its_own_row_and_marks_the_result() -> None:
    span = Span(datetime(2026, 10, 27, 9, tzinfo=UTC), datetime(2026, 10, 27, 21, tzinfo=UTC))
    grid = drawn("UTC", date(2026, 10, 26), 1, Override("o", "dee", span))
    assert [row.label for row in grid.rows] == ["On call", "Overrides", "nights", "days"]
    marked = [bar for bar in grid.rows[0].bars if bar.kind == "override"]
    assert [(bar.start, bar.end, bar.who and bar.who.id) for bar in marked] == [
        (span.start, span.end, "dee")
    ]


def test_nobody_is_a_gap_in_the_result_and_an_empty_slot_in_its_rotation() -> None:
    empty = Rotation("e", (None,), Handoff(1, Unit.DAYS, None, time(9)), date(2026, 1, 5))
    alone = Schedule("s", "S", "t", "UTC", (empty,))
    grid = schedule_grid(alone, window_of(date(2026, 10, 26), 1, "UTC"), NOBODY_KNOWN, NOW)
    assert {bar.kind for bar in grid.rows[0].bars} == {"gap"}
    assert {(bar.kind, bar.who) for bar in grid.rows[1].bars} == {("shift", None)}


def test_bars_carry_wall_time_of_the_zone_for_the_form() -> None:
    grid = drawn("Europe/Berlin", date(2026, 10, 19))
    after_change = [bar for bar in grid.rows[0].bars if bar.from_local.startswith("2026-10-25")]
    assert [bar.from_local[11:] for bar in after_change] == ["09:00"]


def test_now_is_a_line_only_where_it_is_in_sight() -> None:
    assert drawn("UTC", date(2026, 10, 26)).now_x == pytest.approx(2.5 / 7 * 100)
    assert drawn("UTC", date(2026, 11, 2)).now_x is None


def test_the_week_begins_on_the_monday_of_the_zone() -> None:
    sunday_night = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)
    assert monday_of(sunday_night, "UTC") == date(2026, 10, 19)
    assert monday_of(sunday_night, "Europe/Berlin") == date(2026, 10, 26)
    assert monday_of(sunday_night + timedelta(hours=1), "UTC") == date(2026, 10, 26)
