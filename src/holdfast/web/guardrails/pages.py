"""The list of guardrails on screen: what each refuses, how often it did, how strictly it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from fastapi.responses import Response

from holdfast.guardrails import actions, queries
from holdfast.guardrails.model import Active, Figures, Strength
from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.people import permissions
from holdfast.web import forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.faces import Faces, faces_of
from holdfast.web.guardrails import words
from holdfast.web.guardrails.api import PACKAGE_CHARS_MAX
from holdfast.web.guardrails.views import Change, Filter, Guardrail, GuardrailList
from holdfast.web.layout.views import Choice, Fields
from holdfast.web.rest import NamePath
from holdfast.web.routes import Route

LIST = "/settings/guardrails"
_SHOW_CHARS_MAX = 20
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Asking:
    """Which rules somebody wants to see."""

    show: str = _ALL
    package: str = ""

    def wants(self, rule: Active) -> bool:
        if self.package and not rule.is_in(self.package):
            return False
        match self.show:
            case "review":
                return rule.counted.for_review
            case "changed":
                return rule.chosen is not None
            case _:
                return True

    def href(self) -> str:
        asked = {"show": self.show if self.show != _ALL else "", "package": self.package}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{LIST}?{query}" if query else LIST


@dataclass(frozen=True, slots=True)
class Back:
    """The form of one rule that came back."""

    code: str
    fields: Fields
    status: int


def list_guardrails(
    ctx: ContextDep,
    show: Annotated[str, Query(max_length=_SHOW_CHARS_MAX)] = _ALL,
    package: Annotated[str, Query(max_length=PACKAGE_CHARS_MAX)] = "",
) -> Response:
    """Every active rule; narrowed by package, and to what is for review or was changed here."""
    return _list(ctx, Asking(show if show in words.SHOWS else _ALL, package))


def set_strength(ctx: ContextDep, code: NamePath) -> Response:
    """Holds people to a rule more or less strictly; a refused form comes back beside its rule."""
    try:
        strength = _strength_in(ctx)
        reason = ctx.form.get("reason", "")
        ctx.program.database.transact(
            ctx.actor, lambda tx: actions.set_strength(tx, code, strength, reason)
        )
    except forms.MENDABLE as error:
        return _list(ctx, Asking(), _back(ctx, code, error))
    return respond.go_to(ctx, f"{LIST}#{code}", words.CHANGED)


def _strength_in(ctx: Context) -> Strength:
    wanted = ctx.form.get("strength", "")
    if wanted not in set(Strength):
        raise Invalid("There is no such strength.", fields={"strength": "choose one of them"})
    return Strength(wanted)


def _back(ctx: Context, code: str, error: HoldfastError) -> Back:
    return Back(code, forms.returned(ctx, error), forms.status_of(error))


def _list(ctx: Context, asking: Asking, back: Back | None = None) -> Response:
    with ctx.read() as tx:
        known = queries.active(tx)
        faces = faces_of(tx, ctx)
    shown = [_guardrail(rule, faces, back) for rule in known if asking.wants(rule)]
    view = GuardrailList(
        guardrails=tuple(shown),
        filters=tuple(_filter(known, replace(asking, show=show), asking) for show in words.SHOWS),
        packages=_packages(known, asking.package),
        show=asking.show,
        may_edit=permissions.allowed(ctx.actor, "guardrails.edit"),
    )
    return respond.page(ctx, "guardrails/list.html", view, status=back.status if back else 200)


def _filter(known: list[Active], one: Asking, current: Asking) -> Filter:
    count = sum(one.wants(rule) for rule in known)
    return Filter(words.SHOWS[one.show], one.href(), count, current=one == current)


def _packages(known: list[Active], chosen: str) -> tuple[Choice, ...]:
    parts = [rule.package.split(".") for rule in known]
    names = sorted({".".join(part[:n]) for part in parts for n in range(1, len(part) + 1)})
    every = Choice("", words.EVERY_PACKAGE, chosen=not chosen)
    return (every, *(Choice(name, words.package(name), chosen=name == chosen) for name in names))


def _guardrail(active: Active, faces: Faces, back: Back | None) -> Guardrail:
    rule, counted = active.rule, active.counted
    fields = back.fields if back is not None and back.code == rule.code else None
    wanted = active.strength.value if fields is None else fields.value("strength")
    return Guardrail(
        code=rule.code,
        title=rule.title,
        strength=active.strength.value,
        guards=rule.guards,
        package=words.package(active.package),
        cites=rule.cites,
        ever=_fired(counted.ever),
        lately=_fired(counted.lately),
        last_at=counted.last_at,
        breakable=active.breakable,
        for_review=counted.for_review,
        change=_change(active, faces),
        strengths=tuple(
            Choice(name, label, chosen=name == wanted) for name, label in words.CHOICES.items()
        ),
        fields=fields,
    )


def _change(active: Active, faces: Faces) -> Change | None:
    chosen = active.chosen
    if chosen is None:
        return None
    face = faces.of_actor(chosen.changed_by)
    return Change(
        declared=active.rule.strength.value,
        weaker=active.lowered,
        reason=chosen.reason,
        at=chosen.changed_at,
        by=chosen.changed_by if face is None else face.name,
    )


def _fired(figures: Figures) -> str:
    return words.fired(figures.refused, figures.overridden, figures.noted)


ROUTES = (
    Route("GET", LIST, list_guardrails, "guardrails.read"),
    Route("POST", f"{LIST}/{{code}}/strength", set_strength, "guardrails.edit"),
)
