"""What people send when they declare an incident or move it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.incidents.model import Detection, Escalate, Impact, Kind, Phase, Remediation

WAIVER_CHARS_MAX = 500
LINK_STARTS = ("https://", "http://")
RECURRENCE_SPAN = timedelta(days=30)


class Gate(StrEnum):
    """What waits for something that may not be here; answered by a link or a waiver's reason."""

    POSTMORTEM = "postmortem"
    RUNBOOK_REVIEW = "runbook_review"
    STATUS_PAGE = "status_page"
    DETECTION_GAP = "detection_gap"
    FINAL_UPDATE = "final_update"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One request that declares an incident; whatever is left out is filled from the alert.

    `severity` is a level's label or alias; `unsure` the ranks that it may be. `roles` maps role
    keys, labels or aliases to users. Limits: see incidents/model.py.
    """

    title: str = ""
    alert: str | None = None
    severity: str | None = None
    unsure: tuple[int, ...] = ()
    in_doubt: bool = False
    detection: Detection | None = None
    services: tuple[str, ...] = ()
    private: bool = False
    kind: Kind = Kind.REAL
    roles: Mapping[str, str] = field(default_factory=dict)
    impact: Impact | None = None
    impact_started_at: datetime | None = None
    impact_precision: timedelta = timedelta()
    detected_at: datetime | None = None
    summary: str = ""
    reason: str = ""
    break_glass: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """What goes with a change of phase. Each phase reads its own fields and leaves the others.

    `waive` answers gates by a link or by the reason for a waiver; `break_glass` is the reason for
    passing what stands on the response path.
    """

    reason: str = ""
    break_glass: str = ""
    escalate: Escalate | None = None
    mitigation: str = ""
    mitigated_at: datetime | None = None
    restored_at: datetime | None = None
    remediation: Remediation | None = None
    remediation_link: str = ""
    cause_fixed: str = ""
    followup: str = ""
    waive: Mapping[Gate, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Times:
    """Instants that somebody says or corrects; None leaves one as it is."""

    impact_started_at: datetime | None = None
    impact_precision: timedelta | None = None
    detected_at: datetime | None = None
    mitigated_at: datetime | None = None
    restored_at: datetime | None = None
    impact_ended_at: datetime | None = None


def is_link(answer: str) -> bool:
    """True where a gate is answered by what was done, and not by why it was not."""
    return answer.strip().startswith(LINK_STARTS)


PHASES_BY_HAND = tuple(phase for phase in Phase if phase is not Phase.MERGED)
