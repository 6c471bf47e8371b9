"""The severity of an incident: change it, confirm it, raise it when in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from holdfast.catalog import queries as catalog
from holdfast.guardrails.actions import uphold
from holdfast.incidents import blast, calculator, guardrails, queries, store, words
from holdfast.incidents.actions import behaviour
from holdfast.incidents.calculator import Answers, Proposal
from holdfast.incidents.events import (
    IncidentReevaluationAsked,
    IncidentSeverityChanged,
    IncidentSeverityConfirmed,
)
from holdfast.incidents.guardrails import ReasonFacts, SeverityFacts
from holdfast.incidents.model import (
    REASON_CHARS_MAX,
    Ended,
    Impact,
    Incident,
    Severity,
)
from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice.model import Level, Pack
from holdfast.sdk import clean_text

IN_DOUBT = "in doubt, so the worse one counts"


def change_severity(
    tx: Tx, name: str, level: str, reason: str, *, seen: int | None = None, break_glass: str = ""
) -> Incident:
    """Another level, by label or alias; what it brings about happens at once (ledger S0-04).

    Named as it is, it is confirmed. Raises NoSuchIncident, Moved, Ended, Invalid, and the refusals
    SEVERITY_FLOOR and REASON_REQUIRED.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name, seen)
    wanted = incident.pack.named(level)
    if wanted is None:
        labels = ", ".join(each.label for each in incident.pack.levels)
        raise Invalid(
            f"There is no severity {quoted(level)}.", fields={"level": f"use one of: {labels}"}
        )
    _judge(tx, incident, wanted, reason, break_glass)
    if wanted.rank == incident.severity.rank:
        return _confirmed(tx, incident)
    return _changed(tx, incident, wanted, reason or break_glass)


def confirm_severity(
    tx: Tx, name: str, *, reason: str = "", seen: int | None = None, break_glass: str = ""
) -> Incident:
    """A person has looked again: it is this severity (ledger S3-01, S1-07).

    Raises NoSuchIncident, Moved, Ended and the refusals of guardrails.SEVERITY.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name, seen)
    _judge(tx, incident, incident.level, reason, break_glass)
    return _confirmed(tx, incident)


def in_doubt(tx: Tx, name: str) -> Incident:
    """One level worse, at once and without a question; milder again is one click (S2-05)."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name, None)
    worse = calculator.in_doubt(incident.pack, incident.severity.rank)
    if worse.rank == incident.severity.rank:
        return incident
    return _changed(tx, incident, worse, IN_DOUBT, provisional=True)


def ask_again(tx: Tx, incident: Incident, why: str) -> None:
    """Asks whether it is still this severity: at a change of phase, and by the clock (S3-01)."""
    tx.record(IncidentReevaluationAsked(incident.id, why))
    behaviour.reevaluate_later(tx, incident)


def proposal(tx: Tx, incident: Incident) -> Proposal:
    """What the impact speaks for, with its reasons (ledger S1-07)."""
    return propose(tx, incident.pack, incident.impact, incident.services)


def propose(tx: Tx, pack: Pack, impact: Impact, services: Sequence[str]) -> Proposal:
    """What an impact speaks for, also before anything is declared."""
    tiers = [
        service.tier for name in services if (service := catalog.find_service(tx, name)) is not None
    ]
    return calculator.propose(pack, Answers(impact, min(tiers, default=None)))


def downstream(tx: Tx, incident: Incident) -> tuple[str, ...]:
    """Services that may be hurt too, because they need one that is (ledger S1-06)."""
    needs = {name: service.depends_on for name, service in catalog.services(tx).items()}
    return blast.downstream(needs, incident.services)


def _taken(tx: Tx, name: str, seen: int | None) -> Incident:
    incident = queries.take(tx, name, seen=seen)
    if incident.ended:
        raise Ended
    return incident


def _judge(tx: Tx, incident: Incident, level: Level, reason: str, break_glass: str) -> None:
    found = proposal(tx, incident)
    # Only calling it milder than the impact says takes a reason: calling people never does.
    speaks_for = found.level if found.known and found.level.rank < level.rank else None
    facts = SeverityFacts(level=level, impact=incident.impact, pack=incident.pack)
    uphold(tx, guardrails.SEVERITY, facts, about=incident.id, reason=break_glass)
    needed = ReasonFacts(
        what=words.milder(incident, level, speaks_for),
        reason=reason or break_glass,
        needed=level.rank > incident.severity.rank or speaks_for is not None,
    )
    uphold(tx, guardrails.REASON, needed, about=incident.id)


def _confirmed(tx: Tx, incident: Incident) -> Incident:
    now = Severity(incident.severity.rank, incident.severity.level, evaluated_at=tx.now)
    saved = store.save(tx, replace(incident, severity=now))
    tx.record(IncidentSeverityConfirmed(incident.id, now.rank))
    behaviour.reevaluate_later(tx, saved)
    return saved


def _changed(
    tx: Tx, incident: Incident, level: Level, reason: str, *, provisional: bool = False
) -> Incident:
    before = incident.level
    now = Severity(level.rank, level.label, provisional=provisional, evaluated_at=tx.now)
    saved = store.save(tx, replace(incident, severity=now))
    why = clean_text(reason, REASON_CHARS_MAX)[0]
    tx.record(IncidentSeverityChanged(incident.id, before.rank, level.rank, level.label, why))
    behaviour.change(tx, saved, before)
    return store.take(tx, incident.id)
