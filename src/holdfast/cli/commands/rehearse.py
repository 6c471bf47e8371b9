"""Who would be rung."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from cyclopts import Parameter

from holdfast.cli import words
from holdfast.cli.caller import Json
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, count, moment, out, out_json, paint, table, tell


def rehearse(
    *,
    service: Annotated[str, Parameter(help="The service that would be in trouble.")],
    at: Annotated[
        str | None, Parameter(help='Such as "2026-12-25 03:00 Europe/Rome"; by default now.')
    ] = None,
    urgency: Annotated[
        Literal["high", "low"], Parameter(help="High wakes people, low waits for the morning.")
    ] = "high",
    nobody_answers: Annotated[
        bool, Parameter(negative="", help="Always so: a rehearsal shows the whole climb.")
    ] = True,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Who would be rung, how and when, if nobody answered, and where the gap is. Sends nothing."""
    body = {"service": service, "at": at, "urgency": urgency, "nobody_answers": nobody_answers}
    with reach(where) as caller:
        found = caller.post("rehearse", body)
    if as_json:
        out_json(found)
        return
    at_first = moment(found["at"])
    tell(words.REHEARSED.format(service=found["service"], policy=found["policy"], at=at_first))
    rings, problems = cast(list[Json], found["items"]), cast(list[Json], found["problems"])
    lines = [*map(_ring, rings), *map(_problem, problems)]
    table(
        ("after", "at", "who", "how", "because"),
        [cells for _, cells in sorted(lines, key=lambda line: line[0])],
    )
    if not rings:
        out(words.REACHES_NOBODY)
    gaps = sum(1 for problem in problems if problem["gap"])
    tell(words.GAPS.format(count=count(gaps, "gap", "gaps")) if gaps else words.NO_GAP)


def _ring(ring: Json) -> tuple[str, list[str]]:
    how = f"{ring['how']} ({ring['kind']} {ring['address']})"
    cells = [f"+{ring['after']}", moment(ring["at"]), ring["name"], how, ring["because"]]
    return str(ring["at"]), [clean(cell) for cell in cells]


def _problem(problem: Json) -> tuple[str, list[str]]:
    sign = paint("GAP", "red") if problem["gap"] else "note"
    at = [f"+{problem['after']}", moment(problem["at"])]
    return str(problem["at"]), [*at, sign, "", clean(problem["words"])]
