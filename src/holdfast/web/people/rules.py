"""The notification rules as a form: small buttons change the form, only save keeps it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from holdfast.kernel.duration import format_duration, parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.people.model import RUNGS_MAX, Rules, Rung, User
from holdfast.sdk import Urgency
from holdfast.web.layout.views import Choice
from holdfast.web.people.views import RuleForm, RungForm

_STEP = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class TypedRung:
    """One line as it was typed."""

    after: str
    method: str


Typed = Mapping[Urgency, tuple[TypedRung, ...]]


def typed_of(user: User) -> Typed:
    """The rules that stand."""
    return {
        urgency: tuple(
            TypedRung(format_duration(rung.after), rung.method)
            for rung in user.rules.get(urgency, ())
        )
        for urgency in Urgency
    }


def typed_in(lists: Mapping[str, Sequence[str]]) -> Typed:
    """What the form was sent with."""
    return {
        urgency: tuple(
            TypedRung(after.strip(), method)
            for after, method in zip(
                lists.get(f"{urgency.value}.after", ()),
                lists.get(f"{urgency.value}.method", ()),
                strict=False,
            )
        )[:RUNGS_MAX]
        for urgency in Urgency
    }


def changed(typed: Typed, do: str, user: User) -> Typed:
    """After `add-rung:high` or `remove-rung:low:1`; anything else changes nothing."""
    verb, _, rest = do.partition(":")
    name, _, place = rest.partition(":")
    if name not in set(Urgency):
        return typed
    urgency = Urgency(name)
    rungs = typed[urgency]
    if verb == "add-rung" and user.methods and len(rungs) < RUNGS_MAX:
        return {**typed, urgency: (*rungs, _next_rung(rungs, user))}
    if verb == "remove-rung" and place.isascii() and place.isdigit():
        kept = tuple(rung for number, rung in enumerate(rungs) if number != int(place))
        return {**typed, urgency: kept}
    return typed


def rules_in(typed: Typed) -> Rules:
    """The rules that the form describes. Raises Invalid beside the urgency that is not right."""
    return {
        urgency: tuple(sorted((_rung(urgency, rung) for rung in rungs), key=lambda r: r.after))
        for urgency, rungs in typed.items()
        if rungs
    }


def rule_forms(typed: Typed, titles: Mapping[str, str]) -> tuple[RuleForm, ...]:
    """`titles` names the person's ways by their ids."""
    return tuple(
        RuleForm(
            urgency.value,
            tuple(
                RungForm(
                    rung.after,
                    tuple(
                        Choice(name, title, chosen=name == rung.method)
                        for name, title in titles.items()
                    ),
                )
                for rung in typed[urgency]
            ),
        )
        for urgency in Urgency
    )


def _next_rung(rungs: Sequence[TypedRung], user: User) -> TypedRung:
    """The first way that has no line yet, two minutes after the last one."""
    used = {rung.method for rung in rungs}
    method = next((m.id for m in user.methods if m.id not in used), user.methods[0].id)
    return TypedRung(format_duration(_STEP * len(rungs)), method)


def _rung(urgency: Urgency, typed: TypedRung) -> Rung:
    try:
        return Rung(parse_duration(typed.after), typed.method)
    except Invalid as error:
        fields = {urgency.value: f"{error.detail} {error.remedy or ''}".strip()}
        raise Invalid(error.detail, remedy=error.remedy, fields=fields) from None
