"""Change schedules and who stands in for whom."""

from __future__ import annotations

from dataclasses import replace

from holdfast.kernel.errors import Conflict, NotFound
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.schedules import queries, store, validity
from holdfast.schedules.events import OverrideAdded, OverrideRemoved, ScheduleSaved
from holdfast.schedules.model import Override, Schedule


class NoSuchOverride(NotFound):
    """There is no override by that id in this schedule."""


def save(tx: Tx, schedule: Schedule) -> None:
    """Creates or changes a schedule; its overrides are changed by their own actions."""
    permissions.require(tx.actor, "schedules.edit")
    validity.check(schedule)
    people.team(tx, schedule.team)
    for rotation in schedule.rotations:
        for member in rotation.members:
            if member is not None:
                people.user(tx, member)
    before = queries.schedules(tx).get(schedule.id)
    if before is None or replace(before, overrides=()) != replace(schedule, overrides=()):
        store.save(tx, schedule)
        tx.forget()
        tx.record(ScheduleSaved(schedule.id, fields=("name", "team", "time_zone", "rotations")))


def delete(tx: Tx, schedule_id: str, *, used_by: list[str]) -> None:
    """Removes a schedule that no escalation policy names."""
    permissions.require(tx.actor, "schedules.edit")
    queries.schedule(tx, schedule_id)
    if used_by:
        raise Conflict(
            f"{schedule_id} is used by {', '.join(used_by[:5])}.",
            remedy="Take it out of these escalation policies first.",
        )
    store.remove(tx, schedule_id)
    tx.forget()
    tx.record(ScheduleSaved(schedule_id, fields=("deleted",)))


def add_override(tx: Tx, schedule_id: str, override: Override) -> None:
    """That person is on call for the span, whoever the rotations say. Repeated, nothing changes."""
    permissions.require(tx.actor, "schedules.override")
    schedule = queries.schedule(tx, schedule_id)
    people.user(tx, override.member)
    if override in schedule.overrides:
        return
    others = tuple(o for o in schedule.overrides if o.id != override.id)
    validity.check(replace(schedule, overrides=(*others, override)))
    store.add_override(tx, schedule_id, override)
    tx.forget()
    tx.record(
        OverrideAdded(
            schedule_id, override.id, override.member, override.span.start, override.span.end
        )
    )


def remove_override(tx: Tx, schedule_id: str, override_id: str) -> None:
    """The rotations say again who is on call. Raises NoSuchOverride."""
    permissions.require(tx.actor, "schedules.override")
    if not store.remove_override(tx, schedule_id, override_id):
        raise NoSuchOverride
    tx.forget()
    tx.record(OverrideRemoved(schedule_id, override_id))
