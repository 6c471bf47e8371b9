"""What the record refuses: facts without evidence, impossible instants, changes after the seal."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule
from holdfast.incidents.record import plausible
from holdfast.incidents.record.evidence import stands
from holdfast.incidents.record.model import EntryKind, Evidence
from holdfast.incidents.record.plausible import TimeFacts

_MINUTE = "%Y-%m-%d %H:%M:%S UTC"


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Something that would be called so: `claim` such as “fact” or “refuted”, with its grounds."""

    claim: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SealFacts:
    entry: str
    sealed: bool


@rule(
    "EVIDENCE_REQUIRED",
    Strength.MUST,
    cites=("S0-22", "S2-18"),
    guards="incidents.record.note",
    fault=Fault.INPUT,
    why="An hour later nobody remembers which of the things that were said had been seen. A fact"
    " carries what it stands on; a guess is welcome and looks like one.",
    remedies=(
        "Add a link, a pasted value, or name an entry that has it.",
        "Say “I saw it”: evidence of the kind seen.",
        "Write it as an assumption, and confirm or refute it later.",
    ),
)
def a_claim_needs_evidence(facts: ClaimFacts) -> Verdict:
    """A fact, and a verdict on an assumption or a hypothesis, has at least one evidence."""
    if any(stands(piece) for piece in facts.evidence):
        return Pass()
    return Refuse(
        f"This cannot be called {facts.claim}: there is no evidence.",
        remedy="Name an entry, paste a link or a value, or say “I saw it” (kind seen); what has no"
        " evidence is written as an assumption.",
    )


@rule(
    "TIME_IMPLAUSIBLE",
    Strength.MUST,
    cites=("S2-14",),
    guards="incidents.record.note",
    fault=Fault.INPUT,
    why="When things happened is what later questions are answered from. An instant that cannot be"
    " true is nearly always a slip of the hand or a clock that is wrong.",
    remedies=(
        "Leave the time out: then it is now.",
        "Correct when the impact began, where the entry is right.",
        "Write it as a change, where something was changed before the impact.",
    ),
)
def it_can_have_happened_then(time: TimeFacts) -> Verdict:
    """An entry lies neither before the impact began nor in the future."""
    if plausible.in_the_future(time):
        return Refuse(
            f"{time.occurred_at:{_MINUTE}} lies in the future; it is {time.now:{_MINUTE}}.",
            remedy="Correct the time, or leave it out: then it is now.",
        )
    earliest = plausible.too_early(time)
    if earliest is None:
        return Pass()
    if time.kind is EntryKind.CHANGE or time.impact_started_at is None:
        return Refuse(
            f"{time.occurred_at:{_MINUTE}} is more than {plausible.BEFORE_MAX.days} days back.",
            remedy="Correct the time.",
        )
    return Refuse(
        f"{time.occurred_at:{_MINUTE}} lies before the impact began, {earliest:{_MINUTE}}.",
        remedy="Correct the time, correct when the impact began, or write it as a change: changes"
        " may come before.",
    )


@rule(
    "TIMELINE_SEALED",
    Strength.MUST,
    cites=("S0-25",),
    guards="incidents.record.change",
    why="What was written under pressure is what people knew then. Afterwards it is added to, with"
    " a name and a time, and never rewritten.",
    remedies="Write an amendment to the entry.",
)
def what_is_sealed_stays(facts: SealFacts) -> Verdict:
    """After the incident is resolved an entry is not changed; an amendment may be added."""
    if not facts.sealed:
        return Pass()
    return Refuse(
        f"The entry {facts.entry} was sealed when the incident was resolved.",
        remedy="Write an amendment: it stands beside the entry, with your name and the time.",
    )


CLAIM_RULES = (a_claim_needs_evidence,)
TIME_RULES = (it_can_have_happened_then,)
SEAL_RULES = (what_is_sealed_stays,)
