"""Tables of hypotheses and of the five resources that run out."""

from __future__ import annotations

import msgspec
from sqlalchemy import Column, Index, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.hypotheses.model import (
    HYPOTHESES_MAX,
    Hypothesis,
    Resource,
    ResourceCheck,
    ResourceState,
    Trial,
)
from holdfast.incidents.record.model import Certainty, Evidence
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Json, Name

hypotheses = Table(
    "hypotheses",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("statement", Text, nullable=False),
    Column("prediction", Text, nullable=False),
    Column("owner", Name),
    Column("certainty", Name, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Name, nullable=False),
    Column("tests", Json, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("judged_at", Instant),
    Column("judged_by", Name),
    Column("because", Text, nullable=False),
)
Index("ix_hypotheses_incident", hypotheses.c.incident, hypotheses.c.opened_at)

resource_checks = Table(
    "resource_checks",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("resource", Name, primary_key=True),
    Column("state", Name, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Name, nullable=False),
    Column("evidence", Json, nullable=False),
)


def save(tx: Tx, hypothesis: Hypothesis) -> None:
    tx.execute(_SAVE, _row(hypothesis))


def take(tx: Tx, hypothesis_id: str) -> Hypothesis | None:
    """The hypothesis, locked."""
    row = tx.execute(_TAKE, {"i": hypothesis_id}).one_or_none()
    return None if row is None else _hypothesis(row)


def of(tx: Tx, incident: str) -> list[Hypothesis]:
    """Oldest first."""
    rows = tx.execute(
        select(hypotheses)
        .where(hypotheses.c.incident == incident)
        .order_by(hypotheses.c.opened_at, hypotheses.c.id)
        .limit(HYPOTHESES_MAX)
    )
    return [_hypothesis(row) for row in rows]


def save_check(tx: Tx, check: ResourceCheck) -> None:
    row = {"incident": check.incident, "resource": check.resource.value,
           "state": check.state.value, "at": check.at, "by": check.by,
           "evidence": check.evidence}  # fmt: skip
    tx.execute(
        upsert(resource_checks)
        .values(row)
        .on_conflict_do_update(index_elements=["incident", "resource"], set_=row)
    )


def checks_of(tx: Tx, incident: str) -> list[ResourceCheck]:
    rows = tx.execute(select(resource_checks).where(resource_checks.c.incident == incident))
    return [
        ResourceCheck(
            incident=row.incident,
            resource=Resource(row.resource),
            state=ResourceState(row.state),
            at=row.at,
            by=row.by,
            evidence=msgspec.convert(row.evidence, tuple[Evidence, ...]),
        )
        for row in rows
    ]


def _row(hypothesis: Hypothesis) -> dict[str, object]:
    return {
        "id": hypothesis.id, "incident": hypothesis.incident, "statement": hypothesis.statement,
        "prediction": hypothesis.prediction, "owner": hypothesis.owner,
        "certainty": hypothesis.certainty.value, "opened_at": hypothesis.opened_at,
        "opened_by": hypothesis.opened_by, "tests": hypothesis.tests,
        "evidence": hypothesis.evidence, "judged_at": hypothesis.judged_at,
        "judged_by": hypothesis.judged_by, "because": hypothesis.because,
    }  # fmt: skip


def _hypothesis(row: object) -> Hypothesis:
    get = row.__getattribute__
    return Hypothesis(
        id=get("id"),
        incident=get("incident"),
        statement=get("statement"),
        opened_at=get("opened_at"),
        opened_by=get("opened_by"),
        prediction=get("prediction"),
        owner=get("owner"),
        certainty=Certainty(get("certainty")),
        tests=msgspec.convert(get("tests"), tuple[Trial, ...]),
        evidence=msgspec.convert(get("evidence"), tuple[Evidence, ...]),
        judged_at=get("judged_at"),
        judged_by=get("judged_by"),
        because=get("because"),
    )


_TAKE = select(hypotheses).where(hypotheses.c.id == bindparam("i")).with_for_update()
_COLUMNS = [column.name for column in hypotheses.columns]
_SAVE = (
    upsert(hypotheses)
    .values({name: bindparam(name) for name in _COLUMNS})
    .on_conflict_do_update(
        index_elements=["id"], set_={name: bindparam(name) for name in _COLUMNS if name != "id"}
    )
)
