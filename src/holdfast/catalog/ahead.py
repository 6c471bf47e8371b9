"""Read the connections and services of a storm at once instead of one by one."""

from __future__ import annotations

from collections.abc import Collection

from holdfast.catalog import store
from holdfast.kernel.tx import Tx

FEW = 3  # so many are read one by one all the same


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
