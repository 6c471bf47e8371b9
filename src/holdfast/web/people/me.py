"""How I am reached: one's own ways, their order, looks, and where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi.responses import Response

from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import zone_names
from holdfast.paging import actions as paging
from holdfast.people import actions, queries
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials import queries as proofs
from holdfast.people.credentials.model import Session as Kept
from holdfast.people.model import NoSuchMethod, User
from holdfast.web import auth, forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.layout.views import Face, Fields
from holdfast.web.people import words
from holdfast.web.people.agents import agent_in_words
from holdfast.web.people.kinds import added, method_kinds, method_title
from holdfast.web.people.lines import coming_shifts, method_lines, warnings_of
from holdfast.web.people.rules import Typed, changed, rule_forms, rules_in, typed_in, typed_of
from holdfast.web.people.views import Me, Session
from holdfast.web.request import THEME_COOKIE
from holdfast.web.rest import NamePath
from holdfast.web.routes import SIGNED_IN, Route
from holdfast.web.shell import KEYS_COOKIE, KEYS_OFF, theme_of

ME = "/me"
LOOKS_KEPT_S = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Returned:
    """What the page shows besides what is kept: forms that came back."""

    kind: str | None = None
    method_fields: Fields | None = None
    typed: Typed | None = None
    rule_fields: Fields | None = None
    looks_fields: Fields | None = None
    status: int = 200


def show(ctx: ContextDep) -> Response:
    """The reader's own page."""
    return _page(ctx, Returned())


def add_method(ctx: ContextDep) -> Response:
    """One more way to be reached."""
    kind, address = ctx.form.get("kind", ""), ctx.form.get("address", "")

    def add(tx: Tx) -> None:
        user = _user(tx, ctx)
        methods = added(ctx.program, user, kind, address)
        if methods != user.methods:
            actions.save_methods(tx, user.id, methods)

    try:
        ctx.program.database.transact(ctx.actor, add)
    except forms.MENDABLE as error:
        fields = forms.returned(ctx, error)
        back = Returned(kind=kind, method_fields=fields, status=forms.status_of(error))
        return _page(ctx, back)
    return respond.go_to(ctx, ME, words.METHOD_ADDED)


def send_test(ctx: ContextDep, method_id: NamePath) -> Response:
    """A test page to one way; answering it proves that it arrives."""
    ctx.program.database.transact(
        ctx.actor, lambda tx: paging.send_test(tx, _user(tx, ctx).id, method_id)
    )
    return respond.go_to(ctx, ME, words.TEST_SENT)


def remove_method(ctx: ContextDep, method_id: NamePath) -> Response:
    """One way less; rules lose the lines that name it."""

    def remove(tx: Tx) -> None:
        user = _user(tx, ctx)
        if user.method(method_id) is None:
            raise NoSuchMethod
        left = tuple(method for method in user.methods if method.id != method_id)
        actions.save_methods(tx, user.id, left)

    ctx.program.database.transact(ctx.actor, remove)
    return respond.go_to(ctx, ME, words.METHOD_REMOVED)


def save_rules(ctx: ContextDep) -> Response:
    """Keeps the order, or shows the form with one line more or less."""
    typed = typed_in(ctx.form_lists)
    do = ctx.form.get("do", "save")
    if do != "save":
        with ctx.read() as tx:
            typed = changed(typed, do, _user(tx, ctx))
        return _page(ctx, Returned(typed=typed))

    def save(tx: Tx) -> None:
        actions.save_user(tx, replace(_user(tx, ctx), rules=rules_in(typed)))

    try:
        ctx.program.database.transact(ctx.actor, save)
    except forms.MENDABLE as error:
        return _page(ctx, _rules_again(ctx, typed, error))
    return respond.go_to(ctx, ME, words.RULES_SAVED)


def save_looks(ctx: ContextDep) -> Response:
    """Name and zone are the person's; theme and keys are this browser's."""

    def save(tx: Tx) -> None:
        user = replace(
            _user(tx, ctx),
            name=ctx.form.get("name", "").strip(),
            time_zone=ctx.form.get("time_zone", "").strip(),
        )
        actions.save_user(tx, user)

    try:
        ctx.program.database.transact(ctx.actor, save)
    except forms.MENDABLE as error:
        fields = forms.returned(ctx, error)
        return _page(ctx, Returned(looks_fields=fields, status=forms.status_of(error)))
    answer = respond.go_to(ctx, ME, words.LOOKS_SAVED)
    theme = theme_of(ctx.form.get("theme", ""))
    _remember(ctx, answer, THEME_COOKIE, "" if theme is None else theme.value)
    keys = "" if ctx.form.get("single_keys") else KEYS_OFF
    _remember(ctx, answer, KEYS_COOKIE, keys)
    return answer


def end_session(ctx: ContextDep, session_id: NamePath) -> Response:
    """Signs one other browser out."""
    ctx.program.database.transact(
        ctx.actor, lambda tx: credentials.end_session(tx, _user(tx, ctx).id, session_id)
    )
    return respond.go_to(ctx, ME, words.SIGNED_OUT_THERE)


def end_other_sessions(ctx: ContextDep) -> Response:
    """Signs every other browser out."""

    def end(tx: Tx) -> None:
        user = _user(tx, ctx)
        credentials.end_sessions(tx, user.id, but=ctx.session, because="signed out elsewhere")

    ctx.program.database.transact(ctx.actor, end)
    return respond.go_to(ctx, ME, words.SIGNED_OUT_THERE)


def _page(ctx: Context, back: Returned) -> Response:
    with ctx.read() as tx:
        view = _view(tx, ctx, back)
    return respond.page(ctx, "people/me.html", view, status=back.status)


def _view(tx: Tx, ctx: Context, back: Returned) -> Me:
    user = _user(tx, ctx)
    titles = {
        method.id: words.method_in_words(method_title(ctx.program, method.kind), method.address)
        for method in user.methods
    }
    theme = theme_of(ctx.theme)
    return Me(
        who=Face(user.id, user.name, me=True),
        login=user.email or user.id,
        zone=user.time_zone,
        zones=tuple(sorted(zone_names())),
        theme="system" if theme is None else theme.value,
        single_keys=ctx.request.cookies.get(KEYS_COOKIE) != KEYS_OFF,
        methods=method_lines(tx, ctx.program, user, in_full=True),
        kinds=method_kinds(ctx.program, back.kind),
        rules=rule_forms(typed_of(user) if back.typed is None else back.typed, titles),
        shifts=coming_shifts(tx, user),
        sessions=tuple(_session(kept, ctx) for kept in proofs.sessions_of(tx, user.id)),
        has_password=user.has_password,
        warnings=tuple(warnings_of(user)),
        method_fields=back.method_fields,
        rule_fields=back.rule_fields,
        looks_fields=back.looks_fields,
    )


def _rules_again(ctx: Context, typed: Typed, error: HoldfastError) -> Returned:
    """The urgencies are no controls of their own: their errors stand below their lines."""
    named = {urgency.value: "" for urgency in typed}
    fields = forms.returned(ctx, error, form=named)
    return Returned(typed=typed, rule_fields=fields, status=forms.status_of(error))


def _session(kept: Kept, ctx: Context) -> Session:
    return Session(
        id=kept.id,
        name=agent_in_words(kept.browser.agent),
        address=kept.browser.address,
        began_at=kept.created_at,
        seen_at=kept.seen_at,
        current=kept.id == ctx.session,
    )


def _user(tx: Tx, ctx: Context) -> User:
    assert ctx.user is not None, "the table says that a person is signed in"
    return queries.user(tx, ctx.user.id)


def _remember(ctx: Context, answer: Response, name: str, value: str) -> None:
    """Not hidden from our script: it changes the theme without asking the server."""
    answer.set_cookie(
        name,
        value,
        max_age=LOOKS_KEPT_S if value else 0,
        samesite="lax",
        secure=auth.is_https(ctx.program),
    )


ROUTES = (
    Route("GET", ME, show, SIGNED_IN),
    # Loading the page again after a form that came back is the page itself.
    Route("GET", "/me/methods", show, SIGNED_IN),
    Route("POST", "/me/methods", add_method, SIGNED_IN),
    Route("POST", "/me/methods/{method_id}/test", send_test, SIGNED_IN),
    Route("POST", "/me/methods/{method_id}/remove", remove_method, SIGNED_IN),
    Route("GET", "/me/rules", show, SIGNED_IN),
    Route("POST", "/me/rules", save_rules, SIGNED_IN),
    Route("GET", "/me/looks", show, SIGNED_IN),
    Route("POST", "/me/looks", save_looks, SIGNED_IN),
    Route("POST", "/me/sessions/end-others", end_other_sessions, SIGNED_IN),
    Route("POST", "/me/sessions/{session_id}/end", end_session, SIGNED_IN),
)
