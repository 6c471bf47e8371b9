"""Change the catalog."""

from __future__ import annotations

import re
from datetime import timedelta

from holdfast.catalog import queries, store
from holdfast.catalog.model import (
    DEPENDENCIES_MAX,
    HEARTBEAT,
    KEY_CHARS_MAX,
    KEY_CHARS_MIN,
    KEYS_MAX,
    TIER_MAX,
    Connection,
    ConnectionKey,
    ConnectionKeyMade,
    ConnectionSaved,
    KeyTaken,
    NoSuchService,
    Service,
    ServiceInUse,
    ServiceSaved,
)
from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slug
from holdfast.kernel.names import check_name
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people

KEY_PREFIX_CHARS = 6
HEARTBEAT_EVERY_MIN = timedelta(seconds=10)
_KEY = re.compile(r"[A-Za-z0-9_\-]+", re.ASCII)


def save_service(tx: Tx, service: Service) -> None:
    """Creates or changes a service. Raises NoSuchTeam, NoSuchService for what it leans on."""
    permissions.require(tx.actor, "services.edit")
    _check_service(tx, service)
    before = queries.services(tx).get(service.id)
    if before != service:
        store.save_service(tx, service)
        tx.forget()
        tx.record(ServiceSaved(service.id, fields=("name", "team", "policy", "tier")))


def delete_service(tx: Tx, service_id: str) -> None:
    """Raises ServiceInUse while a connection or another service points at it."""
    permissions.require(tx.actor, "services.edit")
    users = [c.id for c in queries.connections(tx).values() if c.service == service_id]
    users += [s.id for s in queries.services(tx).values() if service_id in s.depends_on]
    if users:
        raise ServiceInUse(
            f"{service_id} is still used by {', '.join(users[:5])}.",
            remedy="Point them elsewhere first.",
        )
    store.delete_service(tx, service_id)
    tx.forget()
    tx.record(ServiceSaved(service_id, fields=("deleted",)))


def save_connection(tx: Tx, connection: Connection) -> None:
    """Creates or changes a connection; its keys stay as they are."""
    permissions.require(tx.actor, "connections.edit")
    slug(connection.id)
    queries.service(tx, connection.service)
    _check_heartbeat(connection)
    before = queries.connections(tx).get(connection.id)
    store.save_connection(tx, connection)
    tx.forget()
    if before is None or _content(before) != _content(connection):
        tx.record(ConnectionSaved(connection.id, fields=("kind", "service", "settings")))


def delete_connection(tx: Tx, connection_id: str) -> None:
    """Its keys stop working at once."""
    permissions.require(tx.actor, "connections.edit")
    queries.connection(tx, connection_id)
    store.delete_connection(tx, connection_id)
    tx.forget()
    tx.record(ConnectionSaved(connection_id, fields=("deleted",)))


def make_key(tx: Tx, connection_id: str, digits: int) -> str:
    """A new random key of that many hexadecimal digits, shown this once."""
    key = tx.chance.hex_key(digits)
    set_key(tx, connection_id, key)
    return key


def set_key(tx: Tx, connection_id: str, key: str) -> None:
    """Makes this a key of the connection; the newest older one stays good. Raises KeyTaken."""
    permissions.require(tx.actor, "connections.edit")
    if not KEY_CHARS_MIN <= len(key) <= KEY_CHARS_MAX or not _KEY.fullmatch(key):
        raise Invalid(
            f"A key has {KEY_CHARS_MIN} to {KEY_CHARS_MAX} letters, digits, dashes, underscores.",
            fields={"key": "not a key"},
        )
    hashed = queries.key_hash(key)
    owner = store.find_by_key(tx, hashed)
    if owner == connection_id:
        return
    if owner is not None:
        raise KeyTaken(remedy="Every connection needs a key of its own.")
    keys = queries.connection(tx, connection_id).keys
    surplus = keys[: max(0, len(keys) - KEYS_MAX + 1)]
    store.remove_keys(tx, [old.hash for old in surplus])
    prefix = key[:KEY_PREFIX_CHARS]
    store.add_key(tx, connection_id, ConnectionKey(hashed, prefix, tx.now))
    tx.forget()
    tx.record(ConnectionKeyMade(connection_id, prefix=prefix))


def note_signals(tx: Tx, connections: set[str]) -> None:
    """These connections have been heard from."""
    store.note_signal(tx, sorted(connections), tx.now)


def _check_service(tx: Tx, service: Service) -> None:
    slug(service.id)
    people.team(tx, service.team)
    check_name(service.name)
    if not 0 <= service.tier <= TIER_MAX:
        raise Invalid(f"A tier is 0 to {TIER_MAX}; 0 matters most.", fields={"tier": "0 to 5"})
    if len(service.depends_on) > DEPENDENCIES_MAX or service.id in service.depends_on:
        raise Invalid("A service cannot lean on itself, or on more than a hundred others.")
    known = queries.services(tx)
    for other in service.depends_on:
        if other not in known:
            raise NoSuchService(f"There is no service “{other}” for {service.id} to lean on.")


def _check_heartbeat(connection: Connection) -> None:
    if connection.kind != HEARTBEAT:
        return
    if connection.every is None or connection.every < HEARTBEAT_EVERY_MIN:
        raise Invalid(
            "A heartbeat needs `every`, ten seconds at the least.",
            remedy="Write every: 1d, for example.",
            fields={"every": "missing"},
        )


def _content(connection: Connection) -> tuple[object, ...]:
    return (
        connection.kind, connection.service, connection.every, connection.grace,
        dict(connection.settings), connection.disabled_at,
    )  # fmt: skip
