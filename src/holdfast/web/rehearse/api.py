"""Who would be rung for a service, how and when, if nobody answered. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from holdfast.catalog import queries as catalog
from holdfast.escalation import queries as escalation
from holdfast.escalation.model import Plan, Policy, Target, TargetKind
from holdfast.escalation.rehearse import Company, Problem, Rehearsed, Ring, rehearse
from holdfast.kernel.duration import format_duration
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.sdk import Urgency
from holdfast.web.context import ContextDep
from holdfast.web.instants import INSTANT_CHARS_MAX, read_instant
from holdfast.web.masking import masked
from holdfast.web.rest import Body, Name, row


class Rehearse(Body):
    """`at` is an instant, or `2026-12-25 03:00 Europe/Rome`; without it, now."""

    service: Name
    at: Annotated[str, Field(min_length=1, max_length=INSTANT_CHARS_MAX)] | None = None
    urgency: Urgency = Urgency.HIGH
    nobody_answers: Literal[True] = True


class RingShape(BaseModel):
    """One contact method that would be used."""

    after: str
    at: datetime
    who: str
    name: str
    how: str = Field(description="The contact method's own id.")
    kind: str
    address: str = Field(description="Masked.")
    step: int | None = Field(description="Counts from 1; null for the last resort.")
    round: int
    because: str


class ProblemShape(BaseModel):
    """What would go wrong. `gap` is true where nobody would be paged in time."""

    after: str
    at: datetime
    step: int | None
    gap: bool
    words: str


class RehearsedShape(BaseModel):
    """The whole climb. It is never parted: `next` is always null."""

    items: list[RingShape]
    next: None = None
    problems: list[ProblemShape]
    last_resort: list[str]
    service: str
    policy: str
    at: datetime
    over_at: datetime


@dataclass(frozen=True, slots=True)
class _Asking:
    """Whom targets mean, asked as production asks."""

    tx: Tx

    def reachable(self, targets: Sequence[Target], at: datetime) -> list[str]:
        return escalation.reachable_people(self.tx, targets, at)

    def why_nobody(self, targets: Sequence[Target], at: datetime) -> str:
        return escalation.why_nobody(self.tx, targets, at)


def rehearse_climb(ctx: ContextDep, body: Rehearse) -> RehearsedShape:
    """Climbs the service's policy in thought, nobody answering, and names every gap."""
    with ctx.read() as tx:
        begins = tx.now if body.at is None else read_instant(body.at, "at")
        plan = _plan(tx, body.service)
        admins = tuple(Target(TargetKind.USER, admin.id) for admin in people.admins(tx))
        users = people.users(tx)
        company = Company(_Asking(tx), users, admins, ctx.program.integrations.notifiers)
        found = rehearse(plan, body.urgency, begins, company)
        names = {name: user.name for name, user in users.items()}
    return _shape(body.service, plan, begins, found, names)


def _plan(tx: Tx, service_id: str) -> Plan:
    """The plan that an alert of this service would climb."""
    service = catalog.service(tx, service_id)
    policy = escalation.policies(tx).get(service.policy, Policy(service.policy, ()))
    last_resort = escalation.last_resort(tx, policy, service.team)
    return Plan(policy.id, policy.steps, policy.repeat, last_resort)


def _shape(
    service: str, plan: Plan, begins: datetime, found: Rehearsed, names: dict[str, str]
) -> RehearsedShape:
    return RehearsedShape(
        items=[_ring_shape(ring, begins, names) for ring in found.rings],
        problems=[_problem_shape(problem, begins) for problem in found.problems],
        last_resort=list(found.last_resort),
        service=service,
        policy=plan.policy,
        at=begins,
        over_at=found.over_at,
    )


def _ring_shape(ring: Ring, begins: datetime, names: dict[str, str]) -> RingShape:
    return RingShape(
        after=format_duration(ring.at - begins),
        at=ring.at,
        who=ring.user,
        name=names[ring.user],
        how=ring.method.id,
        kind=ring.method.kind,
        address=masked(ring.method.address),
        step=None if ring.step is None else ring.step + 1,
        round=ring.round + 1,
        because=ring.because,
    )


def _problem_shape(problem: Problem, begins: datetime) -> ProblemShape:
    return ProblemShape(
        after=format_duration(problem.at - begins),
        at=problem.at,
        step=None if problem.step is None else problem.step + 1,
        gap=problem.gap,
        words=problem.words,
    )


ROUTES = (row("POST", "rehearse", rehearse_climb, "rehearse", summary="Rehearse a climb"),)
