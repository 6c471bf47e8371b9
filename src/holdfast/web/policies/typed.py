"""The form of a policy as it was typed, what its buttons do to it, and what it says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from holdfast.escalation.model import STEPS_MAX, TARGETS_MAX, Policy, Step, Target
from holdfast.kernel.duration import format_duration, parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.web.policies import words

T = TypeVar("T")
WAIT_DEFAULT = "5m"
_NUMBER_CHARS_MAX = 6


@dataclass(frozen=True, slots=True)
class TypedStep:
    """One step; targets as configuration writes them, empty where none is chosen yet."""

    targets: tuple[str, ...] = ("",)
    wait: str = WAIT_DEFAULT


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole form."""

    name: str = ""
    repeat: str = "2"
    steps: tuple[TypedStep, ...] = (TypedStep(),)
    last: tuple[str, ...] = ()


def typed_in(form: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> Typed:
    """What was sent; at most as many parts as a policy may have."""
    steps = []
    for number in range(STEPS_MAX):
        if f"s{number}.wait" not in form:
            break
        targets = tuple(lists.get(f"s{number}.target", ()))[:TARGETS_MAX]
        steps.append(TypedStep(targets, form[f"s{number}.wait"].strip()))
    last = tuple(lists.get("last", ()))[:TARGETS_MAX]
    return Typed(form.get("name", "").strip(), form.get("repeat", "").strip(), tuple(steps), last)


def typed_of(policy: Policy) -> Typed:
    """A policy as the form shows it."""
    steps = tuple(
        TypedStep(tuple(str(target) for target in step.page), format_duration(step.wait))
        for step in policy.steps
    )
    last = tuple(str(target) for target in policy.last_resort)
    return Typed(policy.title, str(policy.repeat), steps, last)


def changed(typed: Typed, do: str, newcomer: str) -> Typed:
    """After one of the small buttons; `newcomer` is the target that is added."""
    verb, *rest = do.split(":")
    places = [int(part) for part in rest if part.isascii() and part.isdigit()]
    if verb == "add-step" and len(typed.steps) < STEPS_MAX:
        return replace(typed, steps=(*typed.steps, TypedStep((newcomer,))))
    if verb == "add-last":
        return replace(typed, last=(*typed.last, newcomer))
    if not places:
        return typed
    if verb == "remove-last":
        return replace(typed, last=_without(typed.last, places[0]))
    if verb == "remove-step":
        return replace(typed, steps=_without(typed.steps, places[0]))
    if verb == "step-up":
        return replace(typed, steps=_up(typed.steps, places[0]))
    return _with_target(typed, verb, places, newcomer)


def policy_in(typed: Typed, policy_id: str) -> Policy:
    """The policy that the form describes. Raises Invalid, naming the controls."""
    fields: dict[str, str] = {}
    if not typed.name:
        fields["name"] = words.NAME_NEEDED
    repeat = typed.repeat
    if not (repeat.isascii() and repeat.isdigit() and len(repeat) <= _NUMBER_CHARS_MAX):
        fields["repeat"] = words.NOT_A_NUMBER
    steps = [
        step for number, each in enumerate(typed.steps)
        if (step := _step(f"s{number}.", each, fields)) is not None
    ]  # fmt: skip
    last = _targets("last", typed.last, fields)
    if fields:
        raise Invalid("Some fields are not right.", fields=fields)
    return Policy(policy_id, tuple(steps), int(repeat), last, typed.name)


def _step(prefix: str, typed: TypedStep, fields: dict[str, str]) -> Step | None:
    before = len(fields)
    targets = _targets(f"{prefix}target", typed.targets, fields)
    try:
        wait = parse_duration(typed.wait)
    except Invalid as error:
        fields[f"{prefix}wait"] = f"{error.detail} {error.remedy or ''}".strip()
        return None
    return Step(targets, wait) if len(fields) == before else None


def _targets(control: str, typed: Sequence[str], fields: dict[str, str]) -> tuple[Target, ...]:
    """Each once: whoever is named twice is paged once anyway."""
    found: dict[Target, None] = {}
    for text in typed:
        try:
            found[Target.parse(text)] = None
        except Invalid:
            fields[control] = words.CHOOSE_TARGET
    return tuple(found)


def _with_target(typed: Typed, verb: str, places: Sequence[int], newcomer: str) -> Typed:
    number = places[0]
    if number >= len(typed.steps):
        return typed
    step = typed.steps[number]
    if verb == "add-target" and len(step.targets) < TARGETS_MAX:
        step = replace(step, targets=(*step.targets, newcomer))
    elif verb == "remove-target" and len(places) > 1:
        step = replace(step, targets=_without(step.targets, places[1]))
    steps = list(typed.steps)
    steps[number] = step
    return replace(typed, steps=tuple(steps))


def _without(items: tuple[T, ...], place: int) -> tuple[T, ...]:
    return tuple(item for number, item in enumerate(items) if number != place)


def _up(items: tuple[T, ...], place: int) -> tuple[T, ...]:
    if not 0 < place < len(items):
        return items
    order = list(items)
    order[place - 1], order[place] = order[place], order[place - 1]
    return tuple(order)
