"""Hand a role on: offered with a briefing, accepted with a read-back (ledger S3-13)."""

from __future__ import annotations

from dataclasses import replace

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Ended, Incident
from holdfast.incidents.roles import queries, store, succession
from holdfast.incidents.roles.actions.assign import require_order
from holdfast.incidents.roles.actions.holding import begin, end_offer, let_in, require_person
from holdfast.incidents.roles.guardrails import (
    ACCEPT,
    APART,
    AcceptFacts,
)
from holdfast.incidents.roles.model import (
    BRIEFING_CHARS_MAX,
    READ_BACK_CHARS_MAX,
    Briefing,
    Handoff,
    Holding,
    How,
    IncidentHandoffAccepted,
    IncidentHandoffOffered,
    IncidentRoleReleased,
    NoSuchHandoff,
    NotTheHolder,
    OfferedAlready,
    OfferState,
    Why,
)
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice.model import RoleKey
from holdfast.sdk import clean_text


def offer_handoff(
    tx: Tx, name: str, role: str, to: str, briefing: Briefing, *, break_glass: str = ""
) -> Handoff:
    """Offers the role to somebody; it stays with its holder until they have accepted.

    By the holder or by command. Said again to the same person, nothing changes. Raises
    NotTheHolder, NoSuchUser, CannotRespond, OfferedAlready, ONLY_COMMAND_ASSIGNS.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    key = queries.role(incident, role).key
    held = _held(tx, incident, key)
    require_person(tx, to)
    if tx.actor.user_id != held.user:
        require_order(tx, incident, to, break_glass)
    return open_handoff(tx, incident, held, to, (_bounded(briefing), Why.ASKED))


def open_handoff(
    tx: Tx, incident: Incident, held: Holding, to: str, said: tuple[Briefing, Why]
) -> Handoff:
    """The offer itself, whoever makes it. Raises NotTheHolder, OfferedAlready."""
    if to == held.user:
        raise NotTheHolder(f"{to} holds it already.", remedy="Name somebody else.")
    waiting = queries.open_handoff(tx, incident.id, held.role)
    if waiting is not None and waiting.to == to:
        return waiting
    if waiting is not None:
        raise OfferedAlready(f"It is offered to {waiting.to}.", remedy="Withdraw that offer first.")
    briefing, why = said
    offer = Handoff(
        id=tx.new_id("ho"),
        incident=incident.id,
        role=held.role,
        giver=held.user,
        to=to,
        briefing=briefing,
        why=why,
        state=OfferState.OFFERED,
        offered_at=tx.now,
    )
    store.save(tx, succession.offer(held))
    store.save_handoff(tx, offer)
    let_in(tx, incident, to)
    tx.record(IncidentHandoffOffered(incident.id, held.role.value, held.user, to, why.value))
    return offer


def accept_handoff(
    tx: Tx, name: str, *, read_back: str, role: str | None = None, break_glass: str = ""
) -> Holding:
    """The actor takes over what was offered to them, at this instant and not before.

    Raises NoSuchHandoff, and the refusals READ_BACK_REQUIRED, SEPARATION_OF_DUTIES.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    if incident.ended:
        raise Ended
    key = None if role is None else queries.role(incident, role).key
    offer = _offered_to(tx, incident, tx.actor.user_id, key)
    held = _held(tx, incident, offer.role)
    said = clean_text(read_back, READ_BACK_CHARS_MAX)[0].strip()
    label = queries.role(incident, offer.role).label
    uphold(tx, ACCEPT, AcceptFacts(label, said), about=incident.id, reason=break_glass)
    apart = queries.apart_facts(tx, incident, offer.role, offer.to, but=held.id)
    uphold(tx, APART, apart, about=incident.id, reason=break_glass)
    return _pass_on(tx, incident, held, replace(offer, read_back=said))


def decline_handoff(tx: Tx, name: str, *, role: str | None = None) -> Handoff:
    """The actor will not take it over, or takes their offer back: the role stays where it is."""
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    key = None if role is None else queries.role(incident, role).key
    offer = _offered_to(tx, incident, tx.actor.user_id, key, also_mine=True)
    store.save(tx, succession.keep(_held(tx, incident, offer.role)))
    mine = offer.giver == tx.actor.user_id
    end_offer(tx, offer, OfferState.WITHDRAWN if mine else OfferState.DECLINED)
    return offer


def _pass_on(tx: Tx, incident: Incident, held: Holding, offer: Handoff) -> Holding:
    passed = succession.pass_on(
        held, offer.to, tx.now, holding_id=tx.new_id("hr"), how=How.HANDED_OFF, by=offer.giver
    )
    store.save(tx, passed.released)
    store.save_handoff(tx, replace(offer, state=OfferState.ACCEPTED, ended_at=tx.now))
    tx.record(IncidentHandoffAccepted(incident.id, offer.role.value, offer.giver, offer.to))
    tx.record(IncidentRoleReleased(incident.id, offer.role.value, offer.giver, "handed off"))
    begin(tx, incident, passed.held)
    return passed.held


def _held(tx: Tx, incident: Incident, role: RoleKey) -> Holding:
    held = [each for each in queries.holders(tx, incident.id) if each.role is role]
    mine = [each for each in held if each.user == tx.actor.user_id]
    primary = [each for each in held if each.primary]
    found = next(iter((*mine, *primary, *held)), None)
    if found is None:
        raise NotTheHolder("Nobody holds this role.", remedy="Assign it instead.")
    return found


def _offered_to(
    tx: Tx, incident: Incident, user: str | None, role: RoleKey | None, *, also_mine: bool = False
) -> Handoff:
    for offer in queries.handoffs(tx, incident.id):
        whose = (offer.to, offer.giver) if also_mine else (offer.to,)
        if offer.state is OfferState.OFFERED and user in whose and role in (None, offer.role):
            return offer
    raise NoSuchHandoff(remedy="Ask whoever holds the role to offer it to you.")


def _bounded(said: Briefing) -> Briefing:
    def clean(text: str) -> str:
        return clean_text(text, BRIEFING_CHARS_MAX)[0].strip()

    return Briefing(
        clean(said.severity), clean(said.summary), clean(said.actions), clean(said.contingency)
    )
