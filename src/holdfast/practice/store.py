"""The table of the practice pack: one row at the most."""

from __future__ import annotations

from sqlalchemy import Column, Table, delete, insert, select

from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Name

practice = Table("practice", METADATA, Column("name", Name, primary_key=True))


def find(tx: Tx) -> str | None:
    row = tx.execute(select(practice)).one_or_none()
    return None if row is None else str(row[0])


def save(tx: Tx, name: str) -> None:
    tx.execute(delete(practice))
    tx.execute(insert(practice), {"name": name})
