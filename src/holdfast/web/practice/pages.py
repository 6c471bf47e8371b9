"""The practice on screen: what is in force, every other pack, and the choice between them."""

from __future__ import annotations

from fastapi.responses import Response

from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice import actions, queries
from holdfast.practice.model import OFF, PACK_CHARS_MAX, SHIPPED, NotAPack, Pack
from holdfast.web import forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.practice import words
from holdfast.web.practice.show import pack_link, practice_page
from holdfast.web.practice.views import ChoosePage, NoPracticePage, PackLink
from holdfast.web.refusals import count_codes
from holdfast.web.rest import NamePath
from holdfast.web.routes import Route

PRACTICE, CHOOSE = "/practice", "/settings/practice"
PASTED = "pasted"  # what messages call a pack that was pasted
_FORM_BYTES_MAX = PACK_CHARS_MAX * 6  # as a form sends it, percent by percent


def show_practice(ctx: ContextDep) -> Response:
    """The practice in force, for whoever is signed in (ledger S0-10)."""
    with ctx.read() as tx:
        pack = queries.in_force(tx)
    if pack is None:
        view = NoPracticePage(may_edit=_may_edit(ctx))
        return respond.page(ctx, "practice/none.html", view)
    return _show(ctx, pack.name)


def show_pack(ctx: ContextDep, name: NamePath) -> Response:
    """Any pack, to look at before it is chosen."""
    return _show(ctx, name)


def export_pack(ctx: ContextDep, name: NamePath) -> Response:
    """The pack as its file."""
    with ctx.read() as tx:
        text = queries.export(tx, name)
        found = queries.pack(tx, name).name
    headers = {"Content-Disposition": f'attachment; filename="{found}.yaml"'}
    return Response(text, media_type="text/yaml; charset=utf-8", headers=headers)


def list_packs(ctx: ContextDep) -> Response:
    """The choice."""
    return _choose(ctx)


def choose_pack(ctx: ContextDep) -> Response:
    """Makes one of them the practice in force; one that cannot be worked by is refused."""
    name = ctx.form.get("pack", "")

    def chosen(tx: Tx) -> str:
        if not name:
            raise Invalid(words.CHOOSE_ONE, fields={"pack": words.CHOOSE_ONE})
        actions.choose(tx, name)
        return words.SWITCHED_OFF if name == OFF else _chosen(queries.pack(tx, name))

    try:
        said = ctx.program.database.transact(ctx.actor, chosen)
    except forms.MENDABLE as error:
        return _choose(ctx, error)
    return respond.go_to(ctx, CHOOSE, said, kind="warn" if name == OFF else "ok")


def save_pack(ctx: ContextDep) -> Response:
    """Keeps a pack of one's own; what is wrong in it comes back by line."""
    text = ctx.form.get("text", "")

    def saved(tx: Tx) -> str:
        if not text.strip():
            raise Invalid(words.PASTE, fields={"text": words.PASTE})
        return actions.take_in(tx, text, PASTED).name

    try:
        name = ctx.program.database.transact(ctx.actor, saved)
    except forms.MENDABLE as error:
        return _choose(ctx, error)
    return respond.go_to(ctx, CHOOSE, words.SAVED.format(name=name))


def remove_pack(ctx: ContextDep, name: NamePath) -> Response:
    """Forgets a pack of one's own."""
    try:
        ctx.program.database.transact(ctx.actor, lambda tx: actions.remove(tx, name))
    except forms.MENDABLE as error:
        return _choose(ctx, error)
    return respond.go_to(ctx, CHOOSE, words.REMOVED.format(name=name))


def _show(ctx: Context, name: str) -> Response:
    with ctx.read() as tx:
        view = practice_page(
            queries.pack(tx, name),
            _links(tx),
            active=queries.active_name(tx) == name,
            may_edit=_may_edit(ctx),
        )
    return respond.page(ctx, "practice/show.html", view)


def _choose(ctx: Context, error: HoldfastError | None = None) -> Response:
    fields = None if error is None else forms.returned(ctx, error)
    mistakes = error.mistakes if isinstance(error, NotAPack) else ()
    if isinstance(error, NotAPack):
        count_codes(ctx.request, error.codes)
    with ctx.read() as tx:
        view = ChoosePage(
            packs=_links(tx),
            off=queries.active_name(tx) == OFF,
            fields=fields,
            mistakes=tuple((each.line, each.message, each.remedy) for each in mistakes),
            typed=ctx.form.get("text", "")[:PACK_CHARS_MAX],
        )
    status = 200 if error is None else forms.status_of(error)
    return respond.page(ctx, "practice/choose.html", view, status=status)


def _links(tx: Tx) -> tuple[PackLink, ...]:
    active = queries.active_name(tx)
    return tuple(
        pack_link(pack, shipped=pack.name in SHIPPED, active=pack.name == active)
        for pack in queries.packs(tx)
    )


def _chosen(pack: Pack) -> str:
    return words.CHOSEN.format(title=pack.title)


def _may_edit(ctx: Context) -> bool:
    return permissions.allowed(ctx.actor, "practice.edit")


ROUTES = (
    Route("GET", PRACTICE, show_practice, "practice.read"),
    Route("GET", f"{PRACTICE}/{{name}}", show_pack, "practice.read"),
    Route("GET", f"{PRACTICE}/{{name}}/export", export_pack, "practice.read"),
    Route("GET", CHOOSE, list_packs, "practice.edit"),
    Route("POST", CHOOSE, choose_pack, "practice.edit"),
    # Loading the page again after a form that was refused is the page itself.
    Route("GET", f"{CHOOSE}/packs", list_packs, "practice.edit"),
    Route("POST", f"{CHOOSE}/packs", save_pack, "practice.edit", body_max=_FORM_BYTES_MAX),
    Route("POST", f"{CHOOSE}/packs/{{name}}/remove", remove_pack, "practice.edit"),
)
