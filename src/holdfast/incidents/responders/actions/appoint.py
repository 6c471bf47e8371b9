"""Give a role to somebody, or offer it, and reach them if they are not at it yet."""

from __future__ import annotations

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident
from holdfast.incidents.responders import queries
from holdfast.incidents.responders.actions.ask import Ask, ask, note_working
from holdfast.incidents.responders.aim import aim
from holdfast.incidents.responders.model import Reason
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.model import Briefing, Handoff, Holding
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.paging.notifications.model import Notice
from holdfast.people import queries as people
from holdfast.practice.model import RoleKey

OFFERED = "{giver} hands {label} off to you. Accept it and say what you take over."
TAKE = "{giver} offers you the role {label}."


def appoint(tx: Tx, name: str, role: str, user: str, *, break_glass: str = "") -> Holding:
    """This person has the role, and is paged unless they are at it already. As roles.assign."""
    held = role_actions.assign(tx, name, role, user, break_glass=break_glass)
    incident = incidents.incident(tx, name)
    if user == tx.actor.user_id:
        note_working(tx, incident.id, user)
    else:
        _reach(tx, incident, user, roles.role(incident, role).label, held.role)
    return held


def hand_off(
    tx: Tx, name: str, role: str, to: str, briefing: Briefing, *, break_glass: str = ""
) -> Handoff:
    """Offers the role, and tells whoever is to take it. As roles.offer_handoff."""
    offer = role_actions.offer_handoff(tx, name, role, to, briefing, break_glass=break_glass)
    incident = incidents.incident(tx, name)
    if offer.offered_at == tx.now:
        label = roles.role(incident, role).label
        giver = people.user(tx, offer.giver).name
        notice = Notice(
            subject=incident.id,
            title=f"{incident.number}: {OFFERED.format(giver=giver, label=label)}",
            text=briefing.summary,
            code=incident.number,
            link=f"/incidents/{incident.number}",
            cause=offer.id,
            pressing=True,
        )
        notifications.notify(tx, to, notice)
        _reach(tx, incident, to, TAKE.format(giver=giver, label=label), None)
    return offer


def _reach(tx: Tx, incident: Incident, user: str, words: str, role: RoleKey | None) -> None:
    known = queries.responder(tx, incident.id, user)
    person = people.user(tx, user)
    if (known is not None and known.working) or not person.reachable:
        return
    target = aim(f"user:{user}", catalog.services(tx), people.teams(tx))
    ask(tx, incident, Ask(target, Reason.ROLE, words, role), again=True)
