"""Who may do what. Pure: one table, read by the check, the docs and the tests."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.kernel.actor import Actor, ActorKind, Role
from holdfast.kernel.errors import Forbidden

# The weakest role that may; whoever acts on themselves needs none of the `people.*` ones.
NEEDS: Mapping[str, Role] = {
    "alerts.read": Role.VIEWER,
    "alerts.answer": Role.RESPONDER,
    "alerts.open": Role.RESPONDER,
    "pages.read": Role.VIEWER,
    "schedules.read": Role.VIEWER,
    "schedules.override": Role.RESPONDER,
    "schedules.edit": Role.MANAGER,
    "policies.read": Role.VIEWER,
    "policies.edit": Role.MANAGER,
    "services.read": Role.VIEWER,
    "services.edit": Role.MANAGER,
    "connections.edit": Role.MANAGER,
    "connections.test": Role.RESPONDER,
    "people.read": Role.VIEWER,
    "people.edit": Role.ADMIN,
    "teams.edit": Role.MANAGER,
    "configuration.read": Role.MANAGER,
    "configuration.apply": Role.ADMIN,
    "incidents.read": Role.VIEWER,
    "incidents.ask": Role.VIEWER,
    "incidents.declare": Role.RESPONDER,
    "incidents.respond": Role.RESPONDER,
    "practice.read": Role.VIEWER,
    "practice.edit": Role.ADMIN,
    "guardrails.read": Role.VIEWER,
    "guardrails.edit": Role.ADMIN,
    "rehearse": Role.VIEWER,
    "timeline.read": Role.VIEWER,
    "timeline.verify": Role.MANAGER,
    "tokens.edit": Role.ADMIN,
    "settings.read": Role.MANAGER,
    "settings.edit": Role.ADMIN,
    "instance.operate": Role.ADMIN,
}


class NotPermitted(Forbidden):
    """Your role does not allow this."""


def allowed(actor: Actor, permission: str) -> bool:
    """True where the actor's role is at least what the permission needs."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return actor.role is not None and actor.role.rank >= NEEDS[permission].rank


def require(actor: Actor, permission: str) -> None:
    """The first line of every action. Raises NotPermitted, saying which role would do."""
    if not allowed(actor, permission):
        role = NEEDS[permission]
        raise NotPermitted(
            f"This needs the role {role.value} or more.",
            remedy="Ask an admin of your team, or sign in as somebody who has it.",
        )


def require_self_or(actor: Actor, permission: str, user_id: str) -> None:
    """People may always look after themselves."""
    if actor.user_id != user_id:
        require(actor, permission)
