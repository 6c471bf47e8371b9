"""Tables of incidents, of their numbers and of the alerts that belong to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar, cast

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.access import named
from holdfast.incidents.model import (
    ACTIVE,
    Brief,
    Check,
    Detection,
    Escalate,
    Impact,
    Incident,
    Instants,
    Interval,
    Kind,
    NoSuchIncident,
    Outcome,
    Phase,
    Severity,
)
from holdfast.kernel.tx import Tx
from holdfast.practice import snapshot
from holdfast.practice.model import Pack
from holdfast.storage.types import METADATA, Instant, Json, Name, json_text

T = TypeVar("T")
PACKS_KEPT = 64  # that stay read in memory; the same text is the same pack

# Their first value stays, so that whoever saves an older copy does not lose them.
MOMENTS = ("paged_at", "acked_at", "engaged_at", "war_room_opened_at")
_INSTANTS = [field.name for field in fields(Instants) if field.name != "impact_precision"]

incidents = Table(
    "incidents",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("number", Name, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("kind", Name, nullable=False),
    Column("private", Integer, nullable=False),
    Column("phase", Name, nullable=False),
    Column("phase_since", Instant),
    Column("rank", Integer, nullable=False),
    Column("severity", Json, nullable=False),
    Column("pack", Text, nullable=False),
    Column("detection", Name, nullable=False),
    Column("declared_by", Name, nullable=False),
    Column("services", Json, nullable=False),
    *(Column(name, Instant, nullable=name != "declared_at") for name in _INSTANTS),
    Column("impact_precision_s", Integer, nullable=False),
    Column("impact", Json, nullable=False),
    Column("brief", Json, nullable=False),
    Column("escalate", Json),
    Column("outcome", Json, nullable=False),
    Column("checks", Json, nullable=False),
    Column("intervals", Json, nullable=False),
    Column("war_room", Text, nullable=False),
    Column("merged_into", Name),
    Column("recurrence_of", Name),
    Column("recurrence_key", Name, nullable=False),
    Column("access", Json, nullable=False),
    Column("changed_by", Name, nullable=False),
    Column("version", Integer, nullable=False),
)
Index("ix_incidents_phase", incidents.c.phase, incidents.c.declared_at)
Index("ix_incidents_declared", incidents.c.declared_at)
Index("ix_incidents_recurrence", incidents.c.recurrence_key, incidents.c.declared_at)

# One row a year: whoever declares takes the next number, and others wait for the row.
incident_numbers = Table(
    "incident_numbers",
    METADATA,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

incident_alerts = Table(
    "incident_alerts",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("alert", Name, primary_key=True),
    Column("connection", Name, nullable=False),
    Column("dedup_key", Name, nullable=False),
    Column("linked_at", Instant, nullable=False),
)
Index("ix_incident_alerts_alert", incident_alerts.c.alert)
Index("ix_incident_alerts_key", incident_alerts.c.connection, incident_alerts.c.dedup_key)


@dataclass(frozen=True, slots=True)
class Linked:
    """One alert of one incident, with the key by which it comes again."""

    incident: str
    alert: str
    connection: str
    dedup_key: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which incidents are asked for; None does not ask."""

    phases: tuple[Phase, ...] | None = None
    kind: Kind | None = None
    ranks: tuple[int, ...] | None = None
    seen_by: str | None = None  # leaves out private ones that this person may not see


def next_number(tx: Tx) -> str:
    """The next number of this year, such as INC-2026-001: each is given once."""
    last = cast(int, tx.execute(_NEXT_NUMBER, {"year": tx.now.year}).scalar_one())
    return f"INC-{tx.now.year}-{last:03d}"


def add(tx: Tx, incident: Incident) -> None:
    tx.execute(insert(incidents), _row(incident))


def take(tx: Tx, incident_id: str) -> Incident:
    """The incident, locked for this transaction. Raises NoSuchIncident."""
    row = tx.execute(_TAKE, {"i": incident_id}).one_or_none()
    if row is None:
        raise NoSuchIncident
    return _incident(row)


def save(tx: Tx, incident: Incident) -> Incident:
    """Keeps a changed incident, as the next version; returns it so."""
    newer = replace(incident, version=incident.version + 1, changed_by=named(tx.actor))
    tx.execute(_SAVE, {f"new_{name}": value for name, value in _row(newer).items()})
    return newer


def mark(tx: Tx, incident_id: str, moment: str) -> bool:
    """Writes down when something of MOMENTS first happened: now. True where it is the first.

    It is no new version: nobody's work is turned away because a page was answered meanwhile.
    """
    assert moment in MOMENTS, f"{moment} is no moment that is only marked"
    column = incidents.c[moment]
    done = tx.execute(
        update(incidents)
        .where(incidents.c.id == incident_id, column.is_(None))
        .values({moment: tx.now})
    )
    return done.rowcount == 1


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Incident]:
    rows = tx.execute(select(incidents).where(incidents.c.id.in_(list(ids))))
    return {row.id: _incident(row) for row in rows}


def id_of(tx: Tx, number: str) -> str | None:
    query = select(incidents.c.id).where(incidents.c.number == number)
    return cast(str | None, tx.execute(query).scalar_one_or_none())


def newest(
    tx: Tx, wanted: Filter, *, before: tuple[datetime, str] | None, limit: int
) -> list[Incident]:
    """Newest first; `before` continues after the last one seen."""
    query = (
        select(incidents)
        .where(*_conditions(wanted))
        .order_by(incidents.c.declared_at.desc(), incidents.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        at, name = before
        same = and_(incidents.c.declared_at == at, incidents.c.id < name)
        query = query.where(or_(incidents.c.declared_at < at, same))
    return [_incident(row) for row in tx.execute(query)]


def with_key(tx: Tx, key: str, since: datetime) -> list[Incident]:
    """Incidents of the same trouble since then, newest first."""
    query = (
        select(incidents)
        .where(incidents.c.recurrence_key == key, incidents.c.declared_at >= since)
        .order_by(incidents.c.declared_at.desc(), incidents.c.id.desc())
    )
    return [_incident(row) for row in tx.execute(query)]


def link(tx: Tx, linked: Linked) -> None:
    tx.execute(
        insert(incident_alerts),
        {"incident": linked.incident, "alert": linked.alert, "connection": linked.connection,
         "dedup_key": linked.dedup_key, "linked_at": tx.now},
    )  # fmt: skip


def unlink(tx: Tx, incident: str, alert: str) -> None:
    tx.execute(
        delete(incident_alerts).where(
            incident_alerts.c.incident == incident, incident_alerts.c.alert == alert
        )
    )


def links_of(tx: Tx, incident: str) -> list[Linked]:
    """The alerts of one incident, in the order in which they were linked."""
    rows = tx.execute(
        select(incident_alerts)
        .where(incident_alerts.c.incident == incident)
        .order_by(incident_alerts.c.linked_at, incident_alerts.c.alert)
    )
    return [_linked(row) for row in rows]


def ids_of_alert(tx: Tx, alert: str) -> list[str]:
    query = (
        select(incident_alerts.c.incident)
        .where(incident_alerts.c.alert == alert)
        .order_by(incident_alerts.c.linked_at, incident_alerts.c.incident)
    )
    return [row.incident for row in tx.execute(query)]


def false_alarms(tx: Tx, connection: str, dedup_key: str) -> int:
    """How many incidents with an alert of this key were none."""
    query = (
        select(func.count(func.distinct(incident_alerts.c.incident)))
        .join(incidents, incidents.c.id == incident_alerts.c.incident)
        .where(
            incident_alerts.c.connection == connection,
            incident_alerts.c.dedup_key == dedup_key,
            incidents.c.phase == Phase.FALSE_ALARM.value,
        )
    )
    return cast(int, tx.execute(query).scalar_one())


def links_of_active(tx: Tx) -> list[Linked]:
    """Every alert of every incident that people respond to."""
    query = (
        select(incident_alerts)
        .join(incidents, incidents.c.id == incident_alerts.c.incident)
        .where(incidents.c.phase.in_(_ACTIVE))
        .order_by(incident_alerts.c.incident, incident_alerts.c.alert)
    )
    return [_linked(row) for row in tx.execute(query)]


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.phases is not None:
        conditions.append(incidents.c.phase.in_([phase.value for phase in wanted.phases]))
    if wanted.kind is not None:
        conditions.append(incidents.c.kind == wanted.kind.value)
    if wanted.ranks is not None:
        conditions.append(incidents.c.rank.in_(list(wanted.ranks)))
    if wanted.seen_by is not None:
        # The list is kept as JSON text: a name between quotes is found as it stands there.
        conditions.append(
            or_(
                incidents.c.private == 0,
                incidents.c.declared_by == wanted.seen_by,
                incidents.c.access.cast(Text).contains(json_text(wanted.seen_by), autoescape=True),
            )
        )
    return conditions


def _row(incident: Incident) -> dict[str, object]:
    instants = asdict(incident.instants)
    precision = cast(timedelta, instants.pop("impact_precision"))
    return {
        "id": incident.id, "number": incident.number, "title": incident.title,
        "kind": incident.kind.value, "private": int(incident.private),
        "phase": incident.phase.value, "phase_since": incident.phase_since,
        "rank": incident.severity.rank, "severity": incident.severity,
        "pack": _pack_text(incident.pack), "detection": incident.detection.value,
        "declared_by": incident.declared_by, "services": list(incident.services), **instants,
        "impact_precision_s": int(precision.total_seconds()), "impact": incident.impact,
        "brief": incident.brief, "escalate": incident.escalate, "outcome": incident.outcome,
        "checks": list(incident.checks), "intervals": list(incident.intervals),
        "war_room": incident.war_room,
        "merged_into": incident.merged_into, "recurrence_of": incident.recurrence_of,
        "recurrence_key": incident.recurrence_key, "access": list(incident.access),
        "changed_by": incident.changed_by, "version": incident.version,
    }  # fmt: skip


def _incident(row: object) -> Incident:
    get = row.__getattribute__
    instants = {name: get(name) for name in _INSTANTS}
    precision = timedelta(seconds=get("impact_precision_s"))
    escalate = get("escalate")
    return Incident(
        id=get("id"), number=get("number"), title=get("title"), kind=Kind(get("kind")),
        private=bool(get("private")), phase=Phase(get("phase")), phase_since=get("phase_since"),
        severity=_read(get("severity"), Severity), pack=_pack(get("pack")),
        detection=Detection(get("detection")), declared_by=get("declared_by"),
        services=tuple(get("services")),
        instants=Instants(**instants, impact_precision=precision),
        impact=_read(get("impact"), Impact), brief=_read(get("brief"), Brief),
        escalate=None if escalate is None else _read(escalate, Escalate),
        outcome=_read(get("outcome"), Outcome),
        checks=tuple(_read(each, Check) for each in get("checks")),
        intervals=tuple(_read(each, Interval) for each in get("intervals")),
        war_room=get("war_room"),
        merged_into=get("merged_into"), recurrence_of=get("recurrence_of"),
        recurrence_key=get("recurrence_key"), access=tuple(get("access")),
        changed_by=get("changed_by"), version=get("version"),
    )  # fmt: skip


def _linked(row: object) -> Linked:
    get = row.__getattribute__
    return Linked(get("incident"), get("alert"), get("connection"), get("dedup_key"))


def _read(stored: object, kind: type[T]) -> T:
    return msgspec.convert(cast(Mapping[str, object], stored), kind)


@lru_cache(maxsize=PACKS_KEPT)
def _pack(text: str) -> Pack:
    return snapshot.loaded(msgspec.json.decode(text))


def _pack_text(pack: Pack) -> str:
    """The same text for the same pack, whatever order its sets are in."""
    return json_text(snapshot.dumped(pack))


_ACTIVE = [phase.value for phase in ACTIVE]
_TAKE = select(incidents).where(incidents.c.id == bindparam("i")).with_for_update()
_CHANGED = [column for column in incidents.columns if column.name != "id"]
_SAVE = (
    update(incidents)
    .where(incidents.c.id == bindparam("new_id"))
    .values(
        {
            column.name: func.coalesce(column, bindparam(f"new_{column.name}", type_=Instant))
            if column.name in MOMENTS
            else bindparam(f"new_{column.name}")
            for column in _CHANGED
        }
    )
)
_NEXT_NUMBER = (
    upsert(incident_numbers)
    .values(year=bindparam("year"), last=1)
    .on_conflict_do_update(index_elements=["year"], set_={"last": incident_numbers.c.last + 1})
    .returning(incident_numbers.c.last)
)
