"""What leaders read of an incident: one page, no jargon, nobody named below the commander."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from holdfast.catalog import queries as catalog
from holdfast.incidents.model import Impact, Incident
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling import queries as telling
from holdfast.incidents.telling.model import Update
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice.model import Audience, RoleKey
from holdfast.web.context import Context
from holdfast.web.faces import faces_of
from holdfast.web.incidents import words
from holdfast.web.incidents.rows import badge
from holdfast.web.incidents.views import Clock, LeadersPage, Told
from holdfast.web.layout.views import Fields

TOLD_MAX = 12
QUESTIONS_MAX = 20


def leaders_page(
    tx: Tx, ctx: Context, incident: Incident, fields: Fields | None = None
) -> LeadersPage:
    """All of it at one instant."""
    faces = faces_of(tx, ctx)
    instants = incident.instants
    names = {service.id: service.name for service in catalog.services(tx).values()}
    thread = telling.threads(tx, incident.id).get(Audience.LEADERS)
    due = telling.next_update_by(tx, incident) if thread is None else thread.due_at
    return LeadersPage(
        number=incident.number,
        href=f"/incidents/{incident.number}",
        title=incident.title,
        severity=badge(incident.severity),
        meaning=incident.level.title,
        phase=incident.phase.value,
        phase_words=words.PLAIN_PHASES[incident.phase],
        kind=incident.kind.value,
        clocks=tuple(_clocks(incident, due)),
        commander=faces.maybe(roles.holder(tx, incident.id, RoleKey.COMMAND)),
        impact=incident.brief.impact,
        affected=_affected(incident.impact),
        doing=incident.brief.doing,
        services=tuple(names.get(name, name) for name in incident.services),
        since=instants.impact_started_at or instants.declared_at,
        ended_at=instants.impact_ended_at or instants.restored_at,
        told=tuple(_told(tx, incident)),
        next_update_at=due,
        questions=tuple(
            (each.text, each.answer or None) for each in telling.questions(tx, incident.id)
        )[-QUESTIONS_MAX:],
        may_ask=permissions.allowed(ctx.actor, "incidents.ask") and not incident.ended,
        fields=fields,
    )


def _clocks(incident: Incident, due: datetime | None) -> Iterator[Clock]:
    instants = incident.instants
    began = instants.impact_started_at or instants.declared_at
    ended = instants.impact_ended_at or instants.restored_at
    if ended is not None:
        yield Clock("Lasted", began, stopped=int((ended - began).total_seconds()))
    elif incident.active:
        yield Clock("For", began)
        if due is not None:
            yield Clock("Next word", due, "down")


def _affected(impact: Impact) -> str:
    """Figures in words; what nobody has said is left out."""
    said = []
    if impact.users_affected is not None:
        high = impact.users_affected_max
        share = f"{impact.users_affected:g}" + (f" to {high:g}" if high else "")
        said.append(f"{share}% of users")
    if impact.data_risk.value != "none":
        said.append(words.DATA_RISKS[impact.data_risk.value].lower())
    if impact.workaround is not None:
        said.append("there is a way around it" if impact.workaround else "no way around it yet")
    return f"{'; '.join(said)}." if said else ""


def _told(tx: Tx, incident: Incident) -> Iterator[Told]:
    """What leaders and customers were told; what responders tell each other stays with them."""
    outside = (Audience.LEADERS, Audience.CUSTOMERS)
    found = [each for each in telling.updates(tx, incident.id) if each.audience in outside]
    for update in found[:TOLD_MAX]:
        yield Told(update.posted_at, words.AUDIENCES[update.audience.value][0], _text(update))


def _text(update: Update) -> str:
    """The words a person wrote; the form's own lines stand on this page already."""
    known = update.known
    return known.get("update") or known.get("impact") or known.get("doing") or update.text
