"""Write down, correct, judge and seal what stands in an incident's timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.model import Incident
from holdfast.incidents.record import evidence, plausible, queries, store
from holdfast.incidents.record.digest import digest, digest_of_all
from holdfast.incidents.record.guardrails import (
    CLAIM_RULES,
    SEAL_RULES,
    TIME_RULES,
    ClaimFacts,
    SealFacts,
)
from holdfast.incidents.record.model import (
    BY_PEOPLE,
    EVIDENCE_MAX,
    KEY_CHARS_MAX,
    LINK_CHARS_MAX,
    PRECISION_MAX,
    SOURCE_CHARS_MAX,
    TEXT_CHARS_MAX,
    VALUE_CHARS_MAX,
    VERSIONS_MAX,
    AlreadyJudged,
    Certainty,
    Draft,
    Entry,
    EntryChanged,
    EntryKind,
    EntryWritten,
    Evidence,
    Ground,
    Milestone,
    NoSuchEntry,
    NotAnAction,
    NothingToJudge,
    TimelineSealed,
)
from holdfast.incidents.record.plausible import TimeFacts
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import clean_line, clean_text

BY_ITSELF = "holdfast"  # the source of what others of our own code write
ENTRY_PREFIX = "en_"


def note(tx: Tx, name: str, draft: Draft) -> Entry:
    """Writes an entry; the same author's same key gives the entry there is (ledger S4-27).

    Never blocked for want of certainty: without a kind it is a note. Raises NoSuchIncident,
    NoSuchEntry for an `about` that is another incident's, Invalid, and Refused:
    EVIDENCE_REQUIRED, TIME_IMPLAUSIBLE (ledger S0-22, S2-14).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.incident(tx, name)
    author = named(tx.actor)
    known = queries.repeated(tx, incident.id, author, draft.key)
    if known is not None:
        return known
    if draft.about.startswith(ENTRY_PREFIX):
        queries.entry(tx, incident.id, draft.about)
    facts = _time_facts(tx, incident, draft)
    entry = _drafted(tx, incident, draft, facts)
    if entry.kind is EntryKind.FACT:
        uphold(tx, CLAIM_RULES, ClaimFacts("a fact", entry.evidence), about=incident.id)
    uphold(tx, TIME_RULES, facts, about=incident.id)
    return _put(tx, entry)


def written(
    tx: Tx,
    incident_id: str,
    kind: EntryKind,
    text: str,
    *,
    about: str = "",
    occurred_at: datetime | None = None,
    proof: Sequence[Evidence] = (),
    milestone: Milestone | None = None,
    details: Mapping[str, object] | None = None,
    certainty: Certainty | None = None,
) -> Entry:
    """An entry that a verb of ours writes by itself: its own permission was asked already."""
    return _put(
        tx,
        Entry(
            id=tx.chance.ordered_id("en"),
            incident=incident_id,
            kind=kind,
            text=said(text),
            occurred_at=occurred_at or tx.now,
            recorded_at=tx.now,
            author=named(tx.actor),
            source=BY_ITSELF,
            evidence=tuple(proof),
            certainty=certainty,
            done_at=tx.now if kind is EntryKind.ACTION else None,
            about=about,
            milestone=milestone,
            details=details or {},
        ),
    )


def amend(tx: Tx, name: str, entry_id: str, text: str, *, proof: Sequence[Evidence] = ()) -> Entry:
    """A correction or addition beside an entry, with its author and time; always possible."""
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.incident(tx, name)
    amended = queries.entry(tx, incident.id, entry_id)
    return _put(
        tx,
        Entry(
            id=tx.chance.ordered_id("en"),
            incident=incident.id,
            kind=EntryKind.NOTE,
            text=said(text),
            occurred_at=tx.now,
            recorded_at=tx.now,
            author=named(tx.actor),
            evidence=brought(tx, incident.id, proof),
            amends=amended.id,
            marks=_sealed_marks(incident),
        ),
    )


def change(
    tx: Tx,
    name: str,
    entry_id: str,
    *,
    text: str | None = None,
    occurred_at: datetime | None = None,
) -> Entry:
    """Rewords an entry or moves its instant, before the seal; what it said before is kept in it.

    Raises NoSuchEntry, and Refused: TIMELINE_SEALED (ledger S0-25), TIME_IMPLAUSIBLE.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident, entry = _taken(tx, name, entry_id)
    uphold(tx, SEAL_RULES, SealFacts(entry.id, entry.sealed_at is not None), about=incident.id)
    draft = Draft("", entry.kind, occurred_at or entry.occurred_at, entry.precision)
    uphold(tx, TIME_RULES, _time_facts(tx, incident, draft), about=incident.id)
    was = {"text": entry.text, "at": entry.occurred_at.isoformat(), "until": tx.now.isoformat(),
           "by": named(tx.actor)}  # fmt: skip
    before = entry.details.get("versions")
    versions = [*(before if isinstance(before, list) else []), was][-VERSIONS_MAX:]
    changed = replace(
        entry,
        text=entry.text if text is None else said(text),
        occurred_at=occurred_at or entry.occurred_at,
        details={**entry.details, "versions": versions},
    )
    return _changed(tx, changed, "reworded")


def confirm(
    tx: Tx, name: str, entry_id: str, *, proof: Sequence[Evidence], because: str = ""
) -> Entry:
    """The assumption holds. Raises Refused: EVIDENCE_REQUIRED."""
    return _judge(tx, name, entry_id, Ground(Certainty.CONFIRMED, tuple(proof), because))


def refute(
    tx: Tx, name: str, entry_id: str, *, proof: Sequence[Evidence], because: str = ""
) -> Entry:
    """The assumption is ruled out. Raises Refused: EVIDENCE_REQUIRED."""
    return _judge(tx, name, entry_id, Ground(Certainty.REFUTED, tuple(proof), because))


def settle(tx: Tx, incident_id: str, about: str, ground: Ground) -> None:
    """What a hypothesis said as an assumption gets the verdict of its hypothesis."""
    for entry in queries.about(tx, incident_id, [about]):
        if entry.open_assumption:
            _settled(tx, entry, ground)


def finish(tx: Tx, name: str, entry_id: str) -> Entry:
    """An action that was written down as open has been done. Repeated, it changes nothing."""
    permissions.require(tx.actor, "incidents.respond")
    _, entry = _taken(tx, name, entry_id)
    if entry.kind is not EntryKind.ACTION:
        raise NotAnAction
    if entry.done_at is not None:
        return entry
    return _changed(tx, replace(entry, done_at=tx.now), "done")


def seal(tx: Tx, incident_id: str) -> int:
    """What was written until now stays as it is; called when the incident is resolved.

    Returns how many entries were sealed; the event of it goes into the hash chain (ledger S0-25).
    """
    sealed = store.unsealed(tx, incident_id)
    if sealed:
        store.seal(tx, incident_id, tx.now)
        tx.record(TimelineSealed(incident_id, len(sealed), digest_of_all(sealed)))
    return len(sealed)


def follow(tx: Tx, incident_id: str, subject: str) -> None:
    """From now on the list also tells of this subject and of pages about it: a request, say."""
    store.follow(tx, incident_id, subject, tx.now)


def restate(tx: Tx, entry: Entry, details: Mapping[str, object], what: str) -> Entry:
    """A verb of ours keeps more with its entry: answers to a poll, say. The digest follows."""
    return _changed(tx, replace(entry, details=details), what)


def said(text: str) -> str:
    """The text as it can be kept. Raises Invalid where nothing is left of it."""
    if len(text) > TEXT_CHARS_MAX:
        raise Invalid(
            f"An entry has at most {TEXT_CHARS_MAX} characters.", fields={"text": "too long"}
        )
    plain = clean_text(text, TEXT_CHARS_MAX)[0].strip()
    if not plain:
        raise Invalid("This needs words.", fields={"text": "say what happened"})
    return plain


def brought(tx: Tx, incident_id: str, proof: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence with its provenance. Raises NoSuchEntry where it names a foreign entry."""
    if len(proof) > EVIDENCE_MAX:
        raise Invalid(
            f"At most {EVIDENCE_MAX} pieces of evidence.", fields={"evidence": "too many"}
        )
    for piece in proof:
        if piece.entry:
            queries.entry(tx, incident_id, piece.entry)
    plain = [
        replace(
            piece,
            link=clean_line(piece.link, LINK_CHARS_MAX)[0],
            value=clean_text(piece.value, VALUE_CHARS_MAX)[0],
            source=clean_line(piece.source, SOURCE_CHARS_MAX)[0],
        )
        for piece in proof
    ]
    return evidence.stamped(plain, named(tx.actor), tx.now)


def _judge(tx: Tx, name: str, entry_id: str, ground: Ground) -> Entry:
    permissions.require(tx.actor, "incidents.respond")
    incident, entry = _taken(tx, name, entry_id)
    if entry.kind is not EntryKind.ASSUMPTION:
        raise NothingToJudge
    if entry.source == BY_ITSELF:
        raise NothingToJudge(
            "This assumption belongs to a hypothesis.",
            remedy=f"Give the verdict on the hypothesis {entry.about}.",
        )
    if entry.certainty is ground.verdict:
        return entry
    if entry.certainty is not Certainty.OPEN:
        raise AlreadyJudged(
            f"{entry.judged_by} has called this {entry.certainty} already.",
            remedy="Write a new assumption, or an amendment that says what is different.",
        )
    pieces = brought(tx, incident.id, ground.evidence)
    uphold(tx, CLAIM_RULES, ClaimFacts(ground.verdict.value, pieces), about=incident.id)
    return _settled(tx, entry, replace(ground, evidence=pieces))


def _settled(tx: Tx, entry: Entry, ground: Ground) -> Entry:
    judged = replace(
        entry,
        certainty=ground.verdict,
        judged_at=tx.now,
        judged_by=named(tx.actor),
        because=clean_text(ground.because, TEXT_CHARS_MAX)[0],
        evidence=(*entry.evidence, *ground.evidence),
    )
    return _changed(tx, judged, ground.verdict.value)


def _drafted(tx: Tx, incident: Incident, draft: Draft, facts: TimeFacts) -> Entry:
    if draft.kind not in BY_PEOPLE:
        choice = ", ".join(BY_PEOPLE)
        raise Invalid(f"People write {choice}.", fields={"kind": f"use {choice}"})
    if not timedelta() <= draft.precision <= PRECISION_MAX:
        raise Invalid("A precision is up to a day.", fields={"precision": "0s to 1d"})
    if len(draft.key) > KEY_CHARS_MAX:
        raise Invalid(f"A key has at most {KEY_CHARS_MAX} characters.", fields={"key": "too long"})
    is_done = draft.kind is EntryKind.ACTION and draft.done
    certainties = {
        EntryKind.FACT: Certainty.CONFIRMED, EntryKind.ASSUMPTION: Certainty.OPEN,
    }  # fmt: skip
    return Entry(
        id=tx.chance.ordered_id("en"),
        incident=incident.id,
        kind=draft.kind,
        text=said(draft.text),
        occurred_at=facts.occurred_at,
        recorded_at=tx.now,
        author=named(tx.actor),
        precision=draft.precision,
        source=clean_line(draft.source, SOURCE_CHARS_MAX)[0],
        evidence=brought(tx, incident.id, draft.evidence),
        certainty=certainties.get(draft.kind),
        done_at=facts.occurred_at if is_done else None,
        about=draft.about,
        milestone=draft.milestone,
        marks=(*plausible.marks(facts), *_sealed_marks(incident)),
        key=draft.key,
    )


def _time_facts(tx: Tx, incident: Incident, draft: Draft) -> TimeFacts:
    return TimeFacts(
        kind=draft.kind,
        occurred_at=draft.occurred_at or tx.now,
        precision=draft.precision,
        now=tx.now,
        impact_started_at=incident.instants.impact_started_at,
        impact_precision=incident.instants.impact_precision,
        sent_at=draft.sent_at,
    )


def _sealed_marks(incident: Incident) -> tuple[str, ...]:
    return () if incident.active else ("amendment",)


def _taken(tx: Tx, name: str, entry_id: str) -> tuple[Incident, Entry]:
    incident = incidents.incident(tx, name)
    entry = store.take(tx, entry_id)
    if entry is None or entry.incident != incident.id:
        raise NoSuchEntry
    return incident, entry


def _put(tx: Tx, entry: Entry) -> Entry:
    if not store.add(tx, entry):
        known = queries.repeated(tx, entry.incident, entry.author, entry.key)
        assert known is not None, "an entry is only left out where its key is there"
        return known
    tx.record(EntryWritten(entry.incident, entry.id, entry.kind.value, digest(entry), entry.amends))
    tx.wake()
    return entry


def _changed(tx: Tx, entry: Entry, what: str) -> Entry:
    store.save(tx, entry)
    tx.record(EntryChanged(entry.incident, entry.id, what, digest(entry)))
    tx.wake()
    return entry
