"""A rehearsed climb says what production then does, and names what would go wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from holdfast.escalation import queries as escalation
from holdfast.escalation.actions import save_policy
from holdfast.escalation.model import Plan, Policy, Step, Target, TargetKind
from holdfast.escalation.rehearse import Company, Rehearsed, rehearse
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people_actions
from holdfast.people import queries as people
from holdfast.people.model import Method, Rung, User
from holdfast.schedules import actions as schedules
from holdfast.sdk import Severity, Urgency
from tests.support.database import opened
from tests.support.story import MINUTE, Story, two_steps, user, weekly


@dataclass(frozen=True)
class Asking:
    """The production resolver, bound to a transaction."""

    tx: Tx

    def reachable(self, targets: Sequence[Target], at: datetime) -> list[str]:
        return escalation.reachable_people(self.tx, targets, at)

    def why_nobody(self, targets: Sequence[Target], at: datetime) -> str:
        return escalation.why_nobody(self.tx, targets, at)


@pytest.fixture
def story() -> Iterator[Story]:
    with opened() as database:
        yield Story(database).company()


def rehearsed(
    story: Story, urgency: Urgency = Urgency.HIGH, notifiers: Collection[str] = ("fake",)
) -> Rehearsed:
    with story.database.read(SYSTEM) as tx:
        policy = escalation.policy(tx, "payments")
        plan = Plan(
            policy.id,
            policy.steps,
            policy.repeat,
            escalation.last_resort(tx, policy, "payments"),
        )
        admins = tuple(Target(TargetKind.USER, admin.id) for admin in people.admins(tx))
        company = Company(Asking(tx), people.users(tx), admins, notifiers)
        return rehearse(plan, urgency, tx.now, company)


def said(story: Story, found: Rehearsed) -> list[tuple[timedelta, str]]:
    return [(ring.at - story.start, ring.method.address) for ring in found.rings]


def heard(story: Story) -> list[tuple[timedelta, str]]:
    return [(heard.at - story.start, heard.address) for heard in story.heard]


def words(found: Rehearsed) -> list[str]:
    return [problem.words for problem in found.problems]


def change(story: Story, act: Callable[[Tx], object]) -> None:
    with story.database.begin(SYSTEM) as tx:
        act(tx)


def set_policy(story: Story, *steps: Step, repeat: int = 0, last: str = "user:cy") -> None:
    policy = Policy("payments", steps, repeat, (Target.parse(last),))
    change(story, lambda tx: save_policy(tx, policy))


def step(*targets: str, wait: timedelta = 5 * MINUTE) -> Step:
    return Step(tuple(Target.parse(target) for target in targets), wait)


@pytest.mark.ledger("S1-27", "S4-59")
def test_everybody_is_rung_when_the_policy_and_their_own_rules_say_so(story: Story) -> None:
    found = rehearsed(story)
    assert said(story, found) == [
        (timedelta(), "ana@phone"),
        (2 * MINUTE, "ana@mail"),
        (5 * MINUTE, "bo@phone"),
        (7 * MINUTE, "bo@mail"),
        (20 * MINUTE, "cy@phone"),
        (22 * MINUTE, "cy@mail"),
    ]
    assert [ring.step for ring in found.rings] == [0, 0, 1, 1, None, None]
    assert found.last_resort == ("cy",)
    assert found.over_at == story.start + 20 * MINUTE


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.INFO])
@pytest.mark.parametrize(
    ("steps", "repeat"),
    [
        (two_steps().steps, 0),
        (two_steps().steps, 2),
        ((step("schedule:night"), step("user:bo", wait=MINUTE)), 1),
        ((step("user:ana", "team:payments", wait=MINUTE), step("user:ana")), 1),
        ((step("schedule:night"), step("schedule:night"), step("schedule:night")), 2),
        ((step("user:cy", wait=MINUTE), step("schedule:night")), 0),
    ],
    ids=["plain", "repeated", "gap-first", "overlapping", "gaps-only", "gap-last"],
)
@pytest.mark.ledger("S1-27", "S4-59")
def test_production_then_rings_the_same_people_at_the_same_instants(
    story: Story, steps: tuple[Step, ...], repeat: int, severity: Severity
) -> None:
    change(story, lambda tx: schedules.save(tx, weekly("night", (None,))))
    set_policy(story, *steps, repeat=repeat)
    urgency = Urgency.HIGH if severity is Severity.CRITICAL else Urgency.LOW
    found = rehearsed(story, urgency)
    story.fires(severity=severity)
    story.pass_time(timedelta(hours=3))
    assert sorted(said(story, found)) == sorted(heard(story))
    assert heard(story), "somebody is always rung"


def test_why_somebody_would_be_rung_is_what_their_page_will_say(story: Story) -> None:
    change(story, lambda tx: schedules.save(tx, weekly("night", (None,))))
    set_policy(story, step("schedule:night"), step("user:bo"), repeat=1)
    found = rehearsed(story)
    story.fires()
    story.pass_time(timedelta(hours=1))
    in_pages = {str(h.message.payload["page"]["because"]) for h in story.heard}  # type: ignore[index]  # it is JSON
    assert {ring.because for ring in found.rings} == in_pages


def test_a_step_that_reaches_nobody_is_a_gap_with_its_reason(story: Story) -> None:
    change(story, lambda tx: schedules.save(tx, weekly("night", (None,))))
    set_policy(story, step("user:ana"), step("schedule:night"))
    gaps = [problem for problem in rehearsed(story).problems if problem.gap]
    assert len(gaps) == 1
    assert gaps[0].words == (
        "Step 2 reaches nobody: nobody is on call in schedule:night. It is skipped at once, and"
        " the last resort is paged."
    )
    assert gaps[0].step == 1
    assert gaps[0].at == story.start + 5 * MINUTE


def test_a_part_of_a_step_that_reaches_nobody_is_named_too(story: Story) -> None:
    change(story, lambda tx: schedules.save(tx, weekly("night", (None,))))
    set_policy(story, step("schedule:night", "user:ana"))
    assert "A part of step 1 reaches nobody: nobody is on call in schedule:night." in words(
        rehearsed(story)
    )


def test_the_same_problem_is_said_once_however_often_the_plan_repeats(story: Story) -> None:
    change(story, lambda tx: schedules.save(tx, weekly("night", (None,))))
    set_policy(story, step("schedule:night"), step("user:ana"), repeat=3)
    found = words(rehearsed(story))
    assert len(found) == len(set(found))


def test_a_last_resort_that_reaches_nobody_says_who_is_paged_instead(story: Story) -> None:
    change(story, lambda tx: people_actions.disable_user(tx, "cy"))
    found = rehearsed(story)
    assert found.last_resort == ()
    assert (
        "The last resort (user:cy) reaches nobody: cy is disabled; nobody at all is paged."
        in words(found)
    )


def test_contact_methods_that_may_fail_on_the_day_are_named(story: Story) -> None:
    found = words(rehearsed(story, notifiers=("other",)))
    assert "The contact method phone of Ana cannot work: there is no notifier fake." in found
    found = words(rehearsed(story))
    assert "The contact method phone of Ana was never proved by a test page." in found
    change(story, lambda tx: people_actions.note_trouble(tx, "ana", "phone", "number is dead"))
    found = words(rehearsed(story))
    assert "The contact method phone of Ana was refused the last time: number is dead." in found


def test_a_person_who_is_reached_late_is_said_to_be(story: Story) -> None:
    def sleepy(tx: Tx) -> None:
        rules = {Urgency.HIGH: (Rung(10 * MINUTE, "phone"),)}
        people_actions.save_user(tx, replace(user("ana"), rules=rules))

    change(story, sleepy)
    assert "Ana is first reached 10m after the page began." in words(rehearsed(story))


def test_no_more_rings_are_listed_than_can_be_shown() -> None:
    crowd = {
        f"u{number}": User(
            f"u{number}", f"U{number}", None, "UTC", user("ana").role,
            (Method("phone", "fake", "x"),),
        )
        for number in range(200)
    }  # fmt: skip
    everybody = step(*(f"user:{name}" for name in crowd))
    plan = Plan("crowd", (everybody,), 19, (Target.parse("user:u1"),))
    begins = datetime.fromisoformat("2026-11-16T09:00:00+00:00")
    found = rehearse(plan, Urgency.HIGH, begins, Company(Everybody(), crowd, (), {"fake"}))
    assert len(found.rings) == 2_000
    assert "2001 more calls follow that are not listed here." in words(found)


class Everybody:
    """Each target is a user who can be reached."""

    def reachable(self, targets: Sequence[Target], at: datetime) -> list[str]:
        return [target.id for target in targets]

    def why_nobody(self, targets: Sequence[Target], at: datetime) -> str:
        raise AssertionError("somebody is always reached")
