"""Uphold guardrails: refuse, or let pass with a reason that is written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from holdfast.guardrails import queries, rules, store
from holdfast.guardrails.model import (
    BREAK_GLASS,
    BREAK_GLASS_CHARS_MAX,
    BREAK_GLASS_CHARS_MIN,
    BREAK_GLASS_MAX,
    STRENGTH_REASON_CHARS_MAX,
    STRENGTH_REASON_CHARS_MIN,
    BadReason,
    GuardrailNoted,
    GuardrailOverridden,
    GuardrailStrengthChanged,
    Objection,
    Overridden,
    Rule,
    Strength,
    refused,
)
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import clean_text

F = TypeVar("F")


def uphold(
    tx: Tx,
    rules: Sequence[Rule[F]],
    facts: F,
    *,
    about: str,
    reason: str = "",
    until: datetime | None = None,
) -> tuple[Overridden, ...]:
    """Asks each rule, at the strength in force, before an action goes on (ledger S0-67).

    The first `must` that says no is raised as Refused, unless it is breakable and there is a
    `reason` (break-glass), or an exception about the same subject still stands. A `should` that
    says no passes and is recorded with the reason, if any; a `may` passes and is counted.

    `about` is the id of what the exception is for: it is the subject of the events. `until` is the
    instant at which the exception ends, BREAK_GLASS_MAX from now at the latest: meanwhile the rule
    lets the same subject pass without being asked again. Without it the exception is for this one
    act. Returns what was passed, in the order of the rules. Raises Refused and BadReason.
    """
    found = queries.objections(tx, rules, facts)
    if not found:
        return ()
    given = _clean_reason(reason)
    by_code = {rule.code: rule for rule in rules}
    passed = []
    for objection in found:
        exception = _exception(tx, objection, about, given, until)
        if exception is None:
            raise refused(
                by_code[objection.code],
                objection.refusal,
                about=about,
                breakable=objection.breakable,
            )
        passed.append(exception)
    for exception in passed:
        _record(tx, exception, anew=bool(given))
    return tuple(passed)


def count_refusal(tx: Tx, code: str) -> None:
    """One more refusal by this rule. In a transaction of its own: the refused one rolls back."""
    store.add_hit(tx, code)


def set_strength(tx: Tx, code: str, strength: Strength, reason: str) -> None:
    """Holds the organisation to a rule at another strength; as before, nothing changes.

    Raising is free; whoever makes a rule weaker than it is now says why (house: lowering a `must`
    is possible, audited and shown). Raises NotPermitted, NoSuchGuardrail and BadReason.
    """
    permissions.require(tx.actor, "guardrails.edit")
    rule = rules.named(code)
    before = queries.in_force(tx, rule)
    if before is strength:
        return
    why = clean_text(reason, STRENGTH_REASON_CHARS_MAX)[0].strip()
    if len(reason) > STRENGTH_REASON_CHARS_MAX:
        raise _bad_reason("reason", f"Say it in at most {STRENGTH_REASON_CHARS_MAX} characters.")
    if strength.rank < before.rank and len(why) < STRENGTH_REASON_CHARS_MIN:
        raise _bad_reason("reason", "Say why the rule is made weaker, in a few words.")
    if strength is rule.strength:
        store.forget_strength(tx, rule.code)
    else:
        store.choose_strength(tx, rule.code, strength, why)
    tx.forget()
    declared = rule.strength.value
    tx.record(GuardrailStrengthChanged(rule.code, before.value, strength.value, declared, why))


def _exception(
    tx: Tx, objection: Objection, about: str, reason: str, until: datetime | None
) -> Overridden | None:
    """How this objection is passed; None where it is not."""
    code, strength, why = objection.code, objection.strength, objection.refusal.why
    if strength is not Strength.MUST:
        return Overridden(code, about, strength, why, reason, tx.now)
    if not objection.breakable:
        return None
    if not reason:
        return store.standing(tx, code, about)
    if len(reason) < BREAK_GLASS_CHARS_MIN:
        raise _bad_reason(
            "break_glass", f"Give a reason of at least {BREAK_GLASS_CHARS_MIN} characters."
        )
    ends = tx.now if until is None else max(tx.now, min(until, tx.now + BREAK_GLASS_MAX))
    return Overridden(code, about, strength, why, reason, ends)


def _record(tx: Tx, passed: Overridden, *, anew: bool) -> None:
    """An exception that stood already is counted, but told only once."""
    store.add_passage(tx, passed)
    if passed.strength is Strength.SHOULD:
        tx.record(GuardrailNoted(passed.about, passed.code, passed.reason))
    elif passed.broken and anew:
        tx.record(GuardrailOverridden(passed.about, passed.code, passed.reason, passed.until))


def _clean_reason(reason: str) -> str:
    if len(reason) > BREAK_GLASS_CHARS_MAX:
        raise _bad_reason(BREAK_GLASS, f"Say it in at most {BREAK_GLASS_CHARS_MAX} characters.")
    return clean_text(reason, BREAK_GLASS_CHARS_MAX)[0].strip()


def _bad_reason(field: str, said: str) -> BadReason:
    remedy = "Whoever reads it later must understand why."
    return BadReason(said, remedy=remedy, fields={field: said})
