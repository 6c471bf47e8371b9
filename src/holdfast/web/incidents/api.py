"""Incidents by API: declare, list, show, and every verb on a whole incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Query

from holdfast.incidents import actions, queries
from holdfast.incidents.actions import severity
from holdfast.incidents.actions.facts import window_left
from holdfast.incidents.clocks import queries as clocks
from holdfast.incidents.model import ACTIVE, Brief, Check, Escalate, Incident, Kind, Phase
from holdfast.incidents.queries import Filter
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.shape import Around
from holdfast.incidents.telling import queries as telling
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.practice import queries as practice
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.incidents.bodies import (
    BriefBody,
    CheckBody,
    Confirm,
    Declare,
    EscalateBody,
    ImpactBody,
    LinkBody,
    MergeBody,
    MoveBody,
    PrivateBody,
    Propose,
    SeverityBody,
    SystemsBody,
    TimesBody,
)
from holdfast.web.incidents.shapes import (
    IncidentShape,
    ProposalShape,
    incident_shape,
    proposal_shape,
    window_shape,
)
from holdfast.web.rest import NamePath, Nothing, act, row

ACTIVE_WORD = "active"


def list_incidents(
    ctx: ContextDep,
    asked: AskedDep,
    *,
    phase: Annotated[
        list[str] | None, Query(description="phases, or “active” for all that are responded to")
    ] = None,
    kind: Kind | None = None,
) -> Listing[IncidentShape]:
    """Newest first, of every phase and kind unless some are asked for."""
    wanted = Filter(phases=_phases(phase), kind=kind)
    with ctx.read() as tx:
        rows = queries.newest(tx, wanted, before=asked.place(), limit=asked.one_more)
        shown, following = asked.by_time(rows, lambda each: (each.instants.declared_at, each.id))
        items = shapes(ctx, tx, shown)
    return Listing(items=items, next=following)


def show_incident(ctx: ContextDep, incident_id: NamePath) -> IncidentShape:
    """One incident, by id or number, with what its impact speaks for and its alerts."""
    with ctx.read() as tx:
        return shape(ctx, tx, queries.incident(tx, incident_id))


def declare(ctx: ContextDep, body: Declare) -> IncidentShape:
    """Declares an incident, in one request; from an alert, everything known is filled in."""
    return _done(ctx, lambda tx: actions.declare(tx, body.declaration()))


def propose(ctx: ContextDep, body: Propose) -> ProposalShape:
    """Which severity an impact speaks for, and why; nothing is declared by it."""
    with ctx.read() as tx:
        pack = practice.active(tx)
        return proposal_shape(severity.propose(tx, pack, body.impact.impact(), body.services))


def move(ctx: ContextDep, incident_id: NamePath, body: MoveBody) -> IncidentShape:
    """Moves it to another phase, if everything that this claims is so."""
    ask = body.move()
    return _done(ctx, lambda tx: actions.move(tx, incident_id, body.to, ask=ask, seen=body.version))


def change_severity(ctx: ContextDep, incident_id: NamePath, body: SeverityBody) -> IncidentShape:
    """Another severity; what it brings about happens at once."""
    return _done(
        ctx,
        lambda tx: actions.change_severity(
            tx,
            incident_id,
            body.level,
            body.reason,
            seen=body.version,
            break_glass=body.break_glass,
        ),
    )


def confirm_severity(
    ctx: ContextDep, incident_id: NamePath, body: Confirm | None = None
) -> IncidentShape:
    """Somebody has looked again: it is this severity."""
    said = body or Confirm()
    return _done(
        ctx,
        lambda tx: actions.confirm_severity(
            tx,
            incident_id,
            reason=said.reason,
            seen=said.version,
            break_glass=said.break_glass,
        ),
    )


def in_doubt(ctx: ContextDep, incident_id: NamePath, body: Nothing | None = None) -> IncidentShape:
    """One level worse, at once; nobody is blamed for it."""
    return _done(ctx, lambda tx: actions.in_doubt(tx, incident_id))


def set_impact(ctx: ContextDep, incident_id: NamePath, body: ImpactBody) -> IncidentShape:
    """Who is hurt, as it is known now."""
    said = body.impact()
    return _done(ctx, lambda tx: actions.set_impact(tx, incident_id, said, seen=body.version))


def set_brief(ctx: ContextDep, incident_id: NamePath, body: BriefBody) -> IncidentShape:
    """What we know: impact, suspected cause, what is being done."""
    said = Brief(body.impact, body.cause, body.doing)
    return _done(ctx, lambda tx: actions.set_brief(tx, incident_id, said, seen=body.version))


def set_systems(ctx: ContextDep, incident_id: NamePath, body: SystemsBody) -> IncidentShape:
    """Which services are affected, or who finds out."""
    return _done(
        ctx,
        lambda tx: actions.set_systems(
            tx, incident_id, body.services, owner=body.owner, seen=body.version
        ),
    )


def answer_escalation(ctx: ContextDep, incident_id: NamePath, body: EscalateBody) -> IncidentShape:
    """Is somebody else needed, and whom?"""
    answer = Escalate(body.needed, body.to)
    return _done(ctx, lambda tx: actions.answer_escalation(tx, incident_id, answer))


def add_check(ctx: ContextDep, incident_id: NamePath, body: CheckBody) -> IncidentShape:
    """Somebody looked whether it is well again."""

    def checked(tx: Tx) -> Incident:
        made = Check(body.what, body.reading, body.source, body.good, tx.now, "", body.slo)
        return actions.check(tx, incident_id, made)

    return _done(ctx, checked)


def set_times(ctx: ContextDep, incident_id: NamePath, body: TimesBody) -> IncidentShape:
    """Instants as somebody knows them now."""
    said = body.times()
    return _done(ctx, lambda tx: actions.set_times(tx, incident_id, said, seen=body.version))


def link_alert(ctx: ContextDep, incident_id: NamePath, body: LinkBody) -> IncidentShape:
    """This alert belongs to the incident."""
    return _done(ctx, lambda tx: actions.link_alert(tx, incident_id, body.alert))


def merge(ctx: ContextDep, incident_id: NamePath, body: MergeBody) -> IncidentShape:
    """Goes on under another incident, which is the answer."""
    return _done(
        ctx,
        lambda tx: actions.merge(tx, incident_id, body.into, level=body.level, reason=body.reason),
    )


def set_private(ctx: ContextDep, incident_id: NamePath, body: PrivateBody) -> IncidentShape:
    """Who may see it."""
    return _done(
        ctx, lambda tx: actions.set_private(tx, incident_id, body.users, private=body.private)
    )


def rebind(ctx: ContextDep, incident_id: NamePath, body: Nothing | None = None) -> IncidentShape:
    """From now on it follows the practice as it is today."""
    return _done(ctx, lambda tx: actions.rebind(tx, incident_id))


def shape(context: Context, tx: Tx, incident: Incident) -> IncidentShape:
    """One incident with everything that the API says of it."""
    extra = {
        "proposal": proposal_shape(severity.proposal(tx, incident)),
        "alerts": queries.alerts_of(tx, incident.id),
        "downstream": list(severity.downstream(tx, incident)),
        "verify_window": window_shape(incident, window_left(incident, tx.now)),
    }
    return incident_shape(context, incident, _around(tx, incident), extra)


def shapes(context: Context, tx: Tx, found: Sequence[Incident]) -> list[IncidentShape]:
    """Many incidents, without what only one of them is asked for."""
    ids = [each.id for each in found]
    running = clocks.of_many(tx, ids)
    owed = telling.next_updates(tx, ids)
    return [
        incident_shape(
            context,
            each,
            Around(roles.seats(tx, each), running[each.id], owed.get(each.id)),
            {"verify_window": window_shape(each, window_left(each, tx.now))},
        )
        for each in found
    ]


def _done(context: Context, action: Callable[[Tx], Incident]) -> IncidentShape:
    def run(tx: Tx) -> IncidentShape:
        incident = action(tx)
        return shape(context, tx, queries.incident(tx, incident.id))

    return act(context, run)


def _around(tx: Tx, incident: Incident) -> Around:
    return Around(
        roles.seats(tx, incident),
        clocks.all_of(tx, incident.id),
        telling.next_update_by(tx, incident),
    )


def _phases(written: list[str] | None) -> tuple[Phase, ...] | None:
    if written is None:
        return None
    words = [word.strip() for each in written for word in each.split(",") if word.strip()]
    found: list[Phase] = []
    for word in words:
        if word == ACTIVE_WORD:
            found += ACTIVE
        elif word in set(Phase):
            found.append(Phase(word))
        else:
            choice = ", ".join([ACTIVE_WORD, *Phase])
            raise Invalid("There is no such phase.", fields={"phase": f"use {choice}"})
    return tuple(found)


_ONE = "incidents/{incident_id}"
_RESPOND = "incidents.respond"
ROUTES = (
    row("GET", "incidents", list_incidents, "incidents.read", summary="All incidents"),
    row("POST", "incidents", declare, "incidents.declare", summary="Declare one", status=201),
    row("POST", "incidents/propose", propose, "incidents.read", summary="Which severity is it?"),
    row("GET", _ONE, show_incident, "incidents.read", summary="One incident"),
    row("POST", f"{_ONE}/phase", move, _RESPOND, summary="Move it to another phase"),
    row("POST", f"{_ONE}/severity", change_severity, _RESPOND, summary="Change the severity"),
    row("POST", f"{_ONE}/severity/confirm", confirm_severity, _RESPOND, summary="Confirm it"),
    row("POST", f"{_ONE}/in-doubt", in_doubt, _RESPOND, summary="One level worse"),
    row("POST", f"{_ONE}/impact", set_impact, _RESPOND, summary="Who is hurt"),
    row("POST", f"{_ONE}/brief", set_brief, _RESPOND, summary="What we know"),
    row("POST", f"{_ONE}/systems", set_systems, _RESPOND, summary="What is affected"),
    row("POST", f"{_ONE}/escalation", answer_escalation, _RESPOND, summary="Is help needed?"),
    row("POST", f"{_ONE}/checks", add_check, _RESPOND, summary="Somebody looked"),
    row("POST", f"{_ONE}/times", set_times, _RESPOND, summary="Say or correct instants"),
    row("POST", f"{_ONE}/alerts", link_alert, _RESPOND, summary="Link an alert"),
    row("POST", f"{_ONE}/merge", merge, _RESPOND, summary="Merge into another incident"),
    row("POST", f"{_ONE}/rebind", rebind, _RESPOND, summary="Follow today's practice"),
    row("POST", f"{_ONE}/private", set_private, _RESPOND, summary="Who may see it"),
)
