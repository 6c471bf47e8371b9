"""Guardrails of telling: what a message must carry, and what may not be claimed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule
from holdfast.incidents.model import Phase
from holdfast.incidents.telling.lint import Finding, errors
from holdfast.incidents.telling.templates import LABELS, clock_time, spoken
from holdfast.practice.model import Audience

ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """One message to one audience, and when it says that the next one comes.

    `required`: the level wants every message that is not final to say so. `latest` is the last
    instant that the cadence allows, None where there is none; `by_cadence` is what it would give.
    """

    audience: Audience
    final: bool
    required: bool
    next_update_at: datetime | None
    every: timedelta | None
    now: datetime


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """The fields of a message that nobody filled."""

    blank: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DurationFacts:
    """A duration that somebody typed, None where nobody did, and the one that the times give."""

    typed: timedelta | None
    computed: timedelta | None


@dataclass(frozen=True, slots=True)
class RecoveryFacts:
    """What is known of the recovery when somebody wants to say that it is over.

    `verified_at` is when the verify window ends; None where it has not begun.
    """

    final: bool
    phase: Phase
    restored_at: datetime | None
    verified_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class WordsFacts:
    """What the lint found in a text that customers will read."""

    findings: tuple[Finding, ...]


@rule(
    "NEXT_UPDATE_REQUIRED",
    Strength.MUST,
    cites=("S0-32", "S4-38", "S4-45"),
    guards="telling.post",
    fault=Fault.INPUT,
    breakable=True,
    why="Whoever does not know when they will hear again calls the people who should be working.",
    remedy="Say when the next update comes, or take the time that the cadence gives.",
)
def it_says_when_the_next_one_comes(facts: PromiseFacts) -> Verdict:
    """At the worst severities every message that is not final says when the next one comes."""
    promised = facts.next_update_at is not None and facts.next_update_at > facts.now
    if facts.final or not facts.required or promised:
        return Pass()
    latest = "" if facts.every is None else f" {clock_time(facts.now + facts.every, facts.now)}"
    if facts.next_update_at is not None:
        return Refuse(
            "The next update is promised for an instant that has passed.",
            remedy=f"Set next_update_at to a time that comes, at the latest{latest or ' soon'}.",
        )
    return Refuse(
        f"This message to {facts.audience.value} does not say when the next one comes.",
        remedy=f'Set next_update_at{latest and f" to{latest} or earlier"}, or to "cadence".',
    )


@rule(
    "NEXT_UPDATE_TOO_LATE",
    Strength.MUST,
    cites=("S0-32", "S4-42"),
    guards="telling.post",
    fault=Fault.INPUT,
    breakable=True,
    why="A longer silence is possible for an incident that goes on for hours: as a decision of"
    " its own, with its reason.",
    remedy="Promise an earlier time, or agree on a longer cadence first.",
)
def it_comes_within_the_cadence(facts: PromiseFacts) -> Verdict:
    """The next update may not be promised later than the cadence of the severity allows."""
    if facts.final or not facts.required or facts.every is None or facts.next_update_at is None:
        return Pass()
    latest = facts.now + facts.every
    if facts.next_update_at <= latest:
        return Pass()
    return Refuse(
        f"{clock_time(facts.next_update_at, facts.now)} is later than the cadence of"
        f" {spoken(facts.every)} allows for {facts.audience.value}.",
        remedy=f"Promise {clock_time(latest, facts.now)} at the latest, or change the cadence.",
    )


@rule(
    "TEMPLATE_FIELD_EMPTY",
    Strength.MUST,
    cites=("S4-37", "S4-38", "S4-39", "S4-36"),
    guards="telling.post",
    fault=Fault.INPUT,
    breakable=True,
    why="A blank field makes everybody who reads it ask; “not known yet” answers them.",
    remedy="Fill the field that is named, or say in it that it is not known.",
)
def every_field_is_filled(facts: FieldFacts) -> Verdict:
    """A message is not sent while one of its fields is blank."""
    if not facts.blank:
        return Pass()
    first = facts.blank[0]
    named = ", ".join(LABELS[name].lower() for name in facts.blank)
    return Refuse(f"{first}: these fields are blank: {named}.", remedy=_REMEDY.get(first, _FILL))


@rule(
    "DURATION_COMPUTED",
    Strength.MUST,
    cites=("S4-39",),
    guards="telling.post",
    fault=Fault.INPUT,
    why="A duration that is typed and the times of the incident will differ, and nobody knows which"
    " of them to believe.",
    remedy="Leave the duration out; correct the times of the incident where they are wrong.",
)
def the_duration_is_computed(facts: DurationFacts) -> Verdict:
    """The duration of an incident follows from its times and is never typed."""
    if facts.typed is None or facts.typed == facts.computed:
        return Pass()
    from_times = "nothing yet" if facts.computed is None else spoken(facts.computed)
    return Refuse(
        f"A duration of {spoken(facts.typed)} was typed, but the times say {from_times}.",
        remedy="Leave it out, or correct when impact began and when service was restored.",
    )


@rule(
    "RECOVERY_NOT_VERIFIED",
    Strength.MUST,
    cites=("S0-33",),
    guards="telling.post",
    why="Taking back “resolved” costs more trust than saying “monitoring” a little longer.",
    remedy="Wait until the fix has held for the whole verify window; until then post an update.",
)
def it_is_over_only_when_it_held(facts: RecoveryFacts) -> Verdict:
    """Nobody is told that it is over before the recovery was verified."""
    if not facts.final or facts.phase in _OVER:
        return Pass()
    if facts.phase is not Phase.MONITORING or facts.restored_at is None:
        return Refuse(
            f"The incident is {facts.phase.value}: nothing shows yet that it is over.",
            remedy="Move to monitoring once service is restored; until then post an update.",
        )
    if facts.verified_at is None or facts.verified_at > facts.now:
        left = "" if facts.verified_at is None else f" {spoken(facts.verified_at - facts.now)} left"
        return Refuse(
            f"The verify window is open:{left or ' it has not begun'}.",
            remedy="Wait until it has passed; until then say that you are monitoring.",
        )
    return Pass()


@rule(
    "UPDATE_WORDS",
    Strength.MUST,
    cites=("S4-44",),
    guards="telling.post",
    fault=Fault.INPUT,
    breakable=True,
    why="What customers read stands for years: a guess is quoted as a promise, a name as blame."
    " With a reason the text is sent all the same.",
    remedy="Change the words that are named, or give a reason for keeping them.",
)
def customers_read_facts(facts: WordsFacts) -> Verdict:
    """What customers read is short, factual, in plain words, and names and blames nobody."""
    wrong = errors(facts.findings)
    if not wrong:
        return Pass()
    named = ", ".join(f"“{each.words}” ({each.code})" for each in wrong)
    return Refuse(f"Customers would read {named}.", remedy=wrong[0].remedy)


_FILL = "Fill it, or say that it is not known yet."
_REMEDY = {
    "commander": "Assign command first: readers must know who leads.",
    "impact": "Say who is affected and what they notice, or that it is not known yet.",
    "updates": "Set next_update_at, or a cadence: readers must know when they hear again.",
    "next_update": 'Set next_update_at to an instant, or to "cadence".',
    "resolved": "Say when service was restored first.",
    "duration": "Say when service was restored first.",
}
_OVER = frozenset(
    {Phase.RESOLVED, Phase.POST_INCIDENT, Phase.CLOSED, Phase.FALSE_ALARM, Phase.MERGED,
     Phase.CANCELLED}
)  # fmt: skip

PROMISE_RULES = (it_says_when_the_next_one_comes, it_comes_within_the_cadence)
FIELD_RULES = (every_field_is_filled,)
DURATION_RULES = (the_duration_is_computed,)
RECOVERY_RULES = (it_is_over_only_when_it_held,)
WORDS_RULES = (customers_read_facts,)
