"""Services and connections by API: who is paged now, keys, and a test alert."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from holdfast.catalog import actions as catalog
from holdfast.catalog.model import Connection
from holdfast.kernel.actor import Role
from holdfast.people import actions as people
from tests.support.api import Api, api, problem


@pytest.fixture
def web() -> Iterator[Api]:
    with api() as made:
        yield made


def test_a_service_says_who_would_be_paged_now_and_who_would_not(web: Api) -> None:
    web.change(lambda tx: people.disable_user(tx, "bo"))
    found = web.get("services/checkout").json()
    assert found["connections"] == ["am"]
    assert found["who_is_paged_now"] == [
        {
            "step": 1, "after": "0m", "targets": ["schedule:primary"], "users": ["ana"],
            "nobody": None,
        },
        {
            "step": 2, "after": "5m", "targets": ["user:bo"], "users": [],
            "nobody": "bo is disabled",
        },
        {
            "step": None, "after": "20m", "targets": ["user:cy"], "users": ["cy"],
            "nobody": None,
        },
    ]  # fmt: skip


def test_services_are_listed_in_the_order_of_their_ids(web: Api) -> None:
    assert web.items("services") == [
        {
            "id": "checkout", "name": "Checkout", "team": "payments", "policy": "payments",
            "tier": 2, "depends_on": [], "description": "",
        }
    ]  # fmt: skip
    problem(web.get("services/nope"), 404)


def test_a_new_key_is_shown_once_and_never_again(web: Api) -> None:
    answer = web.as_(Role.MANAGER).post("/api/v1/connections/am/keys")
    assert answer.status_code == 201
    key = answer.json()["key"]
    assert len(key) == 32
    assert answer.json()["url"] == f"http://testserver/in/{key}"
    shown = web.get("connections/am")
    assert [each["prefix"] for each in shown.json()["keys"]] == [key[:6]]
    assert key not in shown.text
    assert key not in web.get("connections").text
    assert key not in web.get("timeline").text


def test_two_keys_are_good_at_a_time_so_that_senders_can_change(web: Api) -> None:
    keys = [web.post("connections/am/keys").json()["key"] for _ in range(3)]
    left = [each["prefix"] for each in web.get("connections/am").json()["keys"]]
    assert sorted(left) == sorted(key[:6] for key in keys[1:])


def test_settings_are_shown_to_whoever_may_change_them_only(web: Api) -> None:
    connection = Connection("gen", "generic", "checkout", settings={"mapping": {"title": "t"}})
    web.change(lambda tx: catalog.save_connection(tx, connection))
    viewer = web.as_(Role.VIEWER)
    assert viewer.get("/api/v1/connections/gen").json()["settings"] is None
    assert web.get("connections/gen").json()["settings"] == {"mapping": {"title": "t"}}


@pytest.mark.parametrize("kind", ["alertmanager", "generic", "pagerduty-events"])
def test_a_test_alert_takes_the_same_way_as_an_alert_from_outside(web: Api, kind: str) -> None:
    web.change(lambda tx: catalog.save_connection(tx, Connection("new", kind, "checkout")))
    sent = web.as_(Role.RESPONDER).post("/api/v1/connections/new/test")
    assert sent.status_code == 200
    assert sent.json() == {"signals": 1, "joins": []}
    web.story.drain()
    alert = web.items("alerts")[0]
    assert alert["connection"] == "new"
    assert web.story.said() == ["+0m ana@phone"]
    assert web.get(f"alerts/{alert['id']}/raw").status_code == 200
    again = web.post("connections/new/test")
    assert again.json() == {"signals": 1, "joins": [alert["code"]]}


def test_a_connection_without_a_sample_says_so_instead_of_testing(web: Api) -> None:
    beat = Connection("nightly", "heartbeat", "checkout", every=timedelta(days=1))
    web.change(lambda tx: catalog.save_connection(tx, beat))
    problem(web.post("connections/nightly/test"), 409)
    assert web.get("connections/nightly").json()["every"] == "1d"
    made = web.post("connections/nightly/keys").json()
    assert made["url"].startswith("http://testserver/heartbeat/")


def test_what_does_not_exist_or_is_not_allowed_is_refused(web: Api) -> None:
    problem(web.get("connections/nope"), 404)
    problem(web.post("connections/nope/keys"), 404)
    problem(web.post("connections/nope/test"), 404)
    problem(web.post("connections/am/keys", {"key": "0" * 32}), 422)
    problem(web.post("connections/am/test", {"title": "x"}), 422)
    problem(web.as_(Role.RESPONDER).post("/api/v1/connections/am/keys"), 403)
    problem(web.as_(Role.VIEWER).post("/api/v1/connections/am/test"), 403)
    assert web.get("connections/am").json()["keys"] == []
