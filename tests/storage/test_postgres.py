"""PostgreSQL: several nodes on one truth, and no promise that the server does not keep."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SystemClock
from holdfast.kernel.errors import Unavailable
from holdfast.storage.backend import Backend
from holdfast.storage.database import Database
from holdfast.storage.inbox import Envelope, count_by_state, raw_of
from holdfast.storage.postgres import Postgres
from tests.support.database import START, opened, rows_of, value_of
from tests.support.postgres import Cluster

pytestmark = pytest.mark.postgres


@pytest.fixture
def node(postgres_url: str) -> Iterator[Database]:
    with opened(postgres_url, clock=SystemClock()) as database:
        yield database


def setting(backend: Backend, name: str) -> str:
    with backend.reading() as connection:
        return str(connection.execute(text(f"show {name}")).scalar_one())


@pytest.mark.parametrize("careless", ["off", "local"])
def test_a_connection_that_would_not_promise_durability_is_refused(
    postgres_url: str, careless: str
) -> None:
    """Promises rule 1. The address itself may carry settings; ours come last, unless it insists."""

    class Careless(Postgres):
        def _assert_durable(self) -> None:
            with self.engine.connect() as connection:
                connection.execute(text(f"set synchronous_commit = {careless}"))
                connection.commit()  # it stays with the pooled connection
            super()._assert_durable()

    with pytest.raises(Unavailable) as refused:
        Careless(postgres_url)
    assert f"synchronous_commit {careless}" in refused.value.detail
    assert refused.value.remedy == "Set synchronous_commit=on and use a UTF8 database."


def test_every_session_waits_for_the_disk_whatever_the_server_is_set_to(
    postgres_url: str,
) -> None:
    """The tests' own server is careless; our sessions are not."""
    with psycopg.connect(postgres_url) as plain:
        assert plain.execute("show synchronous_commit").fetchone() == ("off",)
    backend = Postgres(postgres_url)
    try:
        assert setting(backend, "synchronous_commit") == "on"
        with backend._direct() as intake:
            assert intake.execute("show synchronous_commit").fetchone() == ("on",)
    finally:
        backend.close()


def test_nobody_waits_for_ever_for_a_lock_or_a_peer(postgres_url: str) -> None:
    backend = Postgres(postgres_url)
    try:
        waits = ("lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout")
        assert [setting(backend, name) for name in waits] == ["5s", "10s", "30s"]
    finally:
        backend.close()


def test_a_database_that_is_not_utf_8_is_refused(postgres_server: Cluster) -> None:
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
        connection.execute("create database latin template template0 encoding 'LATIN1'")
    try:
        with pytest.raises(Unavailable, match="LATIN1"):
            Postgres(postgres_server.url("latin"))
    finally:
        postgres_server.drop_database("/latin")


def test_a_password_in_the_address_is_never_shown(postgres_server: Cluster) -> None:
    url = postgres_server.url("postgres").replace("postgres@", "postgres:s3cret@")
    backend = Postgres(url + "?application_name=x")
    try:
        described = backend.describe()
    finally:
        backend.close()
    assert "s3cret" not in f"{described}"
    assert described.place.startswith("postgresql://127.0.0.1:")
    assert "?" not in described.place


def test_it_says_how_to_back_up_instead_of_doing_half_a_job(node: Database) -> None:
    with pytest.raises(Unavailable) as refused:
        node.backup(Path("unused"))
    assert "pg_dump" in (refused.value.remedy or "")


def test_intake_goes_on_with_a_new_connection_when_the_old_one_broke(node: Database) -> None:
    first, second = (
        Envelope("lt_1", "am", START, b"\x00\xff raw", '[{"a": "\\u0000"}]'),
        Envelope("lt_2", "am", START, b"", "[]"),
    )
    node.append_inbox([first])
    break_all(node)
    node.append_inbox([second])
    notice(node)
    with node.read(SYSTEM) as tx:
        assert count_by_state(tx) == {"waiting": 2}
        assert raw_of(tx, "lt_1") == b"\x00\xff raw"


def notice(*nodes: Database) -> None:
    """Whoever first uses a connection that broke hears of it; all others get new ones."""
    for node in nodes:
        with suppress(OperationalError), node.read(SYSTEM) as tx:
            tx.execute(text("select 1"))


def break_all(node: Database) -> None:
    """As a restart of the server would: every connection but this one ends."""
    kill = text(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    with node.begin(SYSTEM) as tx:
        tx.execute(kill).all()


def test_a_node_that_died_shows_without_its_help(postgres_url: str) -> None:
    with opened(postgres_url, clock=SystemClock()) as living:
        living.enlist("nd_living")
        with opened(postgres_url, clock=SystemClock()) as dying:
            dying.enlist("nd_dying")
            everybody = {"nd_living", "nd_dying", "nd_never"}
            assert living.dead_nodes(everybody) == {"nd_never"}
            assert dying.dead_nodes(everybody) == {"nd_never"}
        assert living.dead_nodes(everybody) == {"nd_dying", "nd_never"}


def test_a_node_that_lost_its_connection_announces_itself_again(postgres_url: str) -> None:
    """After a restart of the server a living node must not look dead to the others."""
    with (
        opened(postgres_url, clock=SystemClock()) as one,
        opened(postgres_url, clock=SystemClock()) as two,
    ):
        one.enlist("nd_one")
        two.enlist("nd_two")
        break_all(two)
        notice(one, two)
        two.enlist("nd_two")
        one.enlist("nd_one")
        assert one.dead_nodes({"nd_one", "nd_two"}) == set()
        assert two.dead_nodes({"nd_one", "nd_two"}) == set()


def test_announcing_oneself_again_opens_no_second_connection(node: Database) -> None:
    node.enlist("nd_one")
    announced = announcements(node)
    for _ in range(20):
        node.enlist("nd_one")
    assert announcements(node) == announced == 1


def announcements(node: Database) -> int:
    count = (
        "select count(*) from pg_locks where locktype = 'advisory' and granted and database ="
        " (select oid from pg_database where datname = current_database())"
    )
    with node.read(SYSTEM) as tx:
        return cast(int, value_of(tx, count))


def test_a_server_that_is_away_is_said_as_what_it_is(own_postgres_server: Cluster) -> None:
    url = own_postgres_server.create_database()
    with opened(url, clock=SystemClock()) as database:
        own_postgres_server.stop()
        with pytest.raises(Unavailable, match="does not answer"):
            database.enlist("nd_one")
        with pytest.raises(Unavailable, match="does not answer"):
            database.append_inbox([Envelope("lt_1", "am", START, b"", "[]")])
        own_postgres_server.start()
        notice(database)
        database.append_inbox([Envelope("lt_1", "am", START, b"", "[]")])
        database.enlist("nd_one")
        with database.read(SYSTEM) as tx:
            assert count_by_state(tx) == {"waiting": 1}


def test_what_was_accepted_outlives_a_power_cut(own_postgres_server: Cluster) -> None:
    """Promises P2: killed without a farewell while four nodes write."""
    url = own_postgres_server.create_database()
    accepted: list[str] = []
    stop = threading.Event()

    def write_on(database: Database, name: str) -> None:
        number = 0
        while not stop.is_set():
            letter = Envelope(f"lt_{name}_{number}", "am", START, b"raw", "[]")
            try:
                database.append_inbox([letter])
            except (Unavailable, psycopg.Error):
                return
            accepted.append(letter.id)
            number += 1

    with opened(url, clock=SystemClock()) as one, opened(url, clock=SystemClock()) as two:
        writers = [
            threading.Thread(target=write_on, args=(node, name))
            for name, node in {"one": one, "two": two}.items()
        ]
        for writer in writers:
            writer.start()
        while len(accepted) < 50:
            assert any(writer.is_alive() for writer in writers)
            stop.wait(0.02)
        own_postgres_server.kill()
        stop.set()
        for writer in writers:
            writer.join(30.0)
    own_postgres_server.start()
    with opened(url, clock=SystemClock()) as after, after.read(SYSTEM) as tx:
        kept = {name for (name,) in rows_of(tx, "select id from inbox")}
    assert set(accepted) <= kept
