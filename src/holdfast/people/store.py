"""Tables of people: users, their contact methods, teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import (
    Column,
    Index,
    Row,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.kernel.actor import Role
from holdfast.kernel.tx import Tx
from holdfast.people.model import Method, Rules, Rung, Team, User
from holdfast.sdk import Urgency
from holdfast.storage.types import METADATA, Instant, Json, Name

users = Table(
    "users",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Name),
    Column("time_zone", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("rules", Json, nullable=False),
    Column("password", Text),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)
Index("uq_users_email", func.lower(users.c.email), unique=True)

methods = Table(
    "methods",
    METADATA,
    Column("user", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("place", Instant, nullable=False),  # order of adding
    Column("kind", Name, nullable=False),
    Column("address", Text, nullable=False),
    Column("verified_at", Instant),
    Column("trouble", Text),
)

teams = Table(
    "teams",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
    Column("lead", Name),
    Column("members", Json, nullable=False),
)


def find_users(tx: Tx) -> dict[str, User]:
    """Everybody by id, in the order of names."""
    reached: dict[str, list[Method]] = {}
    for row in tx.execute(_METHODS):
        reached.setdefault(row.user, []).append(_method(row))
    return {row.id: _user(row, tuple(reached.get(row.id, ()))) for row in tx.execute(_USERS)}


def find_user(tx: Tx, user: str) -> User | None:
    rows = tx.execute(_USER, {"u": user}).all()
    if not rows:
        return None
    reached = tuple(
        Method(row.method_id, row.kind, row.address, row.verified_at, row.trouble)
        for row in rows
        if row.method_id is not None
    )
    return _user(rows[0], reached)


def find_by_email(tx: Tx, email: str) -> str | None:
    query = select(users.c.id).where(func.lower(users.c.email) == email.strip().lower())
    return cast(str | None, tx.execute(query).scalar_one_or_none())


def save_user(tx: Tx, user: User) -> None:
    """Writes the user and exactly these contact methods; an unchanged address stays verified."""
    row = {
        "name": user.name, "email": user.email, "time_zone": user.time_zone,
        "role": user.role.value, "rules": _rules_out(user.rules), "disabled_at": user.disabled_at,
    }  # fmt: skip
    tx.execute(
        upsert(users)
        .values(id=user.id, created_at=tx.now, **row)
        .on_conflict_do_update(index_elements=["id"], set_=row)
    )
    _save_methods(tx, user)


def set_verified(tx: Tx, user: str, method: str, at: datetime | None) -> None:
    tx.execute(
        update(methods)
        .where(methods.c.user == user, methods.c.id == method)
        .values(verified_at=at, trouble=None)
    )


def set_trouble(tx: Tx, user: str, method: str, why: str | None) -> None:
    tx.execute(
        update(methods).where(methods.c.user == user, methods.c.id == method).values(trouble=why)
    )


def set_password(tx: Tx, user: str, password: str | None) -> None:
    tx.execute(update(users).where(users.c.id == user).values(password=password))


def password_of(tx: Tx, user: str) -> str | None:
    query = select(users.c.password).where(users.c.id == user)
    return cast(str | None, tx.execute(query).scalar_one_or_none())


def find_teams(tx: Tx) -> dict[str, Team]:
    rows = tx.execute(select(teams).order_by(teams.c.name, teams.c.id))
    return {row.id: Team(row.id, row.name, row.lead, tuple(row.members)) for row in rows}


def save_team(tx: Tx, team: Team) -> None:
    row = {"name": team.name, "lead": team.lead, "members": list(team.members)}
    tx.execute(
        upsert(teams)
        .values(id=team.id, **row)
        .on_conflict_do_update(index_elements=["id"], set_=row)
    )


def delete_team(tx: Tx, team: str) -> None:
    tx.execute(delete(teams).where(teams.c.id == team))


def _save_methods(tx: Tx, user: User) -> None:
    present = {row.id: row for row in tx.execute(select(methods).where(methods.c.user == user.id))}
    tx.execute(delete(methods).where(methods.c.user == user.id))
    rows = []
    for order, method in enumerate(user.methods):
        old = present.get(method.id)
        if old is not None and (old.kind, old.address) != (method.kind, method.address):
            old = None  # what was proved of another address proves nothing of this one
        rows.append(
            {"user": user.id, "id": method.id, "kind": method.kind, "address": method.address,
             "place": tx.now + timedelta(microseconds=order),
             "verified_at": None if old is None else old.verified_at,
             "trouble": None if old is None else old.trouble}
        )  # fmt: skip
    if rows:
        tx.execute(insert(methods), rows)


def _method(row: Row[tuple[object, ...]]) -> Method:
    return Method(row.id, row.kind, row.address, row.verified_at, row.trouble)


def _user(row: object, reached: tuple[Method, ...]) -> User:
    get = row.__getattribute__
    return User(
        id=get("id"), name=get("name"), email=get("email"), time_zone=get("time_zone"),
        role=Role(get("role")), methods=reached, rules=_rules_in(get("rules")),
        disabled_at=get("disabled_at"), has_password=get("password") is not None,
    )  # fmt: skip


def _rules_out(rules: Rules) -> dict[str, object]:
    return {
        urgency.value: [[rung.after.total_seconds(), rung.method] for rung in rungs]
        for urgency, rungs in rules.items()
    }


def _rules_in(stored: object) -> Rules:
    ladders = cast(Mapping[str, list[tuple[float, str]]], stored)
    return {
        Urgency(urgency): tuple(Rung(timedelta(seconds=after), method) for after, method in rungs)
        for urgency, rungs in ladders.items()
    }


_USERS = select(users).order_by(users.c.name, users.c.id)
_METHODS = select(methods).order_by(methods.c.place, methods.c.id)
# One round trip: this is read for every message that leaves.
_USER = (
    select(
        users,
        methods.c.id.label("method_id"),
        methods.c.kind,
        methods.c.address,
        methods.c.verified_at,
        methods.c.trouble,
    )
    .select_from(users.outerjoin(methods, methods.c.user == users.c.id))
    .where(users.c.id == bindparam("u"))
    .order_by(methods.c.place, methods.c.id)
)
