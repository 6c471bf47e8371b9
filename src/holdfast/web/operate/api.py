"""Operate an instance by API: tokens, sign-in links, proof, backup, the hold and the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, BinaryIO

from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from holdfast.kernel.actor import Role
from holdfast.kernel.tx import Tx
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials import queries as credential_queries
from holdfast.people.credentials.model import TOKEN_NAME_CHARS_MAX, Token
from holdfast.storage.hold import instance_hold
from holdfast.timeline.actions import release_instance
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.operate.knobs import KnobShape, knobs
from holdfast.web.operate.proof import ProofShape, prove
from holdfast.web.rest import Body, Name, NamePath, Nothing, act, row

BACKUP_CHUNK_BYTES = 256 * 1024


class CreateToken(Body):
    """With `user`, the token's bearer acts as that person, at most with `role`."""

    name: Annotated[str, Field(min_length=1, max_length=TOKEN_NAME_CHARS_MAX)]
    role: Role = Role.RESPONDER
    user: Name | None = None


class TokenShape(BaseModel):
    """A token without its secret, which nobody can read again."""

    id: str
    name: str
    role: Role
    user: str | None
    created_by: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class CreatedToken(TokenShape):
    """`token` is what the program sends; it is shown this once."""

    token: str


class MakeLink(Body):
    """For whom; the first link of all, without a user, makes the first admin."""

    user: Name | None = None


class LinkShape(BaseModel):
    """`url` opens once, until `expires_at`."""

    url: str
    user: str | None
    expires_at: datetime


class HoldShape(BaseModel):
    """Whether the instance sends nothing, since when and why."""

    on_hold: bool
    since: datetime | None = None
    why: str | None = None


def create_token(ctx: ContextDep, body: CreateToken) -> CreatedToken:
    """A key for a program."""
    issued = act(ctx, lambda tx: credentials.create_token(tx, body.name, body.role, body.user))
    return CreatedToken(token=issued.secret, **_token_shape(issued.token).model_dump())


def list_tokens(ctx: ContextDep, asked: AskedDep) -> Listing[TokenShape]:
    """All tokens, revoked ones too, in the order of their ids."""
    with ctx.read() as tx:
        found = credential_queries.tokens(tx)
    shown, following = asked.by_name(found, lambda token: token.id)
    return Listing(items=[_token_shape(token) for token in shown], next=following)


def revoke_token(ctx: ContextDep, token_id: NamePath) -> TokenShape:
    """Dead from the next request on; revoked again, nothing changes."""

    def revoke(tx: Tx) -> Token:
        credentials.revoke_token(tx, token_id)
        return next(token for token in credential_queries.tokens(tx) if token.id == token_id)

    return _token_shape(act(ctx, revoke))


def make_link(ctx: ContextDep, body: MakeLink | None = None) -> LinkShape:
    """A one-time sign-in link."""
    user = None if body is None else body.user
    link = act(ctx, lambda tx: credentials.make_sign_in_link(tx, user))
    url = credentials.link_address(ctx.program.base_url, link)
    return LinkShape(url=url, user=link.user, expires_at=link.expires_at)


def verify(ctx: ContextDep) -> ProofShape:
    """Proves the timeline's chain and the invariants; `broken` names the row that fails."""
    with ctx.read() as tx:
        return prove(tx)


def backup(ctx: ContextDep, body: Nothing | None = None) -> Response:
    """A consistent copy of the whole database while everything goes on."""
    target = ctx.program.settings.data / f".{ctx.program.database.chance.new_id('backup')}"
    ctx.program.database.backup(target)
    copy = target.open("rb")
    length = target.stat().st_size
    target.unlink()  # the open file is enough, and nothing is left behind whatever happens
    return StreamingResponse(
        _parts(copy),
        media_type="application/vnd.sqlite3",
        headers={"content-length": str(length), "cache-control": "no-store"},
    )


def list_settings(ctx: ContextDep) -> Listing[KnobShape]:
    """Every setting with its value and where that comes from; secrets only as set or unset."""
    return Listing(items=knobs(ctx.program), next=None)


def show_hold(ctx: ContextDep) -> HoldShape:
    """Whether this instance is on hold, as after a restore."""
    with ctx.read() as tx:
        return _hold_shape(tx)


def release_hold(ctx: ContextDep, body: Nothing | None = None) -> HoldShape:
    """Paging goes on; released again, nothing changes."""

    def release(tx: Tx) -> HoldShape:
        release_instance(tx)
        return _hold_shape(tx)

    return act(ctx, release)


def _token_shape(token: Token) -> TokenShape:
    return TokenShape(
        id=token.id,
        name=token.name,
        role=token.role,
        user=token.user,
        created_by=token.created_by,
        created_at=token.created_at,
        used_at=token.used_at,
        revoked_at=token.revoked_at,
    )


def _hold_shape(tx: Tx) -> HoldShape:
    hold = instance_hold(tx)
    return HoldShape(
        on_hold=hold is not None,
        since=None if hold is None else hold.since,
        why=None if hold is None else hold.why,
    )


def _parts(copy: BinaryIO) -> Iterator[bytes]:
    with copy:
        while part := copy.read(BACKUP_CHUNK_BYTES):
            yield part


_TOKENS, _OPERATE = "tokens.edit", "instance.operate"
ROUTES = (
    row("POST", "tokens", create_token, _TOKENS, summary="Create a token", status=201),
    row("GET", "tokens", list_tokens, _TOKENS, summary="All tokens"),
    row("DELETE", "tokens/{token_id}", revoke_token, _TOKENS, summary="Revoke a token"),
    row("POST", "sign-in-links", make_link, _OPERATE, summary="A one-time link", status=201),
    row("GET", "verify", verify, "timeline.verify", summary="Prove the timeline"),
    row("POST", "backup", backup, _OPERATE, summary="A copy of the database"),
    row("GET", "settings", list_settings, "settings.read", summary="All settings"),
    row("GET", "hold", show_hold, "settings.read", summary="Is this instance on hold?"),
    row("POST", "hold/release", release_hold, _OPERATE, summary="End the hold"),
)
