"""Escalation policies by API."""

from __future__ import annotations

from pydantic import BaseModel

from holdfast.catalog import queries as catalog
from holdfast.escalation import queries
from holdfast.escalation.model import Policy
from holdfast.kernel.duration import format_duration
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import NamePath, row


class StepShape(BaseModel):
    """Page these, then wait so long before the next step."""

    page: list[str]
    wait: str


class PolicyShape(BaseModel):
    """An escalation policy as configuration as code writes it."""

    id: str
    name: str
    steps: list[StepShape]
    repeat: int
    last_resort: list[str]


class PolicyWithServices(PolicyShape):
    """One policy, and the services whose alerts climb it."""

    services: list[str]


def list_policies(ctx: ContextDep, asked: AskedDep) -> Listing[PolicyShape]:
    """All escalation policies, in the order of their ids."""
    with ctx.read() as tx:
        found = list(queries.policies(tx).values())
    shown, following = asked.by_name(found, lambda policy: policy.id)
    return Listing(items=[policy_shape(policy) for policy in shown], next=following)


def show_policy(ctx: ContextDep, policy_id: NamePath) -> PolicyWithServices:
    """One escalation policy, and which services use it."""
    with ctx.read() as tx:
        policy = queries.policy(tx, policy_id)
        users = [s.id for s in catalog.services(tx).values() if s.policy == policy.id]
    return PolicyWithServices(**policy_shape(policy).model_dump(), services=users)


def policy_shape(policy: Policy) -> PolicyShape:
    """The policy in the words of its file."""
    return PolicyShape(
        id=policy.id,
        name=policy.title,
        steps=[
            StepShape(page=[str(t) for t in step.page], wait=format_duration(step.wait))
            for step in policy.steps
        ],
        repeat=policy.repeat,
        last_resort=[str(target) for target in policy.last_resort],
    )


ROUTES = (
    row("GET", "policies", list_policies, "policies.read", summary="All escalation policies"),
    row("GET", "policies/{policy_id}", show_policy, "policies.read",
        summary="One escalation policy"),
)  # fmt: skip
