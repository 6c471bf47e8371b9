"""I2, I6 and I7: a climb goes step by step as its frozen plan says, to the people on call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from holdfast.escalation.model import Policy, Target
from holdfast.simulation import resolver
from holdfast.simulation.facts import Broken, ClimbFact, Facts, PageFact
from holdfast.timeline.event import Recorded

REASSIGNED_WAIT = timedelta(minutes=5)
RESCUES_MAX = 3  # of one climb, beyond its repeats, the people who push it and the admins


@dataclass(slots=True)
class Moves:
    """What one transaction does to climbs."""

    reassigned: dict[str, str] = field(default_factory=dict)
    escalated: set[str] = field(default_factory=set)
    early: dict[str, str] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)  # whom steps say they page
    place: dict[str, tuple[int, int] | None] = field(default_factory=dict)  # (round, step)


def see(facts: Facts, moves: Moves, event: Recorded) -> None:
    """Follows one event about a climb. Raises Broken where it is not what the plan says."""
    if event.kind == "escalation.started":
        facts.climbs[event.subject] = _frozen(facts, moves, event)
        return
    follow = _FOLLOW.get(event.kind)
    if follow is None:
        return
    climb = facts.climbs.get(event.subject)
    if climb is not None:
        follow(facts, moves, climb, event)


def settle(moves: Moves) -> None:
    """A step came before its time only because somebody asked for it."""
    for alert, words in moves.early.items():
        if alert not in moves.escalated:
            raise Broken("I7", words)


def hurry_past(facts: Facts, page: PageFact, at: datetime) -> None:
    """Whoever has the page leaves it to the next step, unless that was reached already."""
    climb = facts.climbs.get(page.about)
    if climb is None or climb.state != "climbing":
        return
    if page.place is None or page.place == (climb.round, climb.step - 1):
        climb.due = at


def check_late(facts: Facts, now: datetime) -> None:
    """No climbing escalation is further behind its next look than outages and faults excuse."""
    for name in facts.open_alerts:
        climb = facts.climbs.get(name)
        if climb is None or climb.state != "climbing" or climb.due > now:
            continue
        over = facts.health.late(climb.due, now).total_seconds()
        if climb.poisoned and climb.rescued_at is None and over > 30:
            raise Broken("R07", f"{name} cannot be climbed, and its last resort was not paged")
        if not climb.poisoned and over > 0:
            raise Broken("I2", f"{name} was to be climbed at {climb.due}, and is not at {now}")


def _frozen(facts: Facts, moves: Moves, event: Recorded) -> ClimbFact:
    alert = facts.alerts[event.subject]
    service = facts.directory.services.get(alert.service)
    name = service.policy if service is not None else ""
    if event.data["policy"] != name:
        raise Broken("I7", f"{alert.id} climbs {event.data['policy']} instead of {name}")
    policy = facts.directory.policies.get(name, Policy(name, ()))
    steps = [(tuple(str(t) for t in step.page), step.wait) for step in policy.steps]
    if event.subject in moves.reassigned:
        steps.insert(0, ((moves.reassigned.pop(event.subject),), REASSIGNED_WAIT))
    if event.data["steps"] != len(steps):
        raise Broken(
            "I7", f"{alert.id}: the plan has {event.data['steps']} steps, not {len(steps)}"
        )
    resort = resolver.last_resort(facts.directory, policy, service)
    if event.data["last_resort"] != [str(target) for target in resort]:
        raise Broken("I7", f"{alert.id}: the last resort is {event.data['last_resort']}")
    poisoned = event.subject in facts.poisoned
    return ClimbFact(steps, policy.repeat, resort, event.at, poisoned=poisoned)


def _step(facts: Facts, climb: ClimbFact, moves: Moves, event: Recorded) -> list[Target]:
    """The targets of the step that must come now. Raises Broken for any other."""
    where = f"{event.subject} step {event.data['step']} round {event.data['round']}"
    if climb.state != "climbing":
        raise Broken("I7", f"{where}: the climb is {climb.state}")
    if climb.step >= len(climb.steps) and climb.round < climb.repeat and climb.steps:
        climb.step, climb.round = 0, climb.round + 1
    if (event.data["step"], event.data["round"]) != (climb.step, climb.round):
        raise Broken("I7", f"{where}: step {climb.step} round {climb.round} was next")
    if climb.step >= len(climb.steps):
        raise Broken("I7", f"{where}: the plan has no such step")
    targets, _ = climb.steps[climb.step]
    if tuple(cast(list[str], event.data["targets"])) != targets:
        raise Broken("I7", f"{where}: it pages {event.data['targets']}, not {targets}")
    if event.at < climb.due:
        moves.early[event.subject] = f"{where}: at {event.at}, due at {climb.due}"
    return [Target.parse(text) for text in targets]


def _reached(facts: Facts, moves: Moves, climb: ClimbFact, event: Recorded) -> None:
    targets = _step(facts, climb, moves, event)
    people = resolver.reached(facts.directory, targets, event.at)
    if event.data["people"] != people or not people:
        raise Broken(
            "I6", f"{event.subject} pages {event.data['people']}; on call at {event.at}: {people}"
        )
    moves.asked.setdefault(event.subject, []).extend(people)
    moves.place[event.subject] = (climb.round, climb.step)
    _, wait = climb.steps[climb.step]
    climb.due, climb.step = event.at + wait, climb.step + 1
    climb.skipping = False
    if event.data["look_again_at"] != climb.due.isoformat():
        raise Broken("I7", f"{event.subject} looks again at {event.data['look_again_at']}")


def _skipped(facts: Facts, moves: Moves, climb: ClimbFact, event: Recorded) -> None:
    targets = _step(facts, climb, moves, event)
    people = resolver.reached(facts.directory, targets, event.at)
    if people or not event.data["why"]:
        raise Broken("I7", f"{event.subject} skips a step that reaches {people}")
    climb.due, climb.step, climb.skipping = event.at, climb.step + 1, True


def _rescued(facts: Facts, moves: Moves, climb: ClimbFact, event: Recorded) -> None:
    moves.place[event.subject] = None
    if climb.state == "exhausted" or (climb.poisoned and climb.rescued_at is not None):
        _admins_instead(facts, moves, climb, event)
        return
    people = resolver.reached(facts.directory, climb.last_resort, event.at)
    people = people or resolver.reached(facts.directory, resolver.admins(facts.directory), event.at)
    if event.data["people"] != people:
        raise Broken("I6", f"the last resort of {event.subject} is {people}, not {event.data}")
    moves.asked.setdefault(event.subject, []).extend(people)
    climb.rescued_at = event.at
    climb.rescues += 1


def _admins_instead(facts: Facts, moves: Moves, climb: ClimbFact, event: Recorded) -> None:
    """The last resort has no door that works, or a planted bug keeps the climb from going on."""
    people = cast(list[str], event.data["people"])
    admins = resolver.reached(facts.directory, resolver.admins(facts.directory), event.at)
    resort = resolver.reached(facts.directory, climb.last_resort, event.at)
    if not set(people) <= {*admins, *resort}:
        raise Broken("I6", f"{event.subject} pages {people} after its last resort")
    climb.rescues += 1
    if climb.rescues > climb.repeat + RESCUES_MAX + climb.pushed + len(admins):
        raise Broken("R39", f"{event.subject} pages its last resort {climb.rescues} times")
    moves.asked.setdefault(event.subject, []).extend(people)


def _exhausted(facts: Facts, moves: Moves, climb: ClimbFact, event: Recorded) -> None:
    if climb.steps and (climb.step < len(climb.steps) or climb.round < climb.repeat):
        raise Broken(
            "I7", f"{event.subject} gives up at step {climb.step} round {climb.round} of"
            f" {len(climb.steps)} steps and {climb.repeat} repeats"
        )  # fmt: skip
    if event.at < climb.due:
        moves.early[event.subject] = f"{event.subject} is exhausted before {climb.due}"
    if climb.rescued_at != event.at:
        raise Broken("I2", f"{event.subject} is exhausted without its last resort")
    climb.state, climb.skipping = "exhausted", False


def _stopped(facts: Facts, moves: Moves, climb: ClimbFact, event: Recorded) -> None:
    climb.state, climb.skipping = "stopped", False


def _reassigned(facts: Facts, moves: Moves, climb: ClimbFact, event: Recorded) -> None:
    moves.reassigned[event.subject] = str(event.data["to"])


def _escalated(facts: Facts, moves: Moves, climb: ClimbFact, event: Recorded) -> None:
    moves.escalated.add(event.subject)
    climb.pushed += 1


_FOLLOW: Mapping[str, Callable[[Facts, Moves, ClimbFact, Recorded], None]] = {
    "escalation.step_reached": _reached,
    "escalation.step_skipped": _skipped,
    "escalation.last_resort_paged": _rescued,
    "escalation.exhausted": _exhausted,
    "escalation.stopped": _stopped,
    "alert.reassigned": _reassigned,
    "alert.escalated": _escalated,
}
