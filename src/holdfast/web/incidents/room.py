"""Everything that the incident room shows, at one instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.clocks import queries as clocks
from holdfast.incidents.hypotheses import queries as hypotheses
from holdfast.incidents.hypotheses.model import Hypothesis
from holdfast.incidents.model import Impact, Incident, Phase
from holdfast.incidents.record import queries as record
from holdfast.incidents.record.model import Certainty
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.tasks import queries as tasks
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice.model import RoleKey
from holdfast.web.context import Context
from holdfast.web.cursor import Asked
from holdfast.web.faces import Faces, faces_of
from holdfast.web.incidents import composing, head, lines, people, words
from holdfast.web.incidents.levels import levels_of
from holdfast.web.incidents.lines import Shown
from holdfast.web.incidents.mitigating import mitigation_kinds, mitigation_rows
from holdfast.web.incidents.room_views import (
    Composer,
    Console,
    Figures,
    Known,
    Menus,
    Refusal,
    Rights,
    RoomPage,
    Summary,
)
from holdfast.web.layout.views import Choice
from holdfast.web.layout.words import length
from holdfast.web.policies.targets import named_targets

DECISIONS_SHOWN_MAX = 3
INCIDENTS_OFFERED_MAX = 50


@dataclass(frozen=True, slots=True)
class Asking:
    """Which part of the timeline somebody looks at."""

    show: str = "all"
    before: Asked | None = None


def room_page(
    tx: Tx,
    ctx: Context,
    incident: Incident,
    asking: Asking,
    *,
    first_visit: bool = False,
    refusal: Refusal | None = None,
    live: bool = False,
) -> RoomPage:
    """The whole room. `refusal` is the form that was sent and refused; `live` asks only for what
    an open page takes over, which many pages ask for at once."""
    faces = faces_of(tx, ctx)
    running = clocks.running(tx, incident.id)
    board = hypotheses.hypotheses(tx, incident.id)
    found = tasks.tasks(tx, incident.id)
    rows = people.task_rows(found, faces, tx.now)
    rights = _rights(tx, ctx, incident)
    place = None if asking.before is None else asking.before.place()
    shown = lines.shown(tx, incident, faces, board, show=asking.show, before=place)
    plan = _plan(incident, board)
    composer = composing.composer_of(tx, incident, checked=not live)
    header = head.head_of(tx, incident, faces, running, plan)
    return RoomPage(
        head=header,
        known=_known(incident, board, faces),
        entries=shown.entries,
        filters=_filters(asking.show),
        older_href=_older(asking.show, shown),
        newest_href=f"?show={asking.show}" if place is not None else None,
        responders=people.responder_rows(tx, incident, faces),
        tasks=rows,
        hypotheses=people.hypothesis_rows(board, faces, incident, tx.now),
        mitigations=mitigation_rows(tx, incident, faces),
        composer=composer,
        told=composing.told_of(tx, incident),
        console=(
            people.console_of(tx, incident, faces, running, rows)
            if rights.command
            else Console((), (), (), ())
        ),
        menus=_live_menus(tx, incident, faces) if live else _menus(tx, incident, faces),
        rights=rights,
        summary=_summary(tx, incident, faces, composer),
        figures=_figures(incident),
        first_visit=first_visit,
        refusal=refusal,
    )


def _rights(tx: Tx, ctx: Context, incident: Incident) -> Rights:
    user = None if ctx.user is None else ctx.user.id
    may = permissions.allowed(ctx.actor, "incidents.respond")
    responder = None if user is None else responders.responder(tx, incident.id, user)
    held = any(each.user == user for each in roles.holders(tx, incident.id))
    return Rights(
        respond=may,
        command=may and roles.is_command(tx.as_actor(ctx.actor), incident),
        ask=permissions.allowed(ctx.actor, "incidents.ask"),
        joined=held or (responder is not None and responder.joined_at is not None),
        read_only=incident.ended and incident.phase.value != "closed",
    )


def _known(incident: Incident, board: Sequence[Hypothesis], faces: Faces) -> Known:
    """The cause is as sure as the hypotheses are: confirmed where one of them is."""
    brief = incident.brief
    is_sure = any(each.certainty is Certainty.CONFIRMED for each in board)
    return Known(
        impact=brief.impact,
        cause=brief.cause,
        cause_certainty="confirmed" if is_sure else "assumption",
        doing=brief.doing,
        at=brief.at,
        by=faces.maybe(brief.by),
        figures=tuple(_figures_said(incident.impact)),
    )


def _figures_said(impact: Impact) -> list[tuple[str, str]]:
    said = []
    if impact.users_affected is not None:
        said.append(("users", _percent(impact)))
    elif impact.unknown:
        said.append(("users", "not known yet"))
    if impact.data_risk.value != "none":
        said.append(("data", words.DATA_RISKS[impact.data_risk.value].lower()))
    if impact.workaround is not None:
        said.append(("way around it", "yes" if impact.workaround else "none"))
    return said


def _percent(impact: Impact) -> str:
    low, high = impact.users_affected, impact.users_affected_max
    return f"{low:g}%" if high is None or high == low else f"{low:g} to {high:g}%"


def _plan(incident: Incident, board: Sequence[Hypothesis]) -> str:
    """The single current plan, else the hypothesis that is looked at (ledger S0-11)."""
    if incident.brief.doing:
        return incident.brief.doing
    return next((each.statement for each in board if each.open), "")


def _filters(show: str) -> tuple[tuple[str, str, str, bool], ...]:
    return tuple((key, label, f"?show={key}", key == show) for key, label in words.FILTERS.items())


def _older(show: str, shown: Shown) -> str | None:
    if shown.older is None:
        return None
    _, cursor = Asked(1, None).by_time([shown.older, shown.older], lambda place: place)
    return f"?show={show}&before={cursor}"


def _menus(tx: Tx, incident: Incident, faces: Faces) -> Menus:
    services = set(incident.services)
    working = responders.working(tx, incident.id)
    others = [each for each in incidents.active(tx) if each.id != incident.id]
    return Menus(
        people=faces.choices(),
        targets=tuple(Choice(value, label) for value, label in named_targets(tx).items()),
        levels=levels_of(incident.pack, incident.severity.rank),
        services=tuple(
            Choice(each.id, each.name, chosen=each.id in services)
            for each in catalog.services(tx).values()
        ),
        mitigations=mitigation_kinds(),
        joined=tuple(Choice(user, faces.of(user).name) for user in working),
        incidents=tuple(
            Choice(each.number, f"{each.number} {each.title}")
            for each in others[:INCIDENTS_OFFERED_MAX]
        ),
    )


def _live_menus(tx: Tx, incident: Incident, faces: Faces) -> Menus:
    """What the forms offer that change while others act: roles, and the next phase."""
    asks = incident.phase is Phase.TRIAGE
    names = named_targets(tx) if asks else {}
    targets = tuple(Choice(value, label) for value, label in names.items())
    return Menus(people=faces.choices(), targets=targets, levels=(), services=())


def _figures(incident: Incident) -> Figures:
    impact = incident.impact
    users = impact.users_affected
    answers = {True: "yes", False: "no", None: ""}
    return Figures(
        users="" if users is None else f"{users:g}",
        data_risk=impact.data_risk.value,
        workaround=answers[impact.workaround],
        started_at=incident.instants.impact_started_at,
        cause_asked=incident.pack.cause_asked,
        gates=tuple(words.GATES.items()),
    )


def _summary(tx: Tx, incident: Incident, faces: Faces, composer: Composer) -> Summary:
    commander = roles.holder(tx, incident.id, RoleKey.COMMAND)
    label = next((r.label for r in incident.pack.roles if r.key is RoleKey.COMMAND), "Command")
    name = None if commander is None else faces.of(commander).name
    dues = [box.due_at for box in composer.audiences if box.due_at is not None]
    return Summary(
        what=incident.title,
        how_bad=_how_bad(incident, tx.now),
        leads=words.leads(name, label),
        known=incident.brief.impact,
        doing=incident.brief.doing,
        next=_next(min(dues, default=None), tx.now),
        decisions=_decisions(tx, incident),
    )


def _how_bad(incident: Incident, now: datetime) -> str:
    parts = [incident.severity.level, words.PHASES[incident.phase].lower()]
    if incident.impact.users_affected is not None:
        parts.append(f"{_percent(incident.impact)} of users")
    if incident.active:
        began = incident.instants.impact_started_at or incident.instants.declared_at
        parts.append(f"for {length(now - began)}")
    return ", ".join(parts)


def _next(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "No update is promised."
    late = now - due
    return f"An update in {length(-late)}" if due > now else f"An update, late by {length(late)}"


def _decisions(tx: Tx, incident: Incident) -> tuple[tuple[datetime, str], ...]:
    newest = reversed(record.decisions(tx, incident.id)[-DECISIONS_SHOWN_MAX:])
    return tuple((each.occurred_at, each.text) for each in newest)
