"""Who hears of a service's incidents, and of one incident."""

from __future__ import annotations

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.telling import queries, store
from holdfast.incidents.telling.hearers import TEAM
from holdfast.incidents.telling.model import (
    STAKEHOLDERS_MAX,
    IncidentSubscribed,
    IncidentUnsubscribed,
    NoSuchStakeholder,
    Stakeholder,
    StakeholderRemoved,
    StakeholderSaved,
    Subscription,
)
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice.model import RANKS_MAX, Audience

LANGUAGE_CHARS_MAX = 35


def save_stakeholder(tx: Tx, stakeholder: Stakeholder) -> Stakeholder:
    """Adds or changes who is told about a service (ledger S4-34). Raises NoSuchService, NoSuchUser,
    NoSuchTeam, Invalid."""
    permissions.require(tx.actor, "services.edit")
    catalog.service(tx, stakeholder.service)
    _check(tx, stakeholder)
    known = queries.stakeholders(tx, [stakeholder.service])
    if stakeholder in known:
        return stakeholder
    if len(known) >= STAKEHOLDERS_MAX:
        raise Invalid(f"A service has {STAKEHOLDERS_MAX} stakeholders at the most.",
                      remedy="Name a team instead of its people.")  # fmt: skip
    store.save_stakeholder(tx, stakeholder)
    tx.record(
        StakeholderSaved(
            stakeholder.service, stakeholder.who, stakeholder.audience.value, stakeholder.rank_max
        )
    )
    return stakeholder


def remove_stakeholder(tx: Tx, service: str, who: str) -> None:
    """From the next incident on they are not told. Raises NoSuchStakeholder."""
    permissions.require(tx.actor, "services.edit")
    if not store.remove_stakeholder(tx, service, who):
        raise NoSuchStakeholder
    tx.record(StakeholderRemoved(service, who))


def subscribe(tx: Tx, name: str, user_id: str, audience: Audience) -> Subscription:
    """From now on this person is told about one incident. People subscribe themselves; whoever
    responds subscribes others. Raises NoSuchUser, Invalid."""
    permissions.require(tx.actor, "incidents.read")
    permissions.require_self_or(tx.actor, "incidents.respond", user_id)
    if audience is Audience.CUSTOMERS:
        raise Invalid("Customers are told on the status page.", fields={"audience": "internal"})
    if audience is Audience.LEADERS:
        permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    people.user(tx, user_id)
    known = {each.user: each for each in queries.subscriptions(tx, incident.id)}
    if user_id in known:
        return known[user_id]
    why = "asked to be told" if tx.actor.user_id == user_id else "was added"
    made = Subscription(incident.id, user_id, audience, why, tx.now)
    store.subscribe(tx, made)
    tx.record(IncidentSubscribed(incident.id, user_id, audience.value, why))
    return made


def unsubscribe(tx: Tx, name: str, user_id: str) -> None:
    """They are not told any more, but for the end, if they heard of it. Repeated, nothing.

    Raises NoSuchUser.
    """
    permissions.require(tx.actor, "incidents.read")
    permissions.require_self_or(tx.actor, "incidents.respond", user_id)
    people.user(tx, user_id)
    incident = incidents.take(tx, name)
    if store.unsubscribe(tx, incident.id, user_id):
        tx.record(IncidentUnsubscribed(incident.id, user_id))


def _check(tx: Tx, stakeholder: Stakeholder) -> None:
    if stakeholder.who.startswith(TEAM):
        people.team(tx, stakeholder.who.removeprefix(TEAM))
    else:
        people.user(tx, stakeholder.who)
    if stakeholder.audience is Audience.CUSTOMERS:
        raise Invalid(
            "Customers are told on the status page.", fields={"audience": "internal or leaders"}
        )
    if not 0 <= stakeholder.rank_max < RANKS_MAX:
        raise Invalid(f"A rank is 0 to {RANKS_MAX - 1}.", fields={"rank_max": "0 is the worst"})
    if not 0 < len(stakeholder.language) <= LANGUAGE_CHARS_MAX:
        raise Invalid("Name a language, such as en.", fields={"language": "such as en or pt-BR"})
