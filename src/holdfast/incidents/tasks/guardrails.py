"""Guardrails of tasks: one person has it, and that person is named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule

NAMES_SAID_MAX = 5
_ANYBODY = re.compile(
    r"\b(?:can|could|would|will|please)?\s*(?:some(?:one|body)|any(?:one|body))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class GiveFacts:
    """Somebody wants something done. `people` are those who work on it, to choose from."""

    to: str | None
    text: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Somebody wants to take a task. `has_it` is whoever has it already."""

    user: str
    has_it: str | None


@rule(
    "NAME_A_PERSON",
    Strength.MUST,
    cites=("S0-18",),
    guards="incidents.tasks.give",
    fault=Fault.INPUT,
    why="“Can someone” is heard by everybody and done by nobody. A task has a person and a number"
    " of minutes.",
    remedies="Choose one person. A step that anybody may take is put up to be claimed.",
)
def a_task_has_a_person(facts: GiveFacts) -> Verdict:
    """A task is given to one named person, not to whoever may feel like it."""
    if facts.to:
        return Pass()
    names = ", ".join(facts.people[:NAMES_SAID_MAX])
    said = "“Can someone” is nobody." if asks_anybody(facts.text) else "Nobody is named."
    return Refuse(said, remedy=f"Name one of: {names}." if names else "Name a person.")


@rule(
    "ALREADY_CLAIMED",
    Strength.MUST,
    cites=("S0-18",),
    guards="incidents.tasks.claim",
    why="Two people on one step undo each other's work; each believes that the other step is"
    " being done.",
    remedies="Take another step, or ask whoever has this one.",
)
def one_person_has_it(facts: ClaimFacts) -> Verdict:
    """A step that somebody has claimed is not claimed by a second person."""
    if facts.has_it in (None, facts.user):
        return Pass()
    return Refuse(f"{facts.has_it} has it.", remedy=f"Ask {facts.has_it}, or take another step.")


def asks_anybody(text: str) -> bool:
    """True for words such as `can someone restart it`."""
    return _ANYBODY.search(text) is not None


GIVE = (a_task_has_a_person,)
CLAIM = (one_person_has_it,)
