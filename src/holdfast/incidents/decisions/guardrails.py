"""What deciding refuses: somebody who is not in command, and a risk that nobody was asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.guardrails.model import Pass, Refuse, Strength, Verdict, rule
from holdfast.kernel.duration import format_duration


@dataclass(frozen=True, slots=True)
class PollFacts:
    """`asked_until` None: nobody was asked for objections."""

    high_risk: bool
    asked_until: datetime | None
    no_poll_because: str
    now: datetime


@dataclass(frozen=True, slots=True)
class CommandFacts:
    by_command: bool
    commander: str | None


@rule(
    "OBJECTION_POLL",
    Strength.MUST,
    cites=("S4-24",),
    guards="incidents.decisions.decide",
    breakable=True,
    why="The person who sees the flaw is often the one who was not asked. Two minutes are enough,"
    " and where there are none, one sentence says why.",
    remedies=("Ask for strong objections, and wait for the end of the poll.", "Say why not."),
)
def people_were_asked(facts: PollFacts) -> Verdict:
    """Before a decision of high risk, people are asked for strong objections."""
    if not facts.high_risk or facts.no_poll_because.strip():
        return Pass()
    if facts.asked_until is None:
        return Refuse(
            "Nobody was asked for strong objections.",
            remedy="Send poll with a duration, or no_poll_because with a sentence.",
        )
    if facts.now >= facts.asked_until:
        return Pass()
    left = format_duration(facts.asked_until - facts.now)
    return Refuse(f"People may object for another {left}.", remedy=f"Wait {left}, or say why not.")


@rule(
    "ONLY_COMMAND_DECIDES",
    Strength.MUST,
    cites=("S4-17",),
    guards="incidents.decisions.confirm",
    breakable=True,
    why="A decision that anybody can make is one that nobody has made.",
    remedies="Ask the commander to confirm it; until then it stands as a proposal.",
)
def command_decides(facts: CommandFacts) -> Verdict:
    """A proposal becomes a decision when command confirms it."""
    if facts.by_command:
        return Pass()
    who = facts.commander or "whoever takes command"
    return Refuse("Only command confirms a decision.", remedy=f"Ask {who} to confirm it.")


POLL = (people_were_asked,)
COMMAND = (command_decides,)
