"""Guardrails of responders: nobody stays alone, and nobody leads more people than they can see."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.guardrails.model import Pass, Refuse, Strength, Verdict, rule
from holdfast.incidents.responders.model import SPAN_MAX


@dataclass(frozen=True, slots=True)
class CrewFacts:
    """Who works on an incident, and how many the level wants."""

    level: str
    working: int
    needed: int


@rule(
    "SOLO_RESPONDER",
    Strength.SHOULD,
    cites=("S1-12",),
    guards="incidents.move",
    why="Alone one sees one hypothesis and forgets to call for help.",
    remedies="Page a second person, or say why one is enough.",
)
def nobody_is_alone(facts: CrewFacts) -> Verdict:
    """At a severe level nobody works on an incident alone."""
    if facts.working >= facts.needed:
        return Pass()
    return Refuse(
        f"{facts.working} of {facts.needed} people that {facts.level} asks for work on it.",
        remedy="Page a second person.",
    )


@rule(
    "SPAN_OF_CONTROL",
    Strength.SHOULD,
    cites=("S4-14",),
    guards="incidents.responders.request",
    why=f"One person keeps about {SPAN_MAX} others in view. Beyond that, people wait for orders"
    " or work without them.",
    remedies=("Release whoever is not needed.", "Let one of them lead a part of the others."),
)
def command_can_see_everybody(facts: CrewFacts) -> Verdict:
    """A commander leads at most seven people directly."""
    if facts.working - 1 <= SPAN_MAX:
        return Pass()
    return Refuse(
        f"{facts.working - 1} people report to command.",
        remedy="Release whoever is not needed, or let somebody lead a part of them.",
    )


ALONE = (nobody_is_alone,)
SPAN = (command_can_see_everybody,)
