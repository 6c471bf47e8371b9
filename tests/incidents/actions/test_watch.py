"""Clocks that run out: written down, and somebody hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.incidents import actions
from holdfast.incidents.actions import Move
from holdfast.incidents.model import Phase
from holdfast.kernel.actor import SYSTEM
from holdfast.people import actions as people
from holdfast.people.model import Team
from tests.support.incidents import clock, crewed, declares, moves, triaged
from tests.support.story import MINUTE, Story, user


def breaches(story: Story, name: str) -> list[str]:
    """The clocks of an incident that ran out, in order."""
    return [
        str(event.data["clock"])
        for event in story.recorded(name)
        if event.kind == "incident.clock_breached"
    ]


@pytest.mark.ledger("S2-53")
def test_at_fifteen_minutes_the_target_of_the_worst_level_is_missed_and_leaders_hear_it(
    story: Story,
) -> None:
    crewed(story)
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("lea"))
        people.save_team(tx, Team("leadership", "Leadership", "lea", ("lea",)))
    found = declares(story, severity="SEV0")
    story.pass_time(15 * MINUTE - timedelta(seconds=1))
    assert "restore" not in breaches(story, found.id)
    story.pass_time(timedelta(seconds=1))
    assert "restore" in breaches(story, found.id)
    told = {h.address for h in story.heard if "not restored in the time" in h.message.title}
    assert "lea@mail" in told
    kept = clock(story, found.id, "restore")
    assert kept is not None
    assert kept.breached_at == story.start + 15 * MINUTE
    assert kept.running


@pytest.mark.ledger("S2-02")
def test_nobody_at_work_in_time_is_a_breach_at_that_instant(story: Story) -> None:
    found = declares(story, severity="SEV2")
    within = found.level.clocks.engage
    assert within is not None
    story.pass_time(within)
    breach = next(
        event
        for event in story.recorded(found.id)
        if event.kind == "incident.clock_breached" and event.data["clock"] == "engage"
    )
    assert breach.at == story.start + within


def test_somebody_at_work_in_time_is_none(story: Story) -> None:
    found = declares(story, severity="SEV2")
    story.pass_time(5 * MINUTE)
    moved = moves(story, "ana", found.id, Phase.TRIAGE)
    assert moved.instants.engaged_at == story.start + 5 * MINUTE
    story.pass_time(30 * MINUTE)
    assert "engage" not in breaches(story, found.id)


def test_command_hears_when_the_verify_window_has_passed(story: Story) -> None:
    found = triaged(crewed(story), declares(story))
    moves(story, "ana", found.id, Phase.MITIGATING)
    moves(story, "ana", found.id, Phase.MONITORING, Move(mitigation="undone"))
    story.pass_time(found.level.verify_window)
    titles = [h.message.title for h in story.heard if h.address == "ana@mail"]
    assert any("The verify window has passed" in title for title in titles)
    assert "verify" not in breaches(story, found.id)


@pytest.mark.ledger("S4-23")
def test_where_nothing_helps_and_nobody_asks_for_more_people_they_are_paged_by_themselves(
    story: Story,
) -> None:
    found = triaged(crewed(story), declares(story, severity="SEV1", services=("checkout",)))
    asked = found.pack.limits.no_mitigation_after
    story.pass_time(asked)
    titles = [h.message.title for h in story.heard if found.number in h.message.title]
    assert any("is somebody else needed" in title for title in titles)
    story.pass_time(asked)
    reasons = [
        event.data for event in story.recorded(found.id) if event.kind == "incident.help_requested"
    ]
    assert reasons[-1]["target"] == "service:checkout"
    titles = [h.message.title for h in story.heard if found.number in h.message.title]
    assert any("more people are being paged" in title for title in titles)


@pytest.mark.ledger("S4-04")
def test_what_only_waits_in_the_backlog_asks_nobody_anything(story: Story) -> None:
    found = declares(story, severity="SEV4")
    story.drain()
    before = len(story.heard)
    story.pass_time(timedelta(hours=6))
    assert story.heard[before:] == []
    assert clock(story, found.id, "mark") is None


@pytest.mark.ledger("S1-10", "S4-03")
def test_what_is_answered_in_business_hours_has_its_clocks_in_business_hours(story: Story) -> None:
    """Nine hours of night are no part of the hour that somebody has to begin in."""
    story.pass_time(timedelta(hours=10))  # Monday 19:00, after the end of the working day
    found = declares(story, severity="SEV3")
    engage = clock(story, found.id, "engage")
    assert engage is not None
    assert found.level.clocks.engage == timedelta(hours=1)
    assert engage.due_at == story.start + timedelta(hours=25)


def test_after_the_end_no_clock_says_anything(story: Story) -> None:
    found = declares(story)
    moves(story, "ana", found.id, Phase.FALSE_ALARM, Move(reason="the probe"))
    story.drain()
    before = len(story.heard)
    story.pass_time(timedelta(hours=12))
    assert breaches(story, found.id) == []
    assert [h.message.title for h in story.heard[before:] if found.number in h.message.title] == []


@pytest.mark.ledger("S1-36")
def test_restored_in_time_the_target_is_not_missed_during_the_window(story: Story) -> None:
    found = triaged(crewed(story), declares(story, severity="SEV2"))
    target = found.level.clocks.restore
    assert target is not None
    moves(story, "ana", found.id, Phase.MITIGATING)
    story.clock.jump_to(story.start + target - MINUTE)
    moves(story, "ana", found.id, Phase.MONITORING, Move(mitigation="undone"))
    story.pass_time(30 * MINUTE)
    assert "restore" not in breaches(story, found.id)


def test_every_function_stands_for_a_clock_that_is_started_somewhere() -> None:
    assert {"restore", "engage", "ack", "verify", "reevaluate", "impact", "no_mitigation"} <= set(
        actions.watch.DUTIES
    )
