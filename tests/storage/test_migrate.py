"""Migrations: whoever comes first brings the database to its shape, and nobody goes back."""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

import holdfast
from holdfast.storage.backend import Backend
from holdfast.storage.database import open_backend
from holdfast.storage.migrate import NEWEST, NewerDatabase, migrate
from holdfast.storage.types import METADATA
from holdfast.storage.upgrade import revisions

# Names of all indexes: reflection knows those over expressions on PostgreSQL only.
INDEXES = {
    "sqlite": "select name from sqlite_master where type = 'index'",
    "postgresql": "select indexname from pg_indexes where schemaname = 'public'",
}
unreflected = pytest.mark.filterwarnings("ignore:.*expression-based index")


@pytest.fixture
def backend(database_url: str) -> Iterator[Backend]:
    opened = open_backend(database_url)
    yield opened
    opened.close()


@unreflected
def test_a_migrated_database_has_exactly_the_shape_that_the_code_expects(
    backend: Backend,
) -> None:
    import_all_tables()
    migrate(backend)
    with backend.writing(patient=True) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        indexes = set(connection.execute(text(INDEXES[connection.dialect.name])).scalars())
    expected = {index.name for table in METADATA.tables.values() for index in table.indexes}
    assert expected <= indexes


def import_all_tables() -> None:
    for module in pkgutil.walk_packages(holdfast.__path__, "holdfast."):
        is_storage = module.name.startswith("holdfast.storage.")
        if module.name.endswith(".store") or (is_storage and "migrations" not in module.name):
            importlib.import_module(module.name)


@unreflected
def test_a_missing_column_is_noticed_by_that_comparison(backend: Backend) -> None:
    migrate(backend)
    with backend.writing(patient=True) as connection:
        connection.execute(text("alter table alerts drop column link"))
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) != []


def test_the_newest_revision_is_the_one_that_the_code_names() -> None:
    assert revisions()[0] == NEWEST


def test_migrating_again_changes_nothing(backend: Backend) -> None:
    migrate(backend)
    with backend.writing(patient=True) as connection:
        connection.execute(text("insert into teams (id, name, members) values ('a', 'A', '[]')"))
    migrate(backend)
    with backend.writing(patient=True) as connection:
        assert connection.execute(text("select count(*) from teams")).scalar_one() == 1
        assert connection.execute(text("select count(*) from lanes")).scalar_one() == 1
        assert connection.execute(text("select count(*) from chain_heads")).scalar_one() == 1


def test_a_database_of_a_newer_holdfast_is_left_alone(backend: Backend) -> None:
    migrate(backend)
    with backend.writing(patient=True) as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(NewerDatabase) as refused:
        migrate(backend)
    assert "newer" in (refused.value.remedy or "")
    with backend.writing(patient=True) as connection:
        found = connection.execute(text("select version_num from alembic_version")).scalar_one()
    assert found == "9999"


@pytest.mark.postgres
def test_nodes_that_start_together_take_turns(postgres_url: str) -> None:
    nodes = [open_backend(postgres_url) for _ in range(3)]
    failures: list[BaseException] = []
    together = threading.Barrier(len(nodes))

    def start(node: Backend) -> None:
        together.wait()
        try:
            migrate(node)
        except Exception as error:  # noqa: BLE001 - handed to the test
            failures.append(error)

    threads = [threading.Thread(target=start, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60.0)
    try:
        assert failures == []
        with nodes[0].reading() as connection:
            assert connection.execute(text("select count(*) from lanes")).scalar_one() == 1
    finally:
        for node in nodes:
            node.close()
