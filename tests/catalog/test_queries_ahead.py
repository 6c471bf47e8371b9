"""Looking ahead: the catalog of a storm is read at once, and read right."""

from __future__ import annotations

from holdfast.catalog import actions, queries
from holdfast.catalog.model import Connection
from holdfast.kernel.actor import SYSTEM
from holdfast.storage.database import Database
from tests.support.story import Story

NAMES = [f"c{number}" for number in range(queries.FEW + 2)]


def test_what_is_read_ahead_is_what_would_be_read_one_by_one(database: Database) -> None:
    Story(database).company()
    with database.begin(SYSTEM) as tx:
        for name in NAMES:
            actions.save_connection(tx, Connection(name, "generic", "checkout"))
    with database.read(SYSTEM) as tx:
        one_by_one = {name: queries.find_connection(tx, name) for name in [*NAMES, "gone"]}
        service = queries.find_service(tx, "checkout")
    with database.read(SYSTEM) as tx:
        queries.look_ahead(tx, [*NAMES, "gone"])
        assert {name: tx.recall(("connection", name)) for name in one_by_one} == one_by_one
        queries.look_at_services(tx, ["checkout", *NAMES])
        assert queries.find_service(tx, "checkout") == service
        assert queries.find_service(tx, NAMES[0]) is None


def test_a_few_are_left_to_be_read_one_by_one(database: Database) -> None:
    with database.read(SYSTEM) as tx:
        queries.look_ahead(tx, NAMES[: queries.FEW])
        assert not tx.remembers(("connection", NAMES[0]))
