"""It came back: from watching to mitigating again, and the verify window starts anew."""

from __future__ import annotations

from dataclasses import replace

from holdfast.incidents import store
from holdfast.incidents.actions import behaviour
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.events import (
    IncidentPhaseChanged,
    IncidentRelapsed,
)
from holdfast.incidents.model import (
    Incident,
    Interval,
    Phase,
)
from holdfast.incidents.tasks.actions import follow
from holdfast.incidents.telling import actions as telling
from holdfast.kernel.tx import Tx


def relapse(tx: Tx, incident: Incident, why: str, *, alert: str = "") -> Incident:
    """What was restored is not: the instant of it is taken back, and so is the window (S1-57)."""
    instants = replace(incident.instants, monitoring_since=None)
    if incident.instants.resolved_at is None:
        instants = replace(instants, restored_at=None, impact_ended_at=None)
    back = replace(
        incident,
        phase=Phase.MITIGATING,
        phase_since=tx.now,
        instants=instants,
        intervals=_opened(incident.intervals),
    )
    saved = store.save(tx, back)
    clocks.stop(tx, incident.id, "verify")
    tx.record(IncidentRelapsed(incident.id, alert, why))
    tx.record(IncidentPhaseChanged(incident.id, incident.phase.value, Phase.MITIGATING.value, why))
    behaviour.resume(tx, saved)
    telling.start_cadence(tx, saved)
    follow.follow_phase(tx, saved)
    return saved


def _opened(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """After a relapse the last span of impact, of an incident opened again, goes on."""
    return (*intervals[:-1], replace(intervals[-1], end=None)) if intervals else ()
