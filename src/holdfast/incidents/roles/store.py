"""Tables of roles: who holds and held them, what was offered, and who was last seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import Column, Index, Integer, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.roles.model import (
    Briefing,
    Handoff,
    Holding,
    HoldingState,
    How,
    OfferState,
    Why,
)
from holdfast.kernel.tx import Tx
from holdfast.practice.model import RoleKey
from holdfast.storage.types import METADATA, Instant, Json, Name

incident_roles = Table(
    "incident_roles",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("role", Name, nullable=False),
    Column("user", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("how", Name, nullable=False),
    Column("primary", Integer, nullable=False),
    Column("by", Name),
)
Index("ix_incident_roles_incident", incident_roles.c.incident, incident_roles.c.since)
Index("ix_incident_roles_user", incident_roles.c.user, incident_roles.c.state)

incident_handoffs = Table(
    "incident_handoffs",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("role", Name, nullable=False),
    Column("giver", Name, nullable=False),
    Column("to", Name, nullable=False),
    Column("briefing", Json, nullable=False),
    Column("why", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("offered_at", Instant, nullable=False),
    Column("read_back", Text, nullable=False),
    Column("ended_at", Instant),
)
Index("ix_incident_handoffs_incident", incident_handoffs.c.incident, incident_handoffs.c.offered_at)

# When somebody was last seen at work on an incident without writing anything down.
incident_presence = Table(
    "incident_presence",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("user", Name, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)


def save(tx: Tx, holding: Holding) -> None:
    tx.execute(_SAVE_ROLE, {
        "id": holding.id, "incident": holding.incident, "role": holding.role.value,
        "user": holding.user, "state": holding.state.value, "since": holding.since,
        "until": holding.until, "how": holding.how.value, "primary": int(holding.primary),
        "by": holding.by,
    })  # fmt: skip


def drop(tx: Tx, holding_id: str) -> None:
    """A proposal that nobody took: it was no stint in the role."""
    tx.execute(delete(incident_roles).where(incident_roles.c.id == holding_id))


def of(tx: Tx, incidents: Sequence[str]) -> list[Holding]:
    """Every holding of these incidents, past ones and proposals too, oldest first."""
    rows = tx.execute(
        select(incident_roles)
        .where(incident_roles.c.incident.in_(list(incidents)))
        .order_by(incident_roles.c.since, incident_roles.c.id)
    )
    return [_holding(row) for row in rows]


def held_by(tx: Tx, user: str) -> list[Holding]:
    """What this person holds or is asked to hold, in any incident."""
    over = HoldingState.RELEASED.value
    rows = tx.execute(
        select(incident_roles)
        .where(incident_roles.c.user == user, incident_roles.c.state != over)
        .order_by(incident_roles.c.since, incident_roles.c.id)
    )
    return [_holding(row) for row in rows]


def save_handoff(tx: Tx, handoff: Handoff) -> None:
    tx.execute(_SAVE_HANDOFF, {
        "id": handoff.id, "incident": handoff.incident, "role": handoff.role.value,
        "giver": handoff.giver, "to": handoff.to, "briefing": asdict(handoff.briefing),
        "why": handoff.why.value, "state": handoff.state.value,
        "offered_at": handoff.offered_at, "read_back": handoff.read_back,
        "ended_at": handoff.ended_at,
    })  # fmt: skip


def handoffs_of(tx: Tx, incidents: Sequence[str]) -> list[Handoff]:
    """Every offer of a role in these incidents, oldest first."""
    rows = tx.execute(
        select(incident_handoffs)
        .where(incident_handoffs.c.incident.in_(list(incidents)))
        .order_by(incident_handoffs.c.offered_at, incident_handoffs.c.id)
    )
    return [_handoff(row) for row in rows]


def saw(tx: Tx, incident: str, user: str) -> None:
    """This person is at work on it now."""
    tx.execute(_SAW, {"incident": incident, "user": user, "seen_at": tx.now})


def seen_at(tx: Tx, incident: str, user: str) -> datetime | None:
    query = select(incident_presence.c.seen_at).where(
        incident_presence.c.incident == incident, incident_presence.c.user == user
    )
    return cast(datetime | None, tx.execute(query).scalar_one_or_none())


def _holding(row: object) -> Holding:
    get = row.__getattribute__
    return Holding(
        id=get("id"),
        incident=get("incident"),
        role=RoleKey(get("role")),
        user=get("user"),
        state=HoldingState(get("state")),
        since=get("since"),
        how=How(get("how")),
        until=get("until"),
        primary=bool(get("primary")),
        by=get("by"),
    )


def _handoff(row: object) -> Handoff:
    get = row.__getattribute__
    return Handoff(
        id=get("id"),
        incident=get("incident"),
        role=RoleKey(get("role")),
        giver=get("giver"),
        to=get("to"),
        briefing=Briefing(**cast(Mapping[str, str], get("briefing"))),
        why=Why(get("why")),
        state=OfferState(get("state")),
        offered_at=get("offered_at"),
        read_back=get("read_back"),
        ended_at=get("ended_at"),
    )


_ROLE_COLUMNS = [column.name for column in incident_roles.columns]
_SAVE_ROLE = (
    upsert(incident_roles)
    .values({name: bindparam(name) for name in _ROLE_COLUMNS})
    .on_conflict_do_update(
        index_elements=["id"], set_={n: bindparam(n) for n in _ROLE_COLUMNS if n != "id"}
    )
)
_HANDOFF_COLUMNS = [column.name for column in incident_handoffs.columns]
_SAVE_HANDOFF = (
    upsert(incident_handoffs)
    .values({name: bindparam(name) for name in _HANDOFF_COLUMNS})
    .on_conflict_do_update(
        index_elements=["id"], set_={n: bindparam(n) for n in _HANDOFF_COLUMNS if n != "id"}
    )
)
_SAW = (
    upsert(incident_presence)
    .values({column.name: bindparam(column.name) for column in incident_presence.columns})
    .on_conflict_do_update(
        index_elements=["incident", "user"], set_={"seen_at": bindparam("seen_at")}
    )
)
