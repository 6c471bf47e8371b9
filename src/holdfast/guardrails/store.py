"""Tables of guardrails: strengths that an organisation chose, hits by day, and what passed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Column, Index, Integer, Row, Table, Text, and_, delete, func, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.guardrails.model import Chosen, Overridden, Passage, Strength
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Name

PASSAGES_COUNTED_MAX = 100_000  # of the last days, for the figures by day
PASSAGES_MAX = 500  # exceptions that one subject's list shows

guardrail_strengths = Table(
    "guardrail_strengths",
    METADATA,
    Column("code", Name, primary_key=True),
    Column("strength", Name, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", Name, nullable=False),
)

guardrail_hits = Table(
    "guardrail_hits",
    METADATA,
    Column("code", Name, primary_key=True),
    Column("day", Name, primary_key=True),  # 2026-11-16, in UTC
    Column("count", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

# A row each, never a sum that is counted up: two people who break glass do not wait for each other.
guardrail_passages = Table(
    "guardrail_passages",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("code", Name, nullable=False),
    Column("about", Name, nullable=False),
    Column("strength", Name, nullable=False),
    Column("why", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("actor", Name, nullable=False),
)
Index("ix_guardrail_passages_about", guardrail_passages.c.about, guardrail_passages.c.at)
Index("ix_guardrail_passages_code", guardrail_passages.c.code, guardrail_passages.c.at)


def strengths(tx: Tx) -> Mapping[str, Chosen]:
    """By code; only what differs from the declared strength has a row."""
    rows = tx.execute(select(guardrail_strengths)).all()
    return {
        row.code: Chosen(Strength(row.strength), row.reason, row.changed_at, row.changed_by)
        for row in rows
    }


def choose_strength(tx: Tx, code: str, strength: Strength, reason: str) -> None:
    values = {
        "strength": strength.value,
        "reason": reason,
        "changed_at": tx.now,
        "changed_by": str(tx.actor),
    }
    statement = upsert(guardrail_strengths).values(code=code, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))


def forget_strength(tx: Tx, code: str) -> None:
    tx.execute(delete(guardrail_strengths).where(guardrail_strengths.c.code == code))


def add_hit(tx: Tx, code: str) -> None:
    table = guardrail_hits
    statement = upsert(table).values(
        code=code, day=tx.now.date().isoformat(), count=1, last_at=tx.now
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["code", "day"],
            set_={"count": table.c["count"] + 1, "last_at": statement.excluded.last_at},
        )
    )


def hits(tx: Tx) -> list[tuple[str, date, int, datetime]]:
    """Code, day, how many, the last one's instant; oldest day first."""
    table = guardrail_hits
    query = select(table.c.code, table.c.day, table.c["count"].label("hits"), table.c.last_at)
    rows = tx.execute(query.order_by(table.c.day, table.c.code)).all()
    return [(row.code, date.fromisoformat(row.day), row.hits, row.last_at) for row in rows]


def passage_counts(tx: Tx) -> list[tuple[str, Strength, int, datetime]]:
    """Code, strength, how many ever, the last one's instant."""
    table = guardrail_passages
    query = select(
        table.c.code, table.c.strength, func.count().label("many"), func.max(table.c.at).label("at")
    ).group_by(table.c.code, table.c.strength)
    rows = tx.execute(query).all()
    return [(row.code, Strength(row.strength), row.many, row.at) for row in rows]


def passages_since(tx: Tx, at: datetime) -> list[tuple[str, Strength, datetime]]:
    """Code, strength and instant of each from that instant on, oldest first."""
    table = guardrail_passages
    query = select(table.c.code, table.c.strength, table.c.at).where(table.c.at >= at)
    rows = tx.execute(query.order_by(table.c.at).limit(PASSAGES_COUNTED_MAX)).all()
    return [(row.code, Strength(row.strength), row.at) for row in rows]


def add_passage(tx: Tx, passed: Overridden) -> None:
    tx.execute(
        plain_insert(guardrail_passages),
        {
            "id": tx.new_id("gp"),
            "code": passed.code,
            "about": passed.about,
            "strength": passed.strength.value,
            "why": passed.why,
            "reason": passed.reason,
            "at": tx.now,
            "until": passed.until,
            "actor": str(tx.actor),
        },
    )


def standing(tx: Tx, code: str, about: str) -> Overridden | None:
    """The exception that lets this subject pass now, if there is one: the one that ends last."""
    table = guardrail_passages
    query = (
        select(table)
        .where(
            and_(
                table.c.code == code,
                table.c.about == about,
                table.c.strength == Strength.MUST.value,
                table.c.until > tx.now,
            )
        )
        .order_by(table.c.until.desc(), table.c.id)
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else _overridden(row)


def passages(tx: Tx, about: str) -> list[Passage]:
    """The newest of this subject, oldest first."""
    table = guardrail_passages
    query = (
        select(table)
        .where(and_(table.c.about == about, table.c.strength != Strength.MAY.value))
        .order_by(table.c.at.desc(), table.c.id.desc())
        .limit(PASSAGES_MAX)
    )
    return [_passage(row) for row in reversed(tx.execute(query).all())]


def _passage(row: Row[tuple[object, ...]]) -> Passage:
    strength = Strength(row.strength)
    return Passage(row.code, row.about, strength, row.why, row.reason, row.at, row.until, row.actor)


def _overridden(row: Row[tuple[object, ...]]) -> Overridden:
    return Overridden(row.code, row.about, Strength(row.strength), row.why, row.reason, row.until)
