"""The timeline by API: everything that happened here, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from holdfast.incidents import queries as incidents
from holdfast.kernel.errors import Invalid
from holdfast.timeline import queries
from holdfast.timeline.event import Recorded
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import NAME_CHARS_MAX, row

KINDS_MAX = 50


class EventShape(BaseModel):
    """Something that happened: `data` holds ids, never names or addresses."""

    id: str
    at: datetime
    kind: str
    subject: str
    actor: str
    data: dict[str, object]
    position: int | None = Field(description="Its place in the hash chain; null until sealed.")


def list_events(
    ctx: ContextDep,
    asked: AskedDep,
    kinds: Annotated[
        list[str] | None, Query(description="Such as alert.triggered: several allowed")
    ] = None,
) -> Listing[EventShape]:
    """Newest first; of every kind unless some are asked for. What happened in a private incident
    is left out for whoever may not see it, so that a part may be shorter than the limit."""
    wanted = _kinds(kinds or [])
    with ctx.read() as tx:
        rows = queries.latest(tx, before=asked.place(), kinds=wanted, limit=asked.one_more)
        shown, following = asked.by_time(rows, lambda event: (event.at, event.id))
        hidden = incidents.hidden(tx, {name for event in shown for name in _names(event)})
    items = [_event_shape(event) for event in shown if hidden.isdisjoint(_names(event))]
    return Listing(items=items, next=following)


def _names(event: Recorded) -> set[str]:
    """The ids that it speaks of."""
    return {event.subject, *(value for value in event.data.values() if isinstance(value, str))}


def _kinds(written: list[str]) -> list[str]:
    words = [word.strip() for each in written for word in each.split(",") if word.strip()]
    if len(words) > KINDS_MAX or any(
        len(word) > NAME_CHARS_MAX or not word.isascii() or not word.isprintable() for word in words
    ):
        raise Invalid("These are not kinds of event.", fields={"kinds": "such as alert.triggered"})
    return words


def _event_shape(event: Recorded) -> EventShape:
    return EventShape(
        id=event.id,
        at=event.at,
        kind=event.kind,
        subject=event.subject,
        actor=event.actor,
        data=event.data,
        position=event.position,
    )


ROUTES = (row("GET", "timeline", list_events, "timeline.read", summary="What happened"),)
