"""What a guardrail is: one rule, one code, one pure function, one message with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from holdfast.kernel.errors import Conflict, HoldfastError, Invalid, NotFound
from holdfast.timeline.event import Event

BREAK_GLASS = "break_glass"  # the field that carries the reason, in every face
# Long enough to be a reason and short enough to be typed at three in the morning.
BREAK_GLASS_CHARS_MIN = 5
BREAK_GLASS_CHARS_MAX = 500
BREAK_GLASS_MAX = timedelta(hours=24)  # nothing stands open for longer on one reason
STRENGTH_REASON_CHARS_MIN = 5
STRENGTH_REASON_CHARS_MAX = 500
COUNTED_DAYS = 30  # of which the figures by day are kept at hand
# Overridden more often than this, a rule is talked about instead of enforced harder (ledger 1.0).
REVIEW_SHARE = 0.30

F = TypeVar("F")
F_contra = TypeVar("F_contra", contravariant=True)


class Strength(StrEnum):
    """What a rule does about what it finds, weakest last."""

    MUST = "must"  # refuses
    SHOULD = "should"  # allows, asks for a reason and records it
    MAY = "may"  # hints

    @property
    def rank(self) -> int:
        """0 for `may`, 2 for `must`."""
        return [Strength.MAY, Strength.SHOULD, Strength.MUST].index(self)


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
    """One guardrail. `guards` names the action it stands before; `title` is its docstring.

    `breakable`: it stands on the response path, and a reason opens it (break-glass). `why` are the
    paragraphs and `remedies` the sentences of its help page.
    """

    code: str
    strength: Strength
    cites: tuple[str, ...]
    guards: str
    fault: Fault
    title: str
    judge: Callable[[F], Verdict]
    breakable: bool = False
    why: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        """The path of its help page."""
        return f"/help/guardrails/{self.code}"


# A rule where it does not matter what it judges, as in lists of all of them.
AnyRule = Rule[object]


@dataclass(frozen=True, slots=True)
class Objection:
    """One rule's no, at the strength that is in force."""

    code: str
    strength: Strength
    refusal: Refuse
    breakable: bool


@dataclass(frozen=True, slots=True)
class Overridden:
    """A rule said no and the action went on: broken as a `must`, noted as a `should`.

    `until` is the instant at which the exception ends; for one act alone it is the act's own.
    """

    code: str
    about: str
    strength: Strength
    why: str
    reason: str
    until: datetime

    @property
    def broken(self) -> bool:
        """True where glass was broken: a `must` was passed."""
        return self.strength is Strength.MUST


@dataclass(frozen=True, slots=True)
class Passage:
    """An exception as it was kept: who passed which rule, when, and until when it stood."""

    code: str
    about: str
    strength: Strength
    why: str
    reason: str
    at: datetime
    until: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A strength that the organisation gave a rule instead of the declared one."""

    strength: Strength
    reason: str
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How often a rule fired: it refused, was overridden, or was noted (a should or a hint)."""

    refused: int = 0
    overridden: int = 0
    noted: int = 0

    @property
    def fired(self) -> int:
        return self.refused + self.overridden + self.noted

    @property
    def overridden_share(self) -> float:
        """Of what it would have refused, the part that went on; 0 where it never fired."""
        firm = self.refused + self.overridden
        return self.overridden / firm if firm else 0.0


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule's figures since the beginning and for the last COUNTED_DAYS, which end today (UTC).

    `days` holds the days of those on which it fired, oldest first.
    """

    ever: Figures = Figures()
    lately: Figures = Figures()
    days: tuple[tuple[date, Figures], ...] = ()
    last_at: datetime | None = None

    @property
    def for_review(self) -> bool:
        """True where it is for the next practice review: it is overridden too often."""
        return self.lately.overridden_share > REVIEW_SHARE


@dataclass(frozen=True, slots=True)
class Active:
    """A rule as it stands in this organisation; `chosen` where that differs from the declared."""

    rule: AnyRule
    package: str
    strength: Strength
    chosen: Chosen | None
    counted: Counted

    @property
    def lowered(self) -> bool:
        return self.strength.rank < self.rule.strength.rank

    @property
    def raised(self) -> bool:
        return self.strength.rank > self.rule.strength.rank

    def is_in(self, package: str) -> bool:
        """Whether it belongs to this part of the product, or to a part of that part."""
        return f"{self.package}.".startswith(f"{package}.")

    @property
    def breakable(self) -> bool:
        """Whether a reason opens it."""
        return is_breakable(self.rule, self.strength)


class Refused(HoldfastError):
    """A guardrail refused this. `breakable`: the same with a reason passes, as the rule stands in
    this organisation."""

    def __init__(
        self, rule: Rule[F], refusal: Refuse, *, about: str = "", breakable: bool = False
    ) -> None:
        super().__init__(refusal.why, remedy=refusal.remedy)
        self.code = rule.code
        self.help = rule.help
        self.about = about
        self.breakable = breakable


class RefusedByState(Refused, Conflict):
    """A guardrail refused this: the present state does not bear it out."""


class RefusedByInput(Refused, Invalid):
    """A guardrail refused this: what was asked for is not enough."""

    def __init__(
        self, rule: Rule[F], refusal: Refuse, *, about: str = "", breakable: bool = False
    ) -> None:
        Refused.__init__(self, rule, refusal, about=about, breakable=breakable)
        self.fields = {}


class NoSuchGuardrail(NotFound):
    """There is no guardrail of that code."""


class BadReason(Invalid):
    """This is no reason that anybody could read later."""


@dataclass(frozen=True, slots=True)
class GuardrailOverridden(Event):
    """Glass was broken: `subject` is what the exception is about, `until` when it ends."""

    kind = "guardrail.overridden"
    code: str = ""
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GuardrailNoted(Event):
    """A rule that asks for a reason spoke against it, and the action went on."""

    kind = "guardrail.noted"
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GuardrailStrengthChanged(Event):
    """The organisation holds a rule to another strength; `subject` is the rule's code."""

    kind = "guardrail.strength_changed"
    before: str = ""
    after: str = ""
    declared: str = ""
    why: str = ""


def rule(
    code: str,
    strength: Strength,
    *,
    cites: Sequence[str],
    guards: str,
    fault: Fault = Fault.STATE,
    breakable: bool = False,
    why: str | Sequence[str] = (),
    remedies: str | Sequence[str] = (),
    remedy: str = "",
) -> Callable[[Callable[[F], Verdict]], Rule[F]]:
    """Makes a judging function a rule. Its docstring's first paragraph is the title that people
    read. `remedy` is a short way to give the first of `remedies`."""

    def made(judge: Callable[[F], Verdict]) -> Rule[F]:
        assert judge.__doc__, f"{code} needs a docstring: it is what people read"
        title = " ".join(judge.__doc__.strip().partition("\n\n")[0].split())
        return Rule(
            code,
            strength,
            tuple(cites),
            guards,
            fault,
            title,
            judge,
            breakable=breakable,
            why=_sentences(why),
            remedies=(*_sentences(remedy), *_sentences(remedies)),
        )

    return made


def enforce(rules: Sequence[Rule[F]], facts: F) -> None:
    """Asks each rule in order; the first `must` that says no is raised as Refused.

    For what is checked without a transaction; an action calls `guardrails.actions.uphold`.
    """
    for each in rules:
        verdict = each.judge(facts)
        if isinstance(verdict, Refuse) and each.strength is Strength.MUST:
            raise refused(each, verdict)


def refused(rule: Rule[F], refusal: Refuse, *, about: str = "", breakable: bool = False) -> Refused:
    """The error that this rule's no becomes."""
    kind = RefusedByInput if rule.fault is Fault.INPUT else RefusedByState
    return kind(rule, refusal, about=about, breakable=breakable)


def is_breakable(rule: Rule[F], in_force: Strength) -> bool:
    """Whether a reason opens it. What an organisation raised always opens: nobody thought it
    through as an absolute no on the response path (ledger 1.0, limit of the guardrails)."""
    return in_force is Strength.MUST and (rule.breakable or rule.strength is not Strength.MUST)


def _sentences(said: str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(said, str):
        return (said,) if said else ()
    return tuple(said)
