"""Writing down, correcting, judging and sealing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.model import Phase
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import queries
from holdfast.incidents.record.model import (
    AlreadyJudged,
    Certainty,
    Draft,
    EntryKind,
    Evidence,
    EvidenceKind,
    NoSuchEntry,
    NothingToJudge,
)
from holdfast.kernel.errors import Invalid
from tests.support.record import MINUTE, Room, room
from tests.support.story import person

__all__ = ["room"]

GRAPH = Evidence(EvidenceKind.METRIC, link="https://graphs.test/d/errors?from=1")
SEEN = Evidence(EvidenceKind.SEEN)


@pytest.mark.ledger("S4-27")
def test_a_note_is_one_row_with_its_author_and_its_time(room: Room) -> None:
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, Draft("restarted api"))
    with room.as_("bo") as tx:
        (line,) = queries.entries(tx, room.id)
    assert (line.text, line.author, line.at) == ("restarted api", "ana", room.story.start)
    assert line.entry == entry


@pytest.mark.ledger("S4-27")
def test_a_retried_note_with_the_same_key_gives_exactly_one_row(room: Room) -> None:
    with room.as_("ana") as tx:
        first = record.note(tx, room.id, Draft("restarted api", key="k-1"))
    with room.as_("ana") as tx:
        assert record.note(tx, room.id, Draft("restarted api", key="k-1")) == first
        assert len(queries.entries(tx, room.id)) == 1
    with room.as_("bo") as tx:
        record.note(tx, room.id, Draft("somebody else's key is another key", key="k-1"))
        assert len(queries.entries(tx, room.id)) == 2


@pytest.mark.ledger("S0-22", "S2-18")
@pytest.mark.refuses("EVIDENCE_REQUIRED")
def test_a_fact_without_evidence_is_refused_and_an_assumption_is_taken(room: Room) -> None:
    claim = "The pool is exhausted"
    with pytest.raises(Refused) as refusal, room.as_("ana") as tx:
        record.note(tx, room.id, Draft(claim, EntryKind.FACT))
    assert refusal.value.code == "EVIDENCE_REQUIRED"
    with room.as_("ana") as tx:
        assumed = record.note(tx, room.id, Draft(claim, EntryKind.ASSUMPTION))
        known = record.note(tx, room.id, Draft(claim, EntryKind.FACT, evidence=(GRAPH,)))
    assert (assumed.certainty, known.certainty) == (Certainty.OPEN, Certainty.CONFIRMED)


def test_evidence_keeps_who_brought_it_when_and_a_digest_of_it(room: Room) -> None:
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, Draft("errors", EntryKind.FACT, evidence=(GRAPH, SEEN)))
    graph, seen = entry.evidence
    assert (graph.collector, graph.at, len(graph.digest)) == ("ana", room.story.start, 64)
    assert (seen.kind, seen.collector) == (EvidenceKind.SEEN, "ana")


def test_evidence_may_name_an_entry_of_this_incident_and_of_no_other(room: Room) -> None:
    with room.as_("ana") as tx:
        first = record.note(tx, room.id, Draft("errors", EntryKind.FACT, evidence=(GRAPH,)))
        pointing = Evidence(EvidenceKind.METRIC, entry=first.id)
        record.note(tx, room.id, Draft("still", EntryKind.FACT, evidence=(pointing,)))
        foreign = Evidence(EvidenceKind.METRIC, entry="en_elsewhere")
        with pytest.raises(NoSuchEntry):
            record.note(tx, room.id, Draft("no", EntryKind.FACT, evidence=(foreign,)))


@pytest.mark.ledger("S2-14")
def test_a_late_entry_keeps_when_it_happened_how_exactly_and_where_from(room: Room) -> None:
    happened = room.story.start - 20 * MINUTE
    draft = Draft("Bo saw it", occurred_at=happened, precision=MINUTE, source="chat")
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, draft)
    assert (entry.occurred_at, entry.recorded_at) == (happened, room.story.start)
    assert (entry.precision, entry.source, entry.marks) == (MINUTE, "chat", ("late",))


@pytest.mark.ledger("S2-14")
@pytest.mark.refuses("TIME_IMPLAUSIBLE")
@pytest.mark.parametrize("away", [-31 * MINUTE, 2 * MINUTE])
def test_an_entry_before_the_impact_or_in_the_future_is_refused(
    room: Room, away: timedelta
) -> None:
    with pytest.raises(Refused) as refusal, room.as_("ana") as tx:
        record.note(tx, room.id, Draft("impossible", occurred_at=tx.now + away))
    assert refusal.value.code == "TIME_IMPLAUSIBLE"


def test_a_change_may_lie_before_the_impact(room: Room) -> None:
    with room.as_("ana") as tx:
        early = tx.now - 60 * MINUTE
        record.note(tx, room.id, Draft("Deployed 4.18.2", EntryKind.CHANGE, occurred_at=early))
        assert [entry.text for entry in queries.changes(tx, room.id)] == ["Deployed 4.18.2"]


def test_an_assumption_is_ruled_out_once_and_says_by_whom_and_why(room: Room) -> None:
    with room.as_("ana") as tx:
        guess = record.note(tx, room.id, Draft("The card network is down", EntryKind.ASSUMPTION))
        with pytest.raises(Refused) as refusal:
            record.refute(tx, room.id, guess.id, proof=())
        assert refusal.value.code == "EVIDENCE_REQUIRED"
    with room.as_("bo") as tx:
        struck = record.refute(tx, room.id, guess.id, proof=[SEEN], because="their page is green")
        assert record.refute(tx, room.id, guess.id, proof=[SEEN]) == struck
        with pytest.raises(AlreadyJudged):
            record.confirm(tx, room.id, guess.id, proof=[SEEN])
        assert queries.open_assumptions(tx, room.id) == []
    assert (struck.certainty, struck.judged_by) == (Certainty.REFUTED, "bo")
    assert struck.because == "their page is green"


def test_only_an_assumption_is_judged(room: Room) -> None:
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, Draft("hello"))
        with pytest.raises(NothingToJudge):
            record.confirm(tx, room.id, entry.id, proof=[SEEN])


@pytest.mark.ledger("S4-27")
def test_an_action_is_open_until_somebody_says_that_it_is_done(room: Room) -> None:
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, Draft("Drain eu-1", EntryKind.ACTION, done=False))
        assert [each.id for each in queries.open_actions(tx, room.id)] == [entry.id]
    room.story.clock.jump_to(room.story.start + MINUTE)
    with room.as_("bo") as tx:
        done = record.finish(tx, room.id, entry.id)
        assert record.finish(tx, room.id, entry.id) == done
        assert queries.open_actions(tx, room.id) == []
    assert done.done_at == room.story.start + MINUTE


@pytest.mark.ledger("S0-25")
@pytest.mark.refuses("TIMELINE_SEALED")
def test_after_the_seal_an_entry_is_amended_and_not_changed(room: Room) -> None:
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, Draft("restarted api"))
        record.change(tx, room.id, entry.id, text="restarted api-2")
        assert record.seal(tx, room.id) == 1
    room.changes(phase=Phase.RESOLVED)
    with pytest.raises(Refused) as refusal, room.as_("ana") as tx:
        record.change(tx, room.id, entry.id, text="nobody restarted anything")
    assert refusal.value.code == "TIMELINE_SEALED"
    with room.as_("bo") as tx:
        added = record.amend(tx, room.id, entry.id, "It was api-3.")
        late = record.note(tx, room.id, Draft("A note after the fact"))
        assert [each.id for each in queries.amendments(tx, entry.id)] == [added.id]
        assert queries.broken(tx) is None
    assert (added.author, added.amends) == ("bo", entry.id)
    assert added.marks == late.marks == ("amendment",)


def test_what_an_entry_said_before_it_was_reworded_is_kept(room: Room) -> None:
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, Draft("restarted api"))
        changed = record.change(tx, room.id, entry.id, text="restarted api-2")
    versions = changed.details["versions"]
    assert isinstance(versions, list)
    assert [version["text"] for version in versions] == ["restarted api"]


def test_sealing_twice_seals_what_came_in_between(room: Room) -> None:
    with room.as_("ana") as tx:
        assert record.seal(tx, room.id) == 0
        record.note(tx, room.id, Draft("one"))
        assert record.seal(tx, room.id) == 1
        record.note(tx, room.id, Draft("two"))
        assert record.seal(tx, room.id) == 1


@pytest.mark.parametrize(
    "draft",
    [
        Draft("\u202e\x00 "),
        Draft("x" * 4001),
        Draft("I decide", EntryKind.DECISION),
        Draft("x", precision=timedelta(days=2)),
        Draft("x", evidence=(SEEN,) * 21),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(room: Room, draft: Draft) -> None:
    with pytest.raises(Invalid), room.as_("ana") as tx:
        record.note(tx, room.id, draft)


@pytest.mark.ledger("S4-27")
def test_eight_posts_of_one_key_at_the_same_instant_give_one_row(room: Room) -> None:
    database = room.story.database
    ready = Barrier(8)

    def posts(number: int) -> str:
        ready.wait()
        draft = Draft("restarted api", key="k-1")
        return database.transact(person("ana"), lambda tx: record.note(tx, room.id, draft)).id

    with ThreadPoolExecutor(8) as people:
        ids = set(people.map(posts, range(8)))
    with room.as_("bo") as tx:
        assert [line.id for line in queries.entries(tx, room.id)] == list(ids)
        assert queries.broken(tx) is None
