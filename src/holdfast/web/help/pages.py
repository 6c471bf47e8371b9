"""Help pages that refusals link to: they answer everybody, for programs show their links."""

from __future__ import annotations

from fastapi.responses import Response

from holdfast.kernel.errors import NotFound
from holdfast.web import respond
from holdfast.web.context import ContextDep
from holdfast.web.guardrails.api import RULES
from holdfast.web.help import words
from holdfast.web.help.views import GuardrailHelp
from holdfast.web.layout.views import Link
from holdfast.web.rest import NamePath
from holdfast.web.routes import ANYONE, Route


class NoSuchGuardrail(NotFound):
    """There is no guardrail of that code."""


def show_guardrail(ctx: ContextDep, code: NamePath) -> Response:
    """Why a rule exists and what to do. Raises NoSuchGuardrail."""
    rule = next((rule for rule in RULES if rule.code == code), None)
    if rule is None:
        raise NoSuchGuardrail
    view = GuardrailHelp(
        code=rule.code,
        title=rule.title,
        strength=rule.strength.value,
        guards=rule.guards,
        why=words.WHY.get(rule.code, (rule.title,)),
        remedies=words.REMEDIES.get(rule.code, (words.NOT_EXPLAINED,)),
        cites=tuple(Link(cite) for cite in rule.cites),
    )
    return respond.page(ctx, "help/guardrail.html", view)


ROUTES = (Route("GET", "/help/guardrails/{code}", show_guardrail, ANYONE),)
