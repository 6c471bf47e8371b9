"""The JSON of mitigations, and of the catalogue that they come from."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from holdfast.incidents.mitigations.catalogue import Template, rendered
from holdfast.incidents.mitigations.machine import evidence_missing, needs_command
from holdfast.incidents.mitigations.model import (
    Mitigation,
    MitigationKind,
    MitigationState,
    Reversibility,
    Risk,
)
from holdfast.incidents.record.model import EvidenceKind
from holdfast.web.record.shapes import EvidenceShape, evidence_shapes


class ApprovalShape(BaseModel):
    by: str
    at: datetime
    command: bool
    words: str


class MitigationShape(BaseModel):
    """One option and what became of it. `waits_for` says what stands before its execution."""

    id: str
    kind: MitigationKind
    title: str
    target: str
    risk: Risk
    reversibility: Reversibility
    expected_minutes: int | None
    state: MitigationState
    attempt: int | None
    command: str
    dry_run: str
    parameters: dict[str, str]
    hypothesis: str | None
    references: list[str]
    without_cause: bool
    evidence: list[EvidenceShape]
    not_available: dict[EvidenceKind, str]
    evidence_missing: list[EvidenceKind]
    needs_command: bool
    last_resort: bool
    reason: str
    tried: list[str]
    data_loss: str
    captured: bool | None
    check: str
    approvals: list[ApprovalShape]
    proposed_at: datetime
    proposed_by: str
    executor: str | None = None
    started_at: datetime | None = None
    wait_until: datetime | None = None
    ended_at: datetime | None = None
    impact_before: str = ""
    impact_after: str = ""
    result: str = ""
    verified_by: str | None = None
    reverted_at: datetime | None = None


class TemplateShape(BaseModel):
    """One kind of the catalogue. `risk` is the least that it may be called."""

    kind: MitigationKind
    title: str
    effect: str
    check: str
    risk: Risk
    usual_risk: Risk
    reversibility: Reversibility
    minutes: int
    wait_s: float
    destroys: str
    parameters: list[str]
    commands: list[str]
    dry_runs: list[str]


class WorkaroundShape(BaseModel):
    """Something that helped before."""

    incident: str
    mitigation: MitigationShape


def mitigation_shape(each: Mitigation) -> MitigationShape:
    """With the run where there is one."""
    plan = each.plan
    shape = MitigationShape(
        id=each.id,
        kind=each.kind,
        title=plan.title,
        target=each.target,
        risk=each.risk,
        reversibility=plan.reversibility,
        expected_minutes=plan.expected_minutes,
        state=each.state,
        attempt=each.attempt,
        command=plan.command,
        dry_run=rendered(each.kind, plan.parameters).dry_run,
        parameters=dict(plan.parameters),
        hypothesis=plan.hypothesis or None,
        references=list(plan.references),
        without_cause=plan.without_cause,
        evidence=evidence_shapes(each.evidence),
        not_available=dict(plan.not_available),
        evidence_missing=list(evidence_missing(each)),
        needs_command=needs_command(each),
        last_resort=each.last_resort,
        reason=plan.reason,
        tried=list(plan.tried),
        data_loss=plan.data_loss,
        captured=plan.captured,
        check=plan.check,
        approvals=[
            ApprovalShape(by=a.by, at=a.at, command=a.command, words=a.words)
            for a in each.approvals
        ],
        proposed_at=each.proposed_at,
        proposed_by=each.proposed_by,
    )
    return shape if each.run is None else shape.model_copy(update=_run(each))


def template_shape(template: Template) -> TemplateShape:
    return TemplateShape(
        kind=template.kind,
        title=template.title,
        effect=template.effect,
        check=template.check,
        risk=template.risk,
        usual_risk=template.usual,
        reversibility=template.reversibility,
        minutes=template.minutes,
        wait_s=template.wait.total_seconds(),
        destroys=template.destroys,
        parameters=[each.name for each in template.parameters],
        commands=[each.line for each in template.commands],
        dry_runs=[each.dry_run for each in template.commands],
    )


def _run(each: Mitigation) -> dict[str, object]:
    run = each.run
    assert run is not None, "asked only of what was begun"
    return {
        "executor": run.executor,
        "started_at": run.started_at,
        "wait_until": run.wait_until,
        "ended_at": run.ended_at,
        "impact_before": run.impact_before,
        "impact_after": run.impact_after,
        "result": run.result,
        "verified_by": run.verified_by,
        "reverted_at": run.reverted_at,
    }
