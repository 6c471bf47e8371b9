"""Signing in and out, one-time links, and the choice of a password."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import zone_names
from holdfast.people import actions as people
from holdfast.people import queries
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials import passwords
from holdfast.people.credentials import queries as proofs
from holdfast.people.credentials.model import (
    Browser,
    Entry,
    Link,
    LinkSpent,
    LinkState,
    OpenedSession,
    Session,
)
from holdfast.people.model import User
from holdfast.web import auth, respond
from holdfast.web.client import client_address, is_this_machine
from holdfast.web.context import Context, ContextDep
from holdfast.web.layout.views import Fields
from holdfast.web.routes import ANYONE, SIGNED_IN, Route
from holdfast.web.sign_in.throttle import Throttle
from holdfast.web.sign_in.views import LinkPage, PasswordPage, SignIn

WRONG_PAIR = "That e-mail or id and that password do not belong together."
WRONG_PASSWORD = "That is not your present password."
FIRST_PAGE, SETUP_PAGE, PASSWORD_PAGE, SIGN_IN_PAGE = "/", "/setup", "/password", "/sign-in"

_PURPOSES: Mapping[Entry, Literal["first", "invite", "recover", "sign_in"]] = {
    Entry.FIRST_ADMIN: "first",
    Entry.INVITE: "invite",
    Entry.RECOVERY: "recover",
    Entry.SIGN_IN: "sign_in",
}
_STATUSES = {
    LinkState.VALID: 200,
    LinkState.UNKNOWN: 404,
    LinkState.USED: 410,
    LinkState.EXPIRED: 410,
}


def show_sign_in(context: ContextDep) -> Response:
    """The form, or straight on for somebody who is signed in."""
    following = respond.local_path(context.request.query_params.get("next", FIRST_PAGE))
    if context.user is not None:
        return respond.go_to(context, following)
    return _sign_in_page(context, following)


async def sign_in(context: ContextDep) -> Response:
    """Checks the pair in its turn; a wrong one is one message, whatever of it was wrong."""
    following = respond.local_path(context.form.get("next", FIRST_PAGE))
    login, password = context.form.get("login", ""), context.form.get("password", "")
    parts = context.request.app.state.parts
    throttle: Throttle = parts.throttle
    hashing: asyncio.Semaphore = parts.hashing
    address = client_address(context.request.scope, context.program.settings.trusted_proxies)
    async with throttle.turn(login, address), hashing:
        opened = await run_in_threadpool(_enter, context, login, password)
    if opened is None:
        throttle.failed(login, address)
        return await run_in_threadpool(_sign_in_page, context, following, login)
    throttle.succeeded(login, address)
    return _entered(context, opened, following)


def sign_out(context: ContextDep) -> Response:
    """Ends this session only."""
    if context.session is not None and context.user is not None:
        user, session = context.user.id, context.session
        context.program.database.transact(
            context.actor, lambda tx: credentials.end_session(tx, user, session)
        )
    answer = respond.go_to(context, SIGN_IN_PAGE)
    answer.headers.append("set-cookie", auth.session_cookie_header(context.program, ""))
    # What the browser kept of pages is gone with the person.
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def show_link(context: ContextDep, token: str) -> Response:
    """What the link is for, and a button: scanners fetch links, and fetching uses nothing."""
    return _link_page(context, token)


def use_link(context: ContextDep, token: str) -> Response:
    """Enters, once."""
    lasts = _lasts(context)

    def enter(tx: Tx) -> OpenedSession:
        _leave(tx, context)
        return credentials.use_link(tx, token, lasts=lasts, browser=_browser(context))

    try:
        opened = context.program.database.transact(SYSTEM, enter)
    except LinkSpent:
        return _link_page(context, token)
    straight_in = opened.session.entry is Entry.SIGN_IN
    return _entered(context, opened, FIRST_PAGE if straight_in else PASSWORD_PAGE)


def show_password(context: ContextDep) -> Response:
    """The form in which a person chooses a password; the first admin also says who they are."""
    with context.read() as tx:
        view = _password_view(tx, context)
    return respond.page(context, "sign_in/password.html", view)


async def choose_password(context: ContextDep) -> Response:
    """Sets it, ends the person's other sessions, and gives this one a new cookie."""
    hashing: asyncio.Semaphore = context.request.app.state.parts.hashing
    async with hashing:
        return await run_in_threadpool(_choose, context)


def _choose(context: Context) -> Response:
    with context.read() as tx:
        view = _password_view(tx, context)
        stored = credentials.password_of(tx, context.user)
    if view.has_password and not passwords.is_right(stored, context.form.get("current", "")):
        return _password_again(context, view, Invalid(fields={"current": WRONG_PASSWORD}))
    names = tuple(context.form.get(name, "") for name in ("name", "email"))
    try:
        kept = passwords.chosen(context.form.get("password", ""), (view.login, *names))
        cookie = context.program.database.transact(
            context.actor, lambda tx: _set_password(tx, context, kept, view)
        )
    except HoldfastError as error:
        return _password_again(context, view, error)
    following = SETUP_PAGE if view.first else FIRST_PAGE
    answer = respond.go_to(context, following, "Your password is set.")
    answer.headers.append("set-cookie", auth.session_cookie_header(context.program, cookie))
    return answer


def _enter(context: Context, login: str, password: str) -> OpenedSession | None:
    database = context.program.database
    with database.read(SYSTEM) as tx:
        user = queries.user_by_sign_in(tx, login[:400].replace("\0", ""))
        stored = credentials.password_of(tx, user)
    # Outside any transaction, and for nobody too: how long it takes must tell nothing.
    if not passwords.is_right(stored, password) or user is None:
        return None
    name = user.id

    def enter(tx: Tx) -> OpenedSession | None:
        found = queries.find_user(tx, name)
        if found is None or found.disabled_at is not None:
            return None
        _leave(tx, context)
        return credentials.open_session(
            tx, found, Entry.PASSWORD, lasts=_lasts(context), browser=_browser(context)
        )

    return database.transact(SYSTEM, enter)


def _leave(tx: Tx, context: Context) -> None:
    """Whoever signs in anew in a browser ends the session that the browser had."""
    if context.session is not None and context.user is not None:
        credentials.end_sessions_named(tx, context.user.id, [context.session], "signed in again")


def _entered(context: Context, opened: OpenedSession, following: str) -> Response:
    answer = respond.go_to(context, following)
    cookie = auth.session_cookie_header(context.program, opened.secret)
    answer.headers.append("set-cookie", cookie)
    return answer


def _sign_in_page(context: Context, following: str, login: str | None = None) -> Response:
    is_safe = auth.is_https(context.program) or is_this_machine(context.request.scope)
    fields = None
    if login is not None:
        fields = Fields(values=(("login", login[:400]),), problem=WRONG_PAIR)
    view = SignIn(next=following, insecure=not is_safe, fields=fields)
    return respond.page(context, "sign_in/sign_in.html", view, status=200 if login is None else 422)


def _link_page(context: Context, secret: str) -> Response:
    with context.program.database.read(SYSTEM) as tx:
        link = proofs.link(tx, secret)
        state = LinkState.UNKNOWN if link is None else link.state(tx.now)
        view = _link_view(tx, link, state)
    return respond.page(context, "sign_in/link.html", view, status=_STATUSES[state])


def _link_view(tx: Tx, link: Link | None, state: LinkState) -> LinkPage:
    if link is None:
        return LinkPage(purpose="sign_in", state="unknown")
    # Names are for whoever may still use the link, not for whoever finds an old one.
    person = queries.find_user(tx, link.user) if link.user and state is LinkState.VALID else None
    maker = queries.find_user(tx, link.made_by) if person is not None else None
    return LinkPage(
        purpose=_PURPOSES[link.entry],
        state=state.value,
        name=None if person is None else person.name,
        invited_by=None if maker is None else maker.name,
        until=link.expires_at,
    )


def _password_view(tx: Tx, context: Context) -> PasswordPage:
    user, session = _present(tx, context)
    needs_old = credentials.needs_old_password(tx, user, session)
    entry = None if session is None else session.entry
    return PasswordPage(
        login=user.email or user.id,
        first=entry is Entry.FIRST_ADMIN and not user.has_password,
        has_password=needs_old,
        least=passwords.PASSWORD_CHARS_MIN,
        zones=tuple(sorted(zone_names())),
        zone=user.time_zone,
        may_skip=entry in (Entry.SIGN_IN, Entry.PASSWORD),
    )


def _password_again(context: Context, view: PasswordPage, error: HoldfastError) -> Response:
    names = ("name", "email", "time_zone")
    errors = dict(error.fields) if isinstance(error, Invalid) else {}
    fields = Fields(
        values=tuple((name, context.form.get(name, "")) for name in names),
        errors=tuple(errors.items()),
        problem=None if errors else error.detail,
    )
    return respond.page(context, "sign_in/password.html", replace(view, fields=fields), status=422)


def _set_password(tx: Tx, context: Context, kept: str, view: PasswordPage) -> str:
    user, session = _present(tx, context)
    if view.first:
        people.save_user(tx, _named(user, context.form))
    credentials.set_password(tx, user.id, kept, session)
    return "" if session is None else credentials.rotate_session(tx, session, user.role)


def _named(user: User, form: Mapping[str, str]) -> User:
    return replace(
        user,
        name=form.get("name", "").strip(),
        email=form.get("email", "").strip() or None,
        time_zone=form.get("time_zone", "UTC").strip(),
    )


def _present(tx: Tx, context: Context) -> tuple[User, Session | None]:
    assert context.user is not None, "the table says that a person is signed in"
    return queries.user(tx, context.user.id), proofs.session_by_id(tx, context.session or "")


def _lasts(context: Context) -> timedelta:
    return timedelta(days=context.program.settings.session_days)


def _browser(context: Context) -> Browser:
    proxies = context.program.settings.trusted_proxies
    return Browser(
        agent=context.request.headers.get("user-agent", ""),
        address=client_address(context.request.scope, proxies),
    )


ROUTES = (
    Route("GET", "/sign-in", show_sign_in, ANYONE),
    Route("POST", "/sign-in", sign_in, ANYONE),
    Route("POST", "/sign-out", sign_out, SIGNED_IN),
    Route("GET", "/sign-in/{token}", show_link, ANYONE),
    Route("POST", "/sign-in/{token}", use_link, ANYONE),
    Route("GET", "/password", show_password, SIGNED_IN),
    Route("POST", "/password", choose_password, SIGNED_IN),
)
