"""Create and change connections, with their keys and the watch over heartbeats."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from holdfast.alerts.actions import heartbeat
from holdfast.catalog import actions as catalog
from holdfast.catalog import queries as catalog_queries
from holdfast.catalog.model import Connection
from holdfast.configuration.actions.attempt import Attempt
from holdfast.configuration.model import Change, ChangeKind, Desired, Kind
from holdfast.kernel.tx import Tx
from holdfast.sdk.discovery import Integrations

KEY_FIELD = "key"


def connect(
    attempt: Attempt, desired: Desired, changes: Sequence[Change], integrations: Integrations
) -> dict[str, str]:
    """Returns the keys that had to be made, by connection: they are shown this once."""
    made: dict[str, str] = {}
    for change in changes:
        if change.object is not Kind.CONNECTION or change.kind is ChangeKind.REMOVE:
            continue
        name, mentioned = change.id, desired.connections[change.id]
        what = f"{Kind.CONNECTION.value} {name}"
        if change.kind is ChangeKind.CREATE or any(f.field != KEY_FIELD for f in change.fields):
            attempt.change(what, mentioned, partial(_save, attempt.tx, mentioned.value))
        if any(field.field == KEY_FIELD for field in change.fields):
            digits = integrations.sources[mentioned.value.kind].key_digits
            give = partial(_give_key, attempt.tx, name, desired.keys.get(name), digits, made)
            attempt.at(what, mentioned.at(KEY_FIELD), give)
    return made


def _save(tx: Tx, connection: Connection) -> None:
    catalog.save_connection(tx, connection)
    heartbeat.watch(tx, connection.id)


def _give_key(tx: Tx, name: str, key: str | None, digits: int, made: dict[str, str]) -> None:
    catalog_queries.connection(tx, name)  # where it could not be saved, there is nothing to open
    if key is None:
        made[name] = catalog.make_key(tx, name, digits)
    else:
        catalog.set_key(tx, name, key)
