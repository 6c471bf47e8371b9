"""Help pages that refusals link to: they answer everybody, for programs show their links."""

from __future__ import annotations

from fastapi.responses import Response

from holdfast.guardrails import queries, rules
from holdfast.guardrails.model import AnyRule, Strength, is_breakable
from holdfast.kernel.actor import SYSTEM
from holdfast.web import respond
from holdfast.web.context import ContextDep
from holdfast.web.help import ledger, words
from holdfast.web.help.views import Citation, GuardrailHelp
from holdfast.web.rest import NamePath
from holdfast.web.routes import ANYONE, Route


def show_guardrail(ctx: ContextDep, code: NamePath) -> Response:
    """Why a rule exists and what to do. Raises NoSuchGuardrail."""
    rule = rules.named(code)
    with ctx.program.database.read(SYSTEM) as tx:
        strength = queries.in_force(tx, rule)
    return respond.page(ctx, "help/guardrail.html", help_of(rule, strength))


def help_of(rule: AnyRule, strength: Strength) -> GuardrailHelp:
    """The page of a rule, made from the rule itself."""
    return GuardrailHelp(
        code=rule.code,
        title=rule.title,
        strength=strength.value,
        guards=rule.guards,
        why=rule.why or (rule.title,),
        remedies=rule.remedies or (words.NOT_EXPLAINED,),
        cites=tuple(Citation(row, ledger.statement(row) or "") for row in rule.cites),
        breakable=is_breakable(rule, strength),
        declared=None if strength is rule.strength else rule.strength.value,
    )


ROUTES = (Route("GET", "/help/guardrails/{code}", show_guardrail, ANYONE),)
