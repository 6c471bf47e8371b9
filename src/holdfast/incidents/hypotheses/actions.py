"""State a possible cause, test it, give a verdict; and notice when everybody looks at one only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.hypotheses import queries, store, words
from holdfast.incidents.hypotheses.fixation import fixation
from holdfast.incidents.hypotheses.model import (
    HYPOTHESES_MAX,
    STATEMENT_CHARS_MAX,
    TESTS_MAX,
    Hypothesis,
    HypothesisFixated,
    HypothesisJudged,
    HypothesisOpened,
    HypothesisTested,
    HypothesisVerdict,
    NoSuchHypothesis,
    Resource,
    ResourceCheck,
    ResourceChecked,
    ResourceState,
    Trial,
)
from holdfast.incidents.model import Incident
from holdfast.incidents.record import actions as record
from holdfast.incidents.record.guardrails import CLAIM_RULES, ClaimFacts
from holdfast.incidents.record.model import (
    Certainty,
    EntryKind,
    Evidence,
    Ground,
    Milestone,
)
from holdfast.incidents.responders.actions.inform import tell_command
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.sdk import clean_line, clean_text

RESOURCES_CLOCK = "resources"
CLOCK_PREFIX = "hypothesis:"
FIXATION = "fixation"  # why command is told


@dataclass(frozen=True, slots=True)
class Stated:
    """A hypothesis before it is on the board; `owner` None: whoever states it."""

    statement: str
    prediction: str = ""
    owner: str | None = None


def state(tx: Tx, name: str, stated: Stated) -> Hypothesis:
    """Puts a possible cause on the board; without a prediction it is flagged as untested.

    Raises NoSuchIncident, NoSuchUser for the owner, Invalid (ledger S2-17).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    known = store.of(tx, incident.id)
    if len(known) >= HYPOTHESES_MAX:
        raise Invalid(f"At most {HYPOTHESES_MAX} hypotheses.", fields={"statement": "too many"})
    if stated.owner is not None:
        people.user(tx, stated.owner)
    hypothesis = Hypothesis(
        id=tx.chance.ordered_id("hy"),
        incident=incident.id,
        statement=_sentence(stated.statement, "statement"),
        prediction=clean_line(stated.prediction, STATEMENT_CHARS_MAX)[0],
        owner=stated.owner or tx.actor.user_id,
        opened_at=tx.now,
        opened_by=named(tx.actor),
    )
    store.save(tx, hypothesis)
    entry = record.written(
        tx,
        incident.id,
        EntryKind.ASSUMPTION,
        words.opened(hypothesis),
        about=hypothesis.id,
        certainty=Certainty.OPEN,
    )
    tx.record(HypothesisOpened(incident.id, hypothesis.id, entry.id))
    if incident.active:  # afterwards nobody is pressed for an answer
        due = tx.now + incident.pack.limits.fixation_after
        clocks.start(tx, incident.id, _clock(hypothesis), due)
        if not known:
            clocks.start(tx, incident.id, RESOURCES_CLOCK, due)
    return hypothesis


def add_test(
    tx: Tx, name: str, hypothesis_id: str, text: str, *, disconfirming: bool = False
) -> Hypothesis:
    """Something was looked at; `disconfirming`: it could have ruled the hypothesis out."""
    permissions.require(tx.actor, "incidents.respond")
    incident, hypothesis = _taken(tx, name, hypothesis_id)
    if not hypothesis.open:
        raise HypothesisJudged(f"This hypothesis is {hypothesis.certainty.value} already.")
    if len(hypothesis.tests) >= TESTS_MAX:
        raise Invalid(f"At most {TESTS_MAX} tests of one hypothesis.", fields={"text": "too many"})
    made = Trial(_sentence(text, "text"), disconfirming, tx.now, named(tx.actor))
    tested = replace(hypothesis, tests=(*hypothesis.tests, made))
    store.save(tx, tested)
    entry = record.written(
        tx, incident.id, EntryKind.ACTION, words.tested(tested, made), about=tested.id
    )
    tx.record(HypothesisTested(incident.id, tested.id, disconfirming, entry.id))
    return tested


def judge(tx: Tx, name: str, hypothesis_id: str, ground: Ground) -> Hypothesis:
    """Confirmed, refuted or inconclusive, by evidence. The same verdict again changes nothing.

    Raises NoSuchHypothesis, HypothesisJudged, Refused: EVIDENCE_REQUIRED (ledger S2-18).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident, hypothesis = _taken(tx, name, hypothesis_id)
    if ground.verdict is Certainty.OPEN:
        raise Invalid(
            "A verdict is confirmed, refuted or inconclusive.",
            fields={"verdict": "confirmed, refuted or inconclusive"},
        )
    if hypothesis.certainty is ground.verdict:
        return hypothesis
    if not hypothesis.open:
        raise HypothesisJudged(
            f"{hypothesis.judged_by} has called this {hypothesis.certainty.value} already.",
            remedy="State it anew, with what is different now.",
        )
    pieces = record.brought(tx, incident.id, ground.evidence)
    uphold(tx, CLAIM_RULES, ClaimFacts(ground.verdict.value, pieces), about=incident.id)
    judged = replace(
        hypothesis,
        certainty=ground.verdict,
        evidence=(*hypothesis.evidence, *pieces),
        judged_at=tx.now,
        judged_by=named(tx.actor),
        because=clean_text(ground.because, STATEMENT_CHARS_MAX)[0],
    )
    store.save(tx, judged)
    clocks.stop(tx, incident.id, _clock(judged))
    record.settle(tx, incident.id, judged.id, replace(ground, evidence=pieces))
    _tell_verdict(tx, incident, judged, pieces)
    return judged


def look_again(tx: Tx, incident_id: str, name: str) -> None:
    """The clock of a hypothesis ran out: the alarm, where it still stands alone and untested.

    It comes again after the same while, as long as that is so. Other names: the resources' clock.
    """
    incident = incidents.incident(tx, incident_id)
    if not incident.active:
        clocks.stop(tx, incident_id, name)
    elif name == RESOURCES_CLOCK:
        _remind_of_resources(tx, incident)
    else:
        _warn_of_fixation(tx, incident, name)


def check_resource(
    tx: Tx,
    name: str,
    resource: Resource,
    found: ResourceState,
    *,
    proof: Sequence[Evidence] = (),
) -> ResourceCheck:
    """Somebody looked at CPU, memory, disk, file descriptors or connections (ledger S2-24)."""
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    check = ResourceCheck(
        incident=incident.id,
        resource=resource,
        state=found,
        at=tx.now,
        by=named(tx.actor),
        evidence=record.brought(tx, incident.id, proof),
    )
    store.save_check(tx, check)
    record.written(
        tx,
        incident.id,
        EntryKind.ACTION,
        words.checked(resource, found),
        about=incident.id,
        proof=check.evidence,
    )
    tx.record(ResourceChecked(incident.id, resource.value, found.value))
    if not queries.unchecked(tx, incident.id):
        clocks.stop(tx, incident.id, RESOURCES_CLOCK)
    return check


def _tell_verdict(
    tx: Tx, incident: Incident, judged: Hypothesis, pieces: Sequence[Evidence]
) -> None:
    is_cause = judged.certainty is Certainty.CONFIRMED
    entry = record.written(
        tx,
        incident.id,
        EntryKind.FACT,
        words.judged(judged),
        about=judged.id,
        proof=pieces,
        certainty=Certainty.CONFIRMED,
        milestone=Milestone.CAUSE if is_cause else None,
    )
    tx.record(HypothesisVerdict(incident.id, judged.id, judged.certainty.value, entry.id))


def _warn_of_fixation(tx: Tx, incident: Incident, name: str) -> None:
    after = incident.pack.limits.fixation_after
    hypothesis_id = name.removeprefix(CLOCK_PREFIX)
    board = store.of(tx, incident.id)
    if not any(each.id == hypothesis_id and each.open for each in board):
        clocks.stop(tx, incident.id, name)
        return
    found = fixation(board, after, tx.now)
    if found is not None and found.hypothesis.id == hypothesis_id:
        said = words.fixated(found.hypothesis.statement, found.why)
        record.written(tx, incident.id, EntryKind.COORDINATION, said, about=hypothesis_id)
        tx.record(HypothesisFixated(incident.id, hypothesis_id, found.why))
        tell_command(tx, incident, said, FIXATION)
    clocks.start(tx, incident.id, name, tx.now + after)


def _remind_of_resources(tx: Tx, incident: Incident) -> None:
    clocks.stop(tx, incident.id, RESOURCES_CLOCK)
    left = queries.unchecked(tx, incident.id)
    if left:
        record.written(tx, incident.id, EntryKind.COORDINATION, words.unchecked(left))


def _taken(tx: Tx, name: str, hypothesis_id: str) -> tuple[Incident, Hypothesis]:
    incident = incidents.take(tx, name)
    hypothesis = store.take(tx, hypothesis_id)
    if hypothesis is None or hypothesis.incident != incident.id:
        raise NoSuchHypothesis
    return incident, hypothesis


def _clock(hypothesis: Hypothesis) -> str:
    return f"{CLOCK_PREFIX}{hypothesis.id}"


def _sentence(text: str, field: str) -> str:
    plain = clean_line(text, STATEMENT_CHARS_MAX)[0]
    if not plain:
        raise Invalid("This needs words.", fields={field: "say it in a sentence"})
    return plain
