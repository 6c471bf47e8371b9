"""Start, climb, hurry and stop escalations; save policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from holdfast.escalation import machine, queries, store
from holdfast.escalation.guardrails import RULES, LastResortFacts
from holdfast.escalation.machine import Climbed
from holdfast.escalation.model import (
    REPEAT_MAX,
    STEPS_MAX,
    TARGETS_MAX,
    WAIT_MAX,
    WAIT_MIN,
    Escalation,
    EscalationExhausted,
    EscalationStarted,
    EscalationState,
    EscalationStepReached,
    EscalationStepSkipped,
    EscalationStopped,
    LastResortPaged,
    NotClimbing,
    Plan,
    Policy,
    PolicySaved,
    Step,
    StepMoved,
    Target,
    TargetKind,
)
from holdfast.guardrails.actions import uphold
from holdfast.kernel.errors import Conflict, Invalid
from holdfast.kernel.ids import slug
from holdfast.kernel.names import check_name
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.paging import queries as pages
from holdfast.paging.actions import Demand
from holdfast.paging.model import Page, PageState, PageUnreachable
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.schedules import queries as schedules
from holdfast.sdk import Urgency
from holdfast.storage import duties

ESCALATION = "escalation"  # the kind of its timer


def start(
    tx: Tx, subject: str, policy_id: str, *, team: str | None, urgency: Urgency,
    first: Step | None = None,
) -> None:  # fmt: skip
    """Begins a climb, with the plan frozen as it is now. The first step is due at once.

    `first` is paged before the policy's own steps: the person an alert was handed to.
    """
    plan = _freeze(tx, policy_id, team, first)
    store.begin(tx, Escalation(subject, plan, urgency.value, look_again_at=tx.now))
    tx.record(
        EscalationStarted(
            subject, plan.policy, len(plan.steps), tuple(str(t) for t in plan.last_resort)
        )
    )
    tx.set_timer(ESCALATION, subject, tx.now)


def look_ahead(tx: Tx, subjects: Sequence[str]) -> None:
    """Reads at once what `advance` asks of each: a storm climbs many at one instant."""
    store.take_ahead(tx, subjects)
    paging.look_ahead(tx, subjects)


def advance(tx: Tx, subject: str) -> None:
    """Climbs to the next step that reaches somebody. The answer to an ESCALATION timer."""
    escalation = store.take(tx, subject)
    if escalation is None or escalation.state is not EscalationState.CLIMBING:
        return
    rescued = False  # at one instant the last resort is paged once, however many steps are empty
    for _ in range(machine.steps_left(escalation) + 1):
        move = machine.climb(escalation, tx.now)
        if not isinstance(move, Climbed):
            _finish(tx, move.next, rescued=rescued)
            return
        reached = queries.reachable_people(tx, move.step.page, tx.now)
        if reached:
            _page_step(tx, move, reached)
            return
        escalation, rescued = _skip_step(tx, move, rescued=rescued)


def hurry(tx: Tx, subject: str, *, from_step: int | None = None) -> None:
    """Climbs now instead of waiting. Raises NotClimbing; StepMoved where it moved meanwhile."""
    escalation = store.take(tx, subject)
    if escalation is None or escalation.state is not EscalationState.CLIMBING:
        raise NotClimbing(remedy="Reassign the alert to page somebody again.")
    if from_step is not None and from_step != escalation.step:
        raise StepMoved(remedy="Look again: the next step is paged already.")
    advance(tx, subject)


def stop(tx: Tx, subject: str, why: str) -> None:
    """Nobody more is paged for this subject, and open pages about it close (promises P11)."""
    escalation = store.take(tx, subject)
    if escalation is not None and escalation.state is not EscalationState.STOPPED:
        store.save(tx, replace(escalation, state=EscalationState.STOPPED, look_again_at=None))
        tx.record(EscalationStopped(subject, why))
    tx.drop_timer(ESCALATION, subject)
    paging.close_for(tx, subject, why)


def hurry_past(tx: Tx, page_id: str) -> None:
    """Whoever has this page leaves it to the next step: at once, unless that is paged already."""
    asked = pages.page(tx, page_id)
    climb = store.take(tx, asked.subject)
    if climb is None or climb.state is not EscalationState.CLIMBING:
        return
    if asked.step is None or (asked.round, asked.step + 1) == (climb.round, climb.step):
        tx.set_timer(ESCALATION, asked.subject, tx.now)


def on_page_unreachable(tx: Tx, event: PageUnreachable) -> None:
    """The person cannot be reached: when nobody else of the step is asked either, go on at once.

    Where the last resort was the last to be asked, the admins are.
    """
    lost = pages.page(tx, event.subject)
    together = [
        page
        for page in pages.about(tx, [event.about])
        if page.state is PageState.OPEN
        and (page.step, page.round) == (lost.step, lost.round)
        and not pages.is_unreachable(tx, page)
    ]
    if together:
        return
    climb = store.take(tx, event.about)
    if climb is not None and lost.step is None and _climbs_no_more(tx, climb):
        _page_admins(tx, climb, lost)
    else:
        hurry_past(tx, lost.id)


def rescue(tx: Tx, subject: str) -> None:
    """Our own code failed on this climb three times: page the last resort without it."""
    escalation = store.take(tx, subject)
    if escalation is not None and escalation.state is EscalationState.CLIMBING:
        _page_last_resort(tx, escalation, "Holdfast could not climb the policy")


def save_policy(tx: Tx, policy: Policy) -> None:
    """Creates or changes a policy. Refuses one that ends with nobody (NO_FINAL_LEVEL)."""
    permissions.require(tx.actor, "policies.edit")
    _check(tx, policy)
    before = queries.policies(tx).get(policy.id)
    if before != policy:
        store.save_policy(tx, policy)
        tx.forget()
        tx.record(PolicySaved(policy.id, fields=("steps", "repeat", "last_resort")))


def check_final_level(tx: Tx, policy: Policy, *, used_by: str | None, team: str | None) -> None:
    """Enforces NO_FINAL_LEVEL for one use of a policy (ledger S1-34)."""
    users = people.users(tx)
    names = [
        name
        for target in queries.last_resort(tx, policy, team)
        for name in _everyone_in(tx, target)
        if name in users and users[name].disabled_at is None
    ]
    uphold(tx, RULES, LastResortFacts(policy.id, used_by, tuple(names)), about=policy.id)


def delete_policy(tx: Tx, policy_id: str, *, used_by: list[str]) -> None:
    """Removes a policy that no service uses; open climbs keep their frozen plan."""
    permissions.require(tx.actor, "policies.edit")
    queries.policy(tx, policy_id)
    if used_by:
        raise Conflict(
            f"{policy_id} is used by {', '.join(used_by[:5])}.",
            remedy="Give these services another policy first.",
        )
    store.delete_policy(tx, policy_id)
    tx.forget()
    tx.record(PolicySaved(policy_id, fields=("deleted",)))


def forget(tx: Tx, subjects: list[str]) -> None:
    """Removes the climbs of these subjects (retention)."""
    store.delete_climbs(tx, subjects)


def _freeze(tx: Tx, policy_id: str, team: str | None, first: Step | None) -> Plan:
    # A policy that is gone must not keep a page from leaving: the default last resort is left.
    policy = queries.policies(tx).get(policy_id, Policy(policy_id, ()))
    steps = (first, *policy.steps) if first is not None else policy.steps
    return Plan(policy.id, steps, policy.repeat, queries.last_resort(tx, policy, team))


def _page_step(tx: Tx, move: Climbed, reached: list[str]) -> None:
    escalation = move.next
    store.save(tx, escalation)
    tx.set_timer(ESCALATION, escalation.subject, move.look_again)
    because = _because(move)
    targets = tuple(str(target) for target in move.step.page)
    tx.record(
        EscalationStepReached(
            escalation.subject, move.number, escalation.round, targets, tuple(reached), because,
            move.look_again,
        )
    )  # fmt: skip
    for name in reached:
        paging.page(
            tx, name, Demand(escalation.subject, Urgency(escalation.urgency), because,
                             move.number, escalation.round),
        )  # fmt: skip


def _skip_step(tx: Tx, move: Climbed, *, rescued: bool) -> tuple[Escalation, bool]:
    escalation = machine.skip(move, tx.now)
    why = queries.why_nobody(tx, move.step.page, tx.now)
    targets = tuple(str(target) for target in move.step.page)
    tx.record(
        EscalationStepSkipped(escalation.subject, move.number, escalation.round, targets, why)
    )
    if not rescued and escalation.rescued_round < escalation.round:
        _page_last_resort(tx, escalation, f"step {move.number + 1} reaches nobody: {why}")
        rescued = True
    if rescued:
        escalation = replace(escalation, rescued_round=escalation.round)
    return escalation, rescued


def _finish(tx: Tx, finished: Escalation, *, rescued: bool) -> None:
    store.save(tx, finished)
    if not rescued:
        _page_last_resort(tx, finished, "nobody answered")
    tx.record(EscalationExhausted(finished.subject, finished.round + 1))


def _page_last_resort(tx: Tx, escalation: Escalation, why: str) -> None:
    targets: tuple[Target, ...] = escalation.plan.last_resort
    if not queries.reachable_people(tx, targets, tx.now):
        # The last resort itself cannot be reached: an admin must know, whoever that is.
        targets = tuple(Target(TargetKind.USER, admin.id) for admin in people.admins(tx))
    _page_as_last(tx, escalation, targets, why)


def _page_as_last(tx: Tx, escalation: Escalation, targets: Sequence[Target], why: str) -> None:
    reached = queries.reachable_people(tx, targets, tx.now)
    tx.record(
        LastResortPaged(escalation.subject, tuple(str(t) for t in targets), tuple(reached), why)
    )
    demand = Demand(
        escalation.subject, Urgency(escalation.urgency), f"last resort: {why}",
        step=None, round=escalation.round,
    )  # fmt: skip
    for name in reached:
        paging.page(tx, name, demand)


def _climbs_no_more(tx: Tx, climb: Escalation) -> bool:
    """True at the end of the plan, and where our own code fails: hurrying would rescue for ever."""
    parked = any(
        (kind, subject) == (ESCALATION, climb.subject)
        for kind, subject, _, _ in duties.parked_timers(tx)
    )
    return parked or climb.state is EscalationState.EXHAUSTED


def _page_admins(tx: Tx, climb: Escalation, lost: Page) -> None:
    """The last resort has no door that works: an admin who was not asked yet must know."""
    asked = {page.user for page in pages.about(tx, [climb.subject]) if page.round == lost.round}
    targets = [
        Target(TargetKind.USER, admin.id) for admin in people.admins(tx) if admin.id not in asked
    ]
    if queries.reachable_people(tx, targets, tx.now):
        why = f"{lost.user}, the last resort, cannot be reached"
        _page_as_last(tx, climb, targets, why)


def _because(move: Climbed) -> str:
    targets = ", ".join(str(target) for target in move.step.page)
    again = f", round {move.next.round + 1}" if move.next.round else ""
    return f"step {move.number + 1} of policy {move.next.plan.policy}{again}: {targets}"


def _everyone_in(tx: Tx, target: Target) -> list[str]:
    if target.kind is TargetKind.SCHEDULE:
        return schedules.members(tx, target.id)
    return queries.people_of(tx, target, tx.now)


def _check(tx: Tx, policy: Policy) -> None:
    slug(policy.id)
    if policy.name:
        check_name(policy.name)
    if not 0 < len(policy.steps) <= STEPS_MAX:
        raise Invalid(f"A policy has 1 to {STEPS_MAX} steps.", fields={"steps": "none"})
    if not 0 <= policy.repeat <= REPEAT_MAX:
        raise Invalid(f"A policy repeats 0 to {REPEAT_MAX} times.", fields={"repeat": "0 to 20"})
    for number, step in enumerate(policy.steps, 1):
        if not 0 < len(step.page) <= TARGETS_MAX:
            raise Invalid(f"Step {number} pages nobody.", fields={"page": "name a target"})
        if not WAIT_MIN <= step.wait <= WAIT_MAX:
            raise Invalid(f"Step {number} waits 10s to 7d.", fields={"wait": "10s to 7d"})
    for target in (*policy.last_resort, *(t for step in policy.steps for t in step.page)):
        _check_target(tx, target)


def _check_target(tx: Tx, target: Target) -> None:
    match target.kind:
        case TargetKind.USER:
            people.user(tx, target.id)
        case TargetKind.TEAM:
            people.team(tx, target.id)
        case TargetKind.SCHEDULE:
            schedules.schedule(tx, target.id)
