"""Stories of climbs: who is asked, after how long, and who is asked last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.alerts import actions as alerts
from holdfast.catalog import actions as catalog
from holdfast.catalog.model import Connection, Service
from holdfast.escalation import actions as escalation
from holdfast.escalation import queries
from holdfast.escalation.model import (
    EscalationState,
    LastResortPaged,
    NotClimbing,
    Policy,
    Step,
    StepMoved,
    Target,
)
from holdfast.guardrails.model import RefusedByInput
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.errors import Conflict, Invalid, NotFound
from holdfast.people import actions as people
from holdfast.people.model import Team
from holdfast.people.permissions import NotPermitted
from holdfast.schedules import actions as schedules
from holdfast.sdk import Urgency
from holdfast.storage.database import Database
from tests.support.story import MINUTE, Story, person, policy_of, two_steps, user, weekly

HOUR = 60 * MINUTE


@pytest.fixture
def climbing(database: Database) -> Story:
    return Story(database)


@pytest.mark.ledger("S4-83", "S4-84")
def test_a_silent_climb_asks_one_after_the_other_and_the_last_resort_at_the_end(
    story: Story,
) -> None:
    subject = story.opens()
    story.pass_time(HOUR)
    assert story.said() == [
        "+0m ana@phone", "+2m ana@mail",
        "+5m bo@phone", "+7m bo@mail",
        "+20m cy@phone", "+22m cy@mail",
    ]  # fmt: skip
    assert story.climb(subject).state is EscalationState.EXHAUSTED


def test_every_rung_of_a_climb_is_on_the_timeline_with_its_reason(story: Story) -> None:
    subject = story.opens()
    story.pass_time(HOUR)
    assert story.events(subject) == [
        "alert.triggered",
        "escalation.started",
        "escalation.step_reached",
        "escalation.step_reached",
        "escalation.last_resort_paged",
        "escalation.exhausted",
    ]
    reached = [e.data for e in story.recorded(subject) if e.kind == "escalation.step_reached"]
    assert [(data["step"], data["people"]) for data in reached] == [(0, ["ana"]), (1, ["bo"])]
    assert reached[0]["because"] == "step 1 of policy payments: schedule:primary"


@pytest.mark.parametrize(
    ("repeat", "asked"),
    [
        (0, ["+0m ana@phone", "+5m cy@phone"]),
        (1, ["+0m ana@phone", "+5m ana@phone", "+10m cy@phone"]),
        (2, ["+0m ana@phone", "+5m ana@phone", "+10m ana@phone", "+15m cy@phone"]),
    ],
)
def test_a_policy_repeats_as_often_as_it_says(
    climbing: Story, repeat: int, asked: list[str]
) -> None:
    """Promises R40. The plan is climbed once, and `repeat` more times."""
    climbing.company(policy_of(("user:ana", 5), repeat=repeat))
    climbing.opens()
    climbing.pass_time(HOUR)
    assert [said for said in climbing.said() if said.endswith("phone")] == asked


def test_a_step_with_nobody_on_call_is_skipped_at_once_and_the_last_resort_is_paged_once(
    climbing: Story,
) -> None:
    """Promises R41: the wait of a step that reaches nobody is never waited for."""
    climbing.company(policy_of(("schedule:empty", 30), ("user:bo", 15)))
    subject = climbing.opens()
    climbing.drain()
    assert climbing.said() == ["+0m bo@phone", "+0m cy@phone"]
    skipped = [e for e in climbing.recorded(subject) if e.kind == "escalation.step_skipped"]
    assert [(e.data["step"], e.data["why"]) for e in skipped] == [
        (0, "nobody is on call in schedule:empty")
    ]
    climbing.pass_time(HOUR)
    last = [e for e in climbing.recorded(subject) if e.kind == LastResortPaged.kind]
    assert [e.data["why"] for e in last] == [
        "step 1 reaches nobody: nobody is on call in schedule:empty",
        "nobody answered",
    ]


def test_a_policy_whose_steps_all_reach_nobody_pages_the_last_resort_once_and_is_over(
    climbing: Story,
) -> None:
    climbing.company(policy_of(("schedule:empty", 30), ("schedule:empty", 30), repeat=3))
    subject = climbing.opens()
    climbing.drain()
    assert climbing.said() == ["+0m cy@phone"]
    assert climbing.events(subject).count(LastResortPaged.kind) == 1
    assert climbing.climb(subject).state is EscalationState.EXHAUSTED


@pytest.mark.parametrize(
    ("team", "asked"),
    [
        (Team("payments", "Payments", "bo", ("ana", "bo", "cy")), ["bo"]),
        (Team("payments", "Payments", None, ("ana", "cy")), ["ana", "cy"]),
        (Team("payments", "Payments", None, ()), ["root"]),
    ],
)
def test_without_a_last_resort_of_its_own_a_policy_ends_with_lead_members_or_admins(
    climbing: Story, team: Team, asked: list[str]
) -> None:
    climbing.company(policy_of(("schedule:empty", 5), last=None))
    climbing.act("root", lambda tx: people.save_user(tx, user("root", role=Role.ADMIN)),
                 role=Role.ADMIN)  # fmt: skip
    climbing.act("root", lambda tx: people.save_team(tx, team), role=Role.ADMIN)
    climbing.opens()
    climbing.drain()
    assert climbing.said() == [f"+0m {name}@phone" for name in asked]


def test_a_last_resort_without_a_contact_method_falls_to_the_admins(story: Story) -> None:
    story.act("root", lambda tx: people.save_user(tx, user("root", role=Role.ADMIN)),
              role=Role.ADMIN)  # fmt: skip
    story.act("root", lambda tx: people.save_methods(tx, "cy", ()), role=Role.ADMIN)
    story.opens()
    story.pass_time(HOUR)
    assert story.said()[-2:] == ["+20m root@phone", "+22m root@mail"]


def test_a_disabled_person_is_skipped_with_the_reason(story: Story) -> None:
    story.act("root", lambda tx: people.disable_user(tx, "ana"), role=Role.ADMIN)
    subject = story.opens()
    story.drain()
    assert story.said() == ["+0m bo@phone", "+0m cy@phone"]
    skipped = next(e for e in story.recorded(subject) if e.kind == "escalation.step_skipped")
    assert skipped.data["why"] == "ana is disabled"


def test_a_person_named_twice_in_a_step_is_paged_once(climbing: Story) -> None:
    """Promises R27: by schedule, by name and by team, and still one page."""
    climbing.company(policy_of(("schedule:primary user:ana team:payments", 5)))
    climbing.opens()
    climbing.drain()
    assert climbing.said() == ["+0m ana@phone", "+0m bo@phone", "+0m cy@phone"]


def test_a_plan_is_frozen_when_the_climb_begins(story: Story) -> None:
    """Promises R36: an edit changes the next alert, never one that is open."""
    story.opens()
    story.drain()
    edited = policy_of(("user:cy", 1), ("user:cy", 1))
    story.act("root", lambda tx: escalation.save_policy(tx, edited), role=Role.MANAGER)
    story.pass_time(6 * MINUTE)
    assert story.said() == ["+0m ana@phone", "+2m ana@mail", "+5m bo@phone"]
    story.heard.clear()
    story.fires("another")
    story.drain()
    assert story.said() == ["+6m cy@phone"]


@pytest.mark.ledger("S4-83")
def test_whoever_is_on_call_when_a_step_is_reached_is_paged(climbing: Story) -> None:
    """The plan names the schedule; who that is, is asked at the instant itself."""
    climbing.company(policy_of(("user:cy", 5), ("schedule:primary", 5)))
    climbing.opens()
    climbing.drain()
    handed = weekly("primary", ("bo", "ana", "cy"))
    climbing.act("root", lambda tx: schedules.save(tx, handed), role=Role.MANAGER)
    climbing.pass_time(5 * MINUTE)
    assert "+5m bo@phone" in climbing.said()
    assert "+5m ana@phone" not in climbing.said()


def test_a_schedule_a_team_or_a_policy_that_is_deleted_mid_climb_stops_no_climb(
    climbing: Story,
) -> None:
    """Promises R37: what is gone is skipped with its reason, at once."""
    climbing.company()
    with climbing.database.begin(SYSTEM) as tx:
        schedules.save(tx, weekly("second", ("bo",)))
        people.save_team(tx, Team("extra", "Extra", "bo", ("bo",)))
        plan = policy_of(("user:ana", 5), ("schedule:second", 5), ("team:extra", 5))
        escalation.save_policy(tx, plan)
    subject = climbing.opens()
    climbing.drain()
    with climbing.database.begin(SYSTEM) as tx:
        schedules.delete(tx, "second", used_by=[])
        people.delete_team(tx, "extra")
        escalation.delete_policy(tx, "payments", used_by=[])
    climbing.pass_time(HOUR)
    assert [said for said in climbing.said() if "phone" in said] == [
        "+0m ana@phone",
        "+5m cy@phone",
    ]
    skipped = [e.data["why"] for e in climbing.recorded(subject) if "skipped" in e.kind]
    assert skipped == ["nobody is on call in schedule:second", "team:extra has no members"]


def test_a_service_whose_policy_is_gone_still_pages_its_team(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        escalation.delete_policy(tx, "payments", used_by=[])
    story.opens()
    story.drain()
    assert story.said() == ["+0m ana@phone"]  # the lead of the team, as the last resort


@pytest.mark.ledger("S4-73", "S1-25")
def test_escalating_pages_the_next_step_now(story: Story) -> None:
    subject = story.opens()
    story.drain()
    story.act("ana", lambda tx: alerts.escalate(tx, subject))
    story.drain()
    assert story.said() == ["+0m ana@phone", "+0m bo@phone"]
    story.pass_time(15 * MINUTE)
    assert "+15m cy@phone" in story.said()  # the wait counts from the step that was hurried to


def test_two_people_who_escalate_at_once_escalate_once(story: Story) -> None:
    """Promises R34: only from the step that the person saw."""
    subject = story.opens()
    story.drain()
    seen = story.climb(subject).step
    story.act("ana", lambda tx: alerts.escalate(tx, subject, from_step=seen))
    with pytest.raises(StepMoved):
        story.act("bo", lambda tx: alerts.escalate(tx, subject, from_step=seen))
    story.drain()
    assert story.said() == ["+0m ana@phone", "+0m bo@phone"]


def test_nobody_is_left_to_escalate_to_once_a_climb_is_over(story: Story) -> None:
    subject = story.opens()
    story.pass_time(HOUR)
    with pytest.raises(NotClimbing):
        story.act("ana", lambda tx: alerts.escalate(tx, subject))


def test_a_climb_that_our_own_code_cannot_go_on_with_pages_the_last_resort(story: Story) -> None:
    subject = story.opens()
    with story.database.begin(SYSTEM) as tx:
        escalation.rescue(tx, subject)
    story.drain()
    assert "+0m cy@phone" in story.said()
    last = next(e for e in story.recorded(subject) if e.kind == LastResortPaged.kind)
    assert last.data["why"] == "Holdfast could not climb the policy"


@pytest.mark.ledger("S1-34")
def test_a_policy_that_ends_with_nobody_is_refused_with_its_remedy(climbing: Story) -> None:
    nobody = Team("ghosts", "Ghosts")
    with climbing.database.begin(SYSTEM) as tx:
        people.save_team(tx, nobody)
        people.save_user(tx, user("ana"))
        with pytest.raises(RefusedByInput) as refused:
            escalation.check_final_level(
                tx, policy_of(("user:ana", 5), last=None), used_by="checkout", team="ghosts"
            )
    assert refused.value.code == "NO_FINAL_LEVEL"
    assert "last_resort" in (refused.value.remedy or "")
    assert "used by checkout" in refused.value.detail


@pytest.mark.ledger("S1-34")
@pytest.mark.parametrize("last", ["user:ana", "schedule:primary", "team:payments"])
def test_a_policy_that_ends_with_somebody_passes(story: Story, last: str) -> None:
    with story.database.begin(SYSTEM) as tx:
        policy = policy_of(("user:ana", 5), last=last)
        escalation.check_final_level(tx, policy, used_by=None, team=None)


@pytest.mark.ledger("S1-34")
def test_a_last_resort_of_disabled_people_only_is_refused(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.disable_user(tx, "cy")
        with pytest.raises(RefusedByInput):
            escalation.check_final_level(tx, two_steps(), used_by=None, team=None)


@pytest.mark.parametrize(
    "odd",
    [
        Policy("p", ()),
        Policy("p", (Step((), MINUTE),)),
        Policy("p", (Step((Target.parse("user:ana"),), timedelta(seconds=1)),)),
        Policy("p", (Step((Target.parse("user:ana"),), timedelta(days=8)),)),
        Policy("p", (Step((Target.parse("user:ana"),), MINUTE),), repeat=21),
        Policy("p", (Step((Target.parse("user:ana"),), MINUTE),), repeat=-1),
        Policy("No Slug", (Step((Target.parse("user:ana"),), MINUTE),)),
        Policy("p", (Step((Target.parse("user:ana"),) * 21, MINUTE),)),
        Policy("p", (Step((Target.parse("user:ana"),), MINUTE),) * 31),
    ],
)
def test_a_policy_outside_its_limits_is_refused(story: Story, odd: Policy) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(Invalid):
        escalation.save_policy(tx, odd)


@pytest.mark.parametrize("target", ["user:nobody", "team:nobody", "schedule:nobody"])
def test_a_policy_cannot_name_what_does_not_exist(story: Story, target: str) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(NotFound):
        escalation.save_policy(tx, policy_of((target, 5)))


@pytest.mark.parametrize("text", ["ana", "user:", "pager:ana", "", "USER:ana"])
def test_a_target_that_cannot_be_read_says_how_to_write_one(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Target.parse(text)
    assert "schedule:ID" in (refused.value.remedy or "")


def test_a_policy_in_use_is_not_deleted(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(Conflict):
        escalation.delete_policy(tx, "payments", used_by=["checkout"])


def test_a_responder_may_not_edit_policies(story: Story) -> None:
    with story.database.begin(person("ana")) as tx, pytest.raises(NotPermitted):
        escalation.save_policy(tx, two_steps())


def test_a_saved_policy_comes_back_as_it_was(story: Story) -> None:
    written = policy_of(("user:ana team:payments", 5), ("schedule:primary", 90), repeat=2)
    with story.database.begin(SYSTEM) as tx:
        escalation.save_policy(tx, written)
    with story.database.begin(SYSTEM) as tx:
        assert queries.policy(tx, "payments") == written


def test_low_urgency_uses_the_ladder_for_low_urgency(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        catalog.save_service(tx, Service("s", "S", "payments", "payments"))
        catalog.save_connection(tx, Connection("quiet", "generic", "s"))
        escalation.start(tx, "al_x", "payments", team=None, urgency=Urgency.LOW)
    assert story.climb("al_x").urgency == "low"
