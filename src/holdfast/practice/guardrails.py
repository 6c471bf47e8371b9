"""Guardrails of the practice: a pack that nobody could work by is refused (ledger S3-06)."""

from __future__ import annotations

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule
from holdfast.practice import check
from holdfast.practice.model import Pack


@rule(
    check.TOO_LONG,
    Strength.MUST,
    cites=("S3-02",),
    guards="practice.save",
    fault=Fault.INPUT,
    why="At three in the morning nobody tells seven severities apart; a short ladder is used.",
    remedies="Merge levels until two to six are left.",
)
def the_ladder_is_short(pack: Pack) -> Verdict:
    """A severity ladder has at most six levels."""
    return _verdict(pack, check.TOO_LONG)


@rule(
    check.WITHOUT_BEHAVIOUR,
    Strength.MUST,
    cites=("S2-04", "S3-06"),
    guards="practice.save",
    fault=Fault.INPUT,
    why="A severity that brings nothing about is a label, and labels are argued about. What is"
    " meant to be absent is said aloud: none.",
    remedies="Fill the cell that the message names, or write none where nothing is meant.",
)
def every_level_brings_something_about(pack: Pack) -> Verdict:
    """Every severity says who is paged, who is told, how often and by when, or says none."""
    return _verdict(pack, check.WITHOUT_BEHAVIOUR)


@rule(
    check.INCONSISTENT,
    Strength.MUST,
    cites=("S3-06",),
    guards="practice.save",
    fault=Fault.INPUT,
    why="A clock that runs out before the one it waits for is broken on every incident, and people"
    " learn to ignore all of them.",
    remedies="Change one of the two numbers that the message names.",
)
def clocks_do_not_eat_each_other(pack: Pack) -> Verdict:
    """The clocks of a severity fit together: acknowledged, engaged, gathered, told, restored."""
    return _verdict(pack, check.INCONSISTENT)


@rule(
    check.UNDEFINED,
    Strength.MUST,
    cites=("S3-22",),
    guards="practice.save",
    fault=Fault.INPUT,
    why="Whether a postmortem is owed must be known before the incident, not argued after it.",
    remedies="Mark a level with postmortem: required, and name at least one required trigger.",
)
def significant_is_defined(pack: Pack) -> Verdict:
    """A practice says which incidents are significant, by level and by trigger."""
    return _verdict(pack, check.UNDEFINED)


PACK_RULES = (
    the_ladder_is_short,
    every_level_brings_something_about,
    clocks_do_not_eat_each_other,
    significant_is_defined,
)


def help_of(code: str | None) -> str | None:
    """The help page of a rule that judges packs, by its code."""
    return next((rule.help for rule in PACK_RULES if rule.code == code), None)


def _verdict(pack: Pack, code: str) -> Verdict:
    for finding in check.findings(pack):
        if finding.code == code:
            return Refuse(f"{pack.name}: {finding.message}", remedy=finding.remedy)
    return Pass()
