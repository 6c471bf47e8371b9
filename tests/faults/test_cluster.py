"""Several equal nodes on one PostgreSQL: they share the work, and one's death costs no page."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx2
import pytest

from tests.support.instance import COMPANY, Instance, alert_of, sink
from tests.support.postgres import Cluster

JSON_KEY = "00000000000000000000000000000001"
ALERTS = 60


def post(node: Instance, key: str) -> int:
    body = {"title": "Disk full", "dedup": key, "severity": "critical"}
    return httpx2.post(f"{node.url}/in/{JSON_KEY}", json=body, trust_env=False).status_code


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_two_nodes_share_the_work_and_page_once_each(
    tmp_path: Path, own_postgres_server: Cluster
) -> None:
    url = own_postgres_server.create_database()
    with (
        sink() as taker,
        Instance(tmp_path / "a", database=url) as first,
        Instance(tmp_path / "b", database=url) as second,
    ):
        first.apply(COMPANY.format(sink=taker.url))
        for n in range(ALERTS):
            assert post((first, second)[n % 2], f"k{n}") == 202
        taker.wait_for(ALERTS)
        time.sleep(1)
        keys = [str(alert_of(page)["dedup_key"]) for page in taker.pages()]
        assert sorted(keys) == sorted(f"k{n}" for n in range(ALERTS)), "lost or doubled"


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_the_other_node_pages_what_a_killed_one_had_accepted(
    tmp_path: Path, own_postgres_server: Cluster
) -> None:
    url = own_postgres_server.create_database()
    with sink() as taker, Instance(tmp_path / "b", database=url) as second:
        first = Instance(tmp_path / "a", database=url).start()
        second.apply(COMPANY.format(sink=taker.url))
        accepted = [f"k{n}" for n in range(ALERTS) if post(first, f"k{n}") == 202]
        first.kill()
        taker.wait_for(len(accepted), 30)
        paged = {alert_of(page)["dedup_key"] for page in taker.pages()}
        assert paged >= set(accepted)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_paging_resumes_when_postgresql_comes_back(
    tmp_path: Path, own_postgres_server: Cluster
) -> None:
    url = own_postgres_server.create_database()
    with sink() as taker, Instance(tmp_path / "a", database=url) as node:
        node.apply(COMPANY.format(sink=taker.url))
        assert post(node, "before") == 202
        taker.wait_for(1)
        own_postgres_server.kill()
        assert post(node, "during") == 503, "nothing is promised while the database is away"
        own_postgres_server.start()
        end = time.monotonic() + 30
        while post(node, "after") != 202:
            assert time.monotonic() < end, "it does not take alerts again"
            time.sleep(0.2)
        keys = {alert_of(page)["dedup_key"] for page in taker.wait_for(2, 30)}
        assert "after" in keys


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_sigterm_lets_what_is_being_said_finish(tmp_path: Path) -> None:
    with sink() as taker:
        node = Instance(tmp_path / "a").start()
        node.apply(COMPANY.format(sink=taker.url))
        assert post(node, "last words") == 202
        assert node.process is not None
        os.kill(node.process.pid, signal.SIGTERM)
        assert node.process.wait(12) == 0
        node.start()
        taker.wait_for(1)
        node.stop()
