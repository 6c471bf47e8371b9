"""The record is whole, or it says exactly where it is not."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from holdfast.kernel.actor import SYSTEM
from holdfast.people import actions as people
from holdfast.people.model import Team
from holdfast.storage.database import Database
from holdfast.timeline import actions, queries
from holdfast.timeline.actions import SEAL_BATCH_MAX
from holdfast.timeline.queries import ChainReport
from tests.support.database import opened, rows_of, value_of

EVENTS = 6


def record(database: Database, count: int = EVENTS) -> None:
    with database.begin(SYSTEM) as tx:
        for number in range(count):
            people.save_team(tx, Team(f"team-{number}", f"Team {number}"))


def seal(database: Database) -> int:
    with database.begin(SYSTEM) as tx:
        return actions.seal(tx)


def verified(database: Database) -> ChainReport:
    with database.read(SYSTEM) as tx:
        return queries.verify_chain(tx)


def sealed(database: Database) -> dict[int, str]:
    """Event ids by position."""
    with database.read(SYSTEM) as tx:
        return {place: name for place, name in rows_of(tx, "select position, event from seals")}


def tamper(database: Database, *statements: str) -> str | None:
    """What the check says after somebody changed rows behind our back."""
    with database.begin(SYSTEM) as tx:
        for statement in statements:
            tx.execute(text(statement))
    return verified(database).broken


@pytest.fixture
def chained(database: Database) -> Database:
    record(database)
    assert seal(database) == EVENTS
    assert verified(database).broken is None
    return database


@pytest.mark.ledger("S0-66")
def test_a_chain_that_nobody_touched_is_whole(chained: Database) -> None:
    report = verified(chained)
    assert (report.sealed, report.unsealed, report.broken) == (EVENTS, 0, None)
    with chained.read(SYSTEM) as tx:
        assert report.anchor == value_of(tx, "select hash from chain_heads")


@pytest.mark.ledger("S0-66")
@pytest.mark.parametrize(
    "column", ["subject = 'team-x'", "actor = 'user:eve'", "kind = 'x'", "data = '{}'"]
)
def test_a_changed_event_is_found_and_named(chained: Database, column: str) -> None:
    name = sealed(chained)[3]
    broken = tamper(chained, f"update events set {column} where position = 3")
    assert broken == f"event {name} at position 3: the event was changed"


@pytest.mark.ledger("S0-66")
@pytest.mark.parametrize("place", [1, 3, EVENTS])
def test_a_deleted_event_is_found_and_named(chained: Database, place: int) -> None:
    name = sealed(chained)[place]
    broken = tamper(chained, f"delete from events where position = {place}")
    assert broken == f"event {name} at position {place}: the event was removed"


@pytest.mark.ledger("S0-66")
def test_an_event_that_is_deleted_together_with_its_seal_is_found(chained: Database) -> None:
    broken = tamper(
        chained,
        "delete from events where position = 3",
        "delete from seals where position = 3",
    )
    named = sealed(chained)[4]
    assert (
        broken == f"event {named} at position 4: a seal is missing before it (expected position 3)"
    )


@pytest.mark.ledger("S0-66")
def test_events_that_changed_places_are_found(chained: Database) -> None:
    name = sealed(chained)[2]
    broken = tamper(
        chained,
        "update events set position = -1 where position = 2",
        "update events set position = 2 where position = 3",
        "update events set position = 3 where position = -1",
    )
    assert broken == f"event {name} at position 2: the event was moved"


@pytest.mark.ledger("S0-66")
def test_events_that_changed_places_together_with_their_seals_are_found(
    chained: Database,
) -> None:
    broken = tamper(
        chained,
        "update events set position = -1 where position = 2",
        "update events set position = 2 where position = 3",
        "update events set position = 3 where position = -1",
        "update seals set position = -1 where position = 2",
        "update seals set position = 2 where position = 3",
        "update seals set position = 3 where position = -1",
    )
    assert broken is not None
    assert "at position 2: the chain does not continue here" in broken


@pytest.mark.ledger("S0-66")
def test_a_chain_that_was_cut_off_is_found(chained: Database) -> None:
    broken = tamper(
        chained,
        "delete from seals where position > 4",
        "delete from events where position > 4",
    )
    assert broken == f"the chain was cut: it should end at position {EVENTS}, but ends at 4"


@pytest.mark.ledger("S0-66")
def test_an_event_that_was_put_into_the_chain_is_found_and_named(chained: Database) -> None:
    broken = tamper(
        chained,
        "insert into events (id, at, kind, subject, actor, data, position)"
        " select 'ev_forged', at, kind, subject, actor, data, 3 from events where position = 3",
    )
    assert broken == "event ev_forged claims position 3, which no seal gives it"


@pytest.mark.ledger("S0-66")
def test_a_seal_that_was_forged_is_found(chained: Database) -> None:
    broken = tamper(chained, "update seals set hash = digest where position = 5")
    assert broken is not None
    assert "at position 5: the chain does not continue here" in broken


def test_what_is_not_sealed_yet_is_counted_and_sealed_next(chained: Database) -> None:
    with chained.begin(SYSTEM) as tx:
        people.save_team(tx, Team("late", "Late"))
    assert (verified(chained).unsealed, verified(chained).broken) == (1, None)
    assert seal(chained) == 1
    assert seal(chained) == 0
    assert (verified(chained).sealed, verified(chained).unsealed) == (EVENTS + 1, 0)


def test_more_than_a_batch_is_sealed_in_several(database: Database) -> None:
    record(database, SEAL_BATCH_MAX + 3)
    assert [seal(database), seal(database), seal(database)] == [SEAL_BATCH_MAX, 3, 0]
    assert verified(database) == ChainReport(SEAL_BATCH_MAX + 3, 0, verified(database).anchor, None)


@pytest.mark.postgres
def test_only_one_node_seals_at_a_time(postgres_url: str) -> None:
    with opened(postgres_url) as one, opened(postgres_url, seed=2) as two:
        record(one)
        with one.begin(SYSTEM) as tx:
            assert actions.seal(tx) == EVENTS
            assert seal(two) == 0
        assert seal(two) == 0
        record(two, 7)
        assert seal(two) == 1
        assert verified(one).broken is None


def test_the_newest_are_listed_by_kind_and_page(chained: Database) -> None:
    with chained.begin(SYSTEM) as tx:
        people.delete_team(tx, "team-0")
        newest = queries.latest(tx, kinds=["team.saved"], limit=2)
        assert [event.subject for event in newest] == ["team-0", "team-5"]
        assert queries.latest(tx, kinds=["nothing"]) == []
        assert [e.subject for e in queries.about(tx, ["team-1", "team-4"])] == ["team-1", "team-4"]
        assert queries.about(tx, []) == []
