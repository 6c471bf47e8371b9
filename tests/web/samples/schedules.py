"""On call at Harbor, 19 October to 1 November 2026: a gap, an override and a 25-hour day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from holdfast.web.layout.views import Choice, Face, Fields, Link
from holdfast.web.layout.words import moment
from holdfast.web.schedules.views import (
    Affected,
    AgendaItem,
    Bar,
    BarKind,
    Change,
    Day,
    Grid,
    GridRow,
    HoursForm,
    IndexRow,
    MemberSlot,
    OverrideRow,
    Problem,
    RotationForm,
    ScheduleEdit,
    ScheduleList,
    SchedulePage,
    Span,
    Turn,
)
from holdfast.web.schedules.words import WEEKDAYS
from tests.web.samples.company import (
    AIKO,
    DELE,
    EVERYBODY,
    JUN,
    LONG,
    MAREK,
    NOOR,
    NOW,
    PRIYA,
    SOFIA,
    TOMAS,
    ZONE,
    Sample,
    shell,
)

BERLIN = ZoneInfo(ZONE)
MONDAY = date(2026, 10, 19)
DAYS = 14


def _wall(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """That wall time, counted in days from Monday, as an instant."""
    return datetime(2026, 10, 19, hour, minute, tzinfo=BERLIN) + timedelta(days=day)


_START, _END = _wall(0).astimezone(UTC), _wall(DAYS).astimezone(UTC)


def _x(at: datetime) -> float:
    return (at.astimezone(UTC) - _START) / (_END - _START) * 100


def bar(
    who: Face | None,
    start: datetime,
    end: datetime,
    kind: BarKind = "shift",
    why: str | None = None,
) -> Bar:
    x = _x(start)
    return Bar(
        x,
        _x(end) - x,
        start.astimezone(UTC),
        end.astimezone(UTC),
        kind,
        who,
        why,
        f"{start:%Y-%m-%dT%H:%M}",
        f"{end:%Y-%m-%dT%H:%M}",
    )


_WEEKDAYS = tuple(
    bar(MAREK if day < 7 else DELE, _wall(day, 9), _wall(day, 21))
    for day in range(DAYS)
    if day % 7 < 5
)
_NIGHTS = (
    bar(TOMAS, _wall(0), _wall(0, 9)),
    *(
        bar(PRIYA if 0 < day < 5 else TOMAS, _wall(day, 21), _wall(day + 1, 9))
        for day in range(DAYS - 1)
        if day % 7 < 4 or day == 7
    ),
)
_WEEKENDS = (
    bar(TOMAS, _wall(4, 21), _wall(5, 9)),
    bar(AIKO, _wall(5, 9), _wall(5, 21)),
    bar(AIKO, _wall(5, 21), _wall(6, 9)),
    bar(MAREK, _wall(6, 9), _wall(6, 21)),
    bar(AIKO, _wall(11, 21), _wall(12, 9)),
    bar(PRIYA, _wall(12, 9), _wall(12, 21)),
    bar(MAREK, _wall(12, 21), _wall(13, 9)),
    bar(AIKO, _wall(13, 9), _wall(14, 0)),
)
_OVERRIDES = (
    bar(DELE, _wall(5, 9), _wall(5, 21), "override", "covers Aiko"),
    bar(AIKO, _wall(1, 21), _wall(2, 3), "override", "covers Priya"),
)
_GAP = bar(None, _wall(6, 21), _wall(7, 9), "gap", "no rotation has anybody")
_FINAL = tuple(
    sorted(
        (
            *_WEEKDAYS,
            *(each for each in _NIGHTS if each.start != _wall(1, 21)),
            *(each for each in _WEEKENDS if each.start != _wall(5, 9)),
            *_OVERRIDES,
            bar(PRIYA, _wall(2, 3), _wall(2, 9)),
            _GAP,
        ),
        key=lambda each: each.start,
    )
)
_DAYS = tuple(
    Day(
        _x(_wall(day)),
        _x(_wall(day + 1)) - _x(_wall(day)),
        WEEKDAYS[day % 7][2],
        (MONDAY + timedelta(days=day)).day,
        f"{MONDAY + timedelta(days=day)}T00:00",
        weekend=day % 7 > 4,
        today=day == 3,
    )
    for day in range(DAYS)
)
GRID = Grid(
    "19 October to 1 November 2026",
    _DAYS,
    (
        GridRow("On call", "who gets paged", _FINAL, final=True),
        GridRow("Overrides", "win over rotations", _OVERRIDES),
        GridRow("Weekdays", "09 to 21, weekly", _WEEKDAYS),
        GridRow("Nights", "21 to 09, weekly", (*_NIGHTS, bar(None, _wall(4, 21), _wall(5, 9)))),
        GridRow("Weekends", "Fri 21 to Sun 21", _WEEKENDS),
    ),
    ZONE,
    now_x=_x(NOW),
    now_label="03:02",
    changes=(Change(_x(datetime(2026, 10, 25, 1, tzinfo=UTC)), "Clocks go back, 25 h day"),),
)
SPAN = Span(
    (Link("Week", "?zoom=week"), Link("2 weeks"), Link("Month", "?zoom=month")),
    "?from=2026-10-05",
    "?from=2026-11-02",
    "?",
)
GAP = Problem(
    "gap",
    "12 h with nobody",
    "Sun 25 Oct 21:00 to Mon 26 Oct 09:00",
    "2026-10-25T21:00",
    "2026-10-26T09:00",
)
CLOCKS = Problem(
    "clock_change",
    "The clocks go back on Sun 25 Oct",
    "Hand-offs stay at their time of day; the night is an hour longer.",
)


def _agenda() -> tuple[AgendaItem, ...]:
    items: list[AgendaItem] = []
    shown = ""
    for each in _FINAL:
        if each.end <= NOW or len(items) == 12:
            continue
        day = moment(each.start, _END, BERLIN).rpartition(" ")[0]
        items.append(AgendaItem(each, day if day != shown else None))
        shown = day
    return tuple(items)


PAGE = SchedulePage(
    id="payments",
    name="Payments",
    team=Link("Payments", "/teams/payments"),
    zone=ZONE,
    turns=(
        Turn("On call now", PRIYA, "until today 09:00"),
        Turn("Next, in 5 h 58 min", MAREK, "09:00 to 21:00"),
        Turn("If no answer", AIKO, "after 5 min · 10:02 in Tokyo"),
    ),
    problems=(GAP, CLOCKS),
    grid=GRID,
    span=SPAN,
    agenda=_agenda(),
    overrides=(
        OverrideRow("xmas", DELE, _wall(5, 9), _wall(5, 21), removable=True),
        OverrideRow("two", AIKO, _wall(1, 21), _wall(2, 3), removable=False),
    ),
    used_by=(Link("Payments, step 1", "/policies/payments"),),
    people=tuple(Choice(each.id, each.name) for each in EVERYBODY),
    may_override=True,
    may_edit=True,
    override_from="2026-10-22T09:00",
    override_until="2026-10-22T21:00",
)
_EMPTY = replace(
    PAGE,
    turns=(Turn("On call now", None, "no rotation has anybody"),),
    problems=(),
    overrides=(),
    used_by=(),
    agenda=(),
    grid=replace(
        GRID,
        rows=(
            GridRow(
                "On call", "who gets paged", (bar(None, _wall(0), _wall(14), "gap"),), final=True
            ),
        ),
        now_x=None,
        changes=(),
    ),
    may_edit=False,
    may_override=False,
)
_WRONG = replace(
    PAGE,
    open_override=True,
    fields=Fields(
        (("member", "dele"), ("from", "2026-10-22T21:00"), ("until", "2026-10-22T09:00")),
        (("until", "The end is before the start."),),
        "Nothing was changed.",
    ),
)


def _row(name: str, bars: tuple[Bar, ...], team: str) -> GridRow:
    return GridRow(name, team, bars, final=True, href=f"/schedules/{name.lower()}")


LIST = ScheduleList(
    grid=replace(
        GRID,
        rows=(
            _row("Payments", _FINAL, "Payments"),
            _row(
                "Platform",
                tuple(
                    bar((JUN, TOMAS)[week], _wall(week * 7), _wall(week * 7 + 7))
                    for week in range(2)
                ),
                "Platform",
            ),
            _row(
                "Database",
                tuple(
                    bar((NOOR, DELE, NOOR, AIKO)[n], _wall(n * 4), _wall(min(14, n * 4 + 4)))
                    for n in range(4)
                ),
                "Database",
            ),
            _row(
                "Support",
                tuple(
                    bar((SOFIA, MAREK)[day % 2], _wall(day, 8), _wall(day, 20))
                    for day in range(DAYS)
                ),
                LONG,
            ),
        ),
    ),
    span=SPAN,
    rows=(
        IndexRow(
            Link("Payments", "/schedules/payments"),
            "Payments",
            PRIYA,
            _wall(3, 9),
            MAREK,
            "12 h with nobody, Sun 25 Oct 21:00",
        ),
        IndexRow(Link("Platform", "/schedules/platform"), "Platform", JUN, _wall(7), TOMAS),
        IndexRow(Link("Support", "/schedules/support"), "Support", None, _wall(3, 8), SOFIA),
    ),
    problems=(replace(GAP, text="Payments: 12 h with nobody"),),
    may_edit=True,
)
_PEOPLE = (Choice("", "Empty on purpose"), *(Choice(each.id, each.name) for each in EVERYBODY))


def _slot(chosen: str) -> MemberSlot:
    return MemberSlot(tuple(replace(each, chosen=each.value == chosen) for each in _PEOPLE))


WEEKLY = RotationForm(
    id="weekly",
    title="Weekdays",
    members=(_slot("marek"), _slot("dele"), _slot("")),
    every="1",
    units=(Choice("hours", "hours"), Choice("days", "days"), Choice("weeks", "weeks", chosen=True)),
    weekdays=tuple(Choice(value, name) for value, name, _ in WEEKDAYS),
    at="09:00",
    starts="2026-10-19",
    until="",
    hours=(
        HoursForm(
            tuple(
                Choice(value, short, chosen=n < 5) for n, (value, _, short) in enumerate(WEEKDAYS)
            ),
            "09:00",
            "21:00",
        ),
    ),
)
EDIT = ScheduleEdit(
    id="payments",
    action="/schedules/payments/edit",
    name="Payments",
    teams=(Choice("payments", "Payments", chosen=True), Choice("platform", "Platform")),
    zone=ZONE,
    zones=("Europe/Berlin", "UTC"),
    rotations=(
        WEEKLY,
        replace(
            WEEKLY, id="nights", title="Nights", hours=(), members=(_slot("priya"), _slot("tomas"))
        ),
    ),
    preview=replace(
        GRID,
        rows=(replace(GRID.rows[0], label="Then"), replace(GRID.rows[0], label="Now", final=False)),
    ),
    problems=(GAP,),
    affected=(
        Affected(MAREK, "2 shifts less, 24 h"),
        Affected(DELE, "2 shifts more, from Mon 26 Oct"),
    ),
    may_delete=True,
    used_by=(Link("the policy Payments", "/policies/payments"),),
)
NEW = replace(
    EDIT,
    id=None,
    action="/schedules/new",
    name="",
    rotations=(replace(WEEKLY, title="Rotation 1", members=(_slot("priya"),), hours=()),),
    preview=None,
    problems=(),
    affected=(),
    may_delete=False,
)

SAMPLES = (
    Sample("schedules", "schedules/list.html", shell("/schedules"), LIST),
    Sample(
        "schedules-empty",
        "schedules/list.html",
        shell("/schedules", duty=None),
        replace(LIST, rows=(), problems=()),
    ),
    Sample("schedule", "schedules/show.html", shell("/schedules/payments"), PAGE),
    Sample("schedule-empty", "schedules/show.html", shell("/schedules/payments"), _EMPTY),
    Sample(
        "schedule-override", "schedules/show.html", shell("/schedules/payments"), PAGE, press="o"
    ),
    Sample("schedule-wrong", "schedules/show.html", shell("/schedules/payments"), _WRONG),
    Sample("schedule-edit", "schedules/edit.html", shell("/schedules/payments/edit"), EDIT),
    Sample("schedule-new", "schedules/edit.html", shell("/schedules/new"), NEW),
    Sample(
        "schedule-edit-wrong",
        "schedules/edit.html",
        shell("/schedules/payments/edit"),
        replace(
            EDIT,
            used_by=(),
            fields=Fields(
                (("name", ""),),
                (
                    ("name", "A schedule needs a name."),
                    ("r0.every", "Use 1 to 1000."),
                    ("time_zone", "“Berlin” is not a known time zone. Write Europe/Berlin."),
                ),
                "Three things are not right yet.",
            ),
        ),
    ),
)
