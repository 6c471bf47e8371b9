"""Remove what no file mentions, where prune says so: what leans on something goes before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from holdfast.catalog import actions as catalog
from holdfast.catalog import queries as catalog_queries
from holdfast.configuration.actions.attempt import Attempt
from holdfast.configuration.model import Change, ChangeKind, Kind, Place
from holdfast.escalation import actions as escalation
from holdfast.escalation import queries as policies
from holdfast.escalation.model import Target, TargetKind
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.people.credentials import actions as credentials
from holdfast.schedules import actions as schedules


def remove_connections(attempt: Attempt, changes: Sequence[Change], place: Place) -> None:
    """Their keys stop working. `place` is where a refusal is told: no file mentions them."""
    for name in _names(changes, Kind.CONNECTION):
        act = partial(catalog.delete_connection, attempt.tx, name)
        attempt.at(f"removing connection {name}", place, act)


def remove(attempt: Attempt, changes: Sequence[Change], place: Place) -> None:
    """Everything else. Users are disabled: what they did stays theirs."""
    tx = attempt.tx
    _remove_services(attempt, _names(changes, Kind.SERVICE), place)
    for name in _names(changes, Kind.POLICY):
        users = [s.id for s in catalog_queries.services(tx).values() if s.policy == name]
        act = partial(escalation.delete_policy, tx, name, used_by=users)
        attempt.at(f"removing policy {name}", place, act)
    for name in _names(changes, Kind.OVERRIDE):
        schedule, _, override = name.partition("/")
        act = partial(schedules.remove_override, tx, schedule, override)
        attempt.at(f"removing override {name}", place, act)
    for name in _names(changes, Kind.SCHEDULE):
        act = partial(schedules.delete, tx, name, used_by=_pagers_of(tx, name))
        attempt.at(f"removing schedule {name}", place, act)
    for name in _names(changes, Kind.TEAM):
        attempt.at(f"removing team {name}", place, partial(people.delete_team, tx, name))
    for name in _names(changes, Kind.USER):
        attempt.at(f"disabling user {name}", place, partial(credentials.disable, tx, name))


def _names(changes: Sequence[Change], kind: Kind) -> list[str]:
    return [c.id for c in changes if c.object is kind and c.kind is ChangeKind.REMOVE]


def _remove_services(attempt: Attempt, names: Sequence[str], place: Place) -> None:
    tx = attempt.tx
    for name in names:
        service = catalog_queries.service(tx, name)
        if service.depends_on:  # they may lean on each other, and all of them go
            free = partial(catalog.save_service, tx, replace(service, depends_on=()))
            attempt.at(f"removing service {name}", place, free)
    for name in names:
        act = partial(catalog.delete_service, tx, name)
        attempt.at(f"removing service {name}", place, act)


def _pagers_of(tx: Tx, schedule: str) -> list[str]:
    target = Target(TargetKind.SCHEDULE, schedule)
    return [
        policy.id
        for policy in policies.policies(tx).values()
        if target in (*policy.last_resort, *(t for step in policy.steps for t in step.page))
    ]
