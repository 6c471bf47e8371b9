"""Guardrails of roles: who assigns, who may hold what together, and how a role is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule
from holdfast.incidents.roles.model import READ_BACK_CHARS_MAX
from holdfast.incidents.roles.separation import Split
from holdfast.kernel.duration import format_duration
from holdfast.practice.model import RoleKey


@dataclass(frozen=True, slots=True)
class AssignFacts:
    """Somebody is to hold a role. `holder` is whoever has it now; `by_command` is true while
    nobody commands, too."""

    label: str
    user: str
    holder: str | None
    exclusive: bool
    by_command: bool


@dataclass(frozen=True, slots=True)
class ApartFacts:
    """Somebody is to hold `label`; `clash` is the role of theirs that this level keeps apart."""

    label: str
    user: str
    level: str
    clash: str | None


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    """Somebody leaves a role of an incident that goes on. `left` counts who would remain."""

    role: RoleKey
    label: str
    needed: bool
    left: int


@dataclass(frozen=True, slots=True)
class AcceptFacts:
    """A role is about to change hands."""

    label: str
    read_back: str


@dataclass(frozen=True, slots=True)
class TakeOverFacts:
    """Command is to be taken without a hand-off. `silent_for` None: nobody holds it."""

    commander: str | None
    silent_for: timedelta | None
    silent_after: timedelta


@dataclass(frozen=True, slots=True)
class CommandFacts:
    """What is needed of command before an incident is worked on (ledger S0-03, S0-19)."""

    level: str
    command_needed: bool
    commander: str | None
    operations_needed: bool
    operations: str | None
    splits: tuple[Split, ...]


@dataclass(frozen=True, slots=True)
class ExecutionFacts:
    """Somebody is about to do the technical work (ledger S2-13). `apart`: this level keeps
    coordinating and doing apart."""

    user: str | None
    commander: str | None
    level: str
    apart: bool


@rule(
    "ROLE_ALREADY_HELD",
    Strength.MUST,
    cites=("S0-13", "S2-08"),
    guards="incidents.roles.assign",
    why="Two people who believe that they decide give two orders. The role passes by a hand-off,"
    " so that both know the instant.",
    remedies="Ask whoever holds the role to hand it off.",
)
def the_role_is_free(facts: AssignFacts) -> Verdict:
    """A role with one holder is not given to a second person: it is handed off."""
    if not facts.exclusive or facts.holder in (None, facts.user):
        return Pass()
    return Refuse(
        f"{facts.holder} holds the role {facts.label}.",
        remedy="Use a hand-off: it passes when the other one has accepted.",
    )


@rule(
    "SEPARATION_OF_DUTIES",
    Strength.MUST,
    cites=("S3-08", "S3-12", "S3-09"),
    guards="incidents.roles.assign",
    breakable=True,
    why="Whoever coordinates and works at once does neither well. At mild levels one person may"
    " hold every role; at severe ones the practice keeps them apart.",
    remedies=("Give one of the two roles to somebody else.", "Page a person or team for it."),
)
def the_roles_may_be_held_together(facts: ApartFacts) -> Verdict:
    """At a severe level one person does not hold two roles that the practice keeps apart."""
    if facts.clash is None:
        return Pass()
    return Refuse(
        f"{facts.user} holds the role {facts.clash}, which {facts.level} keeps apart from"
        f" {facts.label}.",
        remedy=f"Give {facts.clash} or {facts.label} to somebody else.",
    )


@rule(
    "ONLY_COMMAND_ASSIGNS",
    Strength.MUST,
    cites=("S4-15",),
    guards="incidents.roles.assign",
    breakable=True,
    why="Once somebody commands, orders come from one place; before that, anybody who responds"
    " may fill a role.",
    remedies="Ask the commander or the deputy to assign the role.",
)
def command_assigns(facts: AssignFacts) -> Verdict:
    """Once an incident has a commander, only command or its deputy assigns roles."""
    if facts.by_command:
        return Pass()
    return Refuse(
        "Only command or its deputy decides who does what here.",
        remedy="Ask the commander to do it.",
    )


@rule(
    "HANDOFF_REQUIRED",
    Strength.MUST,
    cites=("S3-13",),
    guards="incidents.roles.leave",
    why="Command that is dropped is command that nobody has. It stays with whoever holds it until"
    " the next one has accepted.",
    remedies="Offer the role to somebody, with a briefing.",
)
def command_is_handed_off(facts: LeaveFacts) -> Verdict:
    """Nobody leaves command but by a hand-off that was accepted."""
    if facts.role is not RoleKey.COMMAND:
        return Pass()
    return Refuse(
        f"The role {facts.label} cannot be left: it is handed off.",
        remedy="Offer it to somebody; it is yours until they have accepted.",
    )


@rule(
    "LAST_RESPONDER",
    Strength.MUST,
    cites=("S0-15",),
    guards="incidents.roles.leave",
    why="An open incident that nobody works on is forgotten.",
    remedies=("Assign somebody else first.", "Page a person or team and wait for an answer."),
)
def somebody_goes_on_working(facts: LeaveFacts) -> Verdict:
    """The last person who works on an open incident does not leave it."""
    if not facts.needed or facts.left > 0:
        return Pass()
    return Refuse(
        "Nobody would be left to work on this incident.",
        remedy="Assign somebody else first, or page a person or team.",
    )


@rule(
    "READ_BACK_REQUIRED",
    Strength.MUST,
    cites=("S3-13",),
    guards="incidents.roles.accept_handoff",
    fault=Fault.INPUT,
    why="What was said and what was understood differ most when people are tired. Saying it back"
    " takes ten seconds and is the part that is skipped most often.",
    remedies=f"Say in your own words what you take over, in at most {READ_BACK_CHARS_MAX}"
    " characters.",
)
def what_was_understood_is_said(facts: AcceptFacts) -> Verdict:
    """Whoever takes a role over says back what they understood."""
    if facts.read_back.strip():
        return Pass()
    return Refuse(
        f"Say back what you take over: {facts.label}.",
        remedy="Send read_back with a sentence in your own words.",
    )


@rule(
    "COMMAND_IS_PRESENT",
    Strength.MUST,
    cites=("S3-14",),
    guards="incidents.roles.take_over",
    breakable=True,
    why="Command is taken from somebody only where they have gone silent; otherwise it is asked"
    " for.",
    remedies="Ask the commander to hand command off to you.",
)
def command_is_silent(facts: TakeOverFacts) -> Verdict:
    """Command is taken over without a hand-off only from somebody who has gone silent."""
    if facts.commander is None or facts.silent_for is None:
        return Pass()
    if facts.silent_for >= facts.silent_after:
        return Pass()
    return Refuse(
        f"{facts.commander} commands and was active {format_duration(facts.silent_for)} ago.",
        remedy="Ask for a hand-off.",
    )


@rule(
    "IC_REQUIRED",
    Strength.MUST,
    cites=("S0-03", "S0-19", "S4-13", "S0-14"),
    guards="incidents.move",
    breakable=True,
    why="Jumping to fixes without somebody who coordinates is how two people undo each other's"
    " work.",
    remedies=("Take command, or assign it.", "Page somebody for it."),
)
def somebody_commands(facts: CommandFacts) -> Verdict:
    """An incident whose level asks for a commander is not mitigated without one."""
    if not facts.command_needed or facts.commander is not None:
        return Pass()
    return Refuse(
        f"{facts.level} needs a commander, and nobody holds command.",
        remedy="Assign command to somebody, or take it.",
    )


@rule(
    "OL_REQUIRED",
    Strength.MUST,
    cites=("S3-04", "S3-11"),
    guards="incidents.move",
    breakable=True,
    why="Mitigation has an owner who reports to command; without one, everybody tries something.",
    remedies="Assign operations, or page somebody for it.",
)
def somebody_has_operations(facts: CommandFacts) -> Verdict:
    """An incident whose level asks for operations is not mitigated without a holder of it."""
    if not facts.operations_needed or facts.operations is not None:
        return Pass()
    return Refuse(
        f"{facts.level} needs somebody who holds operations.",
        remedy="Assign operations to somebody, or take it.",
    )


@rule(
    "SPLIT_ROLES",
    Strength.MUST,
    cites=("S3-12",),
    guards="incidents.move",
    breakable=True,
    why="What one person could carry when it was small they cannot carry now. The roles are split"
    " before the next phase.",
    remedies="Give one of the two roles to somebody else; Holdfast proposes who is on call.",
)
def roles_are_split(facts: CommandFacts) -> Verdict:
    """After an upgrade, roles that the level keeps apart are split before the next phase."""
    if not facts.splits:
        return Pass()
    first = facts.splits[0]
    return Refuse(
        f"{first.user} holds {first.first.value} and {first.second.value}, which {facts.level}"
        " keeps apart.",
        remedy="Give one of them to somebody else.",
    )


@rule(
    "IC_MUST_NOT_EXECUTE",
    Strength.MUST,
    cites=("S2-13", "S4-21", "S3-08"),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="A commander who debugs has stopped commanding, and nobody notices.",
    remedies=("Delegate it to somebody who responds.", "Hand command off first."),
)
def the_commander_delegates(facts: ExecutionFacts) -> Verdict:
    """Where the level keeps them apart, whoever commands does not do the technical work."""
    if not facts.apart or facts.user is None or facts.user != facts.commander:
        return Pass()
    return Refuse(
        f"{facts.user} commands, and at {facts.level} command does not execute.",
        remedy="Delegate it, or hand command off first.",
    )


ASSIGN = (the_role_is_free, command_assigns)
APART = (the_roles_may_be_held_together,)
LEAVE = (command_is_handed_off, somebody_goes_on_working)
ACCEPT = (what_was_understood_is_said,)
TAKE_OVER = (command_is_silent,)
COMMAND = (somebody_commands, somebody_has_operations, roles_are_split)
EXECUTE = (the_commander_delegates,)
