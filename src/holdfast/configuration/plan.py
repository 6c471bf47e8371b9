"""The difference between what the files ask for and what is here. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar, cast

from holdfast.catalog.model import Connection
from holdfast.catalog.queries import key_hash
from holdfast.configuration import written
from holdfast.configuration.model import (
    Change,
    ChangeKind,
    Desired,
    FieldChange,
    Kind,
    Mentioned,
    Place,
    Present,
)
from holdfast.configuration.written import Written
from holdfast.people.model import User
from holdfast.schedules.model import Schedule

_LEAVES = frozenset({"settings"})  # what a source wants there has no shape of ours
T = TypeVar("T")


def settled(desired: Desired, present: Present, now: datetime) -> Desired:
    """What the files leave open is as it is here.

    People change themselves, so a field of a user that no file gives stays; whether somebody or
    something is disabled stays as well, unless a file says so.
    """
    users = {
        name: replace(mentioned, value=_settled_user(mentioned, present.users.get(name), now))
        for name, mentioned in desired.users.items()
    }
    connections = {
        name: replace(mentioned, value=_settled_connection(mentioned, present, now))
        for name, mentioned in desired.connections.items()
    }
    return replace(desired, users=users, connections=connections)


def compare(desired: Desired, present: Present, *, prune: bool) -> list[Change]:
    """What has to change, in the order of making; what prune removes comes last.

    `desired` is settled. Where nothing has to change, the list is empty.
    """
    changes = [
        *_of_kind(Kind.USER, desired.users, _all(present.users, written.user), written.user),
        *_of_kind(Kind.TEAM, desired.teams, _all(present.teams, written.team), written.team),
        *_of_kind(
            Kind.SCHEDULE, desired.schedules, _all(present.schedules, written.schedule),
            written.schedule,
        ),
        *_of_overrides(desired, present, prune=prune),
        *_of_kind(
            Kind.POLICY, desired.policies, _all(present.policies, written.policy), written.policy
        ),
        *_of_kind(
            Kind.SERVICE, desired.services, _all(present.services, written.service),
            written.service,
        ),
        *_of_connections(desired, present),
        *_of_kind(Kind.PACK, desired.packs, _all(present.packs, written.pack), written.pack),
        *_of_practice(desired, present),
    ]  # fmt: skip
    return [*changes, *_removals(desired, present)] if prune else changes


def _settled_user(mentioned: Mentioned[User], here: User | None, now: datetime) -> User:
    wanted, given = mentioned.value, mentioned.given
    if here is None:
        return replace(wanted, disabled_at=wanted.disabled_at and now)
    methods = wanted.methods if "methods" in given else here.methods
    rules = wanted.rules if "rules" in given else here.rules
    if "rules" not in given:
        names = {method.id for method in methods}
        rules = {u: tuple(r for r in rungs if r.method in names) for u, rungs in rules.items()}
    return replace(
        here,
        name=wanted.name,
        email=wanted.email if "email" in given else here.email,
        time_zone=wanted.time_zone if "time_zone" in given else here.time_zone,
        role=wanted.role if "role" in given else here.role,
        methods=methods,
        rules=rules,
        disabled_at=_disabled_at(mentioned, wanted.disabled_at, here.disabled_at, now),
    )


def _settled_connection(
    mentioned: Mentioned[Connection], present: Present, now: datetime
) -> Connection:
    wanted = mentioned.value
    here = present.connections.get(wanted.id)
    if here is None:
        return replace(wanted, disabled_at=wanted.disabled_at and now)
    disabled_at = _disabled_at(mentioned, wanted.disabled_at, here.disabled_at, now)
    return replace(
        wanted, keys=here.keys, last_signal_at=here.last_signal_at, disabled_at=disabled_at
    )


def _disabled_at(
    mentioned: Mentioned[T], wanted: datetime | None, here: datetime | None, now: datetime
) -> datetime | None:
    if "disabled" not in mentioned.given:
        return here
    return wanted and (here or now)


def _all(here: Mapping[str, T], write: Callable[[T], Written]) -> dict[str, Written]:
    return {name: write(value) for name, value in here.items()}


def _of_kind(
    kind: Kind,
    desired: Mapping[str, Mentioned[T]],
    here: Mapping[str, Written],
    write: Callable[[T], Written],
) -> Iterator[Change]:
    for name, mentioned in desired.items():
        change = _difference(kind, name, here.get(name), write(mentioned.value), mentioned.place)
        if change is not None:
            yield change


def _of_overrides(desired: Desired, present: Present, *, prune: bool) -> Iterator[Change]:
    for name, mentioned in desired.schedules.items():
        wanted = mentioned.value
        here = _overrides(present.schedules.get(name), wanted.time_zone)
        for index, override in enumerate(wanted.overrides):
            found = _difference(
                Kind.OVERRIDE, f"{name}/{override.id}", here.pop(override.id, None),
                written.override(override, wanted.time_zone), mentioned.at(f"overrides[{index}]"),
            )  # fmt: skip
            if found is not None:
                yield found
        if prune:
            for left in here:
                yield Change(ChangeKind.REMOVE, Kind.OVERRIDE, f"{name}/{left}")


def _overrides(schedule: Schedule | None, time_zone: str) -> dict[str, Written]:
    """In the zone that is wanted: the same words in another zone are another instant."""
    if schedule is None:
        return {}
    return {o.id: written.override(o, time_zone) for o in schedule.overrides}


def _of_connections(desired: Desired, present: Present) -> Iterator[Change]:
    for name, mentioned in desired.connections.items():
        here = present.connections.get(name)
        before = None if here is None else written.connection(here)
        after = written.connection(mentioned.value)
        key = _key_change(desired.keys.get(name), here)
        change = _difference(
            Kind.CONNECTION, name, before, after, mentioned.place, more=(key,) if key else ()
        )
        if change is not None:
            yield change


def _key_change(key: str | None, here: Connection | None) -> FieldChange | None:
    """Never the key itself: plans are printed, kept and sent around."""
    hashes = () if here is None else tuple(known.hash for known in here.keys)
    if key is not None:
        if key_hash(key) in hashes:
            return None
        return FieldChange("key", "another one" if hashes else None, "the one in the file")
    return None if hashes else FieldChange("key", None, "made when this is applied, shown once")


def _of_practice(desired: Desired, present: Present) -> Iterator[Change]:
    wanted = desired.practice
    if wanted is not None and wanted.value != present.practice:
        fields = (FieldChange("practice", present.practice, wanted.value),)
        yield Change(ChangeKind.CHANGE, Kind.PRACTICE, wanted.value, fields, wanted.place)


def _removals(desired: Desired, present: Present) -> Iterator[Change]:
    """Users are removed only by files that speak of users: people also come by other ways."""
    users = {name for name, user in present.users.items() if user.disabled_at is None}
    gone: list[tuple[Kind, set[str]]] = [
        (Kind.CONNECTION, present.connections.keys() - desired.connections.keys()),
        (Kind.SERVICE, present.services.keys() - desired.services.keys()),
        (Kind.POLICY, present.policies.keys() - desired.policies.keys()),
        (Kind.SCHEDULE, present.schedules.keys() - desired.schedules.keys()),
        (Kind.TEAM, present.teams.keys() - desired.teams.keys()),
        (Kind.USER, users - desired.users.keys() if desired.speaks_of_users else set()),
    ]
    for kind, names in gone:
        for name in sorted(names):
            yield Change(ChangeKind.REMOVE, kind, name)


def _difference(
    kind: Kind,
    name: str,
    before: Written | None,
    after: Written,
    place: Place,
    *,
    more: tuple[FieldChange, ...] = (),
) -> Change | None:
    old, new = dict(_flat(before or {})), dict(_flat(after))
    fields = tuple(
        FieldChange(field, _shown(old, field), _shown(new, field))
        for field in dict.fromkeys([*new, *old])
        if field != "id" and (field not in old or field not in new or old[field] != new[field])
    )
    if before is None:
        return Change(ChangeKind.CREATE, kind, name, (*fields, *more), place)
    if not fields and not more:
        return None
    return Change(ChangeKind.CHANGE, kind, name, (*fields, *more), place)


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Fields by path; objects in a list go by their ids, and the list itself by their order."""
    match value:
        case dict() if path not in _LEAVES:
            for key, inner in value.items():
                yield from _flat(inner, f"{path}.{key}" if path else str(key))
        case [{"id": _}, *_]:
            objects = cast(list[Written], value)
            yield path, [item["id"] for item in objects]
            for item in objects:
                rest = {key: inner for key, inner in item.items() if key != "id"}
                yield from _flat(rest, f"{path}.{item['id']}")
        case _:
            yield path, value


def _shown(fields: Mapping[str, object], field: str) -> str | None:
    return _in_words(fields[field]) if field in fields else None


def _in_words(value: object) -> str:
    match value:
        case None:
            return "nobody"
        case list():
            return ", ".join(_in_words(item) for item in value)
        case dict():
            return "{" + ", ".join(f"{k}: {_in_words(item)}" for k, item in value.items()) + "}"
        case bool():
            return str(value).lower()
        case _:
            return str(value)
