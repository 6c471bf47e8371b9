"""Tables of telling: threads, updates, promises, questions, stakeholders and subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.telling.model import (
    Promise,
    Question,
    QuestionState,
    Stakeholder,
    Subscription,
    Template,
    Thread,
    Update,
)
from holdfast.kernel.tx import Tx
from holdfast.practice.model import Audience
from holdfast.storage.types import METADATA, Instant, Json, Name

incident_threads = Table(
    "incident_threads",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("audience", Name, primary_key=True),
    Column("due_at", Instant),
    Column("heard_at", Instant),
    Column("last_at", Instant),
    Column("final_at", Instant),
    Column("every_s", Float),
    Column("long", Integer, nullable=False),
    Column("set_by", Name),
    Column("why", Text, nullable=False),
)
incident_updates = Table(
    "incident_updates",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("post", Name, nullable=False),
    Column("audience", Name, nullable=False),
    Column("template", Name, nullable=False),
    Column("text", Text, nullable=False),
    Column("known", Json, nullable=False),
    Column("next_update_at", Instant),
    Column("posted_at", Instant, nullable=False),
    Column("posted_by", Name, nullable=False),
    Column("corrects", Name),
)
Index("ix_incident_updates_incident", incident_updates.c.incident, incident_updates.c.posted_at)

incident_promises = Table(
    "incident_promises",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("audience", Name, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("promised_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("update", Name),
    Column("settled_at", Instant),
    Column("settled_by", Name),
)
Index("ix_incident_promises_incident", incident_promises.c.incident, incident_promises.c.due_at)

incident_questions = Table(
    "incident_questions",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_by", Name, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", Name, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_by", Name),
    Column("answered_at", Instant),
)
Index("ix_incident_questions_incident", incident_questions.c.incident)

incident_subscriptions = Table(
    "incident_subscriptions",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("user", Name, primary_key=True),
    Column("audience", Name, nullable=False),
    Column("because", Text, nullable=False),
    Column("since", Instant, nullable=False),
)

stakeholders = Table(
    "stakeholders",
    METADATA,
    Column("service", Name, primary_key=True),
    Column("who", Name, primary_key=True),
    Column("audience", Name, nullable=False),
    Column("rank_max", Integer, nullable=False),
    Column("language", Text, nullable=False),
)


def take_threads(tx: Tx, incident: str) -> dict[Audience, Thread]:
    """The incident itself is locked by whoever acts on it; its threads go with it."""
    return threads(tx, [incident]).get(incident, {})


def threads(tx: Tx, incidents: Sequence[str]) -> dict[str, dict[Audience, Thread]]:
    """By incident and audience."""
    query = select(incident_threads).where(incident_threads.c.incident.in_(list(incidents)))
    found: dict[str, dict[Audience, Thread]] = {}
    for row in tx.execute(query.order_by(incident_threads.c.audience)):
        thread = _thread(row)
        found.setdefault(thread.incident, {})[thread.audience] = thread
    return found


def save_thread(tx: Tx, thread: Thread) -> None:
    values = {
        "due_at": thread.due_at, "heard_at": thread.heard_at, "last_at": thread.last_at,
        "final_at": thread.final_at, "long": int(thread.long), "set_by": thread.set_by,
        "why": thread.why,
        "every_s": None if thread.every is None else thread.every.total_seconds(),
    }  # fmt: skip
    key = {"incident": thread.incident, "audience": thread.audience.value}
    statement = upsert(incident_threads).values(**key, **values)
    tx.execute(
        statement.on_conflict_do_update(index_elements=["incident", "audience"], set_=values)
    )


def add_update(tx: Tx, made: Update) -> None:
    tx.execute(
        insert(incident_updates),
        {
            "id": made.id, "incident": made.incident, "post": made.post,
            "audience": made.audience.value, "template": made.template.value, "text": made.text,
            "known": dict(made.known), "next_update_at": made.next_update_at,
            "posted_at": made.posted_at, "posted_by": made.posted_by, "corrects": made.corrects,
        },
    )  # fmt: skip


def find_update(tx: Tx, name: str) -> Update | None:
    row = tx.execute(select(incident_updates).where(incident_updates.c.id == name)).one_or_none()
    return None if row is None else _update(row)


def updates(tx: Tx, incident: str, before: tuple[datetime, str] | None, limit: int) -> list[Update]:
    """Newest first."""
    table = incident_updates.c
    query = select(incident_updates).where(table.incident == incident)
    if before is not None:
        at, name = before
        query = query.where((table.posted_at < at) | ((table.posted_at == at) & (table.id < name)))
    rows = tx.execute(query.order_by(table.posted_at.desc(), table.id.desc()).limit(limit))
    return [_update(row) for row in rows]


def heard(tx: Tx, incident: str) -> dict[Audience, list[datetime]]:
    """When each audience was told something, oldest first; a correction does not count."""
    table = incident_updates.c
    rows = tx.execute(
        select(table.audience, table.posted_at)
        .where(table.incident == incident, table.corrects.is_(None))
        .order_by(table.posted_at)
    )
    found: dict[Audience, list[datetime]] = {}
    for row in rows:
        found.setdefault(Audience(row.audience), []).append(cast(datetime, row.posted_at))
    return found


def add_promise(tx: Tx, made: Promise) -> None:
    tx.execute(
        insert(incident_promises),
        {
            "id": made.id, "incident": made.incident, "audience": made.audience.value,
            "rank": made.rank, "promised_at": made.promised_at, "due_at": made.due_at,
            "update": made.update, "settled_at": made.settled_at, "settled_by": made.settled_by,
        },
    )  # fmt: skip


def settle_promises(
    tx: Tx, incident: str, audience: Audience, by: str | None, *, by_practice_only: bool = False
) -> None:
    """Every open promise to that audience has its end: an update, or None for withdrawn."""
    table = incident_promises.c
    query = update(incident_promises).where(
        table.incident == incident, table.audience == audience.value, table.settled_at.is_(None)
    )
    if by_practice_only:
        query = query.where(table["update"].is_(None))
    tx.execute(query.values(settled_at=tx.now, settled_by=by))


def promises(tx: Tx, incidents: Sequence[str]) -> list[Promise]:
    """Oldest first."""
    table = incident_promises.c
    rows = tx.execute(
        select(incident_promises)
        .where(table.incident.in_(list(incidents)))
        .order_by(table.promised_at, table.due_at, table.id)
    )
    return [_promise(row) for row in rows]


def add_question(tx: Tx, asked: Question) -> None:
    tx.execute(
        insert(incident_questions),
        {
            "id": asked.id, "incident": asked.incident, "text": asked.text,
            "asked_by": asked.asked_by, "asked_at": asked.asked_at, "state": asked.state.value,
            "answer": asked.answer, "answered_by": asked.answered_by,
            "answered_at": asked.answered_at,
        },
    )  # fmt: skip


def take_question(tx: Tx, name: str) -> Question | None:
    """The question, locked for this transaction."""
    query = select(incident_questions).where(incident_questions.c.id == name).with_for_update()
    row = tx.execute(query).one_or_none()
    return None if row is None else _question(row)


def answer_question(tx: Tx, answered: Question) -> None:
    tx.execute(
        update(incident_questions)
        .where(incident_questions.c.id == answered.id)
        .values(
            state=answered.state.value, answer=answered.answer,
            answered_by=answered.answered_by, answered_at=answered.answered_at,
        )
    )  # fmt: skip


def questions(tx: Tx, incident: str) -> list[Question]:
    """Oldest first."""
    rows = tx.execute(
        select(incident_questions)
        .where(incident_questions.c.incident == incident)
        .order_by(incident_questions.c.asked_at, incident_questions.c.id)
    )
    return [_question(row) for row in rows]


def open_question_count(tx: Tx, incident: str) -> int:
    table = incident_questions.c
    query = select(func.count()).where(
        table.incident == incident, table.state == QuestionState.OPEN.value
    )
    return cast(int, tx.execute(query).scalar_one())


def subscribe(tx: Tx, subscription: Subscription) -> None:
    """Whoever hears already is left as they are."""
    tx.execute(
        upsert(incident_subscriptions)
        .values(
            incident=subscription.incident, user=subscription.user,
            audience=subscription.audience.value, because=subscription.because,
            since=subscription.since,
        )
        .on_conflict_do_nothing(index_elements=["incident", "user"])
    )  # fmt: skip


def unsubscribe(tx: Tx, incident: str, user: str) -> bool:
    """False where they were not told anyway."""
    table = incident_subscriptions.c
    changed = tx.execute(
        delete(incident_subscriptions).where(table.incident == incident, table.user == user)
    )
    return changed.rowcount == 1


def subscriptions(tx: Tx, incident: str) -> list[Subscription]:
    rows = tx.execute(
        select(incident_subscriptions)
        .where(incident_subscriptions.c.incident == incident)
        .order_by(incident_subscriptions.c.user)
    )
    return [
        Subscription(row.incident, row.user, Audience(row.audience), row.because, row.since)
        for row in rows
    ]


def save_stakeholder(tx: Tx, stakeholder: Stakeholder) -> None:
    values = {
        "audience": stakeholder.audience.value, "rank_max": stakeholder.rank_max,
        "language": stakeholder.language,
    }  # fmt: skip
    tx.execute(
        upsert(stakeholders)
        .values(service=stakeholder.service, who=stakeholder.who, **values)
        .on_conflict_do_update(index_elements=["service", "who"], set_=values)
    )


def remove_stakeholder(tx: Tx, service: str, who: str) -> bool:
    """False where there was none."""
    table = stakeholders.c
    changed = tx.execute(delete(stakeholders).where(table.service == service, table.who == who))
    return changed.rowcount == 1


def find_stakeholders(tx: Tx, services: Sequence[str]) -> list[Stakeholder]:
    rows = tx.execute(
        select(stakeholders)
        .where(stakeholders.c.service.in_(list(services)))
        .order_by(stakeholders.c.service, stakeholders.c.who)
    )
    return [
        Stakeholder(row.service, row.who, Audience(row.audience), row.rank_max, row.language)
        for row in rows
    ]


def _thread(row: object) -> Thread:
    get = row.__getattribute__
    every = get("every_s")
    return Thread(
        incident=get("incident"), audience=Audience(get("audience")), due_at=get("due_at"),
        heard_at=get("heard_at"), last_at=get("last_at"), final_at=get("final_at"),
        every=None if every is None else timedelta(seconds=every), long=bool(get("long")),
        set_by=get("set_by"), why=get("why"),
    )  # fmt: skip


def _update(row: object) -> Update:
    get = row.__getattribute__
    return Update(
        id=get("id"), incident=get("incident"), post=get("post"),
        audience=Audience(get("audience")), template=Template(get("template")), text=get("text"),
        known=get("known"), next_update_at=get("next_update_at"), posted_at=get("posted_at"),
        posted_by=get("posted_by"), corrects=get("corrects"),
    )  # fmt: skip


def _promise(row: object) -> Promise:
    get = row.__getattribute__
    return Promise(
        id=get("id"), incident=get("incident"), audience=Audience(get("audience")),
        rank=get("rank"), promised_at=get("promised_at"), due_at=get("due_at"),
        update=get("update"), settled_at=get("settled_at"), settled_by=get("settled_by"),
    )  # fmt: skip


def _question(row: object) -> Question:
    get = row.__getattribute__
    return Question(
        id=get("id"), incident=get("incident"), text=get("text"), asked_by=get("asked_by"),
        asked_at=get("asked_at"), state=QuestionState(get("state")), answer=get("answer"),
        answered_by=get("answered_by"), answered_at=get("answered_at"),
    )  # fmt: skip
