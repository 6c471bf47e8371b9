"""A possible cause: what it says, what it predicts, how it was tested and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from holdfast.incidents.record.model import Certainty, Evidence
from holdfast.kernel.errors import Conflict, NotFound
from holdfast.timeline.event import Event

STATEMENT_CHARS_MAX = 500
HYPOTHESES_MAX = 200  # of one incident
TESTS_MAX = 50  # of one hypothesis


@dataclass(frozen=True, slots=True)
class Trial:
    """Something that was looked at. `disconfirming`: it could have ruled the hypothesis out."""

    text: str
    disconfirming: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """`prediction`: what would be seen if it were so; without one it is untested (ledger S2-17).

    `certainty` is OPEN until somebody gives a verdict with evidence. `owner` looks after it.
    """

    id: str
    incident: str
    statement: str
    opened_at: datetime
    opened_by: str
    prediction: str = ""
    owner: str | None = None
    certainty: Certainty = Certainty.OPEN
    tests: tuple[Trial, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    judged_at: datetime | None = None
    judged_by: str | None = None
    because: str = ""

    @property
    def open(self) -> bool:
        return self.certainty is Certainty.OPEN

    @property
    def untested(self) -> bool:
        """True where nobody has said what it predicts, and nobody has looked."""
        return not self.prediction and not self.tests

    @property
    def challenged(self) -> bool:
        """True where something was looked at that could have ruled it out."""
        return any(test.disconfirming for test in self.tests)


class Resource(StrEnum):
    """What runs out (ledger S2-24)."""

    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"
    DESCRIPTORS = "file_descriptors"
    CONNECTIONS = "connections"


class ResourceState(StrEnum):
    OK = "ok"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class ResourceCheck:
    """Somebody looked at one resource."""

    incident: str
    resource: Resource
    state: ResourceState
    at: datetime
    by: str
    evidence: tuple[Evidence, ...] = ()


class NoSuchHypothesis(NotFound):
    """There is no such hypothesis in this incident."""


class HypothesisJudged(Conflict):
    """Somebody has already said what became of this hypothesis."""


@dataclass(frozen=True, slots=True)
class HypothesisOpened(Event):
    """`subject` is the incident. What it says lies in its own table and in the entry."""

    kind = "hypothesis.opened"
    hypothesis: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class HypothesisTested(Event):
    kind = "hypothesis.tested"
    hypothesis: str = ""
    disconfirming: bool = False
    entry: str = ""


@dataclass(frozen=True, slots=True)
class HypothesisVerdict(Event):
    kind = "hypothesis.judged"
    hypothesis: str = ""
    verdict: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class HypothesisFixated(Event):
    """One explanation stood alone for too long: the alarm of part 2.2, number 17."""

    kind = "hypothesis.fixated"
    hypothesis: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResourceChecked(Event):
    kind = "incident.resource_checked"
    resource: str = ""
    state: str = ""
