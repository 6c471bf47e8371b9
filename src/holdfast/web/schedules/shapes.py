"""The JSON of schedules, in the words of configuration as code."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from holdfast.schedules.model import Handoff, Hours, Override, Rotation, Schedule
from holdfast.schedules.overlay import resolve
from holdfast.schedules.written import (
    format_days,
    format_end,
    format_every,
    format_time,
    format_weekday,
)


class OnCall(BaseModel):
    """Who is on call in a schedule at an instant, since and until when, and why."""

    schedule: str
    user: str | None
    since: datetime
    until: datetime
    why: str


class HandoffShape(BaseModel):
    """When the turn passes on, in the schedule's local time."""

    every: str
    on: str | None
    at: str


class HoursShape(BaseModel):
    """Restricted hours, in the schedule's local time."""

    days: list[str]
    start: str = Field(serialization_alias="from")
    end: str = Field(serialization_alias="to")


class RotationShape(BaseModel):
    """People taking turns; null is a slot kept empty on purpose."""

    id: str
    members: list[str | None]
    handoff: HandoffShape
    starts: date
    until: date | None
    hours: list[HoursShape] | None


class OverrideShape(BaseModel):
    """A replacement for a span."""

    id: str
    member: str
    start: datetime = Field(serialization_alias="from")
    until: datetime


class ScheduleShape(BaseModel):
    """A schedule as configuration as code writes it; the overrides' ends are instants."""

    id: str
    name: str
    team: str
    time_zone: str
    rotations: list[RotationShape]
    overrides: list[OverrideShape]


class ScheduleWithOnCall(ScheduleShape):
    """One schedule, and who is on call now."""

    on_call: OnCall


def on_call_shape(schedule: Schedule, at: datetime) -> OnCall:
    """What the schedule says about that instant. Raises OutOfReach."""
    shift = resolve(schedule, at)
    return OnCall(
        schedule=schedule.id,
        user=shift.user,
        since=shift.span.start,
        until=shift.span.end,
        why=shift.why,
    )


def schedule_shape(schedule: Schedule) -> ScheduleShape:
    """The schedule in the words of its file."""
    return ScheduleShape(
        id=schedule.id,
        name=schedule.name,
        team=schedule.team,
        time_zone=schedule.time_zone,
        rotations=[_rotation_shape(rotation) for rotation in schedule.rotations],
        overrides=[override_shape(override) for override in schedule.overrides],
    )


def override_shape(override: Override) -> OverrideShape:
    """The override with its instants in UTC."""
    span = override.span
    return OverrideShape(id=override.id, member=override.member, start=span.start, until=span.end)


def _rotation_shape(rotation: Rotation) -> RotationShape:
    return RotationShape(
        id=rotation.id,
        members=list(rotation.members),
        handoff=_handoff_shape(rotation.handoff),
        starts=rotation.starts,
        until=rotation.until,
        hours=[_hours_shape(hours) for hours in rotation.hours] or None,
    )


def _handoff_shape(handoff: Handoff) -> HandoffShape:
    return HandoffShape(
        every=format_every(handoff.every, handoff.unit),
        on=None if handoff.weekday is None else format_weekday(handoff.weekday),
        at=format_time(handoff.at),
    )


def _hours_shape(hours: Hours) -> HoursShape:
    return HoursShape(
        days=format_days(hours.days), start=format_time(hours.start), end=format_end(hours.end)
    )
