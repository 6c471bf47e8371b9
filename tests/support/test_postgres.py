"""The server that the tests start must itself be what they think it is."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.postgres import Cluster


@pytest.mark.postgres
def test_every_test_gets_an_empty_database_of_its_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("select 1 from pg_tables where schemaname = 'public'")
        assert tables.fetchall() == []
        connection.execute("create table left_behind (id int)")


@pytest.mark.postgres
def test_the_next_test_sees_nothing_of_the_last_one(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("select to_regclass('left_behind')").fetchone() == (None,)


@pytest.mark.postgres
def test_a_killed_server_comes_back_with_what_was_committed(own_postgres_server: Cluster) -> None:
    url = own_postgres_server.create_database()
    with psycopg.connect(url) as connection:
        connection.execute("create table kept (id int)")
        connection.execute("insert into kept values (1)")
    own_postgres_server.kill()
    own_postgres_server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("select id from kept").fetchall() == [(1,)]


def test_a_url_of_each_kind_is_handed_out(database_url: str) -> None:
    assert database_url.startswith(("sqlite:///", "postgresql://"))
