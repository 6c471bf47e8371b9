"""Ask the catalog."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from holdfast.catalog import store
from holdfast.catalog.model import Connection, NoSuchConnection, NoSuchService, Service
from holdfast.kernel.tx import Tx

FEW = 3  # so many are read one by one all the same


def services(tx: Tx) -> dict[str, Service]:
    """All services by id, in the order of names."""
    return tx.remember("catalog.services", lambda: store.find_services(tx))


def find_service(tx: Tx, service_id: str) -> Service | None:
    if tx.remembers("catalog.services"):
        return services(tx).get(service_id)
    key = ("service", service_id)
    return tx.remember(key, lambda: store.find_services(tx, service_id).get(service_id))


def service(tx: Tx, service_id: str) -> Service:
    """Raises NoSuchService."""
    found = find_service(tx, service_id)
    if found is None:
        raise NoSuchService(f"There is no service “{service_id[:80]}”.")
    return found


def connections(tx: Tx) -> dict[str, Connection]:
    """All connections by id."""
    return tx.remember("catalog.connections", lambda: store.find_connections(tx))


def find_connection(tx: Tx, connection_id: str) -> Connection | None:
    if tx.remembers("catalog.connections"):
        return connections(tx).get(connection_id)
    key = ("connection", connection_id)
    return tx.remember(key, lambda: store.find_connections(tx, connection_id).get(connection_id))


def connection(tx: Tx, connection_id: str) -> Connection:
    """Raises NoSuchConnection."""
    found = find_connection(tx, connection_id)
    if found is None:
        raise NoSuchConnection(f"There is no connection “{connection_id[:80]}”.")
    return found


def connection_by_key(tx: Tx, key: str) -> Connection | None:
    """The enabled connection that this key opens."""
    name = store.find_by_key(tx, key_hash(key))
    found = None if name is None else find_connection(tx, name)
    return found if found is not None and found.disabled_at is None else None


def key_hash(key: str) -> str:
    """How a key is kept: 256 random bits need no salt (promises d.2 Inbound auth)."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def look_ahead(tx: Tx, connections: Collection[str]) -> None:
    """Remembers these connections and their services for `find_connection` and `find_service`.

    Ids that name nothing are remembered as such.
    """
    if len(connections) <= FEW or tx.remembers("catalog.connections"):
        return
    found = store.find_connections(tx, *sorted(connections))
    for name in connections:
        tx.note(("connection", name), found.get(name))
    look_at_services(tx, {connection.service for connection in found.values()})


def look_at_services(tx: Tx, services: Collection[str]) -> None:
    """Remembers these services for `find_service`."""
    if len(services) <= FEW or tx.remembers("catalog.services"):
        return
    found = store.find_services(tx, *sorted(services))
    for name in services:
        tx.note(("service", name), found.get(name))
