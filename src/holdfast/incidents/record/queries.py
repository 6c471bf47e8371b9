"""Ask about an incident's record: the one list, what is open in it, and whether it is whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from holdfast.alerts import queries as alerts
from holdfast.incidents import queries as incidents
from holdfast.incidents.record import merged, store, told
from holdfast.incidents.record.digest import digest
from holdfast.incidents.record.directory import Directory
from holdfast.incidents.record.model import (
    ENTRIES_MAX,
    Certainty,
    Entry,
    EntryKind,
    Line,
    NoSuchEntry,
)
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.people import queries as people
from holdfast.people.credentials import queries as credentials
from holdfast.timeline import queries as timeline
from holdfast.timeline.event import Recorded

Place = tuple[datetime, str]
OPEN_MAX = 500  # assumptions and actions that one incident shows as open
VERIFY_BATCH = 500
MILESTONE_EVENTS_MAX = 1000
REQUESTS_MAX = 500
_HELP = "incident.help_requested"  # its request is what people are paged about
_DIGESTS = ("incident.entry_written", "incident.entry_changed")


def entries(
    tx: Tx,
    incident_id: str,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int = 100,
) -> list[Line]:
    """The ONE list (ledger S0-21): what people wrote and what happened by itself, oldest first.

    Ordered by when it happened, whenever it was written down. The newest `limit` lines, or those
    before or after a place; a place is a line's `at` and `id`.
    """
    count = min(limit, ENTRIES_MAX + 1)
    written = store.newest(
        tx,
        incident_id,
        before=_among(before, "en"),
        after=_among(after, "en"),
        limit=count,
    )
    happened = timeline.told(
        tx,
        _subjects(tx, incident_id),
        before=_among(before, "ev"),
        after=_among(after, "ev"),
        without=list(told.LEFT_OUT),
        limit=count,
    )
    directory = names(tx)
    lines = [told.line(event, directory) for event in happened]
    return merged.newest([*map(merged.line, written), *lines], count)


def entry(tx: Tx, incident_id: str, entry_id: str) -> Entry:
    """Raises NoSuchEntry, also for one of another incident."""
    found = store.find(tx, entry_id)
    if found is None or found.incident != incident_id:
        raise NoSuchEntry
    return found


def repeated(tx: Tx, incident_id: str, author: str, key: str) -> Entry | None:
    """What this author has written with this key already."""
    return store.find_by_key(tx, incident_id, author, key) if key else None


def amendments(tx: Tx, entry_id: str) -> list[Entry]:
    """What was added to an entry later, oldest first."""
    return store.amendments(tx, entry_id)


def open_assumptions(tx: Tx, incident_id: str) -> list[Entry]:
    """Assumptions that nobody has confirmed or refuted, oldest first (ledger S0-26)."""
    found = store.of_kinds(tx, incident_id, [EntryKind.ASSUMPTION], OPEN_MAX)
    return [each for each in found if each.certainty is Certainty.OPEN]


def open_actions(tx: Tx, incident_id: str) -> list[Entry]:
    """Actions that somebody wrote down and nobody has marked as done, oldest first."""
    found = store.of_kinds(tx, incident_id, [EntryKind.ACTION], OPEN_MAX)
    return [each for each in found if each.done_at is None]


def changes(tx: Tx, incident_id: str) -> list[Entry]:
    """Deploys, flags and configuration that people or programs wrote down, oldest first."""
    return store.of_kinds(tx, incident_id, [EntryKind.CHANGE], OPEN_MAX)


def of_kind(tx: Tx, incident_id: str, kind: EntryKind) -> list[Entry]:
    """The newest entries of one kind, oldest first."""
    return store.of_kinds(tx, incident_id, [kind], OPEN_MAX)


def decisions(tx: Tx, incident_id: str) -> list[Entry]:
    """The decision log, oldest first."""
    return store.of_kinds(tx, incident_id, [EntryKind.DECISION], OPEN_MAX)


def about(tx: Tx, incident_id: str, subjects: Sequence[str]) -> list[Entry]:
    """Entries about a hypothesis, a mitigation or a decision, oldest first."""
    return store.of_subjects(tx, incident_id, subjects) if subjects else []


def evidenced(tx: Tx, incident_id: str, ids: Sequence[str]) -> dict[str, Entry]:
    """Those of these entries that stand in this incident and have evidence."""
    found = store.by_id(tx, ids) if ids else {}
    return {
        name: each for name, each in found.items() if each.incident == incident_id and each.evidence
    }


def evidence_count(tx: Tx, incident_id: str) -> int:
    """How many pieces of evidence its entries have."""
    kinds = [EntryKind.FACT, EntryKind.NOTE, EntryKind.ASSUMPTION, EntryKind.CHANGE]
    return sum(len(each.evidence) for each in store.of_kinds(tx, incident_id, kinds, OPEN_MAX))


def with_milestones(tx: Tx, incident_id: str) -> list[Line]:
    """The lines that stand for a milestone, oldest first."""
    written = [merged.line(each) for each in store.with_milestone(tx, incident_id)]
    happened = timeline.told(
        tx, _subjects(tx, incident_id), kinds=list(told.MILESTONES), limit=MILESTONE_EVENTS_MAX
    )
    directory = names(tx)
    return merged.ordered([*written, *(told.line(event, directory) for event in happened)])


def names(tx: Tx) -> Directory:
    """What people, programs and alerts are called; anything else is called as it is written."""
    return tx.remember("incidents.record.names", lambda: _directory(tx))


def _directory(tx: Tx) -> Directory:
    return Directory(
        users={user.id: user.name for user in people.users(tx).values()},
        tokens={token.id: (token.user, token.name) for token in credentials.tokens(tx)},
        alert=lambda name: next(iter(alerts.alerts_by_id(tx, [name]).values()), None),
    )


def broken(tx: Tx) -> str | None:
    """The first entry that is not as the hash chain says, in words; None where all are.

    Finds entries that were changed, removed or added behind the product's back (ledger S0-25).
    """
    seen: set[str] = set()
    place: Place | None = None
    while batch := timeline.latest(tx, kinds=list(_DIGESTS), before=place, limit=VERIFY_BATCH):
        place = (batch[-1].at, batch[-1].id)
        fault = _compare(tx, batch, seen)
        if fault is not None:
            return fault
    return None if store.count(tx) == len(seen) else _unclaimed(tx, seen)


def _subjects(tx: Tx, incident_id: str) -> list[str]:
    """Whatever the list tells of: the incident, its alerts, requests for help, what it follows, and
    the pages about these."""
    asked = timeline.told(tx, [incident_id], kinds=[_HELP], limit=REQUESTS_MAX)
    others = [
        *incidents.alerts_of(tx, incident_id),
        *(str(event.data["request"]) for event in asked),
        *store.subjects(tx, incident_id),
    ]
    return [incident_id, *others, *(page.id for page in pages.about(tx, others))]


def _among(place: Place | None, prefix: str) -> Place | None:
    return None if place is None else merged.place(*place, prefix)


def _compare(tx: Tx, batch: Sequence[Recorded], seen: set[str]) -> str | None:
    """The newest digest of each entry counts, and these come newest first."""
    expected: dict[str, str] = {}
    for event in batch:
        name = str(event.data["entry"])
        if name not in seen:
            seen.add(name)
            expected[name] = str(event.data["digest"])
    there = store.by_id(tx, list(expected))
    for name, wanted in expected.items():
        if name not in there:
            return f"entry {name} was removed"
        if digest(there[name]) != wanted:
            return f"entry {name} of incident {there[name].incident} was changed"
    return None


def _unclaimed(tx: Tx, seen: set[str]) -> str:
    last = ""
    while ids := store.after_id(tx, last, VERIFY_BATCH):
        for name in ids:
            if name not in seen:
                return f"entry {name} was added: no event of the timeline knows it"
        last = ids[-1]
    return "an entry was added or removed"
