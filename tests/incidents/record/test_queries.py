"""The one list of an incident, and the proof that it is whole."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from holdfast.incidents import store as incident_store
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import queries
from holdfast.incidents.record.model import (
    Draft,
    EntryKind,
    Evidence,
    EvidenceKind,
    Line,
    Milestone,
    NoSuchEntry,
)
from holdfast.incidents.record.told import LEFT_OUT
from holdfast.incidents.store import Linked
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SystemClock
from holdfast.paging.model import PageAnswer
from holdfast.timeline import queries as timeline
from tests.support.record import MINUTE, Room, room
from tests.support.story import at, person

__all__ = ["room"]

SEEN = Evidence(EvidenceKind.SEEN)
ROOM_S_MAX = 0.15


def linked_alert(room: Room) -> str:
    """An alert of this incident, for which Ana is paged and answers."""
    alert = room.story.opens()
    with room.story.database.begin(SYSTEM) as tx:
        incident_store.link(tx, Linked(room.id, alert, "am", "k"))
    room.story.drain()
    room.story.answers("ana", PageAnswer.ACKNOWLEDGE)
    return alert


def lines_of(room: Room, **asked: object) -> list[Line]:
    with room.as_("ana") as tx:
        return queries.entries(tx, room.id, **asked)  # type: ignore[arg-type]  # places and limits


@pytest.mark.ledger("S0-21", "S0-29")
def test_four_sources_out_of_order_become_one_list_ordered_by_what_happened(room: Room) -> None:
    linked_alert(room)
    now = room.story.start
    with room.as_("ana") as tx:
        record.note(tx, room.id, Draft("second", occurred_at=now - 10 * MINUTE, source="chat"))
        deploy = Draft("first", EntryKind.CHANGE, occurred_at=now - 40 * MINUTE, source="deploys")
        record.note(tx, room.id, deploy)
    lines = lines_of(room)
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert [line.text for line in lines[:2]] == ["first", "second"]
    assert {line.recorded_at for line in lines[:2]} == {now}
    by_itself = [line.event for line in lines[2:]]
    assert "alert.triggered" in by_itself
    assert "escalation.step_reached" in by_itself
    assert "alert.acknowledged" in by_itself


def test_what_happened_by_itself_names_people_and_not_their_ids(room: Room) -> None:
    linked_alert(room)
    said = [line.text for line in lines_of(room)]
    assert "Ana paged." in said
    assert "Ana acknowledged the alert: answered the page." in said


def test_an_entry_stands_in_the_list_once_and_not_again_as_its_event(room: Room) -> None:
    with room.as_("ana") as tx:
        record.note(tx, room.id, Draft("once"))
    assert [line.text for line in lines_of(room)] == ["once"]


def test_the_list_tells_of_what_it_follows_and_whom_that_pages(room: Room) -> None:
    other = room.story.opens("elsewhere")
    room.story.drain()
    assert lines_of(room) == []
    with room.as_("ana") as tx:
        record.follow(tx, room.id, other)
        record.follow(tx, room.id, other)
    assert "escalation.step_reached" in {line.event for line in lines_of(room)}


def test_the_parts_of_the_list_fit_together_without_a_gap_or_a_repetition(room: Room) -> None:
    linked_alert(room)
    with room.as_("bo") as tx:
        for number in range(9):  # all of one instant
            record.note(tx, room.id, Draft(f"note {number}"))
    whole = lines_of(room)
    parts: list[Line] = []
    place = None
    while part := lines_of(room, before=place, limit=4):
        parts = [*part, *parts]
        place = (part[0].at, part[0].id)
    assert parts == whole
    middle = whole[5]
    assert lines_of(room, after=(middle.at, middle.id)) == whole[6:]


def test_an_entry_of_another_incident_is_not_found(room: Room) -> None:
    with room.as_("ana") as tx, pytest.raises(NoSuchEntry):
        queries.entry(tx, room.id, "en_nowhere")


def test_evidence_is_counted_over_all_entries(room: Room) -> None:
    with room.as_("ana") as tx:
        record.note(tx, room.id, Draft("a", EntryKind.FACT, evidence=(SEEN, SEEN)))
        record.note(tx, room.id, Draft("b", evidence=(SEEN,)))
        assert queries.evidence_count(tx, room.id) == 3


def test_an_assumption_is_open_until_it_is_judged(room: Room) -> None:
    with room.as_("ana") as tx:
        first = record.note(tx, room.id, Draft("a", EntryKind.ASSUMPTION))
        second = record.note(tx, room.id, Draft("b", EntryKind.ASSUMPTION))
        record.confirm(tx, room.id, first.id, proof=[SEEN])
        assert [entry.id for entry in queries.open_assumptions(tx, room.id)] == [second.id]


def test_milestones_are_found_among_entries_and_events(room: Room) -> None:
    linked_alert(room)
    with room.as_("ana") as tx:
        record.written(tx, room.id, EntryKind.FACT, "The pool", milestone=Milestone.CAUSE)
        found = [line.milestone for line in queries.with_milestones(tx, room.id)]
    assert found == [Milestone.ALERT, Milestone.ACKNOWLEDGED, Milestone.CAUSE]


@pytest.mark.ledger("S0-25")
@pytest.mark.parametrize(
    ("behind_the_back", "found"),
    [
        ("update incident_entries set text = 'nothing happened'", "was changed"),
        ("update incident_entries set certainty = 'confirmed'", "was changed"),
        ("delete from incident_entries", "was removed"),
        ("update incident_entries set id = 'en_moved'", "was removed"),
    ],
)
def test_an_entry_that_was_changed_behind_the_products_back_is_named(
    room: Room, behind_the_back: str, found: str
) -> None:
    with room.as_("ana") as tx:
        record.note(tx, room.id, Draft("We think so", EntryKind.ASSUMPTION))
        record.seal(tx, room.id)
    with room.story.database.begin(SYSTEM) as tx:
        assert queries.broken(tx) is None
        tx.execute(text(behind_the_back))
        assert found in (queries.broken(tx) or "")


def test_an_entry_that_no_event_knows_is_named(room: Room) -> None:
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, Draft("one"))
        record.change(tx, room.id, entry.id, text="one and a half")
        columns = ", ".join(tx.execute(text("select * from incident_entries")).keys())
        values = columns.replace("id,", "'en_planted',", 1)
        tx.execute(
            text(f"insert into incident_entries ({columns}) select {values} from incident_entries")
        )
        assert "en_planted was added" in (queries.broken(tx) or "")


@pytest.mark.ledger("S0-21")
def test_there_is_no_second_timeline_the_events_about_an_incident_are_all_in_the_list(
    room: Room,
) -> None:
    alert = linked_alert(room)
    with room.as_("ana") as tx:
        record.note(tx, room.id, Draft("one"))
        record.seal(tx, room.id)
        happened = timeline.about(tx, [alert, room.id])
        kept = {event.id for event in happened if event.kind not in LEFT_OUT}
    assert kept <= {line.id for line in lines_of(room)}


def test_an_instant_is_shown_in_utc_whatever_zone_it_was_written_in(room: Room) -> None:
    with room.as_("ana") as tx:
        entry = record.note(tx, room.id, Draft("x", occurred_at=at("2026-11-16T08:55")))
    assert entry.occurred_at.utcoffset() is not None


@pytest.mark.slow
def test_the_newest_hundred_of_two_thousand_entries_are_there_at_once(room: Room) -> None:
    """150 ms is what the whole room may take; the list is the greater part of it."""
    linked_alert(room)
    for hundred in range(20):
        with room.as_("ana") as tx:
            for number in range(100):
                text_of = f"entry {hundred * 100 + number}"
                record.note(tx, room.id, Draft(text_of, EntryKind.FACT, evidence=(SEEN,)))
    clock = SystemClock()
    took = []
    for _ in range(5):
        with room.story.database.read(person("bo")) as tx:
            began = clock.monotonic()
            lines = queries.entries(tx, room.id, limit=100)
            took.append(clock.monotonic() - began)
    assert [line.text for line in lines] == [f"entry {number}" for number in range(1900, 2000)]
    assert min(took) < ROOM_S_MAX
