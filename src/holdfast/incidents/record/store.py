"""The tables of the record: entries, and what else is told in an incident's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    Index,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.record.model import (
    Certainty,
    Entry,
    EntryKind,
    Evidence,
    Milestone,
)
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Json, Name

entries = Table(
    "incident_entries",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("text", Text, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("precision_s", Float, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("author", Name, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("certainty", Name),
    Column("judged_at", Instant),
    Column("judged_by", Name),
    Column("because", Text, nullable=False),
    Column("done_at", Instant),
    Column("about", Name, nullable=False),
    Column("amends", Name, nullable=False),
    Column("milestone", Name),
    Column("marks", Json, nullable=False),
    Column("details", Json, nullable=False),
    Column("key", Name),
    Column("sealed_at", Instant),
)
Index("ix_incident_entries_occurred", entries.c.incident, entries.c.occurred_at, entries.c.id)
Index(
    "uq_incident_entries_key",
    entries.c.incident,
    entries.c.author,
    entries.c.key,
    unique=True,
    sqlite_where=entries.c.key.is_not(None),
    postgresql_where=entries.c.key.is_not(None),
)

# What besides the incident and its alerts is told in its list: a request for a responder, say.
followed = Table(
    "incident_followed",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("subject", Name, primary_key=True),
    Column("since", Instant, nullable=False),
)

Place = tuple[datetime, str]


def add(tx: Tx, entry: Entry) -> bool:
    """False where an entry of that author with that key is there already."""
    return tx.execute(_ADD, _row(entry)).one_or_none() is not None


def save(tx: Tx, entry: Entry) -> None:
    changed = {name: value for name, value in _row(entry).items() if name not in ("id", "incident")}
    tx.execute(update(entries).where(entries.c.id == entry.id).values(changed))


def find(tx: Tx, entry_id: str) -> Entry | None:
    row = tx.execute(select(entries).where(entries.c.id == entry_id)).one_or_none()
    return None if row is None else _entry(row)


def take(tx: Tx, entry_id: str) -> Entry | None:
    """The entry, locked."""
    row = tx.execute(_TAKE, {"i": entry_id}).one_or_none()
    return None if row is None else _entry(row)


def find_by_key(tx: Tx, incident: str, author: str, key: str) -> Entry | None:
    row = tx.execute(_BY_KEY, {"n": incident, "a": author, "k": key}).one_or_none()
    return None if row is None else _entry(row)


def by_id(tx: Tx, ids: Sequence[str]) -> dict[str, Entry]:
    rows = tx.execute(select(entries).where(entries.c.id.in_(list(ids))))
    return {row.id: _entry(row) for row in rows}


def newest(
    tx: Tx, incident: str, *, before: Place | None, after: Place | None, limit: int
) -> list[Entry]:
    """By the instant at which it happened, newest first, between two places."""
    query = select(entries).where(entries.c.incident == incident)
    if before is not None:
        query = query.where(_earlier(before))
    if after is not None:
        query = query.where(_later(after))
    return [_entry(row) for row in tx.execute(_ordered(query).limit(limit))]


def of_kinds(tx: Tx, incident: str, kinds: Sequence[EntryKind], limit: int) -> list[Entry]:
    """The newest of these kinds, oldest first."""
    query = select(entries).where(entries.c.incident == incident, entries.c.kind.in_(kinds))
    return [_entry(row) for row in tx.execute(_ordered(query).limit(limit))][::-1]


def of_subjects(tx: Tx, incident: str, about: Sequence[str]) -> list[Entry]:
    query = select(entries).where(entries.c.incident == incident, entries.c.about.in_(list(about)))
    return [_entry(row) for row in tx.execute(_ordered(query))][::-1]


def with_milestone(tx: Tx, incident: str) -> list[Entry]:
    """Oldest first."""
    query = select(entries).where(entries.c.incident == incident, entries.c.milestone.is_not(None))
    return [_entry(row) for row in tx.execute(_ordered(query))][::-1]


def amendments(tx: Tx, entry_id: str) -> list[Entry]:
    """Oldest first."""
    query = select(entries).where(entries.c.amends == entry_id)
    return [_entry(row) for row in tx.execute(_ordered(query))][::-1]


def unsealed(tx: Tx, incident: str) -> list[Entry]:
    query = select(entries).where(entries.c.incident == incident, entries.c.sealed_at.is_(None))
    return [_entry(row) for row in tx.execute(query.order_by(entries.c.id))]


def seal(tx: Tx, incident: str, at: datetime) -> None:
    tx.execute(
        update(entries)
        .where(entries.c.incident == incident, entries.c.sealed_at.is_(None))
        .values(sealed_at=at)
    )


def count(tx: Tx) -> int:
    return cast(int, tx.execute(select(func.count()).select_from(entries)).scalar_one())


def after_id(tx: Tx, last: str, limit: int) -> list[str]:
    """Ids of all entries there are, in order."""
    query = select(entries.c.id).where(entries.c.id > last).order_by(entries.c.id).limit(limit)
    return [str(row.id) for row in tx.execute(query)]


def follow(tx: Tx, incident: str, subject: str, at: datetime) -> None:
    tx.execute(
        upsert(followed)
        .values(incident=incident, subject=subject, since=at)
        .on_conflict_do_nothing(index_elements=["incident", "subject"])
    )


def subjects(tx: Tx, incident: str) -> list[str]:
    query = select(followed.c.subject).where(followed.c.incident == incident)
    return [str(row.subject) for row in tx.execute(query.order_by(followed.c.subject))]


def _ordered(query: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    return query.order_by(entries.c.occurred_at.desc(), entries.c.id.desc())


def _earlier(place: Place) -> ColumnElement[bool]:
    at, name = place
    happened = entries.c.occurred_at
    return or_(happened < at, and_(happened == at, entries.c.id < name))


def _later(place: Place) -> ColumnElement[bool]:
    at, name = place
    happened = entries.c.occurred_at
    return or_(happened > at, and_(happened == at, entries.c.id > name))


def _row(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id, "incident": entry.incident, "kind": entry.kind.value, "text": entry.text,
        "occurred_at": entry.occurred_at, "precision_s": entry.precision.total_seconds(),
        "source": entry.source, "recorded_at": entry.recorded_at, "author": entry.author,
        "evidence": entry.evidence,
        "certainty": None if entry.certainty is None else entry.certainty.value,
        "judged_at": entry.judged_at, "judged_by": entry.judged_by, "because": entry.because,
        "done_at": entry.done_at, "about": entry.about, "amends": entry.amends,
        "milestone": None if entry.milestone is None else entry.milestone.value,
        "marks": list(entry.marks), "details": dict(entry.details),
        "key": entry.key or None, "sealed_at": entry.sealed_at,
    }  # fmt: skip


def _entry(row: object) -> Entry:
    get = row.__getattribute__
    certainty, milestone = get("certainty"), get("milestone")
    return Entry(
        id=get("id"),
        incident=get("incident"),
        kind=EntryKind(get("kind")),
        text=get("text"),
        occurred_at=get("occurred_at"),
        recorded_at=get("recorded_at"),
        author=get("author"),
        precision=timedelta(seconds=get("precision_s")),
        source=get("source"),
        evidence=msgspec.convert(get("evidence"), tuple[Evidence, ...]),
        certainty=None if certainty is None else Certainty(certainty),
        judged_at=get("judged_at"),
        judged_by=get("judged_by"),
        because=get("because"),
        done_at=get("done_at"),
        about=get("about"),
        amends=get("amends"),
        milestone=None if milestone is None else Milestone(milestone),
        marks=tuple(get("marks")),
        details=cast(Mapping[str, object], get("details")),
        key=get("key") or "",
        sealed_at=get("sealed_at"),
    )


_TAKE = select(entries).where(entries.c.id == bindparam("i")).with_for_update()
_BY_KEY = select(entries).where(
    entries.c.incident == bindparam("n"),
    entries.c.author == bindparam("a"),
    entries.c.key == bindparam("k"),
)
_ADD = (
    upsert(entries)
    .values({column.name: bindparam(column.name) for column in entries.columns})
    .on_conflict_do_nothing()
    .returning(entries.c.id)
)
