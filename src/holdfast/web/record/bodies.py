"""What the API of the record takes: entries, hypotheses, mitigations and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from holdfast.guardrails.model import BREAK_GLASS_CHARS_MAX
from holdfast.incidents.decisions import model as decisions
from holdfast.incidents.decisions.model import Choice
from holdfast.incidents.hypotheses.actions import Stated
from holdfast.incidents.hypotheses.model import STATEMENT_CHARS_MAX, ResourceState
from holdfast.incidents.mitigations import model as mitigations
from holdfast.incidents.mitigations.actions import Outcome, Proposal, Start
from holdfast.incidents.mitigations.model import MitigationKind, Reversibility, Risk
from holdfast.incidents.record import model as record
from holdfast.incidents.record.model import (
    Certainty,
    Draft,
    EntryKind,
    Evidence,
    EvidenceKind,
    Ground,
)
from holdfast.kernel.duration import parse_duration
from holdfast.web.instants import INSTANT_CHARS_MAX, read_instant
from holdfast.web.rest import Body, Name

DURATION_CHARS_MAX = 32
MINUTES_MAX = 10_080
KEY_SAID = r"^[ -~]*$"  # it is kept as it came: nothing that a database stumbles over

Words = Annotated[str, Field(min_length=1, max_length=record.TEXT_CHARS_MAX)]
Line = Annotated[str, Field(max_length=mitigations.TEXT_CHARS_MAX)]
Glass = Annotated[str, Field(max_length=BREAK_GLASS_CHARS_MAX)]
Instant = Annotated[str, Field(min_length=1, max_length=INSTANT_CHARS_MAX)]
Duration = Annotated[str, Field(min_length=1, max_length=DURATION_CHARS_MAX)]
Key = Annotated[str, Field(max_length=record.KEY_CHARS_MAX, pattern=KEY_SAID)]
Link = Annotated[str, Field(max_length=record.LINK_CHARS_MAX)]
Value = Annotated[str, Field(max_length=record.VALUE_CHARS_MAX)]
Source = Annotated[str, Field(max_length=record.SOURCE_CHARS_MAX)]
Option = Annotated[str, Field(max_length=decisions.CHOICE_CHARS_MAX)]
Statement = Annotated[str, Field(max_length=STATEMENT_CHARS_MAX)]
# What people and other tools call two of the kinds.
_ALIASES = {"comms": EntryKind.COMMUNICATION.value, "hypothesis": EntryKind.ASSUMPTION.value}


class EvidenceBody(Body):
    """A link, a pasted value, or another entry of the same incident; `seen` needs none of them."""

    kind: EvidenceKind
    link: Annotated[Link, Field(validation_alias=AliasChoices("link", "url"))] = ""
    value: Value = ""
    source: Source = ""
    entry: Name | None = None
    at: Instant | None = None

    def piece(self) -> Evidence:
        return Evidence(
            kind=self.kind,
            link=self.link,
            value=self.value,
            source=self.source,
            entry=self.entry or "",
            at=instant(self.at, "at"),
        )


Proof = Annotated[list[EvidenceBody], Field(max_length=record.EVIDENCE_MAX)]


class NoteBody(Body):
    """One entry. `kind` is note unless said; `key`, or the header Idempotency-Key, makes a retried
    post one row. `precision` is a duration; `sent_at` the writer's own clock."""

    text: Words
    kind: Annotated[str, Field(min_length=1, max_length=DURATION_CHARS_MAX)] = "note"
    occurred_at: Instant | None = None
    precision: Duration | None = None
    source: Source = ""
    evidence: Proof = []
    about: Name | None = None
    key: Key = ""
    done: bool = True
    sent_at: Instant | None = None

    def entry_kind(self) -> str:
        return _ALIASES.get(self.kind, self.kind)

    def draft(self, key: str) -> Draft:
        return Draft(
            text=self.text,
            kind=EntryKind(self.entry_kind()),
            occurred_at=instant(self.occurred_at, "occurred_at"),
            precision=length(self.precision) or timedelta(),
            source=self.source,
            evidence=pieces(self.evidence),
            about=self.about or "",
            key=self.key or key,
            done=self.done,
            sent_at=instant(self.sent_at, "sent_at"),
        )


class ChangeBody(Body):
    """Another wording or instant; what is left out stays."""

    text: Words | None = None
    occurred_at: Instant | None = None


class AmendBody(Body):
    """What stands beside the entry from now on."""

    text: Words
    evidence: Proof = []


class GroundBody(Body):
    """What a verdict stands on."""

    evidence: Proof = []
    because: Line = ""


class StateBody(Body):
    """A possible cause; `prediction` is what would be seen if it were so."""

    statement: Annotated[Statement, Field(min_length=1)]
    prediction: Statement = ""
    owner: Name | None = None

    def stated(self) -> Stated:
        return Stated(self.statement, self.prediction, self.owner)


class TestBody(Body):
    """Something was looked at; `disconfirming`: it could have ruled the hypothesis out."""

    text: Annotated[Statement, Field(min_length=1)]
    disconfirming: bool = False


class VerdictBody(GroundBody):
    verdict: Literal["confirmed", "refuted", "inconclusive"]

    def ground(self) -> Ground:
        return Ground(Certainty(self.verdict), pieces(self.evidence), self.because)


class ResourceBody(Body):
    state: ResourceState
    evidence: Proof = []


class ProposalBody(Body):
    """An option. What is left out is as the catalogue has it for that kind."""

    kind: Annotated[MitigationKind, Field(validation_alias=AliasChoices("kind", "type"))] = (
        MitigationKind.OTHER
    )
    title: Annotated[str, Field(max_length=mitigations.TITLE_CHARS_MAX)] = ""
    target: Annotated[str, Field(max_length=mitigations.TARGET_CHARS_MAX)] = ""
    risk: Risk | None = None
    reversibility: Reversibility | None = None
    expected_minutes: Annotated[int, Field(ge=0, le=MINUTES_MAX)] | None = None
    parameters: Annotated[dict[str, str | int], Field(max_length=mitigations.PARAMETERS_MAX)] = {}
    hypothesis: Name | None = None
    references: Annotated[list[Name], Field(max_length=mitigations.REFERENCES_MAX)] = []
    evidence: Proof = []
    not_available: dict[EvidenceKind, Line] = {}
    reason: Line = ""
    tried: Annotated[list[Line], Field(max_length=mitigations.TRIED_MAX)] = []
    data_loss: Line = ""
    captured: bool | None = None
    check: Line = ""
    wait: Duration | None = None
    start: bool = Field(False, description="Begin at once, where nothing stands against it.")
    break_glass: Glass = ""

    def proposal(self) -> Proposal:
        return Proposal(
            kind=self.kind,
            title=self.title,
            target=self.target,
            risk=self.risk,
            reversibility=self.reversibility,
            expected_minutes=self.expected_minutes,
            parameters={name: str(value) for name, value in self.parameters.items()},
            hypothesis=self.hypothesis or "",
            references=tuple(self.references),
            evidence=pieces(self.evidence),
            not_available=dict(self.not_available),
            reason=self.reason,
            tried=tuple(self.tried),
            data_loss=self.data_loss,
            captured=self.captured,
            check=self.check,
            wait=length(self.wait),
            break_glass=self.break_glass,
        )


class AttachBody(Body):
    """More evidence, or why there is none of a kind: `{"trace": "not instrumented"}`."""

    evidence: Proof = []
    not_available: dict[EvidenceKind, Line] = {}

    def excuses(self) -> Mapping[EvidenceKind, str]:
        return dict(self.not_available)


class ApproveBody(Body):
    words: Line = ""
    reason: Line = ""
    break_glass: Glass = ""


class StartBody(Body):
    """`witness` watches somebody who is tired; `captured`: dumps were saved first."""

    reason: Line = ""
    impact_before: Line = ""
    witness: Name | None = None
    captured: bool | None = None
    break_glass: Glass = ""

    def how(self) -> Start:
        return Start(self.reason, self.impact_before, self.witness, self.captured, self.break_glass)


class OutcomeBody(Body):
    """What came of it, with what was measured afterwards."""

    result: Line = ""
    impact_after: Line = ""
    evidence: Proof = []
    break_glass: Glass = ""

    def outcome(self) -> Outcome:
        return Outcome(self.result, self.impact_after, pieces(self.evidence), self.break_glass)


class DecisionBody(Body):
    """A decision. High risk: `poll` asks for objections so long, or `no_poll_because`."""

    choice: Annotated[str, Field(min_length=1, max_length=decisions.CHOICE_CHARS_MAX)]
    why: Annotated[
        str,
        Field(
            max_length=decisions.WHY_CHARS_MAX,
            validation_alias=AliasChoices("why", "rationale"),
        ),
    ] = ""
    options: Annotated[list[Option], Field(max_length=decisions.OPTIONS_MAX)] = []
    high_risk: bool = False
    poll: Duration | None = None
    no_poll_because: Line = ""
    break_glass: Glass = ""

    def made(self) -> Choice:
        return Choice(
            choice=self.choice,
            why=self.why,
            options=tuple(self.options),
            high_risk=self.high_risk,
            poll=length(self.poll),
            no_poll_because=self.no_poll_because,
        )


class AnswerBody(Body):
    """Strong objections, or none."""

    objection: Line = ""


class ConfirmBody(Body):
    no_poll_because: Line = ""
    break_glass: Glass = ""


def pieces(proof: list[EvidenceBody]) -> tuple[Evidence, ...]:
    """Evidence as the domain has it."""
    return tuple(each.piece() for each in proof)


def instant(text: str | None, field: str) -> datetime | None:
    return None if text is None else read_instant(text, field)


def length(text: str | None) -> timedelta | None:
    return None if text is None else parse_duration(text)
