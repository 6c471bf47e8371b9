"""The guardrails by API: every rule as it stands here, its figures, and its strength."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from holdfast.guardrails import actions, queries, rules
from holdfast.guardrails.model import (
    STRENGTH_REASON_CHARS_MAX,
    Active,
    Counted,
    Fault,
    Figures,
    Strength,
)
from holdfast.kernel.tx import Tx
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import Body, NamePath, act, row

PACKAGE_CHARS_MAX = 100


class FiguresShape(BaseModel):
    """How often it refused, was overridden with a reason, or was noted (`should` and `may`)."""

    refused: int
    overridden: int
    noted: int


class DayShape(FiguresShape):
    """One day in UTC on which the rule fired."""

    day: date


class CountersShape(FiguresShape):
    """Since the beginning, and for the last 30 days.

    `overridden_share` is of what it would have refused in those days, 0 to 1; `for_review` where
    that is more than 0.3: the rule is for the next practice review.
    """

    last_at: datetime | None
    lately: FiguresShape
    days: list[DayShape]
    overridden_share: float
    for_review: bool


class ChosenShape(BaseModel):
    """Who holds the organisation to another strength than the declared one, and why."""

    reason: str
    changed_at: datetime
    changed_by: str


class GuardrailShape(BaseModel):
    """One rule. `strength` is the one in force, `declared` the rule's own; `help` is the path of
    its page; `cites` are rows of the ledger; `breakable`: `break_glass` with a reason opens it."""

    code: str
    strength: Strength
    title: str
    help: str
    cites: list[str]
    guards: str
    refuses: Fault
    package: str
    declared: Strength
    lowered: bool
    breakable: bool
    chosen: ChosenShape | None
    counters: CountersShape


class StrengthBody(Body):
    """`reason` is needed where the rule becomes weaker than it is."""

    strength: Strength
    reason: str = Field("", max_length=STRENGTH_REASON_CHARS_MAX)


def list_guardrails(
    ctx: ContextDep,
    asked: AskedDep,
    package: Annotated[str | None, Query(max_length=PACKAGE_CHARS_MAX)] = None,
) -> Listing[GuardrailShape]:
    """Every rule that Holdfast holds people to, in the order of their codes."""
    with ctx.read() as tx:
        found = [each for each in queries.active(tx) if package is None or each.is_in(package)]
    shown, following = asked.by_name([_shape(each) for each in found], lambda rule: rule.code)
    return Listing(items=shown, next=following)


def show_guardrail(ctx: ContextDep, code: NamePath) -> GuardrailShape:
    """One rule. Raises NoSuchGuardrail."""
    with ctx.read() as tx:
        return _find(tx, code)


def set_strength(ctx: ContextDep, code: NamePath, body: StrengthBody) -> GuardrailShape:
    """Raises or lowers it for the organisation. Raises NoSuchGuardrail and BadReason."""

    def change(tx: Tx) -> GuardrailShape:
        actions.set_strength(tx, code, body.strength, body.reason)
        return _find(tx, code)

    return act(ctx, change)


def _find(tx: Tx, code: str) -> GuardrailShape:
    rule = rules.named(code)
    return next(_shape(each) for each in queries.active(tx) if each.rule is rule)


def _shape(active: Active) -> GuardrailShape:
    rule, chosen = active.rule, active.chosen
    return GuardrailShape(
        code=rule.code,
        strength=active.strength,
        title=rule.title,
        help=rule.help,
        cites=list(rule.cites),
        guards=rule.guards,
        refuses=rule.fault,
        package=active.package,
        declared=rule.strength,
        lowered=active.lowered,
        breakable=active.breakable,
        chosen=chosen
        and ChosenShape(
            reason=chosen.reason, changed_at=chosen.changed_at, changed_by=chosen.changed_by
        ),
        counters=_counters(active.counted),
    )


def _counters(counted: Counted) -> CountersShape:
    return CountersShape(
        **_figures(counted.ever),
        last_at=counted.last_at,
        lately=FiguresShape(**_figures(counted.lately)),
        days=[DayShape(day=day, **_figures(figures)) for day, figures in counted.days],
        overridden_share=round(counted.lately.overridden_share, 4),
        for_review=counted.for_review,
    )


def _figures(figures: Figures) -> dict[str, int]:
    return {
        "refused": figures.refused,
        "overridden": figures.overridden,
        "noted": figures.noted,
    }


ROUTES = (
    row("GET", "guardrails", list_guardrails, "guardrails.read", summary="All guardrails"),
    row("GET", "guardrails/{code}", show_guardrail, "guardrails.read", summary="One guardrail"),
    row(
        "POST",
        "guardrails/{code}/strength",
        set_strength,
        "guardrails.edit",
        summary="Hold people to a guardrail more or less strictly",
    ),
)
