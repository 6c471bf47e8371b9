"""What is needed of command before an incident is worked on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.guardrails.model import Pass, Refuse
from holdfast.incidents.roles.guardrails import (
    CommandFacts,
    roles_are_split,
    somebody_commands,
    somebody_has_operations,
)
from holdfast.incidents.roles.separation import Split
from holdfast.practice.model import RoleKey

FILLED = CommandFacts(
    level="SEV1",
    command_needed=True,
    commander="ana",
    operations_needed=True,
    operations="bo",
    splits=(),
)


def test_with_command_and_operations_held_by_two_nothing_stands_against_it() -> None:
    for rule in (somebody_commands, somebody_has_operations, roles_are_split):
        assert rule.judge(FILLED) == Pass()


@pytest.mark.ledger("S0-03", "S0-14", "S4-13")
def test_a_level_that_asks_for_a_commander_is_refused_without_one_and_another_is_not() -> None:
    alone = replace(FILLED, commander=None)
    assert isinstance(somebody_commands.judge(alone), Refuse)
    assert somebody_commands.judge(replace(alone, command_needed=False)) == Pass()


@pytest.mark.ledger("S3-04", "S3-11")
@pytest.mark.refuses("OL_REQUIRED")
def test_a_level_that_asks_for_operations_is_refused_without_it_and_another_is_not() -> None:
    alone = replace(FILLED, operations=None)
    assert isinstance(somebody_has_operations.judge(alone), Refuse)
    assert somebody_has_operations.judge(replace(alone, operations_needed=False)) == Pass()


@pytest.mark.ledger("S3-12")
def test_whoever_holds_what_is_kept_apart_is_named() -> None:
    split = Split("ana", RoleKey.COMMAND, RoleKey.OPERATIONS)
    verdict = roles_are_split.judge(replace(FILLED, splits=(split,)))
    assert isinstance(verdict, Refuse)
    assert "ana" in verdict.why
