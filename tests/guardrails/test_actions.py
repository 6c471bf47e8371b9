"""Uphold: refuse, let pass with a reason that is written down, and count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from holdfast.guardrails import queries, rules, store
from holdfast.guardrails.actions import set_strength, uphold
from holdfast.guardrails.model import (
    BREAK_GLASS_CHARS_MAX,
    BREAK_GLASS_MAX,
    STRENGTH_REASON_CHARS_MAX,
    BadReason,
    Fault,
    NoSuchGuardrail,
    Overridden,
    Pass,
    Refuse,
    Refused,
    Rule,
    Strength,
    Verdict,
    rule,
)
from holdfast.kernel.actor import Role
from holdfast.kernel.clock import SteppedClock
from holdfast.people.permissions import NotPermitted
from holdfast.storage.database import Database
from holdfast.timeline import queries as timeline
from tests.support.story import person

SUBJECT = "in_1"
HOUR = timedelta(hours=1)
REASON = "the only pump is on fire"


@rule("STRICT", Strength.MUST, cites=["S0-67"], guards="things.add", breakable=True)
def opens(count: int) -> Verdict:
    """At most three things, unless somebody says why."""
    return Pass() if count <= 3 else Refuse(f"{count} things", "Take some away.")


@rule("ABSOLUTE", Strength.MUST, cites=["S0-67"], guards="things.add", fault=Fault.INPUT)
def never_opens(count: int) -> Verdict:
    """Never more than nine things."""
    return Pass() if count <= 9 else Refuse(f"{count} things", "Take some away.")


@rule("POLITE", Strength.SHOULD, cites=["S0-67"], guards="things.add")
def asks(count: int) -> Verdict:
    """Rather one thing."""
    return Pass() if count <= 1 else Refuse("more than one", "Take one.")


HINT: Rule[int] = replace(asks, code="HINT", strength=Strength.MAY)


def passed(
    database: Database,
    rules: Sequence[Rule[int]],
    count: int,
    *,
    reason: str = "",
    until: datetime | None = None,
) -> tuple[Overridden, ...]:
    with database.begin(person("ana")) as tx:
        return uphold(tx, rules, count, about=SUBJECT, reason=reason, until=until)


def kinds(database: Database) -> list[str]:
    with database.read(person("ana")) as tx:
        return [event.kind for event in timeline.about(tx, [SUBJECT])]


def test_what_no_rule_objects_to_leaves_no_trace(database: Database) -> None:
    assert passed(database, [opens, never_opens], 1) == ()
    assert kinds(database) == []


@pytest.mark.ledger("S0-67")
def test_a_must_refuses_and_says_about_what(database: Database) -> None:
    with pytest.raises(Refused) as refusal:
        passed(database, [opens], 4)
    assert (refusal.value.code, refusal.value.about) == ("STRICT", SUBJECT)
    assert refusal.value.breakable
    assert kinds(database) == []


@pytest.mark.ledger("S0-67")
def test_glass_breaks_with_a_reason_and_is_told(database: Database) -> None:
    (exception,) = passed(database, [opens], 4, reason=REASON)
    assert exception.broken
    assert (exception.code, exception.reason, exception.why) == ("STRICT", REASON, "4 things")
    with database.read(person("ana")) as tx:
        (event,) = timeline.about(tx, [SUBJECT])
        assert [each.reason for each in queries.overrides_about(tx, SUBJECT)] == [REASON]
    assert event.kind == "guardrail.overridden"
    assert (event.data["code"], event.data["reason"]) == ("STRICT", REASON)
    assert event.actor == "user:ana"


def test_no_reason_opens_a_rule_that_is_not_breakable(database: Database) -> None:
    with pytest.raises(Refused, match="10 things") as refusal:
        passed(database, [opens, never_opens], 10, reason=REASON)
    assert refusal.value.code == "ABSOLUTE"
    assert kinds(database) == [], "what was broken before it is undone as well"


@pytest.mark.parametrize("reason", ["x", " ok  ", "a" * (BREAK_GLASS_CHARS_MAX + 1)])
def test_a_reason_that_says_nothing_or_too_much_is_none(database: Database, reason: str) -> None:
    with pytest.raises(BadReason) as bad:
        passed(database, [opens], 4, reason=reason)
    assert set(bad.value.fields) == {"break_glass"}


def test_a_reason_of_blanks_is_no_reason(database: Database) -> None:
    with pytest.raises(Refused):
        passed(database, [opens], 4, reason="      ")


@pytest.mark.ledger("S3-40")
@pytest.mark.parametrize("reason", ["", "short", REASON])
def test_a_should_passes_and_is_noted_with_its_reason(database: Database, reason: str) -> None:
    (exception,) = passed(database, [asks], 2, reason=reason)
    assert not exception.broken
    with database.read(person("ana")) as tx:
        (event,) = timeline.about(tx, [SUBJECT])
    assert (event.kind, event.data["reason"]) == ("guardrail.noted", reason)


@pytest.mark.ledger("S3-40")
def test_a_may_only_hints(database: Database) -> None:
    (exception,) = passed(database, [HINT], 2)
    assert exception.strength is Strength.MAY
    assert kinds(database) == []


@pytest.mark.ledger("S0-67")
def test_an_exception_ends_at_its_instant(database: Database) -> None:
    clock = cast(SteppedClock, database.clock)
    start = clock.now()
    passed(database, [opens], 4, reason=REASON, until=start + HOUR)
    clock.jump_to(start + HOUR - timedelta(seconds=1))
    (standing,) = passed(database, [opens], 5)
    assert (standing.reason, standing.until) == (REASON, start + HOUR)
    assert kinds(database) == ["guardrail.overridden"], "told once"
    clock.jump_to(start + HOUR)
    with pytest.raises(Refused):
        passed(database, [opens], 4)


def test_an_exception_without_an_end_is_for_that_one_act(database: Database) -> None:
    passed(database, [opens], 4, reason=REASON)
    with pytest.raises(Refused):
        passed(database, [opens], 4)


def test_an_exception_is_for_its_own_subject_and_rule_alone(database: Database) -> None:
    until = database.clock.now() + HOUR
    passed(database, [opens], 4, reason=REASON, until=until)
    other: Rule[int] = replace(opens, code="OTHER")
    with pytest.raises(Refused):
        passed(database, [other], 4)
    with database.begin(person("ana")) as tx, pytest.raises(Refused):
        uphold(tx, [opens], 4, about="in_2")


def test_no_exception_stands_for_longer_than_a_day(database: Database) -> None:
    start = database.clock.now()
    (exception,) = passed(database, [opens], 4, reason=REASON, until=start + 9 * BREAK_GLASS_MAX)
    assert exception.until == start + BREAK_GLASS_MAX


def test_role_is_not_asked_for_where_help_is_meant(database: Database) -> None:
    with database.begin(person("vi", Role.VIEWER)) as tx:
        assert uphold(tx, [opens], 4, about=SUBJECT, reason=REASON)


def chosen(database: Database) -> Strength:
    with database.read(person("ana")) as tx:
        return queries.in_force(tx, rules.named("NO_FINAL_LEVEL"))


def set_to(
    database: Database, strength: Strength, reason: str = REASON, role: Role = Role.ADMIN
) -> None:
    with database.begin(person("ada", role)) as tx:
        set_strength(tx, "NO_FINAL_LEVEL", strength, reason)


@pytest.mark.ledger("S0-67")
def test_a_must_that_is_lowered_is_written_down_with_its_reason(database: Database) -> None:
    set_to(database, Strength.SHOULD)
    assert chosen(database) is Strength.SHOULD
    with database.read(person("ana")) as tx:
        (event,) = timeline.about(tx, ["NO_FINAL_LEVEL"])
        kept = queries.chosen(tx)["NO_FINAL_LEVEL"]
        (mine,) = [each for each in queries.active(tx) if each.chosen]
    assert (event.kind, event.actor) == ("guardrail.strength_changed", "user:ada")
    assert event.data == {
        "before": "must", "after": "should", "declared": "must", "why": REASON,
    }  # fmt: skip
    assert (kept.reason, kept.changed_by) == (REASON, "user:ada")
    assert mine.lowered
    assert not mine.raised


def test_a_rule_goes_back_to_what_was_written(database: Database) -> None:
    set_to(database, Strength.MAY)
    set_to(database, Strength.MUST, "")
    assert chosen(database) is Strength.MUST
    with database.read(person("ana")) as tx:
        assert queries.chosen(tx) == {}
        assert len(timeline.about(tx, ["NO_FINAL_LEVEL"])) == 2


def test_the_same_strength_again_changes_nothing(database: Database) -> None:
    set_to(database, Strength.MUST, "")
    with database.read(person("ana")) as tx:
        assert timeline.about(tx, ["NO_FINAL_LEVEL"]) == []


@pytest.mark.parametrize("reason", ["", "  ", "no", "r" * (STRENGTH_REASON_CHARS_MAX + 1)])
def test_nobody_makes_a_rule_weaker_without_a_reason(database: Database, reason: str) -> None:
    with pytest.raises(BadReason) as bad:
        set_to(database, Strength.MAY, reason)
    assert set(bad.value.fields) == {"reason"}
    assert chosen(database) is Strength.MUST


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RESPONDER, Role.MANAGER])
def test_only_an_admin_changes_a_strength(database: Database, role: Role) -> None:
    with pytest.raises(NotPermitted):
        set_to(database, Strength.SHOULD, role=role)


def test_a_rule_that_does_not_exist_has_no_strength(database: Database) -> None:
    with database.begin(person("ada", Role.ADMIN)) as tx, pytest.raises(NoSuchGuardrail):
        set_strength(tx, "NO_SUCH_RULE", Strength.MAY, REASON)


@pytest.mark.ledger("S0-67")
def test_the_strength_in_force_is_what_judges(database: Database) -> None:
    ours: Rule[int] = replace(never_opens, code="NO_FINAL_LEVEL")
    with pytest.raises(Refused):
        passed(database, [ours], 10)
    set_to(database, Strength.SHOULD)
    (noted,) = passed(database, [ours], 10)
    assert noted.strength is Strength.SHOULD


def test_what_an_organisation_raised_refuses_and_opens_with_a_reason(database: Database) -> None:
    declared: Rule[int] = replace(asks, code="NO_FINAL_LEVEL")
    with database.begin(person("ada", Role.ADMIN)) as tx:
        store.choose_strength(tx, "NO_FINAL_LEVEL", Strength.MUST, "")
    with pytest.raises(Refused) as refusal:
        passed(database, [declared], 2)
    assert refusal.value.breakable, "whoever is refused is told that a reason opens it"
    (exception,) = passed(database, [declared], 2, reason=REASON)
    assert exception.broken
