"""Services, connections and their keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.catalog import actions as catalog
from holdfast.catalog import queries
from holdfast.catalog.model import (
    KEYS_MAX,
    Connection,
    KeyTaken,
    NoSuchConnection,
    NoSuchService,
    Service,
    ServiceInUse,
)
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.kernel.tx import Tx
from holdfast.people.model import NoSuchTeam
from holdfast.people.permissions import NotPermitted
from tests.support.database import rows_of
from tests.support.story import MINUTE, Story, person


def opens(tx: Tx, key: str) -> str | None:
    found = queries.connection_by_key(tx, key)
    return None if found is None else found.id


def pass_time(story: Story) -> None:
    story.clock.jump_to(story.clock.now() + MINUTE)


def test_a_key_opens_its_connection_and_is_kept_as_a_hash_only(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        key = catalog.make_key(tx, "am", 32)
        assert len(key) == 32
        assert opens(tx, key) == "am"
        assert opens(tx, key.upper()) is None
        assert opens(tx, key[:-1]) is None
        kept = rows_of(tx, "select * from connection_keys")
    assert key not in str(kept)
    assert key[:6] in str(kept), "the first characters tell keys apart"


def test_the_newest_older_key_stays_good_so_that_senders_change_without_a_gap(
    story: Story,
) -> None:
    keys = []
    for _ in range(KEYS_MAX + 2):
        with story.database.begin(SYSTEM) as tx:
            keys.append(catalog.make_key(tx, "am", 32))
        pass_time(story)
    with story.database.read(SYSTEM) as tx:
        good = [key for key in keys if opens(tx, key) == "am"]
    assert good == keys[-KEYS_MAX:]


def test_a_key_belongs_to_one_connection(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        catalog.save_connection(tx, Connection("other", "generic", "checkout"))
        catalog.set_key(tx, "am", "0123456789abcdef")
        catalog.set_key(tx, "am", "0123456789abcdef")
        with pytest.raises(KeyTaken):
            catalog.set_key(tx, "other", "0123456789abcdef")


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "spaces in a key 1", "ä" * 20, "a/b" * 9])
def test_a_key_that_no_address_could_hold_is_refused(story: Story, key: str) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(Invalid):
        catalog.set_key(tx, "am", key)


def test_the_keys_of_a_deleted_or_disabled_connection_open_nothing(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        key = catalog.make_key(tx, "am", 32)
        disabled = Connection("am", "alertmanager", "checkout", disabled_at=tx.now)
        catalog.save_connection(tx, disabled)
        assert opens(tx, key) is None
        catalog.save_connection(tx, Connection("am", "alertmanager", "checkout"))
        assert opens(tx, key) == "am"
        catalog.delete_connection(tx, "am")
        assert opens(tx, key) is None
        assert rows_of(tx, "select * from connection_keys") == []
        with pytest.raises(NoSuchConnection):
            catalog.delete_connection(tx, "am")


@pytest.mark.parametrize(
    ("odd", "refused"),
    [
        (Service("No Slug", "X", "payments", "payments"), HoldfastError),
        (Service("x", " ", "payments", "payments"), Invalid),
        (Service("x", "X", "nobody", "payments"), NoSuchTeam),
        (Service("x", "X", "payments", "payments", tier=6), Invalid),
        (Service("x", "X", "payments", "payments", tier=-1), Invalid),
        (Service("x", "X", "payments", "payments", depends_on=("x",)), Invalid),
        (Service("x", "X", "payments", "payments", depends_on=("nothing",)), NoSuchService),
        (Service("x", "X", "payments", "payments", depends_on=("checkout",) * 101), Invalid),
    ],
)
def test_a_service_outside_the_limits_is_refused(
    story: Story, odd: Service, refused: type[HoldfastError]
) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(refused):
        catalog.save_service(tx, odd)


def test_what_is_saved_comes_back_as_it_was(story: Story) -> None:
    service = Service("x", "Ex", "payments", "payments", 0, ("checkout",), "what it is for")
    connection = Connection(
        "c", "generic", "x", timedelta(minutes=5), timedelta(seconds=1.5), {"mapping": {"a": "b"}}
    )
    with story.database.begin(SYSTEM) as tx:
        catalog.save_service(tx, service)
        catalog.save_connection(tx, connection)
    with story.database.read(SYSTEM) as tx:
        assert queries.service(tx, "x") == service
        assert queries.connection(tx, "c") == connection


def test_a_service_that_something_points_at_is_not_deleted(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        catalog.save_service(tx, Service("x", "X", "payments", "payments"))
        catalog.save_service(tx, Service("y", "Y", "payments", "payments", depends_on=("x",)))
        with pytest.raises(ServiceInUse, match="am"):
            catalog.delete_service(tx, "checkout")
        with pytest.raises(ServiceInUse, match="y"):
            catalog.delete_service(tx, "x")
        catalog.delete_service(tx, "y")
        catalog.delete_service(tx, "x")
        assert set(queries.services(tx)) == {"checkout"}


def test_a_connection_points_at_a_service_that_exists(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(NoSuchService):
        catalog.save_connection(tx, Connection("c", "generic", "nothing"))


def test_responders_edit_neither_services_nor_connections(story: Story) -> None:
    with story.database.begin(person("ana", Role.RESPONDER)) as tx:
        with pytest.raises(NotPermitted):
            catalog.save_service(tx, Service("x", "X", "payments", "payments"))
        with pytest.raises(NotPermitted):
            catalog.make_key(tx, "am", 32)
