"""Guardrails of declaring, of severity and of the phases up to mitigating."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule
from holdfast.incidents.calculator import floor_rank
from holdfast.incidents.model import Impact, Incident
from holdfast.practice.model import Level, Need, Pack

IMPACT_RANK_MAX = 2  # ranks up to here say how many users are affected before triage ends
ROUTINE = "incidents.move"


@dataclass(frozen=True, slots=True)
class DeclareFacts:
    """What stands in a declaration. `pack` None: no practice is active."""

    pack: Pack | None
    severity: bool
    detection: bool


@dataclass(frozen=True, slots=True)
class SeverityFacts:
    """A level is about to count."""

    level: Level
    impact: Impact
    pack: Pack


@dataclass(frozen=True, slots=True)
class ReasonFacts:
    """Something that is done with a reason or not at all; `needed` False: this time without."""

    what: str
    reason: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class TriageFacts:
    """What is known at the end of triage. `skipped`: it was left out altogether.

    `update_needed`: the level asks for a first message, and none was sent.
    """

    incident: Incident
    skipped: bool
    update_needed: bool
    room_needed: bool


@dataclass(frozen=True, slots=True)
class SkipFacts:
    """Phases that a move would leave out."""

    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """One incident goes into another. `looked_again`: somebody said which level that one has now,
    in the knowledge of both."""

    merged: Level
    into: Level
    looked_again: bool
    number: str


@rule(
    "NO_SEVERITY_POLICY",
    Strength.MUST,
    cites=("S0-09",),
    guards="incidents.declare",
    why="Without a practice nobody knows who is called and how often people are told.",
    remedies="An admin chooses a practice pack under Practice.",
)
def a_practice_is_active(facts: DeclareFacts) -> Verdict:
    """An incident is declared under a practice pack, which says what its severity brings about."""
    if facts.pack is not None:
        return Pass()
    return Refuse("No practice pack is active.", remedy="An admin chooses one under Practice.")


@rule(
    "SEVERITY_REQUIRED",
    Strength.MUST,
    cites=("S0-02",),
    guards="incidents.declare",
    fault=Fault.INPUT,
    why="The severity decides who is called. Whoever is unsure names the levels that may be true;"
    " the worst of them counts until somebody knows better.",
    remedies=("Name a level.", "Or name the levels that it may be: the worst counts."),
)
def a_severity_is_said(facts: DeclareFacts) -> Verdict:
    """An incident is declared with a severity, or with the levels that it may be."""
    if facts.severity:
        return Pass()
    labels = ", ".join(level.label for level in facts.pack.levels) if facts.pack else ""
    return Refuse(
        f"Say how bad it is: {labels}.",
        remedy="Send severity; or unsure with the ranks it may be, and the worst one counts.",
    )


@rule(
    "DETECTION_SOURCE_REQUIRED",
    Strength.MUST,
    cites=("S1-02",),
    guards="incidents.declare",
    fault=Fault.INPUT,
    why="An incident that a customer reported is one that monitoring missed. Who noticed is known"
    " at this moment and forgotten a week later.",
    remedies="Say who noticed: an alert, a synthetic check, a customer, a teammate, a partner.",
)
def it_is_said_who_noticed(facts: DeclareFacts) -> Verdict:
    """An incident says who noticed it; declared from an alert, it was the alert."""
    if facts.detection:
        return Pass()
    return Refuse(
        "Say who noticed it.",
        remedy="Send detection_source: alert, synthetic, customer, teammate, partner or other.",
    )


@rule(
    "SEVERITY_FLOOR",
    Strength.MUST,
    cites=("S4-07",),
    guards="incidents.severity",
    breakable=True,
    why="Lost or exposed data does not come back when the service does. Risk to data sets a level"
    " below which an incident is not called.",
    remedies=("Choose the level named, or a worse one.", "Correct the data risk, if it is none."),
)
def data_at_risk_is_not_minor(facts: SeverityFacts) -> Verdict:
    """Risk to data sets the mildest severity that an incident may have."""
    floor = floor_rank(facts.impact)
    if floor is None or facts.level.rank <= facts.pack.level(floor).rank:
        return Pass()
    least = facts.pack.level(floor).label
    return Refuse(
        f"Data risk is {facts.impact.data_risk.value}: it is {least} at least,"
        f" not {facts.level.label}.",
        remedy=f"Choose {least}, or correct the data risk.",
    )


@rule(
    "REASON_REQUIRED",
    Strength.MUST,
    cites=("S1-07", "S0-04", "S2-05"),
    guards="incidents.severity",
    fault=Fault.INPUT,
    why="A milder severity calls people off. One sentence says why, for those who read later;"
    " nobody is blamed for having called too many.",
    remedies="Say in a sentence why.",
)
def a_reason_is_given(facts: ReasonFacts) -> Verdict:
    """Calling it milder, or doing what cannot be seen from outside, takes a reason."""
    if facts.reason.strip() or not facts.needed:
        return Pass()
    return Refuse(f"{facts.what} takes a reason.", remedy="Say in a sentence why.")


@rule(
    "IMPACT_REQUIRED",
    Strength.MUST,
    cites=("S4-05", "S1-05"),
    guards=ROUTINE,
    breakable=True,
    why="How many people are hurt decides how many are called. An estimate with its source will"
    " do, and “unknown” is an answer that is asked again.",
    remedies=("Say how many percent of users are affected.", "Or say that it is not known yet."),
)
def impact_is_said(facts: TriageFacts) -> Verdict:
    """Before triage of a severe incident ends, somebody says how many users are affected."""
    incident = facts.incident
    impact = incident.impact
    if facts.skipped or incident.severity.rank > IMPACT_RANK_MAX:
        return Pass()
    if impact.users_affected is not None or impact.unknown:
        return Pass()
    return Refuse(
        "Nobody has said yet how many users are affected.",
        remedy="Give a percentage, or say that it is unknown: you are asked again.",
    )


@rule(
    "TRIAGE_INCOMPLETE",
    Strength.MUST,
    cites=("S1-01", "S2-06", "S4-11", "S4-29", "S1-07"),
    guards=ROUTINE,
    breakable=True,
    why="Five questions take a minute and decide who works on what: how bad is it, who is hurt,"
    " what is broken, is somebody else needed, and have people been told?",
    remedies="Answer what the message names.",
)
def triage_is_complete(facts: TriageFacts) -> Verdict:
    """Triage ends when its questions are answered; it is not left out."""
    if facts.skipped:
        return Refuse("Triage was left out.", remedy="Move it to triage and answer its questions.")
    missing = triage_missing(facts)
    if not missing:
        return Pass()
    return Refuse(f"Triage is incomplete: {', '.join(missing)}.", remedy=_ANSWERS[missing[0]])


@rule(
    "WAR_ROOM_REQUIRED",
    Strength.MUST,
    cites=("S4-48",),
    guards=ROUTINE,
    breakable=True,
    why="At this level people have to hear each other.",
    remedies="Open a room and say where it is.",
)
def there_is_a_room(facts: TriageFacts) -> Verdict:
    """Where the level asks for a war room, there is one before mitigation begins."""
    if facts.skipped or not facts.room_needed:
        return Pass()
    return Refuse(
        f"{facts.incident.level.label} needs a war room, and none is open.",
        remedy="Open one and give its address.",
    )


@rule(
    "PHASE_SKIPPED",
    Strength.MUST,
    cites=("S1-01", "S4-12"),
    guards=ROUTINE,
    why="Each phase answers a question of its own; their lengths add up to the whole.",
    remedies="Move to the next phase first.",
)
def no_phase_is_left_out(facts: SkipFacts) -> Verdict:
    """An incident goes through its phases one by one."""
    if not facts.skipped:
        return Pass()
    return Refuse(
        f"That leaves out {', '.join(facts.skipped)}.", remedy=f"Move to {facts.skipped[0]} first."
    )


@rule(
    "MERGE_LOWERS_SEVERITY",
    Strength.MUST,
    cites=("S1-04",),
    guards="incidents.merge",
    why="What was bad enough to call people does not get milder by being filed under another name.",
    remedies="Say which level both together have.",
)
def merging_does_not_make_it_milder(facts: MergeFacts) -> Verdict:
    """A severe incident goes into a milder one only after somebody has looked at both again."""
    if facts.looked_again or facts.merged.rank >= facts.into.rank:
        return Pass()
    return Refuse(
        f"This is {facts.merged.label}, and {facts.number} is only {facts.into.label}.",
        remedy="Send level: what both together are.",
    )


def triage_missing(facts: TriageFacts) -> list[str]:
    """Which of triage's questions nobody has answered yet, by their short names."""
    incident = facts.incident
    asked = {
        "severity": incident.severity.provisional or incident.severity.reevaluate,
        "systems": not incident.services and not _systems_looked_for(incident),
        "escalation": incident.escalate is None,
        "initial update": facts.update_needed,
    }
    return [name for name, open_ in asked.items() if open_]


def needs_room(incident: Incident) -> bool:
    """True where the level asks for a war room and nobody has said where it is."""
    return incident.level.war_room is Need.REQUIRED and not incident.war_room


def _systems_looked_for(incident: Incident) -> bool:
    return bool(incident.outcome.systems_owner)


_ANSWERS = {
    "severity": "Confirm the severity, or change it.",
    "systems": "Name a service, or somebody who finds out which it is.",
    "escalation": "Say whether somebody else is needed, and who.",
    "initial update": "Send a first message to those who should know.",
}

DECLARE = (a_practice_is_active, a_severity_is_said, it_is_said_who_noticed)
SEVERITY = (data_at_risk_is_not_minor,)
REASON = (a_reason_is_given,)
TRIAGE = (impact_is_said, triage_is_complete, there_is_a_room)
SKIP = (no_phase_is_left_out,)
MERGE = (merging_does_not_make_it_milder,)
