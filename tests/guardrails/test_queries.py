"""What can be asked about guardrails: strengths in force, figures, exceptions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import pytest

from holdfast.guardrails import queries
from holdfast.guardrails.actions import count_refusal, set_strength, uphold
from holdfast.guardrails.model import (
    COUNTED_DAYS,
    Counted,
    Figures,
    Pass,
    Refuse,
    Refused,
    Strength,
    Verdict,
    rule,
)
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.clock import SteppedClock
from holdfast.storage.database import Database
from tests.support.story import person

CODE = "NO_FINAL_LEVEL"
REASON = "the pump is on fire"
DAY = timedelta(days=1)


@rule(CODE, Strength.MUST, cites=["S1-34"], guards="things.add", breakable=True)
def opens(count: int) -> Verdict:
    """At most three things."""
    return Pass() if count <= 3 else Refuse(f"{count} things", "Take some away.")


def refuse(database: Database, times: int = 1) -> None:
    for _ in range(times):
        with database.begin(SYSTEM) as tx:
            count_refusal(tx, CODE)


def override(database: Database, times: int = 1, about: str = "in_1") -> None:
    for _ in range(times):
        with database.begin(person("ana")) as tx:
            uphold(tx, [opens], 4, about=about, reason=REASON)


def counted(database: Database) -> Counted:
    with database.read(SYSTEM) as tx:
        return queries.counters(tx).get(CODE, Counted())


@pytest.mark.ledger("S0-39")
def test_a_rule_that_fires_counts_one_more(database: Database) -> None:
    assert counted(database) == Counted()
    refuse(database)
    first = counted(database)
    refuse(database)
    override(database)
    assert first.ever == Figures(refused=1)
    assert counted(database).ever == Figures(refused=2, overridden=1)
    assert counted(database).ever.fired == 3
    assert counted(database).last_at == database.clock.now()


def test_figures_of_a_day_stay_with_that_day(database: Database) -> None:
    clock = cast(SteppedClock, database.clock)
    today = clock.now().date()
    refuse(database, 2)
    clock.jump_to(clock.now() + DAY)
    override(database)
    refuse(database)
    assert counted(database).days == (
        (today, Figures(refused=2)),
        (today + DAY, Figures(refused=1, overridden=1)),
    )


def test_what_is_older_than_thirty_days_counts_only_for_ever(database: Database) -> None:
    clock = cast(SteppedClock, database.clock)
    refuse(database)
    override(database)
    clock.jump_to(clock.now() + (COUNTED_DAYS - 1) * DAY)
    assert counted(database).lately.fired == 2
    clock.jump_to(clock.now() + DAY)
    found = counted(database)
    assert (found.lately, found.days) == (Figures(), ())
    assert found.ever.fired == 2


@pytest.mark.parametrize(
    ("refused", "overridden", "review"),
    [(0, 0, False), (7, 3, False), (2, 1, True), (0, 1, True), (9, 0, False)],
)
def test_a_rule_overridden_in_more_than_thirty_percent_is_for_review(
    database: Database, refused: int, overridden: int, *, review: bool
) -> None:
    refuse(database, refused)
    override(database, overridden)
    assert counted(database).for_review is review


def test_what_lets_pass_anyway_is_noted_and_never_for_review(database: Database) -> None:
    with database.begin(person("ada", Role.ADMIN)) as tx:
        set_strength(tx, CODE, Strength.SHOULD, "too strict for us")
    override(database, 5)
    assert counted(database).ever == Figures(noted=5)
    assert not counted(database).for_review


def test_overrides_are_found_by_what_they_are_about(database: Database) -> None:
    override(database, about="in_1")
    override(database, about="in_2")
    with database.read(SYSTEM) as tx:
        (found,) = queries.overrides_about(tx, "in_1")
    assert (found.code, found.reason, found.actor, found.strength) == (
        CODE, REASON, "user:ana", Strength.MUST,
    )  # fmt: skip
    assert found.at == database.clock.now()


def test_objections_say_beforehand_what_would_be_refused(database: Database) -> None:
    with database.read(SYSTEM) as tx:
        (objection,) = queries.objections(tx, [opens], 4)
        assert queries.objections(tx, [opens], 3) == []
    assert (objection.code, objection.strength, objection.breakable) == (CODE, Strength.MUST, True)
    assert objection.refusal.remedy == "Take some away."
    assert counted(database).ever.fired == 0, "to ask is not to fire"


@pytest.mark.ledger("S0-39")
def test_every_active_rule_is_listed_with_strength_and_figures(database: Database) -> None:
    refuse(database)
    with database.read(SYSTEM) as tx:
        listed = {each.rule.code: each for each in queries.active(tx)}
    assert list(listed) == sorted(listed)
    mine = listed[CODE]
    assert (mine.package, mine.strength, mine.chosen) == ("escalation", Strength.MUST, None)
    assert mine.counted.ever.refused == 1


def test_days_are_those_of_utc(database: Database) -> None:
    clock = cast(SteppedClock, database.clock)
    clock.jump_to(clock.now().replace(hour=23, minute=59))
    refuse(database)
    override(database)
    clock.jump_to(clock.now() + timedelta(minutes=1))
    refuse(database)
    days = [day for day, _ in counted(database).days]
    assert days == [date(2026, 11, 16), date(2026, 11, 17)]


def test_an_exception_of_a_refused_transaction_is_undone(database: Database) -> None:
    def twice() -> None:
        with database.begin(person("ana")) as tx:
            uphold(tx, [opens], 4, about="in_1", reason=REASON)
            uphold(tx, [opens], 4, about="in_1")

    with pytest.raises(Refused):
        twice()
    assert counted(database).ever.fired == 0
