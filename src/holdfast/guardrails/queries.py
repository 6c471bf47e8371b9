"""Ask about guardrails: which strength is in force, what was overridden, how often a rule fired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from holdfast.guardrails import rules, store
from holdfast.guardrails.model import (
    COUNTED_DAYS,
    Active,
    Chosen,
    Counted,
    Figures,
    Objection,
    Passage,
    Refuse,
    Rule,
    Strength,
    is_breakable,
)
from holdfast.kernel.tx import Tx

F = TypeVar("F")


def in_force(tx: Tx, rule: Rule[F]) -> Strength:
    """The strength that counts: the organisation's, else the one that the rule declares."""
    found = chosen(tx).get(rule.code)
    return rule.strength if found is None else found.strength


def chosen(tx: Tx) -> Mapping[str, Chosen]:
    """The strengths that the organisation chose, by code; a rule that is not here is as
    declared."""
    return tx.remember("guardrail strengths", lambda: store.strengths(tx))


def objections(tx: Tx, rules: Sequence[Rule[F]], facts: F) -> list[Objection]:
    """What each rule has against it, at the strength in force, in the order of the rules.

    Writes nothing: for forms that say beforehand what will be refused, and for reports.
    """
    found = []
    for rule in rules:
        verdict = rule.judge(facts)
        if isinstance(verdict, Refuse):
            strength = in_force(tx, rule)
            found.append(Objection(rule.code, strength, verdict, is_breakable(rule, strength)))
    return found


def overrides_about(tx: Tx, subject: str) -> list[Passage]:
    """What was broken or noted about this subject, oldest first; hints are left out."""
    return store.passages(tx, subject)


def active(tx: Tx) -> list[Active]:
    """Every rule as it stands here, with its figures, in the order of the codes (ledger S0-39)."""
    counted = counters(tx)
    return [
        Active(
            rule=rule,
            package=rules.package_of(rule),
            strength=in_force(tx, rule),
            chosen=chosen(tx).get(rule.code),
            counted=counted.get(rule.code, Counted()),
        )
        for rule in rules.by_code().values()
    ]


def counters(tx: Tx) -> Mapping[str, Counted]:
    """How often each rule fired, by code; a rule that never did is not here."""
    today = tx.now.date()
    first = today - timedelta(days=COUNTED_DAYS - 1)
    ever: dict[str, Figures] = defaultdict(Figures)
    days: dict[str, dict[date, Figures]] = defaultdict(lambda: defaultdict(Figures))
    last: dict[str, datetime] = {}
    for code, day, count, at in store.hits(tx):
        ever[code] = _sum((ever[code], Figures(refused=count)))
        last[code] = max(at, last.get(code, at))
        if day >= first:
            days[code][day] = _sum((days[code][day], Figures(refused=count)))
    for code, strength, count, at in store.passage_counts(tx):
        ever[code] = _sum((ever[code], _passed(strength, count)))
        last[code] = max(at, last.get(code, at))
    for code, strength, at in store.passages_since(tx, datetime.combine(first, time(), UTC)):
        day = at.date()
        days[code][day] = _sum((days[code][day], _passed(strength, 1)))
    return {
        code: Counted(
            figures, _sum(days[code].values()), tuple(sorted(days[code].items())), last[code]
        )
        for code, figures in ever.items()
    }


def _passed(strength: Strength, count: int) -> Figures:
    broken = strength is Strength.MUST
    return Figures(overridden=count) if broken else Figures(noted=count)


def _sum(parts: Iterable[Figures]) -> Figures:
    figures = list(parts)
    return Figures(
        sum(each.refused for each in figures),
        sum(each.overridden for each in figures),
        sum(each.noted for each in figures),
    )
