"""Who asks: the person of a session, the bearer of a token, the operator at the socket, or nobody.

Every request asks the database, so that what one node ends no other node accepts (promises S19).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.people.credentials import actions, queries
from holdfast.people.credentials.model import (
    SESSION_SEEN_EVERY,
    TOKEN_USED_EVERY,
    Session,
    Token,
    TokenRefused,
)
from holdfast.people.model import User
from holdfast.web.context import Context
from holdfast.web.errors import NotSignedIn
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, SIGNED_IN, Face, Route

NOBODY = Actor(ActorKind.CONNECTION, "nobody")
OPERATOR = Actor(ActorKind.SYSTEM, "operator", Role.ADMIN)
_SESSION_COOKIE = "holdfast"
_VISITOR_COOKIE = "holdfast-visitor"
_SAFE_PREFIX = "__Host-"  # the browser sends it to exactly this host, and only over https

log = structlog.get_logger("auth")
_REMEDY = "Send `Authorization: Bearer TOKEN`, or sign in."


@dataclass(frozen=True, slots=True)
class Asker:
    """Who a request comes from. `fresh_cookie` is set where the session got a new cookie."""

    actor: Actor = NOBODY
    user: User | None = None
    session: Session | None = None
    local: bool = False
    fresh_cookie: str | None = None


def who_asks(program: Program, scope: Scope, row: Route) -> Asker:
    """Reads the proof that this kind of route takes. Raises TokenRefused, NotSignedIn.

    Pages take a session's cookie, the API a token, the socket or a session; doors take neither.
    """
    if row.face is Face.DOOR:
        return Asker()
    headers = Headers(scope=scope)
    if row.face is Face.API:
        if "authorization" in headers:
            return _bearer(program, headers["authorization"])
        if scope.get("state", {}).get("local_operator"):
            return Asker(actor=OPERATOR, local=True)
    secret = cookies(headers).get(session_cookie(program))
    return Asker() if secret is None else _signed_in(program, secret)


def require(asker: Asker, needs: str) -> None:
    """Raises NotSignedIn for somebody unknown and NotPermitted for somebody who may not."""
    if needs == ANYONE:
        return
    if asker.actor.role is None:
        raise NotSignedIn(remedy=_REMEDY)
    if needs != SIGNED_IN:
        permissions.require(asker.actor, needs)


def is_still_welcome(context: Context) -> bool:
    """Whether the asker of a long answer may go on hearing it; changes nothing."""
    headers = context.request.headers
    with context.program.database.read(SYSTEM) as tx:
        if context.session is None:
            secret = headers.get("authorization", "").partition(" ")[2].strip()
            return context.local or queries.token(tx, secret) is not None
        session = queries.session(tx, cookies(headers).get(session_cookie(context.program), ""))
        user = None if session is None else people.find_user(tx, session.user)
        return user is not None and user.disabled_at is None


def session_cookie(program: Program) -> str:
    """The cookie's name. Over plain http a browser refuses the safe prefix."""
    return (_SAFE_PREFIX if is_https(program) else "") + _SESSION_COOKIE


def visitor_cookie(program: Program) -> str:
    """The cookie that binds the forms of somebody who is not signed in yet. It opens nothing."""
    return (_SAFE_PREFIX if is_https(program) else "") + _VISITOR_COOKIE


def set_cookie(program: Program, name: str, value: str, *, lasts_s: int | None) -> str:
    """The Set-Cookie header's text; without a value the browser forgets it."""
    age = "" if lasts_s is None else f"; Max-Age={lasts_s}"
    secure = "; Secure" if is_https(program) else ""
    return f"{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}"


def session_cookie_header(program: Program, secret: str) -> str:
    """The Set-Cookie header for a session that was just opened; an empty secret signs out."""
    lasts_s = program.settings.session_days * 86_400 if secret else 0
    return set_cookie(program, session_cookie(program), secret, lasts_s=lasts_s)


def is_https(program: Program) -> bool:
    return program.base_url.startswith("https://")


def cookies(headers: Headers) -> dict[str, str]:
    """All cookies of a request, however many header lines they came in."""
    return cookie_parser("; ".join(headers.getlist("cookie")))


def _bearer(program: Program, authorization: str) -> Asker:
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn("Only `Authorization: Bearer` is understood.", remedy=_REMEDY)
    with program.database.read(SYSTEM) as tx:
        token = queries.token(tx, secret.strip())
        user = None if token is None or token.user is None else people.find_user(tx, token.user)
        now = tx.now
    if token is None or (token.user is not None and (user is None or user.disabled_at)):
        raise NotSignedIn(TokenRefused().detail, remedy="Create a new token under Settings.")
    if token.used_at is None or now - token.used_at >= TOKEN_USED_EVERY:
        _note(program, lambda tx: actions.use_token(tx, token))
    return Asker(actor=_token_actor(token, user), user=user)


def _token_actor(token: Token, user: User | None) -> Actor:
    """A token that acts as a person may do what both may."""
    role = token.role if user is None else min(token.role, user.role, key=lambda role: role.rank)
    return Actor(ActorKind.TOKEN, token.id, role, token.user)


def _signed_in(program: Program, secret: str) -> Asker:
    with program.database.read(SYSTEM) as tx:
        session = queries.session(tx, secret)
        user = None if session is None else people.find_user(tx, session.user)
        now = tx.now
    if session is None or user is None or user.disabled_at is not None:
        return Asker()
    asker = Asker(Actor(ActorKind.USER, user.id, user.role, user.id), user, session)
    if session.role is not user.role:
        return _rotated(program, asker, session, user)
    if now - session.seen_at >= SESSION_SEEN_EVERY:
        _note(program, lambda tx: actions.see_session(tx, session))
    return asker


def _rotated(program: Program, asker: Asker, session: Session, user: User) -> Asker:
    fresh = program.database.transact(
        SYSTEM, lambda tx: actions.rotate_session(tx, session, user.role)
    )
    return replace(asker, fresh_cookie=fresh)


def _note(program: Program, note: Callable[[Tx], None]) -> None:
    """Bookkeeping must not cost anybody their request: a database that is full still answers."""
    try:
        program.database.transact(SYSTEM, note)
    except DBAPIError:
        log.warning("could not note that a credential is in use")
