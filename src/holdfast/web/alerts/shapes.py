"""The JSON of alerts: what the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from holdfast.alerts.ahead import Now
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.shape import alert_object
from holdfast.alerts.why import Entry, Facts, Stage, State
from holdfast.sdk import Severity, Urgency
from holdfast.sdk.signal import TITLE_CHARS_MAX
from holdfast.web.context import Context
from holdfast.web.rest import Body, Name, site_link

STEP_MAX = 100


class AlertShape(BaseModel):
    """An alert, as alerts/shape.py renders it here and in every page's webhook body."""

    id: str
    code: str
    status: AlertStatus
    dedup_key: str
    title: str
    service: str
    severity: Severity
    urgency: Urgency
    labels: dict[str, str]
    count: int
    triggered_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    held: str | None = Field(description="Why it wakes nobody; null where it does.")
    held_until: datetime | None
    merged_into: str | None
    connection: str
    details: dict[str, object]
    link: str | None
    marks: list[str] = Field(description="What had to be shortened or guessed.")
    previous: str | None = Field(description="The alert before it with the same key.")
    started_at: datetime | None
    last_signal_at: datetime | None
    url: str


class WhyEntry(BaseModel):
    """One decision between the signal and the phone."""

    at: datetime | None
    stage: Stage
    what: str
    why: str | None
    link: str | None
    state: State
    depth: int = Field(description="0: about the alert; 1: a person; 2: a contact method.")


class WhyNow(BaseModel):
    """How it stands, and what happens by itself. `step` is the one that the climb has reached."""

    what: str
    step: int | None
    ahead: list[WhyEntry]


class Why(BaseModel):
    """The whole path of decisions, oldest first. It is never parted: `next` is always null."""

    items: list[WhyEntry]
    next: None = None
    now: WhyNow


class OpenAlert(Body):
    """An alert that a person opens."""

    service: Name
    title: Annotated[str, Field(min_length=1, max_length=TITLE_CHARS_MAX)]
    severity: Severity = Severity.UNKNOWN


class Escalate(Body):
    """`from_step`: only if the climb has reached just that step; so two people escalate once."""

    from_step: Annotated[int, Field(ge=0, le=STEP_MAX)] | None = None


class Reassign(Body):
    """`to` is a user, or `user:ID`, `team:ID` or `schedule:ID`."""

    to: Name


class Merge(Body):
    """`into` is the alert, by id or code, that this one is the same trouble as."""

    into: Name


class Snooze(Body):
    """`for` is a duration, such as 2h."""

    length: Annotated[str, Field(alias="for", min_length=1, max_length=32)]


def alert_shape(context: Context, alert: Alert) -> AlertShape:
    """The alert with the absolute address of its page."""
    url = f"{context.program.base_url}/alerts/{alert.id}"
    return AlertShape.model_validate(alert_object(alert, url=url))


def why_shape(context: Context, facts: Facts, entries: tuple[Entry, ...], now: Now) -> Why:
    """The path and what comes, with absolute links."""
    step = None if facts.climb is None else facts.climb.step
    ahead = [_entry(context, entry) for entry in now.ahead]
    return Why(
        items=[_entry(context, entry) for entry in entries],
        now=WhyNow(what=now.what, step=step, ahead=ahead),
    )


def _entry(context: Context, entry: Entry) -> WhyEntry:
    return WhyEntry(
        at=entry.at,
        stage=entry.stage,
        what=entry.what,
        why=entry.why,
        link=site_link(context, entry.link),
        state=entry.state,
        depth=entry.depth,
    )
