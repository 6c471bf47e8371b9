"""Declare an incident, in one request, with everything filled in that is known already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.alerts import queries as alerts
from holdfast.alerts.actions.answer import taken
from holdfast.alerts.model import Alert
from holdfast.catalog import queries as catalog
from holdfast.guardrails.actions import uphold
from holdfast.incidents import guardrails, queries, store
from holdfast.incidents.access import named
from holdfast.incidents.actions import behaviour, linking, times
from holdfast.incidents.actions.impact import cleaned
from holdfast.incidents.actions.model import RECURRENCE_SPAN, Declaration
from holdfast.incidents.calculator import in_doubt, worst_plausible
from holdfast.incidents.guardrails import DeclareFacts, SeverityFacts
from holdfast.incidents.model import (
    BRIEF_CHARS_MAX,
    SERVICES_MAX,
    TITLE_CHARS_MAX,
    AlreadyDeclared,
    Brief,
    Detection,
    Impact,
    Incident,
    Instants,
    Kind,
    Phase,
    Severity,
)
from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.people import permissions
from holdfast.practice import queries as practice
from holdfast.practice.model import Pack
from holdfast.sdk import clean_line, clean_text

RANK_MAX = 5


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a declaration is filled in from."""

    alert: Alert | None
    first_page: datetime | None
    first_answer: datetime | None


def declare(tx: Tx, ask: Declaration) -> Incident:
    """Declares an incident: born declared, at the worst plausible severity where nobody is sure.

    In one transaction: number, clocks, roles from who is on call, pages and cadence. Raises
    NotPermitted, NoSuchAlert, AlreadyDeclared, Invalid and the refusals of guardrails.DECLARE
    and SEVERITY, and TIME_IMPLAUSIBLE (ledger S0-01, S0-02, S0-09, S1-02, C21).
    """
    permissions.require(tx.actor, "incidents.declare")
    sources = _sources(tx, ask)
    pack = practice.in_force(tx)
    detection = ask.detection or (Detection.ALERT if sources.alert else None)
    facts = DeclareFacts(pack, bool(ask.severity or ask.unsure), detection is not None)
    uphold(tx, guardrails.DECLARE, facts, about="incidents")
    assert pack is not None
    assert detection is not None
    incident = _made(tx, ask, sources, pack, detection)
    _judge(tx, ask, incident)
    store.add(tx, incident)
    alert = sources.alert
    tx.record(behaviour.declared(incident, (alert.id,) if alert else ()))
    if alert is not None:
        linking.attach(tx, incident, alert)
    behaviour.begin(tx, incident)
    answered = None if alert is None else alert.acknowledged_by
    behaviour.call(tx, incident, ask.roles, acknowledged_by=answered, break_glass=ask.break_glass)
    return store.take(tx, incident.id)


def severity_of(tx: Tx, pack: Pack, ask: Declaration) -> Severity:
    """The severity of a declaration. Raises Invalid for a level that the ladder does not have."""
    if ask.severity:
        level = pack.named(ask.severity)
        if level is None:
            labels = ", ".join(each.label for each in pack.levels)
            raise Invalid(
                f"There is no severity {quoted(ask.severity)}.",
                fields={"severity": f"use one of: {labels}"},
            )
        if ask.in_doubt:
            level = in_doubt(pack, level.rank)
        return Severity(level.rank, level.label, provisional=ask.in_doubt, evaluated_at=tx.now)
    if any(rank not in range(RANK_MAX + 1) for rank in ask.unsure):
        raise Invalid(
            "A rank is a number from 0, the worst, to 5.", fields={"unsure": "use ranks 0 to 5"}
        )
    level = pack.level(worst_plausible(ask.unsure))
    plausible = tuple(sorted(set(ask.unsure)))
    return Severity(level.rank, level.label, True, plausible, evaluated_at=tx.now)


def _sources(tx: Tx, ask: Declaration) -> _Sources:
    if ask.alert is None:
        return _Sources(None, None, None)
    # Locked: of two people who declare for one alert at once, the second is told of the first.
    alert = taken(tx, alerts.alert(tx, ask.alert).id)
    for incident in queries.incidents_of_alert(tx, alert.id):
        if incident.active:
            raise AlreadyDeclared(
                f"{incident.declared_by} has declared {incident.number} for {alert.code} already.",
                remedy=f"Join {incident.number}.",
            )
    about = pages.about(tx, [alert.id])
    first = min((page.opened_at for page in about), default=None)
    return _Sources(alert, first, alert.acknowledged_at)


def _made(
    tx: Tx, ask: Declaration, sources: _Sources, pack: Pack, detection: Detection
) -> Incident:
    alert = sources.alert
    title = _title(ask, alert)
    services = _services(tx, ask.services, alert)
    key = _key(title, services, alert)
    earlier = queries.same_trouble(tx, key, tx.now - RECURRENCE_SPAN)
    summary = clean_text(ask.summary, BRIEF_CHARS_MAX)[0]
    return Incident(
        id=tx.new_id("in"),
        number=store.next_number(tx),
        title=title,
        kind=ask.kind,
        private=ask.private,
        phase=Phase.DECLARED,
        severity=severity_of(tx, pack, ask),
        pack=pack,
        detection=detection,
        declared_by=named(tx.actor),
        changed_by=named(tx.actor),
        services=services,
        instants=_instants(tx, ask, sources),
        impact=cleaned(ask.impact or Impact()),
        brief=Brief(impact=summary, at=tx.now, by=named(tx.actor)) if summary else Brief(),
        phase_since=tx.now,
        recurrence_of=earlier[0].id if earlier and ask.kind is Kind.REAL else None,
        recurrence_key=key,
    )


def _judge(tx: Tx, ask: Declaration, incident: Incident) -> None:
    facts = SeverityFacts(
        level=incident.level,
        impact=incident.impact,
        pack=incident.pack,
    )
    uphold(tx, guardrails.SEVERITY, facts, about=incident.id, reason=ask.break_glass)
    times.judge(tx, incident.id, incident.instants)


def _instants(tx: Tx, ask: Declaration, sources: _Sources) -> Instants:
    alert = sources.alert
    detected = ask.detected_at or (alert.triggered_at if alert else tx.now)
    began = ask.impact_started_at
    if began is None and alert is not None and alert.started_at is not None:
        # What the source says of its own beginning is the best that is known until somebody says.
        began = min(alert.started_at, alert.triggered_at)
    return Instants(
        declared_at=tx.now,
        impact_started_at=began,
        impact_precision=ask.impact_precision,
        detected_at=min(detected, tx.now) if ask.detected_at is None else detected,
        alert_fired_at=alert.triggered_at if alert else None,
        paged_at=sources.first_page,
        acked_at=sources.first_answer,
    )


def _title(ask: Declaration, alert: Alert | None) -> str:
    title = clean_line(ask.title, TITLE_CHARS_MAX)[0] or (alert.title if alert else "")
    if not title:
        raise Invalid("An incident needs a title.", fields={"title": "say what is wrong"})
    return title[:TITLE_CHARS_MAX]


def _services(tx: Tx, asked: Sequence[str], alert: Alert | None) -> tuple[str, ...]:
    names = list(dict.fromkeys([*asked, *([alert.service] if alert else [])]))
    unknown = [name for name in asked if catalog.find_service(tx, name) is None]
    if unknown or len(names) > SERVICES_MAX:
        why = f"no service {unknown[0][:80]}" if unknown else f"at most {SERVICES_MAX}"
        raise Invalid("These services cannot be named.", fields={"services": why})
    return tuple(names)


def _key(title: str, services: tuple[str, ...], alert: Alert | None) -> str:
    """By what the same trouble is known again: the alert's own key, else what and where."""
    if alert is not None:
        return f"{alert.connection}|{alert.dedup_key}"
    return "|".join([*sorted(services), title.casefold()])
