"""The JSON of incidents that the API gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from pydantic import BaseModel, Field

from holdfast.incidents.calculator import Proposal
from holdfast.incidents.model import (
    Detection,
    Incident,
    Kind,
    Phase,
)
from holdfast.incidents.shape import Around, incident_object
from holdfast.web.context import Context
from holdfast.web.rest import site_link


class SeverityShape(BaseModel):
    level: str
    rank: int
    provisional: bool


class RoleShape(BaseModel):
    label: str
    required: bool
    state: str = Field(description="held, handing_off, proposed, missing or open")
    user: str | None
    users: list[str]
    candidate: str | None
    since: datetime | None
    how: str | None
    handoff_to: str | None


class ClockShape(BaseModel):
    due_at: datetime
    stopped_at: datetime | None
    breached_at: datetime | None
    running: bool


class ProposalShape(BaseModel):
    """What the impact speaks for. `known` false: nobody has said anything to judge it by."""

    level: str
    rank: int
    reasons: list[str]
    known: bool


class WindowShape(BaseModel):
    """The verify window. `left_s` is what is left of it in seconds; null while nobody watches."""

    length_s: int
    since: datetime | None
    left_s: int | None


class IncidentShape(BaseModel):
    """An incident, as incidents/shape.py renders it, and what one may want to know besides."""

    id: str
    number: str
    title: str
    severity: SeverityShape
    phase: Phase
    phase_since: datetime | None
    roles: dict[str, RoleShape]
    clocks: dict[str, ClockShape]
    next_update_by: datetime | None
    kind: Kind
    private: bool
    services: list[str]
    war_room: str | None
    impact_started_at: datetime | None
    impact_precision_s: int
    detected_at: datetime | None
    alert_fired_at: datetime | None
    paged_at: datetime | None
    acked_at: datetime | None
    declared_at: datetime
    engaged_at: datetime | None
    war_room_opened_at: datetime | None
    triaged_at: datetime | None
    mitigated_at: datetime | None
    restored_at: datetime | None
    monitoring_since: datetime | None
    resolved_at: datetime | None
    impact_ended_at: datetime | None
    closed_at: datetime | None
    url: str
    detection_source: Detection
    declared_by: str
    practice: str = Field(description="The practice pack that it was declared under.")
    reevaluate: bool = Field(description="Somebody should say whether it is still this severity.")
    unsure: list[int] = Field(description="The ranks that were plausible at declaring.")
    impact: dict[str, object]
    brief: dict[str, object]
    escalate: dict[str, object] | None
    outcome: dict[str, object]
    checks: list[dict[str, object]]
    verify_window: WindowShape
    proposal: ProposalShape | None = None
    alerts: list[str] | None = None
    downstream: list[str] | None = Field(None, description="Services that may be hurt as well.")
    merged_into: str | None
    recurrence_of: str | None
    access: list[str]
    version: int = Field(description="Send it back to be told of what others changed meanwhile.")


def incident_shape(
    context: Context, incident: Incident, around: Around, extra: Mapping[str, object]
) -> IncidentShape:
    """The incident with the absolute address of its room; `extra` is what only one answer has."""
    url = site_link(context, f"/incidents/{incident.number}")
    return IncidentShape.model_validate(
        {**incident_object(incident, around, url=str(url)), **beside(incident), **extra}
    )


def beside(incident: Incident) -> dict[str, object]:
    """What the API says of an incident beyond the words of the contract."""
    outcome = incident.outcome
    return {
        "phase_since": incident.phase_since,
        "detection_source": incident.detection,
        "declared_by": incident.declared_by,
        "practice": incident.pack.name,
        "reevaluate": incident.severity.reevaluate,
        "unsure": list(incident.severity.plausible),
        "impact": plain(incident.impact),
        "brief": plain(incident.brief),
        "escalate": None if incident.escalate is None else plain(incident.escalate),
        "outcome": {**plain(outcome), "waivers": dict(outcome.waivers)},
        "checks": [plain(each) for each in incident.checks],
        "merged_into": incident.merged_into,
        "recurrence_of": incident.recurrence_of,
        "access": list(incident.access),
        "version": incident.version,
    }


def proposal_shape(found: Proposal) -> ProposalShape:
    return ProposalShape(
        level=found.level.label,
        rank=found.level.rank,
        reasons=list(found.reasons),
        known=found.known,
    )


def window_shape(incident: Incident, left: timedelta) -> WindowShape:
    """How far the verify window is."""
    since = incident.instants.monitoring_since
    watched = incident.phase is Phase.MONITORING
    return WindowShape(
        length_s=int(incident.level.verify_window.total_seconds()),
        since=since,
        left_s=int(left.total_seconds()) if watched else None,
    )


def plain(said: object) -> dict[str, object]:
    """A value of the product as JSON has it: its fields by name."""
    found = msgspec.to_builtins(said, builtin_types=(datetime,))
    assert isinstance(found, dict)
    return found
