"""The JSON of incidents that the API takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from holdfast.incidents.actions import Declaration, Gate, Move, Times
from holdfast.incidents.actions.model import WAIVER_CHARS_MAX
from holdfast.incidents.model import (
    ACCESS_MAX,
    BRIEF_CHARS_MAX,
    REASON_CHARS_MAX,
    SCOPE_MAX,
    SERVICES_MAX,
    TITLE_CHARS_MAX,
    Complexity,
    Confidence,
    DataRisk,
    Detection,
    Escalate,
    Impact,
    Kind,
    Phase,
    Remediation,
)
from holdfast.web.instants import INSTANT_CHARS_MAX, read_instant
from holdfast.web.rest import NAME_CHARS_MAX, Body, Name

RANKS_MAX = 6
ROLES_MAX = 20
MINUTES_MAX = 60 * 24 * 365
PRECISION_MAX_S = 60 * 60 * 24 * 30
OWNER = r"^[!-~]*$"  # a name, or nobody

Title = Annotated[str, Field(max_length=TITLE_CHARS_MAX)]
Sentence = Annotated[str, Field(max_length=BRIEF_CHARS_MAX)]
Reason = Annotated[str, Field(max_length=REASON_CHARS_MAX)]
Said = Annotated[str, Field(min_length=1, max_length=INSTANT_CHARS_MAX)]
Percent = Annotated[float, Field(ge=0, le=100)]
Minutes = Annotated[int, Field(ge=0, le=MINUTES_MAX)]
Seen = Annotated[int, Field(ge=1)]
Services = Annotated[list[Name], Field(max_length=SERVICES_MAX)]


class ImpactBody(Body):
    """Who is hurt. `users_affected` is a percentage; what is left out is not said."""

    users_affected: Percent | None = None
    users_affected_max: Percent | None = None
    confidence: Confidence | None = None
    source: Title = ""
    unknown: bool = False
    revenue: Title = ""
    data_risk: DataRisk = DataRisk.NONE
    workaround: bool | None = None
    workaround_minutes: Minutes | None = None
    complexity: Complexity | None = None
    expected_minutes: Minutes | None = None
    scope: Annotated[list[Reason], Field(max_length=SCOPE_MAX)] = Field(default_factory=list)
    version: Seen | None = None

    def impact(self) -> Impact:
        """The same as the product has it."""
        said = self.model_dump(exclude={"version", "scope"})
        return Impact(**said, scope=tuple(self.scope))


class Declare(Body):
    """A declaration. `severity` is a level's label, or `unsure` lists the ranks it may be."""

    title: Title = ""
    alert_id: Name | None = None
    severity: Annotated[str, Field(max_length=TITLE_CHARS_MAX)] | None = None
    unsure: Annotated[list[int], Field(max_length=RANKS_MAX)] = Field(default_factory=list)
    in_doubt: bool = False
    detection_source: Detection | None = None
    services: Services = Field(default_factory=list)
    private: bool = False
    kind: Kind = Kind.REAL
    roles: Annotated[dict[Name, Name], Field(max_length=ROLES_MAX)] = Field(default_factory=dict)
    impact: ImpactBody | None = None
    impact_started_at: Said | None = None
    detected_at: Said | None = None
    summary: Sentence = ""
    reason: Reason = ""
    break_glass: Reason = ""

    def declaration(self) -> Declaration:
        """The same as the product has it. Raises Invalid for an instant that is none."""
        return Declaration(
            title=self.title,
            alert=self.alert_id,
            severity=self.severity,
            unsure=tuple(self.unsure),
            in_doubt=self.in_doubt,
            detection=self.detection_source,
            services=tuple(self.services),
            private=self.private,
            kind=self.kind,
            roles=self.roles,
            impact=None if self.impact is None else self.impact.impact(),
            impact_started_at=_instant(self.impact_started_at, "impact_started_at"),
            detected_at=_instant(self.detected_at, "detected_at"),
            summary=self.summary,
            reason=self.reason,
            break_glass=self.break_glass,
        )


class Propose(Body):
    """What is known before anything is declared."""

    impact: ImpactBody = Field(default_factory=ImpactBody)
    services: Services = Field(default_factory=list)


class EscalateBody(Body):
    """Is somebody else needed, and whom?"""

    needed: bool
    to: Title = ""


class MoveBody(Body):
    """A change of phase. Each phase reads its own fields; docs/reference/api.md has the list."""

    to: Phase
    reason: Reason = ""
    break_glass: Reason = ""
    escalate: EscalateBody | None = None
    mitigation: Sentence = ""
    mitigated_at: Said | None = None
    restored_at: Said | None = None
    remediation: Remediation | None = None
    remediation_link: Reason = ""
    cause_fixed: Reason = ""
    followup: Reason = ""
    waive: dict[Gate, Annotated[str, Field(max_length=WAIVER_CHARS_MAX)]] = Field(
        default_factory=dict, description="A link, or the reason for doing without, by gate."
    )
    version: Seen | None = None

    def move(self) -> Move:
        """The same as the product has it. Raises Invalid for an instant that is none."""
        escalate = self.escalate
        return Move(
            reason=self.reason,
            break_glass=self.break_glass,
            escalate=None if escalate is None else Escalate(escalate.needed, escalate.to),
            mitigation=self.mitigation,
            mitigated_at=_instant(self.mitigated_at, "mitigated_at"),
            restored_at=_instant(self.restored_at, "restored_at"),
            remediation=self.remediation,
            remediation_link=self.remediation_link,
            cause_fixed=self.cause_fixed,
            followup=self.followup,
            waive=dict(self.waive),
        )


class SeverityBody(Body):
    """`level` is a label or an alias; the same one again confirms it."""

    level: Annotated[str, Field(min_length=1, max_length=TITLE_CHARS_MAX)]
    reason: Reason = ""
    break_glass: Reason = ""
    version: Seen | None = None


class Confirm(Body):
    reason: Reason = ""
    break_glass: Reason = ""
    version: Seen | None = None


class BriefBody(Body):
    """What we know, in at most 280 characters each."""

    impact: Sentence = ""
    cause: Sentence = ""
    doing: Sentence = ""
    version: Seen | None = None


class SystemsBody(Body):
    """`owner` finds out which systems it is, where nobody knows."""

    services: Services = Field(default_factory=list)
    owner: Annotated[str, Field(max_length=NAME_CHARS_MAX, pattern=OWNER)] = ""
    version: Seen | None = None


class CheckBody(Body):
    """What was read, where, and what it said. `slo`: it speaks of an objective."""

    what: Annotated[str, Field(min_length=1, max_length=TITLE_CHARS_MAX)]
    reading: Annotated[str, Field(min_length=1, max_length=TITLE_CHARS_MAX)]
    source: Annotated[str, Field(min_length=1, max_length=TITLE_CHARS_MAX)]
    good: bool
    slo: bool = False


class TimesBody(Body):
    """Instants as somebody knows them now; what is left out stays."""

    impact_started_at: Said | None = None
    impact_precision_s: Annotated[int, Field(ge=0, le=PRECISION_MAX_S)] | None = None
    detected_at: Said | None = None
    mitigated_at: Said | None = None
    restored_at: Said | None = None
    impact_ended_at: Said | None = None
    version: Seen | None = None

    def times(self) -> Times:
        """The same as the product has it. Raises Invalid for an instant that is none."""
        precision = self.impact_precision_s
        return Times(
            impact_started_at=_instant(self.impact_started_at, "impact_started_at"),
            impact_precision=None if precision is None else timedelta(seconds=precision),
            detected_at=_instant(self.detected_at, "detected_at"),
            mitigated_at=_instant(self.mitigated_at, "mitigated_at"),
            restored_at=_instant(self.restored_at, "restored_at"),
            impact_ended_at=_instant(self.impact_ended_at, "impact_ended_at"),
        )


class LinkBody(Body):
    alert: Name


class MergeBody(Body):
    """`level`: what both together are, needed where a worse one goes into a milder one."""

    into: Name
    level: Annotated[str, Field(max_length=TITLE_CHARS_MAX)] = ""
    reason: Reason = ""


class PrivateBody(Body):
    """`users` may see it besides those who work on it."""

    private: bool
    users: Annotated[list[Name], Field(max_length=ACCESS_MAX)] = Field(default_factory=list)


def _instant(text: str | None, field: str) -> datetime | None:
    return None if text is None else read_instant(text, field)
