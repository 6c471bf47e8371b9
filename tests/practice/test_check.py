"""Whether a pack can be worked by is found by looking at it, and the pair that does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.practice import shipped
from holdfast.practice.check import findings, relaxed
from holdfast.practice.model import (
    SHIPPED,
    Audience,
    Clocks,
    Need,
    Pack,
    Postmortem,
    RoleKey,
    Trigger,
)
from tests.practice.build import changed, with_level

UNION = shipped.pack("union-5")
MINUTE = timedelta(minutes=1)


def codes(pack: Pack) -> set[str | None]:
    return {finding.code for finding in findings(pack)}


def messages(pack: Pack) -> list[str]:
    return [finding.message for finding in findings(pack)]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_pack_can_be_worked_by(name: str) -> None:
    assert findings(shipped.pack(name)) == ()


@pytest.mark.ledger("S3-02")
def test_a_ladder_of_nine_levels_is_too_long_and_one_of_six_is_not() -> None:
    mildest = UNION.levels[-1]
    more = [changed(mildest, rank=5 + n, label=f"SEV{5 + n}", aliases=()) for n in range(4)]
    assert "LADDER_TOO_LONG" in codes(replace(UNION, levels=(*UNION.levels, *more)))
    assert findings(replace(UNION, levels=(*UNION.levels, more[0]))) == ()
    one = replace(UNION, levels=UNION.levels[:1], severity_map={})
    assert messages(one) == ["a ladder has two levels or more."]


@pytest.mark.parametrize(
    ("clocks", "pair"),
    [
        ((16, 15, 15), "ack 16m does not fit engage 15m"),
        ((5, 20, 15), "engage 20m does not fit war_room 15m"),
        ((20, None, 15), "ack 20m does not fit war_room 15m"),
    ],
)
def test_a_clock_that_runs_out_before_the_one_it_needs_is_named_with_it(
    clocks: tuple[int | None, ...], pair: str
) -> None:
    ack, engage, war_room = (None if n is None else n * MINUTE for n in clocks)
    pack = with_level(UNION, 1, clocks=Clocks(ack, engage, war_room, 60 * MINUTE))
    assert messages(pack) == [f"SEV1: {pair}."]
    assert codes(pack) == {"POLICY_INCONSISTENT"}


def test_equal_clocks_and_clocks_that_are_none_do_not_eat_each_other() -> None:
    for clocks in (Clocks(15 * MINUTE, 15 * MINUTE, 15 * MINUTE, None),):
        assert findings(with_level(UNION, 1, clocks=clocks)) == ()
    none = Clocks(None, 5 * MINUTE, None, None)
    assert findings(with_level(UNION, 2, clocks=none)) == ()


def test_silence_is_shorter_than_the_time_to_restore_where_that_is_over_half_an_hour() -> None:
    slow = {**UNION.levels[1].cadence, Audience.CUSTOMERS: 60 * MINUTE}
    pack = with_level(UNION, 1, cadence=slow)
    assert messages(pack) == ["SEV1: cadence customers 1h does not fit restore 1h."]
    short = replace(UNION.levels[1].clocks, restore=30 * MINUTE)
    assert findings(with_level(pack, 1, clocks=short)) == ()


@pytest.mark.parametrize(
    ("minutes", "refused"), [(14, {"POLICY_INCONSISTENT"}), (15, set()), (30, set())]
)
def test_a_fix_holds_for_fifteen_to_thirty_minutes(minutes: int, refused: set[str]) -> None:
    assert codes(with_level(UNION, 0, verify_window=minutes * MINUTE)) == refused
    assert codes(with_level(UNION, 0, verify_window=31 * MINUTE)) == {"POLICY_INCONSISTENT"}


def test_a_war_room_that_is_needed_has_a_clock() -> None:
    pack = with_level(UNION, 2, war_room=Need.REQUIRED)
    assert messages(pack) == ["SEV2 needs a war room and has no clock for it (war_room, clocks)."]


def test_a_promise_of_the_next_update_needs_a_cadence_to_keep() -> None:
    assert "POLICY_INCONSISTENT" in codes(with_level(UNION, 4, promise_next_update=True))


@pytest.mark.ledger("S3-22")
def test_a_pack_says_what_is_significant_by_level_and_by_trigger() -> None:
    unmarked = replace(
        UNION,
        levels=tuple(changed(level, postmortem=Postmortem.BY_TRIGGER) for level in UNION.levels),
    )
    assert codes(unmarked) == {"SIGNIFICANCE_UNDEFINED"}
    marked_too_low = with_level(unmarked, 3, postmortem=Postmortem.REQUIRED)
    assert codes(marked_too_low) == {"SIGNIFICANCE_UNDEFINED"}
    assert findings(with_level(unmarked, 2, postmortem=Postmortem.REQUIRED)) == ()
    untriggered = replace(UNION, triggers=(Trigger("data_loss", required=False),))
    assert codes(untriggered) == {"SIGNIFICANCE_UNDEFINED"}


@pytest.mark.ledger("S2-04", "S3-06")
@pytest.mark.parametrize("cell", ["title", "criteria", "response"])
def test_a_level_without_words_is_a_label_without_behaviour(cell: str) -> None:
    assert codes(with_level(UNION, 1, **{cell: "  "})) == {"SEVERITY_WITHOUT_BEHAVIOUR"}


def test_a_level_that_wakes_nobody_and_has_no_end_brings_nothing_about() -> None:
    assert codes(with_level(UNION, 4, due_business_days=None)) == {"SEVERITY_WITHOUT_BEHAVIOUR"}
    silent = with_level(UNION, 2, page=(), notify=())
    assert codes(silent) == {"SEVERITY_WITHOUT_BEHAVIOUR"}
    timeless = with_level(UNION, 2, clocks=Clocks(None, None, None, None))
    assert codes(timeless) == {"SEVERITY_WITHOUT_BEHAVIOUR"}


@pytest.mark.ledger("S3-09")
def test_a_role_may_have_any_name_and_cannot_be_taken_out() -> None:
    renamed = replace(
        UNION,
        roles=tuple(
            replace(role, label="Einsatzleitung") if role.key is RoleKey.COMMAND else role
            for role in UNION.roles
        ),
    )
    assert findings(renamed) == ()
    assert [level.apart for level in renamed.levels] == [level.apart for level in UNION.levels]
    without = tuple(role for role in UNION.roles if role.key is not RoleKey.SCRIBE)
    assert "the role scribe is missing." in messages(replace(UNION, roles=without))


@pytest.mark.ledger("S3-09")
def test_separation_may_be_relaxed_for_one_level_and_that_is_seen() -> None:
    assert relaxed(UNION) == ()
    assert relaxed(with_level(UNION, 2, apart=())) == ("SEV2: command+operations",)
    assert relaxed(with_level(UNION, 3, apart=())) == ()
    assert "Sev-1: command+scribe" in relaxed(shipped.pack("classic-4"))


def test_a_table_for_another_ladder_names_levels_that_there_are() -> None:
    pack = replace(UNION, severity_map={"theirs": {"Bad": (0, 5)}})
    assert messages(pack) == ["severity_map theirs: Bad means rank 5, which no level has."]
