"""The clock and the deliveries of `up --rehearsal`; in earnest these routes do not exist."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Conflict, Invalid, NotFound
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.instants import INSTANT_CHARS_MAX, read_instant
from holdfast.web.program import Rehearsal
from holdfast.web.rest import Body, row

STEP_MAX = timedelta(days=400)


class NotRehearsing(NotFound):
    """There is nothing at this address."""


class BackInTime(Conflict):
    """The clock of a rehearsal does not run backwards."""


class RehearsalShape(BaseModel):
    """Where the clock stands."""

    now: datetime


class DeliveryHeard(BaseModel):
    """One message that was carried: when, to which address, by which contact method."""

    model_config = ConfigDict(extra="allow")

    at: datetime
    to: str
    method: str
    message: dict[str, object]


class MoveClock(Body):
    """Either `advance`, a duration, or `to`, an instant."""

    advance: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    to: Annotated[str, Field(min_length=1, max_length=INSTANT_CHARS_MAX)] | None = None


def show_rehearsal(ctx: ContextDep) -> RehearsalShape:
    """Where the clock stands."""
    _rehearsal(ctx)
    return RehearsalShape(now=ctx.program.database.clock.now())


def move_clock(ctx: ContextDep, body: MoveClock) -> RehearsalShape:
    """Steps through every due instant on the way; answers when deliveries have their outcome."""
    rehearsal = _rehearsal(ctx)
    return RehearsalShape(now=rehearsal.advance(_target(body, ctx.program.database.clock.now())))


def list_deliveries(ctx: ContextDep, asked: AskedDep) -> Listing[DeliveryHeard]:
    """Everything that was carried so far, oldest first."""
    shown, following = asked.by_count(_rehearsal(ctx).deliveries())
    return Listing(items=[DeliveryHeard.model_validate(each) for each in shown], next=following)


def _rehearsal(ctx: Context) -> Rehearsal:
    if ctx.program.rehearsal is None:
        raise NotRehearsing
    return ctx.program.rehearsal


def _target(body: MoveClock, now: datetime) -> datetime:
    if (body.advance is None) == (body.to is None):
        raise Invalid(
            "Say how far the clock moves: either `advance` or `to`.",
            fields={"advance": "a duration such as PT15M", "to": "an instant"},
        )
    to = read_instant(body.to, "to") if body.to is not None else now
    if body.advance is not None:
        to = now + parse_duration(body.advance)
    if to < now:
        raise BackInTime(f"It is {now.isoformat()} already.", remedy="Choose a later instant.")
    if to - now > STEP_MAX:
        raise Invalid(f"One step is {STEP_MAX.days} days at the most.", remedy="Take several.")
    return to


# Deliveries hold answer links, and moving the clock pages people: both are an admin's.
_OPERATE = "instance.operate"
ROUTES = (
    row("GET", "rehearsal", show_rehearsal, "alerts.read", summary="The rehearsal's clock"),
    row("POST", "rehearsal/clock", move_clock, _OPERATE, summary="Move the clock"),
    row("GET", "rehearsal/deliveries", list_deliveries, _OPERATE, summary="What was carried"),
)
