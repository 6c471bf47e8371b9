"""Create and change what the files mention: whatever is leaned on comes before what leans on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from holdfast.catalog import actions as catalog
from holdfast.catalog import queries as catalog_queries
from holdfast.catalog.model import Service
from holdfast.configuration.actions.attempt import Attempt
from holdfast.configuration.model import Change, ChangeKind, Desired, Kind, Mentioned
from holdfast.escalation import actions as escalation
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.people.credentials import actions as credentials
from holdfast.people.model import User
from holdfast.practice import actions as practice
from holdfast.schedules import actions as schedules

T = TypeVar("T")
Todo = set[tuple[Kind, str]]


def make(attempt: Attempt, desired: Desired, changes: Sequence[Change]) -> None:
    """Everything but connections, as far as `changes` names it."""
    todo = {(change.object, change.id) for change in changes if change.kind is not _REMOVE}
    _save(attempt, todo, (Kind.USER, desired.users), _save_user)
    _save(attempt, todo, (Kind.TEAM, desired.teams), people.save_team)
    _save(attempt, todo, (Kind.SCHEDULE, desired.schedules), schedules.save)
    _save_overrides(attempt, todo, desired)
    _save(attempt, todo, (Kind.POLICY, desired.policies), escalation.save_policy)
    _save_services(attempt, todo, desired)
    _save(attempt, todo, (Kind.PACK, desired.packs), practice.save)
    chosen = desired.practice
    if chosen is not None and (Kind.PRACTICE, chosen.value) in todo:
        choose = partial(practice.choose, attempt.tx, chosen.value)
        attempt.change(f"practice {chosen.value}", chosen, choose)


_REMOVE = ChangeKind.REMOVE


def _save_user(tx: Tx, user: User) -> None:
    people.save_user(tx, user)
    if user.disabled_at is not None:
        credentials.forget_credentials(tx, user.id)


def _save(
    attempt: Attempt,
    todo: Todo,
    group: tuple[Kind, Mapping[str, Mentioned[T]]],
    save: Callable[[Tx, T], None],
) -> None:
    kind, objects = group
    for name, mentioned in objects.items():
        if (kind, name) in todo:
            act = partial(save, attempt.tx, mentioned.value)
            attempt.change(f"{kind.value} {name}", mentioned, act)


def _save_overrides(attempt: Attempt, todo: Todo, desired: Desired) -> None:
    for name, mentioned in desired.schedules.items():
        for index, override in enumerate(mentioned.value.overrides):
            if (Kind.OVERRIDE, f"{name}/{override.id}") in todo:
                attempt.at(
                    f"override {override.id} of schedule {name}",
                    mentioned.at(f"overrides[{index}]"),
                    partial(schedules.add_override, attempt.tx, name, override),
                )


def _save_services(attempt: Attempt, todo: Todo, desired: Desired) -> None:
    for name in _leaned_on_first(desired.services):
        if (Kind.SERVICE, name) in todo:
            mentioned = desired.services[name]
            # Where two new services lean on each other, one has to come first without the other.
            there = catalog_queries.services(attempt.tx)
            leans = tuple(other for other in mentioned.value.depends_on if other in there)
            first = replace(mentioned.value, depends_on=leans)
            act = partial(catalog.save_service, attempt.tx, first)
            attempt.change(f"{Kind.SERVICE.value} {name}", mentioned, act)
    _save(attempt, todo, (Kind.SERVICE, desired.services), catalog.save_service)


def _leaned_on_first(wanted: Mapping[str, Mentioned[Service]]) -> Iterator[str]:
    leans = {name: mentioned.value.depends_on for name, mentioned in wanted.items()}
    try:
        order = list(TopologicalSorter(leans).static_order())
    except CycleError:
        order = list(leans)
    return (name for name in order if name in wanted)
