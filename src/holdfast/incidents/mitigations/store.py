"""The table of mitigations."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, Index, Integer, Select, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.mitigations.model import (
    MITIGATIONS_MAX,
    Approval,
    Mitigation,
    MitigationKind,
    MitigationState,
    Plan,
    Risk,
    Run,
)
from holdfast.incidents.record.model import Evidence
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Json, Name

mitigations = Table(
    "mitigations",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("target", Text, nullable=False),
    Column("risk", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", Name, nullable=False),
    Column("plan", Json, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("approvals", Json, nullable=False),
    Column("attempt", Integer),
    Column("run", Json),
)
Index("ix_mitigations_incident", mitigations.c.incident, mitigations.c.proposed_at)
EXECUTING_MAX = 1000  # of all incidents at once
Index(
    "ix_mitigations_executing",
    mitigations.c.proposed_at,
    sqlite_where=mitigations.c.state == MitigationState.EXECUTING.value,
    postgresql_where=mitigations.c.state == MitigationState.EXECUTING.value,
)
Index("ix_mitigations_kind", mitigations.c.kind, mitigations.c.state, mitigations.c.proposed_at)


def save(tx: Tx, mitigation: Mitigation) -> None:
    tx.execute(_SAVE, _row(mitigation))


def take(tx: Tx, mitigation_id: str) -> Mitigation | None:
    """The mitigation, locked."""
    row = tx.execute(_TAKE, {"i": mitigation_id}).one_or_none()
    return None if row is None else _mitigation(row)


def of(tx: Tx, incident: str) -> list[Mitigation]:
    """Oldest first."""
    query = select(mitigations).where(mitigations.c.incident == incident)
    ordered = query.order_by(mitigations.c.proposed_at, mitigations.c.id)
    return _all(tx, ordered.limit(MITIGATIONS_MAX))


def newest(
    tx: Tx, kind: MitigationKind, states: Sequence[MitigationState], limit: int
) -> list[Mitigation]:
    """Of all incidents, newest first."""
    query = select(mitigations).where(
        mitigations.c.kind == kind.value,
        mitigations.c.state.in_([state.value for state in states]),
    )
    return _all(tx, query.order_by(mitigations.c.proposed_at.desc()).limit(limit))


def executing(tx: Tx) -> list[Mitigation]:
    """Whatever is being done right now, in any incident."""
    query = select(mitigations).where(mitigations.c.state == MitigationState.EXECUTING.value)
    return _all(tx, query.order_by(mitigations.c.proposed_at).limit(EXECUTING_MAX))


def _all(tx: Tx, query: Select[tuple[object, ...]]) -> list[Mitigation]:
    return [_mitigation(row) for row in tx.execute(query)]


def _row(mitigation: Mitigation) -> dict[str, object]:
    return {
        "id": mitigation.id, "incident": mitigation.incident, "kind": mitigation.kind.value,
        "target": mitigation.target, "risk": mitigation.risk.value,
        "state": mitigation.state.value, "proposed_at": mitigation.proposed_at,
        "proposed_by": mitigation.proposed_by, "plan": mitigation.plan,
        "evidence": mitigation.evidence, "approvals": mitigation.approvals,
        "attempt": mitigation.attempt, "run": mitigation.run,
    }  # fmt: skip


def _mitigation(row: object) -> Mitigation:
    get = row.__getattribute__
    return Mitigation(
        id=get("id"),
        incident=get("incident"),
        kind=MitigationKind(get("kind")),
        target=get("target"),
        risk=Risk(get("risk")),
        state=MitigationState(get("state")),
        proposed_at=get("proposed_at"),
        proposed_by=get("proposed_by"),
        plan=msgspec.convert(get("plan"), Plan),
        evidence=msgspec.convert(get("evidence"), tuple[Evidence, ...]),
        approvals=msgspec.convert(get("approvals"), tuple[Approval, ...]),
        attempt=get("attempt"),
        run=msgspec.convert(get("run"), Run | None),
    )


_TAKE = select(mitigations).where(mitigations.c.id == bindparam("i")).with_for_update()
_COLUMNS = [column.name for column in mitigations.columns]
_SAVE = (
    upsert(mitigations)
    .values({name: bindparam(name) for name in _COLUMNS})
    .on_conflict_do_update(
        index_elements=["id"], set_={name: bindparam(name) for name in _COLUMNS if name != "id"}
    )
)
