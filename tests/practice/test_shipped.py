"""The shipped packs say what their texts say (ledger 1.0, and the rows that each level cites)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.practice import shipped
from holdfast.practice.model import (
    SHIPPED,
    Audience,
    Duty,
    Hours,
    Level,
    Need,
    Pack,
    Postmortem,
    RoleKey,
)
from holdfast.practice.reader import LIMIT_FIELDS

UNION = shipped.pack("union-5")


def minutes(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds() // 60)


def level(name: str, label: str) -> Level:
    found = shipped.pack(name).named(label)
    assert found is not None, f"{name} has no level {label}"
    return found


def clocks(found: Level) -> list[int | None]:
    kept = found.clocks
    return [minutes(span) for span in (kept.ack, kept.engage, kept.war_room, kept.restore)]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("SEV0", [5, 5, 15, 15]),
        ("SEV1", [5, 15, 15, 60]),
        ("SEV2", [15, 15, None, 240]),
        ("SEV3", [60, 60, None, 24 * 60]),
        ("SEV4", [None, None, None, 7 * 24 * 60]),
    ],
)
def test_the_default_takes_the_strictest_number_that_a_text_states(
    label: str, expected: list[int | None]
) -> None:
    assert clocks(level("union-5", label)) == expected


def test_the_default_tells_each_audience_and_watches_a_fix_as_the_table_says() -> None:
    assert [[minutes(each.cadence[a]) for a in Audience] for each in UNION.levels] == [
        [15, 30, 20], [30, 30, 30], [60, 120, 60], [240, None, None], [None, None, None],
    ]  # fmt: skip
    assert [minutes(each.verify_window) for each in UNION.levels] == [30, 30, 15, 15, 15]
    assert [each.responders_min for each in UNION.levels] == [2, 2, 1, 1, 0]
    assert [each.promise_next_update for each in UNION.levels] == [True, True, False, False, False]
    assert [each.hours for each in UNION.levels[3:]] == [Hours.BUSINESS, Hours.NEVER]
    assert [each.postmortem is Postmortem.REQUIRED for each in UNION.levels] == [1, 1, 1, 0, 0]
    assert UNION.levels[0].postmortem_due == timedelta(days=3)
    assert UNION.levels[2].postmortem_business_days == 5


def test_the_default_keeps_four_people_apart_at_the_top_and_two_below() -> None:
    core = (RoleKey.COMMAND, RoleKey.OPERATIONS, RoleKey.COMMUNICATIONS, RoleKey.SCRIBE)
    pairs = {frozenset((a, b)) for a in core for b in core if a != b}
    for each in UNION.levels[:2]:
        assert pairs <= set(each.apart)
        assert set(each.roles_required) == set(core)
        # One person may be scribe and deputy at once.
        assert frozenset((RoleKey.SCRIBE, RoleKey.DEPUTY)) not in each.apart
    assert frozenset((RoleKey.COMMAND, RoleKey.OPERATIONS)) in UNION.levels[2].apart
    assert [each.apart for each in UNION.levels[3:]] == [(), ()]


@pytest.mark.parametrize("written", ["SEV1", "sev-1", "Sev 1", "P1", "p1"])
def test_a_level_is_found_however_its_label_is_written(written: str) -> None:
    found = UNION.named(written)
    assert found is not None
    assert found.rank == 1


@pytest.mark.ledger("S0-05")
def test_guardrails_4_pages_every_role_and_leadership_at_its_worst() -> None:
    worst = level("guardrails-4", "Sev0")
    assert worst.page == ("roles", "leadership")
    required = {RoleKey.COMMAND, RoleKey.OPERATIONS, RoleKey.COMMUNICATIONS, RoleKey.SCRIBE}
    assert set(worst.roles_required) == required
    assert worst.hours is Hours.ALWAYS
    assert worst.clocks.engage is not None
    assert worst.response.startswith("Immediate")


@pytest.mark.ledger("S0-06", "S0-07", "S0-08")
def test_guardrails_4_pages_the_owners_then_tells_them_then_writes_it_down() -> None:
    rapid, planned, backlog = (level("guardrails-4", f"Sev{n}") for n in (1, 2, 3))
    assert rapid.page == ("owners", "role:command")
    assert rapid.notify == ()
    assert (planned.page, planned.notify) == (("on_call",), ("owners",))
    assert "workaround" in planned.criteria
    assert (backlog.page, backlog.notify, backlog.hours) == ((), (), Hours.NEVER)
    assert [t.name for t in shipped.pack("guardrails-4").triggers if t.required][-1] == "recurrence"


@pytest.mark.ledger("S1-08", "S1-09", "S1-10", "S1-11")
def test_classic_4_answers_at_once_in_a_quarter_of_an_hour_in_an_hour_and_next_day() -> None:
    worst, second, third, last = shipped.pack("classic-4").levels
    assert (worst.page, worst.responders_min) == (("all_hands",), 2)
    assert [minutes(each.clocks.engage) for each in (worst, second, third)] == [0, 15, 60]
    assert (last.due_business_days, last.page) == (1, ())
    assert last.label == "Sev-4"


@pytest.mark.ledger("S2-01", "S2-02", "S2-03")
def test_imoc_p3_opens_a_war_room_pages_within_half_an_hour_and_writes_down() -> None:
    down, degraded, minor = (level("imoc-p3", f"P{n}") for n in (1, 2, 3))
    assert (down.war_room, minutes(down.clocks.war_room)) == (Need.REQUIRED, 15)
    assert (minutes(degraded.clocks.engage), degraded.war_room) == (30, Need.OPTIONAL)
    assert degraded.roles_required == (RoleKey.TECHNICAL_LEAD,)
    assert (minor.page, minor.notify, minor.due_business_days) == ((), (), 1)
    assert [minutes(each.clocks.ack) for each in (down, degraded, minor)] == [5, 15, None]
    assert minutes(level("imoc-p3", "SEV-0").clocks.restore) == 15


def test_imoc_p3_calls_its_roles_by_their_names() -> None:
    pack = shipped.pack("imoc-p3")
    found = {role.key: role.label for role in pack.roles}
    assert (found[RoleKey.COMMAND], found[RoleKey.TECHNICAL_LEAD]) == ("IMOC", "TLOC")
    assert pack.duties[Duty.BRIEF_LEADERS][0] is RoleKey.COMMAND


@pytest.mark.ledger("S3-03", "S3-04", "S3-05")
def test_imag_3_fills_three_roles_then_two_then_leaves_it_to_whoever_is_on_call() -> None:
    worst, second, third = shipped.pack("imag-3").levels
    core = {RoleKey.COMMAND, RoleKey.OPERATIONS, RoleKey.COMMUNICATIONS}
    assert set(worst.roles_required) == core
    assert worst.notify == ("leadership", "role:communications")
    assert worst.clocks.engage is not None
    assert set(second.roles_required) == {RoleKey.COMMAND, RoleKey.OPERATIONS}
    assert second.page == ("on_call",)
    assert (third.page, third.notify, third.apart) == (("on_call",), (), ())


@pytest.mark.ledger("S4-01", "S4-02", "S4-03", "S4-04")
def test_devops_4_restores_within_an_hour_four_hours_a_day_and_a_week() -> None:
    critical, high, medium, low = shipped.pack("devops-4").levels
    restore = [minutes(each.clocks.restore) for each in (critical, high, medium, low)]
    assert restore == [60, 240, 24 * 60, 7 * 24 * 60]
    assert critical.page == ("all_hands",)
    assert critical.notify == ("leadership",)
    assert critical.cadence[Audience.LEADERS] == timedelta(minutes=30)
    assert critical.public_update_required
    assert critical.war_room is Need.REQUIRED
    assert "senior" in high.page
    assert high.public_update_required
    assert (medium.page, medium.notify, medium.hours) == ((), ("owners",), Hours.BUSINESS)
    assert (low.page, low.notify, low.due_in) == ((), (), timedelta(days=7))
    assert not (medium.public_update_required)
    assert not (low.public_update_required)


@pytest.mark.ledger("S4-25")
def test_devops_4_calls_its_three_roles_as_its_text_does() -> None:
    pack = shipped.pack("devops-4")
    found = {role.label: role.key for role in pack.roles[:3]}
    assert found == {
        "Incident Commander": RoleKey.COMMAND,
        "Tech Lead": RoleKey.TECHNICAL_LEAD,
        "Scribe": RoleKey.SCRIBE,
    }
    assert pack.cause_asked
    assert not any(shipped.pack(name).cause_asked for name in SHIPPED if name != "devops-4")


def test_pagerduty_5_tells_customers_within_five_minutes_and_every_twenty() -> None:
    first, second, *_ = shipped.pack("pagerduty-5").levels
    assert [each.label for each in shipped.pack("pagerduty-5").levels] == [
        f"SEV-{n}" for n in range(1, 6)
    ]
    for each in (first, second):
        assert each.first_update == timedelta(minutes=5)
        assert each.cadence[Audience.CUSTOMERS] == timedelta(minutes=20)
    assert (first.postmortem_due, second.postmortem_business_days) == (timedelta(days=3), 5)
    assert shipped.pack("pagerduty-5").limits.mark_every == timedelta(minutes=10)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_duty_has_one_who_answers_and_one_who_stands_in(name: str) -> None:
    pack = shipped.pack(name)
    assert set(pack.duties) == set(Duty)
    for holders in pack.duties.values():
        assert len(holders) == len(set(holders)) >= 2
    assert pack.duties[Duty.DOCUMENT] == (RoleKey.SCRIBE, RoleKey.COMMAND)
    assert pack.duties[Duty.COMMUNICATE_PUBLIC] == (RoleKey.COMMUNICATIONS, RoleKey.COMMAND)


@pytest.mark.parametrize("name", SHIPPED)
def test_losing_data_always_asks_for_a_postmortem(name: str) -> None:
    required = [trigger.name for trigger in shipped.pack(name).triggers if trigger.required]
    assert "data_loss" in required


@pytest.mark.parametrize("name", SHIPPED)
def test_every_limit_but_one_is_a_time_that_passes(name: str) -> None:
    limits = shipped.pack(name).limits
    zero = [each for each in LIMIT_FIELDS if not getattr(limits, each)]
    assert zero == ["task_overdue_grace"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_level_but_those_of_public_practice_cites_its_rows(name: str) -> None:
    pack: Pack = shipped.pack(name)
    assert all(bool(each.cites) is (name != "pagerduty-5") for each in pack.levels)
    assert [each.rank for each in pack.levels] == sorted({each.rank for each in pack.levels})
