"""The tables of the practice: which pack was chosen, and the packs of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Column, Integer, Table, delete, insert, select

from holdfast.kernel.tx import Tx
from holdfast.practice.model import PACKS_MAX, Pack
from holdfast.practice.snapshot import dumped, loaded
from holdfast.storage.types import METADATA, Instant, Json, Name

practice = Table("practice", METADATA, Column("name", Name, primary_key=True))

practice_packs = Table(
    "practice_packs",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("pack", Json, nullable=False),
    Column("revision", Integer, nullable=False),  # grows with each change of the pack
    Column("saved_at", Instant, nullable=False),
)


def find(tx: Tx) -> str | None:
    row = tx.execute(select(practice)).one_or_none()
    return None if row is None else str(row[0])


def save(tx: Tx, name: str) -> None:
    tx.execute(delete(practice))
    tx.execute(insert(practice), {"name": name})


def packs(tx: Tx) -> dict[str, Pack]:
    """Packs of one's own by name, at most PACKS_MAX."""
    query = select(practice_packs.c.name, practice_packs.c.pack).order_by(practice_packs.c.name)
    rows = cast(Sequence[tuple[str, object]], tx.execute(query.limit(PACKS_MAX)).all())
    return {name: loaded(snapshot) for name, snapshot in rows}


def revision(tx: Tx, name: str) -> int:
    """How often that pack of one's own was saved; 0 where there is none."""
    query = select(practice_packs.c.revision).where(practice_packs.c.name == name)
    found = tx.execute(query).scalar_one_or_none()
    return int(str(found)) if found is not None else 0


def save_pack(tx: Tx, pack: Pack) -> None:
    number = revision(tx, pack.name) + 1
    remove_pack(tx, pack.name)
    row = {
        "name": pack.name,
        "pack": dumped(pack),
        "revision": number,
        "saved_at": tx.now,
    }
    tx.execute(insert(practice_packs), row)


def remove_pack(tx: Tx, name: str) -> None:
    tx.execute(delete(practice_packs).where(practice_packs.c.name == name))
