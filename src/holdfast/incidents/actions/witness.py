"""Whoever breaks the glass of a guardrail is not alone with it: a second person is told."""

from __future__ import annotations

from holdfast.guardrails.model import GuardrailOverridden
from holdfast.incidents import store, words
from holdfast.incidents.access import may_see
from holdfast.incidents.model import Incident
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling.hearers import leaders
from holdfast.kernel.actor import Actor, ActorKind
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.people import queries as people


def on_guardrail_overridden(tx: Tx, event: GuardrailOverridden) -> None:
    """Tells the first of the commander, the deputy and others with a role, whoever declared it, the
    leaders, who is not the actor (ledger 1.0, limit of the guardrails)."""
    incident = store.find(tx, [event.subject]).get(event.subject)
    if incident is None:
        return
    said = words.glass_broken(incident, event.code, str(tx.actor), event.reason)
    second = _second(tx, incident)
    if second is not None:
        notifications.notify(tx, second, words.notice(incident, said))


def _second(tx: Tx, incident: Incident) -> str | None:
    known = people.users(tx)
    held = [each.user for each in roles.holders(tx, incident.id)]
    candidates = [*held, incident.declared_by, *leaders(known, people.teams(tx))]
    return next(
        (
            name
            for name in candidates
            if name in known and name != tx.actor.user_id and _sees(incident, name)
        ),
        None,
    )


def _sees(incident: Incident, name: str) -> bool:
    return may_see(incident, Actor(ActorKind.USER, name, None, name))
