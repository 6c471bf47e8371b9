"""What a guardrail is: one rule, one code, one pure function, one message with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from holdfast.kernel.errors import Conflict, HoldfastError, Invalid

F = TypeVar("F")
F_contra = TypeVar("F_contra", contravariant=True)


class Strength(StrEnum):
    MUST = "must"  # refuses
    SHOULD = "should"  # allows, asks for a reason and records it
    MAY = "may"  # hints


class Fault(StrEnum):
    """Whether the state or the input is what refuses: 409 or 422 at the web's edge."""

    STATE = "state"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Pass:
    """Nothing against it."""


@dataclass(frozen=True, slots=True)
class Refuse:
    why: str
    remedy: str


Verdict = Pass | Refuse


@dataclass(frozen=True, slots=True)
class Rule(Generic[F]):
    """One guardrail. `guards` names the action it stands before; `title` is its docstring."""

    code: str
    strength: Strength
    cites: tuple[str, ...]
    guards: str
    fault: Fault
    title: str
    judge: Callable[[F], Verdict]

    @property
    def help(self) -> str:
        """The path of its help page."""
        return f"/help/guardrails/{self.code}"


class Refused(HoldfastError):
    """A guardrail refused this."""

    def __init__(self, rule: Rule[F], refusal: Refuse) -> None:
        super().__init__(refusal.why, remedy=refusal.remedy)
        self.code = rule.code
        self.help = rule.help


class RefusedByState(Refused, Conflict):
    """A guardrail refused this: the present state does not bear it out."""


class RefusedByInput(Refused, Invalid):
    """A guardrail refused this: what was asked for is not enough."""

    def __init__(self, rule: Rule[F], refusal: Refuse) -> None:
        Refused.__init__(self, rule, refusal)
        self.fields = {}


def rule(
    code: str,
    strength: Strength,
    *,
    cites: Sequence[str],
    guards: str,
    fault: Fault = Fault.STATE,
) -> Callable[[Callable[[F], Verdict]], Rule[F]]:
    """Makes a judging function a rule. Its docstring is the title that people read."""

    def made(judge: Callable[[F], Verdict]) -> Rule[F]:
        assert judge.__doc__, f"{code} needs a docstring: it is what people read"
        title = judge.__doc__.strip().splitlines()[0]
        return Rule(code, strength, tuple(cites), guards, fault, title, judge)

    return made


def enforce(rules: Sequence[Rule[F]], facts: F) -> None:
    """Asks each rule in order; the first `must` that says no is raised as Refused.

    Every action calls this in one line, first thing; no page, form or route checks a rule itself.
    """
    for each in rules:
        verdict = each.judge(facts)
        if isinstance(verdict, Refuse) and each.strength is Strength.MUST:
            raise (RefusedByInput if each.fault is Fault.INPUT else RefusedByState)(each, verdict)
