"""The JSON that the API of the record answers with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from holdfast.incidents.decisions.model import Decision, DecisionState
from holdfast.incidents.diagnosis.model import Observed, Side, Step, Taken
from holdfast.incidents.hypotheses.model import (
    Hypothesis,
    Resource,
    ResourceCheck,
    ResourceState,
)
from holdfast.incidents.record.milestones import LABELS, Reached
from holdfast.incidents.record.model import (
    Certainty,
    Entry,
    EntryKind,
    Evidence,
    EvidenceKind,
    Line,
    Milestone,
)


class EvidenceShape(BaseModel):
    """`collector` brought it at `at`; `hash` is the SHA-256 of what was brought."""

    kind: EvidenceKind
    link: str
    value: str
    source: str
    collector: str
    at: datetime | None
    hash: str
    entry: str | None


class LineShape(BaseModel):
    """One line of the one list. `event` names what wrote itself; null for an entry of people's.

    `status` is open, confirmed, refuted or inconclusive for what is judged, open or done for an
    action, and null otherwise.
    """

    id: str
    occurred_at: datetime
    recorded_at: datetime
    kind: EntryKind
    text: str
    author: str
    status: str | None
    event: str | None
    about: str | None
    milestone: Milestone | None
    source: str
    precision_s: float
    evidence: list[EvidenceShape]
    marks: list[str]
    amends: str | None
    judged_at: datetime | None
    judged_by: str | None
    because: str
    sealed_at: datetime | None


class EntryShape(LineShape):
    """An entry with what was added to it later."""

    amendments: list[LineShape] = []


class MilestoneShape(BaseModel):
    milestone: Milestone
    label: str
    at: datetime
    text: str


class MilestonesShape(BaseModel):
    """What was reached, in order, and what a table of the incident still lacks."""

    items: list[MilestoneShape]
    next: None = None
    missing: list[Milestone]


class TrialShape(BaseModel):
    text: str
    disconfirming: bool
    at: datetime
    by: str


class HypothesisShape(BaseModel):
    """`untested`: nobody said what it predicts, and nobody looked."""

    id: str
    statement: str
    prediction: str
    owner: str | None
    status: Certainty
    untested: bool
    tests: list[TrialShape]
    evidence: list[EvidenceShape]
    opened_at: datetime
    opened_by: str
    judged_at: datetime | None
    judged_by: str | None
    because: str


class ResourceShape(BaseModel):
    """`state` null: nobody has looked."""

    resource: Resource
    state: ResourceState | None
    at: datetime | None
    by: str | None
    evidence: list[EvidenceShape]


class SuspectShape(BaseModel):
    """`before_s`: seconds before the impact began; negative: after it."""

    change: LineShape
    before_s: float


class NeighbourShape(BaseModel):
    service: str
    side: Side
    alerts: list[str] = Field(description="Codes of its open alerts.")


class ObservedShape(BaseModel):
    symptoms: list[str]
    started_at: datetime | None
    changes: list[SuspectShape]
    chips: list[str]
    neighbours: list[NeighbourShape]


class StepShape(BaseModel):
    step: Step
    at: datetime | None
    out_of_order: bool


class AnswerShape(BaseModel):
    by: str
    at: datetime
    objection: str


class DecisionShape(BaseModel):
    """`state`: proposed, asked (people may object until `poll_until`), or decided."""

    id: str
    choice: str
    why: str
    options: list[str]
    high_risk: bool
    state: DecisionState
    proposed_at: datetime
    proposed_by: str
    poll_until: datetime | None
    answers: list[AnswerShape]
    no_poll_because: str
    decided_at: datetime | None
    decided_by: str | None


def line_shape(line: Line) -> LineShape:
    """A line of the list, whether people wrote it or it wrote itself."""
    written = line.entry
    return LineShape(
        id=line.id,
        occurred_at=line.at,
        recorded_at=line.recorded_at,
        kind=line.kind,
        text=line.text,
        author=line.author,
        status=None if written is None else _status(written),
        event=line.event or None,
        about=line.about or None,
        milestone=line.milestone,
        source="" if written is None else written.source,
        precision_s=0.0 if written is None else written.precision.total_seconds(),
        evidence=[] if written is None else evidence_shapes(written.evidence),
        marks=[] if written is None else list(written.marks),
        amends=None if written is None else written.amends or None,
        judged_at=None if written is None else written.judged_at,
        judged_by=None if written is None else written.judged_by,
        because="" if written is None else written.because,
        sealed_at=None if written is None else written.sealed_at,
    )


def evidence_shapes(pieces: Sequence[Evidence]) -> list[EvidenceShape]:
    return [
        EvidenceShape(
            kind=each.kind,
            link=each.link,
            value=each.value,
            source=each.source,
            collector=each.collector,
            at=each.at,
            hash=each.digest,
            entry=each.entry or None,
        )
        for each in pieces
    ]


def milestone_shape(reached: Reached) -> MilestoneShape:
    return MilestoneShape(
        milestone=reached.milestone,
        label=LABELS[reached.milestone],
        at=reached.at,
        text=reached.text,
    )


def hypothesis_shape(each: Hypothesis) -> HypothesisShape:
    return HypothesisShape(
        id=each.id,
        statement=each.statement,
        prediction=each.prediction,
        owner=each.owner,
        status=each.certainty,
        untested=each.untested,
        tests=[
            TrialShape(text=t.text, disconfirming=t.disconfirming, at=t.at, by=t.by)
            for t in each.tests
        ],
        evidence=evidence_shapes(each.evidence),
        opened_at=each.opened_at,
        opened_by=each.opened_by,
        judged_at=each.judged_at,
        judged_by=each.judged_by,
        because=each.because,
    )


def resource_shape(resource: Resource, check: ResourceCheck | None) -> ResourceShape:
    return ResourceShape(
        resource=resource,
        state=None if check is None else check.state,
        at=None if check is None else check.at,
        by=None if check is None else check.by,
        evidence=[] if check is None else evidence_shapes(check.evidence),
    )


def observed_shape(found: Observed, changes: Sequence[LineShape]) -> ObservedShape:
    """`changes` are the suspects' entries, in the same order."""
    return ObservedShape(
        symptoms=list(found.symptoms),
        started_at=found.started_at,
        changes=[
            SuspectShape(change=change, before_s=suspect.before.total_seconds())
            for change, suspect in zip(changes, found.suspects, strict=True)
        ],
        chips=list(found.chips),
        neighbours=[
            NeighbourShape(
                service=each.service, side=each.side, alerts=[alert.code for alert in each.alerts]
            )
            for each in found.neighbours
        ],
    )


def step_shape(taken: Taken) -> StepShape:
    return StepShape(step=taken.step, at=taken.at, out_of_order=taken.out_of_order)


def decision_shape(each: Decision) -> DecisionShape:
    return DecisionShape(
        id=each.id,
        choice=each.choice,
        why=each.why,
        options=list(each.options),
        high_risk=each.high_risk,
        state=each.state,
        proposed_at=each.proposed_at,
        proposed_by=each.proposed_by,
        poll_until=each.poll_until,
        answers=[AnswerShape(by=a.by, at=a.at, objection=a.objection) for a in each.answers],
        no_poll_because=each.no_poll_because,
        decided_at=each.decided_at,
        decided_by=each.decided_by,
    )


def _status(entry: Entry) -> str | None:
    if entry.certainty is not None:
        return entry.certainty.value
    if entry.kind is EntryKind.ACTION:
        return "open" if entry.done_at is None else "done"
    return None
