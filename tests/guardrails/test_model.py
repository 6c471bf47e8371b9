"""The mechanism of guardrails: a rule with a code, a reason, a remedy and a strength."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.guardrails.model import (
    Fault,
    Figures,
    Pass,
    Refuse,
    RefusedByInput,
    RefusedByState,
    Rule,
    Strength,
    Verdict,
    enforce,
    is_breakable,
    rule,
)
from holdfast.kernel.errors import Conflict, Invalid

judged: list[str] = []


@rule("TOO_MANY", Strength.MUST, cites=["S0-00"], guards="things.add")
def at_most_three(count: int) -> Verdict:
    """At most three things.

    A second paragraph that nobody reads.
    """
    judged.append("TOO_MANY")
    return Pass() if count <= 3 else Refuse(f"{count} things", "Take some away.")


@rule("NONE", Strength.MUST, cites=["S0-01"], guards="things.add", fault=Fault.INPUT)
def at_least_one(count: int) -> Verdict:
    """At least one thing."""
    judged.append("NONE")
    return Pass() if count else Refuse("no things", "Add one.")


def test_a_rule_is_its_code_its_title_and_its_help() -> None:
    assert (at_most_three.code, at_most_three.title) == ("TOO_MANY", "At most three things.")
    assert at_most_three.help == "/help/guardrails/TOO_MANY"
    assert at_most_three.cites == ("S0-00",)


def test_what_no_rule_objects_to_passes() -> None:
    enforce([at_most_three, at_least_one], 2)


@pytest.mark.ledger("S0-67")
@pytest.mark.parametrize(
    ("count", "code", "kind", "edge"),
    [(4, "TOO_MANY", RefusedByState, Conflict), (0, "NONE", RefusedByInput, Invalid)],
)
def test_a_refusal_has_code_reason_remedy_and_help(
    count: int, code: str, kind: type[Exception], edge: type[Exception]
) -> None:
    with pytest.raises(kind) as refused:
        enforce([at_most_three, at_least_one], count)
    assert isinstance(refused.value, edge), "the edge tells state (409) from input (422) by it"
    refusal = refused.value
    assert isinstance(refusal, RefusedByState | RefusedByInput)
    assert (refusal.code, refusal.help) == (code, f"/help/guardrails/{code}")
    assert refusal.detail
    assert refusal.remedy


def test_rules_are_asked_in_order_and_the_first_no_counts() -> None:
    judged.clear()
    strict: Rule[int] = replace(at_least_one, judge=lambda count: Refuse("never", "Give up."))
    with pytest.raises(RefusedByState, match="9 things"):
        enforce([at_most_three, strict], 9)
    assert judged == ["TOO_MANY"]


@pytest.mark.ledger("S3-40")
@pytest.mark.parametrize("strength", [Strength.SHOULD, Strength.MAY])
def test_only_a_must_refuses(strength: Strength) -> None:
    enforce([replace(at_most_three, strength=strength)], 9)


def test_a_rule_without_words_is_no_rule() -> None:
    with pytest.raises(AssertionError):

        @rule("SILENT", Strength.MUST, cites=[], guards="x")
        def silent(count: int) -> Verdict:
            return Pass()


def test_a_rule_keeps_its_reasons_and_its_remedies_however_they_are_given() -> None:
    @rule(
        "X", Strength.MUST, cites=[], guards="x.y", why="One.", remedy="First.", remedies=("Two.",)
    )
    def judged_somehow(count: int) -> Verdict:
        """A title that is
        longer than a line.

        What stands below it is for whoever reads the code.
        """
        return Pass()

    assert judged_somehow.title == "A title that is longer than a line."
    assert (judged_somehow.why, judged_somehow.remedies) == (("One.",), ("First.", "Two."))
    assert not judged_somehow.breakable


@pytest.mark.parametrize(
    ("written", "breakable", "in_force", "opens"),
    [
        (Strength.MUST, True, Strength.MUST, True),
        (Strength.MUST, False, Strength.MUST, False),
        (Strength.SHOULD, False, Strength.MUST, True),
        (Strength.MUST, True, Strength.SHOULD, False),
    ],
)
def test_a_reason_opens_what_stands_on_the_response_path_or_was_raised(
    written: Strength, in_force: Strength, *, breakable: bool, opens: bool
) -> None:
    ours = replace(at_most_three, strength=written, breakable=breakable)
    assert is_breakable(ours, in_force) is opens


def test_the_overridden_share_is_of_what_would_have_been_refused() -> None:
    assert Figures().overridden_share == 0
    assert Figures(refused=3, overridden=1, noted=9).overridden_share == 0.25
    assert Figures(refused=3, overridden=1, noted=9).fired == 13


def test_strengths_are_ordered_and_must_is_the_strongest() -> None:
    assert sorted(Strength, key=lambda each: each.rank) == ["may", "should", "must"]
