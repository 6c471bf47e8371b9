"""The tables of sessions, tokens and one-time links."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import (
    Column,
    Index,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from holdfast.kernel.actor import Role
from holdfast.kernel.tx import Tx
from holdfast.people.credentials.model import Browser, Entry, Link, Session, Token
from holdfast.storage.types import METADATA, Instant, Name

sessions = Table(
    "sessions",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("hash", Name, nullable=False, unique=True),
    Column("user", Name, nullable=False),
    Column("role", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("agent", Text, nullable=False),
    Column("address", Text, nullable=False),
)
Index("ix_sessions_user", sessions.c.user)

tokens = Table(
    "tokens",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("hash", Name, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("user", Name),
    Column("created_by", Name, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

links = Table(
    "links",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("hash", Name, nullable=False, unique=True),
    Column("entry", Text, nullable=False),
    Column("user", Name),
    Column("made_by", Name, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)


def add_session(tx: Tx, session: Session, digest: str) -> None:
    row = {
        "id": session.id, "hash": digest, "user": session.user, "role": session.role.value,
        "entry": session.entry.value, "created_at": session.created_at,
        "seen_at": session.seen_at, "expires_at": session.expires_at,
        "agent": session.browser.agent, "address": session.browser.address,
    }  # fmt: skip
    tx.execute(insert(sessions), row)


def find_session(tx: Tx, digest: str) -> Session | None:
    row = tx.execute(_SESSION, {"h": digest}).one_or_none()
    return None if row is None else _session(row)


def session_by_id(tx: Tx, session: str) -> Session | None:
    row = tx.execute(select(sessions).where(sessions.c.id == session)).one_or_none()
    return None if row is None else _session(row)


def sessions_of(tx: Tx, user: str) -> list[Session]:
    """Newest use first."""
    query = select(sessions).where(sessions.c.user == user)
    return [_session(row) for row in tx.execute(query.order_by(sessions.c.seen_at.desc()))]


def change_session(tx: Tx, session: str, digest: str, role: Role) -> None:
    """From now on another cookie is this session's."""
    tx.execute(
        update(sessions).where(sessions.c.id == session).values(hash=digest, role=role.value)
    )


def see_session(tx: Tx, session: str) -> None:
    tx.execute(update(sessions).where(sessions.c.id == session).values(seen_at=tx.now))


def drop_sessions(tx: Tx, user: str, ids: list[str]) -> list[str]:
    """Ends those of these sessions that are the person's; says which they were."""
    wanted = sessions.c.user == user, sessions.c.id.in_(ids)
    found = sorted(row.id for row in tx.execute(select(sessions.c.id).where(*wanted)))
    tx.execute(delete(sessions).where(*wanted))
    return found


def drop_stale_sessions(tx: Tx, seen_before: datetime) -> None:
    tx.execute(
        delete(sessions).where(
            or_(sessions.c.expires_at <= tx.now, sessions.c.seen_at <= seen_before)
        )
    )


def add_token(tx: Tx, token: Token, digest: str) -> None:
    row = {
        "id": token.id, "hash": digest, "name": token.name, "prefix": token.prefix,
        "role": token.role.value, "user": token.user, "created_by": token.created_by,
        "created_at": token.created_at,
    }  # fmt: skip
    tx.execute(insert(tokens), row)


def find_token(tx: Tx, digest: str) -> Token | None:
    row = tx.execute(_TOKEN, {"h": digest}).one_or_none()
    return None if row is None else _token(row)


def token_by_id(tx: Tx, token: str) -> Token | None:
    row = tx.execute(select(tokens).where(tokens.c.id == token)).one_or_none()
    return None if row is None else _token(row)


def find_tokens(tx: Tx) -> list[Token]:
    """Newest first, revoked ones too."""
    query = select(tokens).order_by(tokens.c.created_at.desc(), tokens.c.id)
    return [_token(row) for row in tx.execute(query)]


def count_live_tokens(tx: Tx) -> int:
    query = select(func.count()).select_from(tokens).where(tokens.c.revoked_at.is_(None))
    return cast(int, tx.execute(query).scalar_one())


def use_token(tx: Tx, token: str) -> None:
    tx.execute(update(tokens).where(tokens.c.id == token).values(used_at=tx.now))


def revoke_token(tx: Tx, token: str) -> None:
    tx.execute(update(tokens).where(tokens.c.id == token).values(revoked_at=tx.now))


def add_link(tx: Tx, link: Link, digest: str) -> None:
    row = {
        "id": link.id, "hash": digest, "entry": link.entry.value, "user": link.user,
        "made_by": link.made_by, "expires_at": link.expires_at,
    }  # fmt: skip
    tx.execute(insert(links), row)


def find_link(tx: Tx, digest: str) -> Link | None:
    row = tx.execute(select(links).where(links.c.hash == digest)).one_or_none()
    return None if row is None else _link(row)


def use_link(tx: Tx, digest: str) -> bool:
    """Marks it used; False where it was used before, is too old, or is none. Only one of many
    at once gets True: the update waits for the row and then looks again."""
    used = tx.execute(
        update(links)
        .where(links.c.hash == digest, links.c.used_at.is_(None), links.c.expires_at > tx.now)
        .values(used_at=tx.now)
    )
    return used.rowcount == 1


def take_first_links(tx: Tx) -> None:
    """Whoever uses one of them waits here for whoever was faster, with whichever of them."""
    tx.execute(
        select(links.c.id)
        .where(links.c.entry == Entry.FIRST_ADMIN.value)
        .order_by(links.c.id)
        .with_for_update()
    ).all()


def spend_first_links(tx: Tx) -> None:
    first = links.c.entry == Entry.FIRST_ADMIN.value
    tx.execute(update(links).where(first, links.c.used_at.is_(None)).values(used_at=tx.now))


def drop_old_links(tx: Tx, before: datetime) -> None:
    tx.execute(delete(links).where(links.c.expires_at < before))


def drop_links(tx: Tx, user: str) -> None:
    tx.execute(delete(links).where(links.c.user == user, links.c.used_at.is_(None)))


def _session(row: object) -> Session:
    get = row.__getattribute__
    return Session(
        id=get("id"), user=get("user"), role=Role(get("role")), entry=Entry(get("entry")),
        created_at=get("created_at"), seen_at=get("seen_at"), expires_at=get("expires_at"),
        browser=Browser(get("agent"), get("address")),
    )  # fmt: skip


def _token(row: object) -> Token:
    get = row.__getattribute__
    return Token(
        id=get("id"), name=get("name"), prefix=get("prefix"), role=Role(get("role")),
        user=get("user"), created_by=get("created_by"), created_at=get("created_at"),
        used_at=get("used_at"), revoked_at=get("revoked_at"),
    )  # fmt: skip


def _link(row: object) -> Link:
    get = row.__getattribute__
    return Link(
        id=get("id"), entry=Entry(get("entry")), user=cast(str | None, get("user")),
        made_by=get("made_by"), expires_at=get("expires_at"), used_at=get("used_at"),
    )  # fmt: skip


_SESSION = select(sessions).where(sessions.c.hash == bindparam("h"))
_TOKEN = select(tokens).where(tokens.c.hash == bindparam("h"))
