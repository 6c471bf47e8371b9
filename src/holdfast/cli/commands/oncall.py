"""Who is on call."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from holdfast.cli import words
from holdfast.cli.exits import NOT_FOUND, Failed
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, moment, out_json, paint, table, tell


def oncall(
    schedule: Annotated[str | None, Parameter(help="Only this schedule.")] = None,
    /,
    *,
    at: Annotated[
        str | None, Parameter(help='Such as 2026-12-25T03:00Z, or "2026-12-25 03:00 Europe/Rome".')
    ] = None,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Who is on call, until when and why; now, or at any instant."""
    with reach(where) as caller:
        everything = caller.items("on-call", at=at)
    found = [each for each in everything if schedule in (None, each["schedule"])]
    if schedule is not None and not found:
        names = ", ".join(str(each["schedule"]) for each in everything)
        raise Failed(
            words.NO_SUCH_SCHEDULE.format(name=schedule),
            code=NOT_FOUND,
            remedy=words.SCHEDULES_ARE.format(names=names) if names else words.NO_SCHEDULES,
        )
    if as_json:
        out_json({"items": found})
    elif not found:
        tell(words.NO_SCHEDULES)
    else:
        rows = [
            (
                str(each["schedule"]),
                str(each["user"] or paint(words.NOBODY, "red")),
                f"until {moment(each['until'])}",
                clean(each["why"]),
            )
            for each in found
        ]
        table(("schedule", "on call", "until", "why"), rows)
