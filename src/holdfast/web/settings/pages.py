"""Settings on screen: health, every knob, the timeline's proof, and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fastapi.responses import Response

from holdfast import __version__
from holdfast.alerts import queries as alerts
from holdfast.kernel.actor import Role
from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials import queries as proofs
from holdfast.people.credentials.model import TOKEN_PREFIX, IssuedToken
from holdfast.people.credentials.model import Token as Kept
from holdfast.storage.hold import instance_hold
from holdfast.timeline.actions import release_instance
from holdfast.web import forms, respond
from holdfast.web.alerts.pages import FILTERS
from holdfast.web.context import Context, ContextDep
from holdfast.web.faces import Faces, faces_of
from holdfast.web.health import judge
from holdfast.web.layout.views import Choice, Fields
from holdfast.web.operate.knobs import KnobShape, knobs
from holdfast.web.operate.proof import ProofShape, prove
from holdfast.web.people.words import ROLES
from holdfast.web.rest import NamePath
from holdfast.web.routes import Route
from holdfast.web.settings import words
from holdfast.web.settings.health import health_of, health_of_proof
from holdfast.web.settings.views import Setting, SettingsPage, Token, TokenList

WOULD_PAGE_MAX = 20
SETTINGS, TOKENS = "/settings", "/settings/tokens"
_SOURCES: dict[str, Literal["default", "environment", "flag", "file", "database"]] = {
    "environment": "environment", "flag": "flag", "file": "file", "database": "database",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list of tokens shows besides what is kept."""

    issued: IssuedToken | None = None
    fields: Fields | None = None
    status: int = 200


def show_settings(ctx: ContextDep) -> Response:
    """Health, settings and the state of the timeline."""
    return _settings(ctx, None)


def verify(ctx: ContextDep) -> Response:
    """Proves the timeline now, and shows what that found."""
    with ctx.read() as tx:
        proof = prove(tx)
    return _settings(ctx, proof)


def release(ctx: ContextDep) -> Response:
    """Ends the hold after a restore: paging goes on."""
    ctx.program.database.transact(ctx.actor, release_instance)
    return respond.go_to(ctx, SETTINGS, words.RELEASED)


def list_tokens(ctx: ContextDep) -> Response:
    """Every token, never its secret."""
    return _tokens(ctx, Shown())


def create_token(ctx: ContextDep) -> Response:
    """Makes a token and shows its secret this once."""

    def create(tx: Tx) -> IssuedToken:
        role, user = ctx.form.get("role", ""), ctx.form.get("user", "")
        if role not in set(Role):
            raise Invalid("There is no such role.", fields={"role": "choose one of them"})
        return credentials.create_token(tx, ctx.form.get("name", ""), Role(role), user or None)

    try:
        issued = ctx.program.database.transact(ctx.actor, create)
    except forms.MENDABLE as error:
        return _tokens(ctx, _returned(ctx, error))
    return _tokens(ctx, Shown(issued))


def revoke_token(ctx: ContextDep, token_id: NamePath) -> Response:
    """Dead from the next request on."""
    ctx.program.database.transact(ctx.actor, lambda tx: credentials.revoke_token(tx, token_id))
    return respond.go_to(ctx, TOKENS, words.TOKEN_REVOKED)


def _settings(ctx: Context, proof: ProofShape | None) -> Response:
    reason, figures = judge(ctx.program)
    with ctx.read() as tx:
        hold = instance_hold(tx)
        view = SettingsPage(
            version=__version__,
            health=tuple(health_of(tx, ctx.program, reason, figures)),
            settings=tuple(_setting(knob) for knob in knobs(ctx.program)),
            verified=health_of_proof(proof),
            on_hold=None if hold is None else tuple(_would_page(tx)),
            may_verify=permissions.allowed(ctx.actor, "timeline.verify"),
            may_operate=permissions.allowed(ctx.actor, "instance.operate"),
        )
    return respond.page(ctx, "settings/show.html", view)


def _setting(knob: KnobShape) -> Setting:
    """A secret is shown as set or not; the page draws dots for one that is."""
    hidden = "" if knob.value == "unset" else knob.value
    return Setting(
        name=knob.name,
        value=hidden if knob.secret else knob.value,
        default=knob.default,
        source=_SOURCES.get(knob.source, "default"),
        about=knob.description,
        secret=knob.secret,
    )


def _would_page(tx: Tx) -> Iterator[str]:
    """What would be paged if the hold ended now, newest first."""
    for alert in alerts.newest(tx, FILTERS["open"], limit=WOULD_PAGE_MAX):
        yield words.would_page(alert.code, alert.title)


def _tokens(ctx: Context, shown: Shown) -> Response:
    with ctx.read() as tx:
        faces = faces_of(tx, ctx)
        nobody = Choice("", words.NO_ONE, chosen=not ctx.form.get("user"))
        view = TokenList(
            tokens=tuple(_token(token, faces) for token in proofs.tokens(tx)),
            roles=tuple(
                Choice(role.value, ROLES[role.value], chosen=role.value == _role(ctx))
                for role in Role
            ),
            users=(nobody, *faces.choices(ctx.form.get("user"))),
            new_token=None if shown.issued is None else shown.issued.secret,
            new_name="" if shown.issued is None else shown.issued.token.name,
            may_edit=permissions.allowed(ctx.actor, "tokens.edit"),
            fields=shown.fields,
        )
    return respond.page(ctx, "settings/tokens.html", view, status=shown.status)


def _role(ctx: Context) -> str:
    return ctx.form.get("role", Role.RESPONDER.value)


def _token(token: Kept, faces: Faces) -> Token:
    made_by = faces.of_actor(token.created_by)
    return Token(
        id=token.id,
        name=token.name,
        role=token.role.value,
        prefix=TOKEN_PREFIX,
        acts_as=None if token.user is None else faces.of(token.user).name,
        made_by="" if made_by is None else made_by.name,
        made_at=token.created_at,
        used_at=token.used_at,
        revoked_at=token.revoked_at,
    )


def _returned(ctx: Context, error: HoldfastError) -> Shown:
    return Shown(fields=forms.returned(ctx, error), status=forms.status_of(error))


ROUTES = (
    Route("GET", SETTINGS, show_settings, "settings.read"),
    Route("GET", "/settings/verify", show_settings, "settings.read"),
    Route("POST", "/settings/verify", verify, "timeline.verify"),
    Route("POST", "/settings/release", release, "instance.operate"),
    Route("GET", TOKENS, list_tokens, "tokens.edit"),
    Route("POST", TOKENS, create_token, "tokens.edit"),
    Route("POST", f"{TOKENS}/{{token_id}}/revoke", revoke_token, "tokens.edit"),
)
