"""The guardrails by API: every rule, from the list that the settings page shows too."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from holdfast.escalation.guardrails import RULES as ESCALATION
from holdfast.guardrails.model import Fault, Rule, Strength
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import row

T = TypeVar("T")


class GuardrailShape(BaseModel):
    """One rule. `help` is the path of its page; `cites` are rows of the ledger."""

    code: str
    strength: Strength
    title: str
    help: str
    cites: list[str]
    guards: str
    refuses: Fault


# Every rule there is, package by package.
RULES = (*ESCALATION,)


def list_guardrails(ctx: ContextDep, asked: AskedDep) -> Listing[GuardrailShape]:
    """Every rule that Holdfast holds people to, in the order of their codes."""
    shown, following = asked.by_name([_shape(rule) for rule in RULES], lambda rule: rule.code)
    return Listing(items=shown, next=following)


def _shape(rule: Rule[T]) -> GuardrailShape:
    return GuardrailShape(
        code=rule.code,
        strength=rule.strength,
        title=rule.title,
        help=rule.help,
        cites=list(rule.cites),
        guards=rule.guards,
        refuses=rule.fault,
    )


ROUTES = (row("GET", "guardrails", list_guardrails, "guardrails.read", summary="All guardrails"),)
