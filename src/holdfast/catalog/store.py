"""Tables of the catalog: services, connections and their keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Column, Float, Index, Integer, Table, Text, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.catalog.model import Connection, ConnectionKey, Service
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Json, Name

services = Table(
    "services",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
    Column("team", Name, nullable=False),
    Column("policy", Name, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("depends_on", Json, nullable=False),
    Column("description", Text, nullable=False),
)

connections = Table(
    "connections",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("kind", Name, nullable=False),
    Column("service", Name, nullable=False),
    Column("every_s", Float),
    Column("grace_s", Float),
    Column("settings", Json, nullable=False),
    Column("last_signal_at", Instant),
    Column("disabled_at", Instant),
)

connection_keys = Table(
    "connection_keys",
    METADATA,
    Column("hash", Name, primary_key=True),
    Column("connection", Name, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
)
Index("ix_connection_keys_connection", connection_keys.c.connection)


def find_services(tx: Tx, *only: str) -> dict[str, Service]:
    """By id, in the order of names: all of them, or those named."""
    query = select(services).order_by(services.c.name, services.c.id)
    if only:
        query = query.where(services.c.id.in_(only))
    return {
        row.id: Service(
            row.id, row.name, row.team, row.policy, row.tier, tuple(row.depends_on),
            row.description,
        )
        for row in tx.execute(query)
    }  # fmt: skip


def save_service(tx: Tx, service: Service) -> None:
    row = {
        "name": service.name, "team": service.team, "policy": service.policy,
        "tier": service.tier, "depends_on": list(service.depends_on),
        "description": service.description,
    }  # fmt: skip
    tx.execute(
        upsert(services)
        .values(id=service.id, **row)
        .on_conflict_do_update(index_elements=["id"], set_=row)
    )


def delete_service(tx: Tx, service: str) -> None:
    tx.execute(delete(services).where(services.c.id == service))


def find_connections(tx: Tx, *only: str) -> dict[str, Connection]:
    """By id, with their keys, oldest key first: all of them, or those named."""
    query = select(connections).order_by(connections.c.id)
    theirs = select(connection_keys).order_by(connection_keys.c.made_at)
    if only:
        query = query.where(connections.c.id.in_(only))
        theirs = theirs.where(connection_keys.c.connection.in_(only))
    keys: dict[str, list[ConnectionKey]] = {}
    for row in tx.execute(theirs):
        keys.setdefault(row.connection, []).append(ConnectionKey(row.hash, row.prefix, row.made_at))
    return {row.id: _connection(row, tuple(keys.get(row.id, ()))) for row in tx.execute(query)}


def find_by_key(tx: Tx, key_hash: str) -> str | None:
    query = select(connection_keys.c.connection).where(connection_keys.c.hash == key_hash)
    return cast(str | None, tx.execute(query).scalar_one_or_none())


def save_connection(tx: Tx, connection: Connection) -> None:
    row = {
        "kind": connection.kind, "service": connection.service,
        "every_s": _seconds(connection.every), "grace_s": _seconds(connection.grace),
        "settings": dict(connection.settings), "disabled_at": connection.disabled_at,
    }  # fmt: skip
    tx.execute(
        upsert(connections)
        .values(id=connection.id, **row)
        .on_conflict_do_update(index_elements=["id"], set_=row)
    )


def add_key(tx: Tx, connection: str, key: ConnectionKey) -> None:
    tx.execute(
        insert(connection_keys),
        {"hash": key.hash, "connection": connection, "prefix": key.prefix,
         "made_at": key.made_at},
    )  # fmt: skip


def remove_keys(tx: Tx, hashes: list[str]) -> None:
    tx.execute(delete(connection_keys).where(connection_keys.c.hash.in_(hashes)))


def delete_connection(tx: Tx, connection: str) -> None:
    tx.execute(delete(connection_keys).where(connection_keys.c.connection == connection))
    tx.execute(delete(connections).where(connections.c.id == connection))


def note_signal(tx: Tx, names: list[str], at: datetime) -> None:
    tx.execute(update(connections).where(connections.c.id.in_(names)).values(last_signal_at=at))


def _connection(row: object, keys: tuple[ConnectionKey, ...]) -> Connection:
    get = row.__getattribute__
    return Connection(
        id=get("id"), kind=get("kind"), service=get("service"),
        every=_timedelta(get("every_s")), grace=_timedelta(get("grace_s")),
        settings=cast(Mapping[str, object], get("settings")), keys=keys,
        last_signal_at=get("last_signal_at"), disabled_at=get("disabled_at"),
    )  # fmt: skip


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _timedelta(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
