"""The table of pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from sqlalchemy import Column, Index, Integer, Table, Text, bindparam, insert, select, update

from holdfast.kernel.tx import Tx
from holdfast.paging.model import Page, PageAnswer, PageKind, PageState
from holdfast.people.model import Rung
from holdfast.sdk import Urgency
from holdfast.storage.types import METADATA, Instant, Json, Name

pages = Table(
    "pages",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("kind", Name, nullable=False),
    Column("subject", Name, nullable=False),
    Column("user", Name, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("rungs", Json, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("state", Name, nullable=False),
    Column("step", Integer),
    Column("round", Integer, nullable=False),
    Column("answer", Text),
    Column("ended_at", Instant),
    Column("ended_because", Text),
)
Index("ix_pages_subject", pages.c.subject, pages.c.user)
Index("ix_pages_user", pages.c.user, pages.c.opened_at)
Index(
    "ix_pages_open",
    pages.c.opened_at,
    sqlite_where=pages.c.state == PageState.OPEN,
    postgresql_where=pages.c.state == PageState.OPEN,
)


_AHEAD = "pages.ahead"  # pages by id, read and locked for many duties at once
_ABOUT_AHEAD = "pages.about.ahead"  # the same by subject


def add(tx: Tx, page: Page) -> None:
    tx.execute_later(
        _ADD,
        ("page", page.id),
        {
            "id": page.id, "kind": page.kind.value, "subject": page.subject, "user": page.user,
            "urgency": page.urgency.value, "because": page.because, "attempt": page.attempt,
            "opened_at": page.opened_at, "rung": page.rung, "state": page.state.value,
            "rungs": [[r.after.total_seconds(), r.method] for r in page.rungs],
            "step": page.step, "round": page.round,
        },
    )  # fmt: skip
    known = _ahead(tx, _ABOUT_AHEAD)
    if page.subject in known:
        known[page.subject].append(page)


def take(tx: Tx, page: str) -> Page | None:
    """The page, locked for this transaction."""
    if page in (known := _ahead(tx, _AHEAD)):
        return known[page][0]
    row = tx.execute(_TAKE, {"p": page}).one_or_none()
    return None if row is None else _page(row)


def find_ahead(tx: Tx, ids: Sequence[str], *, lock: bool = False) -> list[Page]:
    """Reads many pages at once; `find` and, where they are locked, `take` have them ready until
    one of them changes."""
    query = select(pages).where(pages.c.id.in_(ids)).order_by(pages.c.id)
    rows = tx.execute(query.with_for_update() if lock else query)
    found = [_page(row) for row in rows]
    tx.note(_AHEAD, {page.id: [page] for page in found})
    return found


def take_about_ahead(tx: Tx, subjects: Sequence[str]) -> None:
    """Locks and reads the pages about many subjects at once; `take_about` has them ready."""
    about_these = select(pages).where(pages.c.subject.in_(subjects))
    rows = tx.execute(about_these.order_by(pages.c.opened_at, pages.c.id).with_for_update())
    known: dict[str, list[Page]] = {subject: [] for subject in subjects}
    for row in rows:
        known[row.subject].append(_page(row))
    tx.note(_ABOUT_AHEAD, known)


def find(tx: Tx, page: str) -> Page | None:
    if page in (known := _ahead(tx, _AHEAD)):
        return known[page][0]
    row = tx.execute(select(pages).where(pages.c.id == page)).one_or_none()
    return None if row is None else _page(row)


def about(tx: Tx, subjects: Sequence[str]) -> list[Page]:
    """Every page about these, oldest first."""
    rows = tx.execute(
        select(pages).where(pages.c.subject.in_(subjects)).order_by(pages.c.opened_at, pages.c.id)
    )
    return [_page(row) for row in rows]


def take_open_about(tx: Tx, subject: str) -> list[Page]:
    return [_page(row) for row in tx.execute(_OPEN_ABOUT, {"s": subject})]


def take_about(tx: Tx, subject: str, user: str) -> list[Page]:
    """Every page of one person about one subject, oldest first, locked."""
    if subject in (known := _ahead(tx, _ABOUT_AHEAD)):
        return [page for page in known[subject] if page.user == user]
    return [_page(row) for row in tx.execute(_ABOUT_USER, {"s": subject, "u": user})]


def latest(
    tx: Tx,
    *,
    user: str | None = None,
    state: PageState | None = None,
    before: tuple[object, str] | None = None,
    limit: int,
) -> list[Page]:
    """Newest first."""
    query = select(pages).order_by(pages.c.opened_at.desc(), pages.c.id.desc()).limit(limit)
    if user is not None:
        query = query.where(pages.c.user == user)
    if state is not None:
        query = query.where(pages.c.state == state)
    if before is not None:
        at, name = before
        query = query.where(
            (pages.c.opened_at < at) | ((pages.c.opened_at == at) & (pages.c.id < name))
        )
    return [_page(row) for row in tx.execute(query)]


def set_rung(tx: Tx, page: str, rung: int) -> None:
    _unlearn(tx)
    tx.execute(_SET_RUNG, {"p": page, "r": rung})


def end(tx: Tx, page: Page, state: PageState, why: str, answer: PageAnswer | None) -> None:
    _unlearn(tx)
    tx.execute(
        _END,
        {"p": page.id, "s": state.value, "at": tx.now, "why": why,
         "a": None if answer is None else answer.value},
    )  # fmt: skip


def delete(tx: Tx, ids: Sequence[str]) -> None:
    _unlearn(tx)
    tx.execute(pages.delete().where(pages.c.id.in_(list(ids))))


def _ahead(tx: Tx, what: str) -> dict[str, list[Page]]:
    return cast(dict[str, list[Page]], tx.recall(what) or {})


def _unlearn(tx: Tx) -> None:
    tx.unlearn(_AHEAD)
    tx.unlearn(_ABOUT_AHEAD)


def _page(row: object) -> Page:
    get = row.__getattribute__
    rungs = cast(list[tuple[float, str]], get("rungs"))
    answer = get("answer")
    return Page(
        id=get("id"), kind=PageKind(get("kind")), subject=get("subject"), user=get("user"),
        urgency=Urgency(get("urgency")), because=get("because"), attempt=get("attempt"),
        opened_at=get("opened_at"),
        rungs=tuple(Rung(timedelta(seconds=after), method) for after, method in rungs),
        rung=get("rung"), state=PageState(get("state")), step=get("step"), round=get("round"),
        answer=None if answer is None else PageAnswer(answer),
        ended_at=get("ended_at"), ended_because=get("ended_because"),
    )  # fmt: skip


_ADD = insert(pages)
_TAKE = select(pages).where(pages.c.id == bindparam("p")).with_for_update()
_OPEN_ABOUT = (
    select(pages)
    .where(pages.c.subject == bindparam("s"), pages.c.state == PageState.OPEN)
    .order_by(pages.c.id)
    .with_for_update()
)
_ABOUT_USER = (
    select(pages)
    .where(pages.c.subject == bindparam("s"), pages.c.user == bindparam("u"))
    .order_by(pages.c.opened_at, pages.c.id)
    .with_for_update()
)
_SET_RUNG = update(pages).where(pages.c.id == bindparam("p")).values(rung=bindparam("r"))
_END = (
    update(pages)
    .where(pages.c.id == bindparam("p"))
    .values(
        state=bindparam("s"),
        ended_at=bindparam("at"),
        ended_because=bindparam("why"),
        answer=bindparam("a"),
    )
)
