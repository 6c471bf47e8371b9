"""Tables of responders: who was asked for, who came, and the room."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Index, Integer, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.responders.model import Reason, Request, RequestState, Responder, Room
from holdfast.kernel.tx import Tx
from holdfast.practice.model import RoleKey
from holdfast.storage.types import METADATA, Instant, Name

incident_requests = Table(
    "incident_requests",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("target", Name, nullable=False),
    Column("why", Name, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_by", Name, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answer_by", Instant, nullable=False),
    Column("state", Name, nullable=False),
    Column("role", Name),
    Column("answered_by", Name),
    Column("answered_at", Instant),
    Column("eta_minutes", Integer),
)
Index("ix_incident_requests_incident", incident_requests.c.incident, incident_requests.c.asked_at)

incident_responders = Table(
    "incident_responders",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("user", Name, primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column("accepted_at", Instant),
    Column("declined_at", Instant),
    Column("joined_at", Instant),
    Column("released_at", Instant),
)

incident_rooms = Table(
    "incident_rooms",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("address", Text, nullable=False),
    Column("fallback", Text, nullable=False),
    Column("recording", Text, nullable=False),
    Column("opened_by", Name, nullable=False),
    Column("opened_at", Instant, nullable=False),
)


def save_request(tx: Tx, request: Request) -> None:
    tx.execute(_SAVE_REQUEST, {
        "id": request.id, "incident": request.incident, "target": request.target,
        "why": request.why.value, "text": request.text, "asked_by": request.asked_by,
        "asked_at": request.asked_at, "answer_by": request.answer_by,
        "state": request.state.value,
        "role": None if request.role is None else request.role.value,
        "answered_by": request.answered_by, "answered_at": request.answered_at,
        "eta_minutes": request.eta_minutes,
    })  # fmt: skip


def find_requests(tx: Tx, ids: Sequence[str]) -> dict[str, Request]:
    rows = tx.execute(select(incident_requests).where(incident_requests.c.id.in_(list(ids))))
    return {row.id: _request(row) for row in rows}


def take_request(tx: Tx, request_id: str) -> Request | None:
    """The request, locked for this transaction."""
    row = tx.execute(_TAKE_REQUEST, {"i": request_id}).one_or_none()
    return None if row is None else _request(row)


def requests_of(tx: Tx, incident: str) -> list[Request]:
    """Every request of one incident, oldest first."""
    rows = tx.execute(
        select(incident_requests)
        .where(incident_requests.c.incident == incident)
        .order_by(incident_requests.c.asked_at, incident_requests.c.id)
    )
    return [_request(row) for row in rows]


def save_responder(tx: Tx, responder: Responder) -> None:
    tx.execute(_SAVE_RESPONDER, {
        name: getattr(responder, name) for name in _RESPONDER_COLUMNS
    })  # fmt: skip


def responders_of(tx: Tx, incidents: Sequence[str]) -> list[Responder]:
    """Everybody of these incidents, whoever was asked first first."""
    rows = tx.execute(
        select(incident_responders)
        .where(incident_responders.c.incident.in_(list(incidents)))
        .order_by(incident_responders.c.asked_at, incident_responders.c.user)
    )
    return [_responder(row) for row in rows]


def save_room(tx: Tx, room: Room) -> None:
    tx.execute(_SAVE_ROOM, {name: getattr(room, name) for name in _ROOM_COLUMNS})


def room_of(tx: Tx, incident: str) -> Room | None:
    row = tx.execute(
        select(incident_rooms).where(incident_rooms.c.incident == incident)
    ).one_or_none()
    if row is None:
        return None
    get = row.__getattribute__
    return Room(**{name: get(name) for name in _ROOM_COLUMNS})


def _request(row: object) -> Request:
    get = row.__getattribute__
    role = get("role")
    return Request(
        id=get("id"),
        incident=get("incident"),
        target=get("target"),
        why=Reason(get("why")),
        text=get("text"),
        asked_by=get("asked_by"),
        asked_at=get("asked_at"),
        answer_by=get("answer_by"),
        state=RequestState(get("state")),
        role=None if role is None else RoleKey(role),
        answered_by=get("answered_by"),
        answered_at=get("answered_at"),
        eta_minutes=get("eta_minutes"),
    )


def _responder(row: object) -> Responder:
    get = row.__getattribute__
    return Responder(**{name: get(name) for name in _RESPONDER_COLUMNS})


_REQUEST_COLUMNS = [column.name for column in incident_requests.columns]
_SAVE_REQUEST = (
    upsert(incident_requests)
    .values({name: bindparam(name) for name in _REQUEST_COLUMNS})
    .on_conflict_do_update(
        index_elements=["id"], set_={n: bindparam(n) for n in _REQUEST_COLUMNS if n != "id"}
    )
)
_TAKE_REQUEST = (
    select(incident_requests).where(incident_requests.c.id == bindparam("i")).with_for_update()
)
_RESPONDER_COLUMNS = [column.name for column in incident_responders.columns]
_SAVE_RESPONDER = (
    upsert(incident_responders)
    .values({name: bindparam(name) for name in _RESPONDER_COLUMNS})
    .on_conflict_do_update(
        index_elements=["incident", "user"],
        set_={n: bindparam(n) for n in _RESPONDER_COLUMNS if n not in ("incident", "user")},
    )
)
_ROOM_COLUMNS = [column.name for column in incident_rooms.columns]
_SAVE_ROOM = (
    upsert(incident_rooms)
    .values({name: bindparam(name) for name in _ROOM_COLUMNS})
    .on_conflict_do_update(
        index_elements=["incident"],
        set_={n: bindparam(n) for n in _ROOM_COLUMNS if n != "incident"},
    )
)
