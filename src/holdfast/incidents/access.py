"""Who may see an incident. Pure."""

from __future__ import annotations

from holdfast.incidents.model import Incident
from holdfast.kernel.actor import Actor, ActorKind, Role


def named(actor: Actor) -> str:
    """What an actor is called in an incident: the person behind it, else the program itself."""
    return actor.user_id or str(actor)


def may_see(incident: Incident, actor: Actor) -> bool:
    """True for everyone, unless it is private: then for its own people and for admins.

    Admins read the database anyway; without them nobody could let a person in who is needed.
    """
    if not incident.private or actor.kind is ActorKind.SYSTEM or actor.role is Role.ADMIN:
        return True
    return named(actor) in {incident.declared_by, *incident.access}
