"""The practice packs by API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.kernel.actor import Role
from holdfast.practice import shipped
from holdfast.practice.model import SHIPPED
from holdfast.practice.snapshot import loaded
from tests.practice.build import text
from tests.support.api import Api, api

BASE = "/api/v1/practice"


@pytest.fixture
def web() -> Iterator[Api]:
    with api() as made:
        yield made


def test_the_active_pack_is_one_of_those_that_are_shipped(web: Api) -> None:
    assert web.get("practice").json() == {
        "active": "union-5", "shipped": list(SHIPPED), "own": [],
    }  # fmt: skip


def test_a_pack_is_chosen_by_its_name_and_by_admins_alone(web: Api) -> None:
    assert web.post("practice", {"pack": "devops-4"}).json()["active"] == "devops-4"
    assert web.get("practice").json()["active"] == "devops-4"
    assert web.post("practice", {"pack": "onion"}).status_code == 404
    refused = web.as_(Role.MANAGER).post(BASE, json={"pack": "union-5"})
    assert refused.status_code == 403
    assert web.post("practice", {"pack": "none"}).json()["active"] == "none"


@pytest.mark.ledger("S0-10")
def test_a_viewer_reads_every_pack_and_its_file(web: Api) -> None:
    viewer = web.as_(Role.VIEWER)
    items = viewer.get(f"{BASE}/packs").json()["items"]
    assert [item["name"] for item in items] == list(SHIPPED)
    assert [item["problem"] for item in items] == [None] * len(SHIPPED)
    assert loaded(viewer.get(f"{BASE}/packs/imag-3").json()) == shipped.pack("imag-3")
    assert viewer.get(f"{BASE}/packs/imag-3/export").text == shipped.text("imag-3")
    assert viewer.get(f"{BASE}/packs/onion/export").status_code == 404


def test_a_pack_of_ones_own_is_kept_chosen_and_removed(web: Api) -> None:
    saved = web.post("practice/packs", {"text": text()}).json()
    assert (saved["name"], saved["shipped"], saved["active"]) == ("ours", False, False)
    assert web.get("practice").json()["own"] == ["ours"]
    web.post("practice", {"pack": "ours"})
    admin = web.as_(Role.ADMIN)
    assert admin.delete(f"{BASE}/packs/ours").status_code == 409
    web.post("practice", {"pack": "union-5"})
    assert admin.delete(f"{BASE}/packs/ours").json()["own"] == []


@pytest.mark.ledger("S3-06")
@pytest.mark.refuses("SEVERITY_WITHOUT_BEHAVIOUR")
def test_a_blank_cell_is_refused_with_its_code_its_line_and_its_help(web: Api) -> None:
    broken = text(("notify: [owners]", "notify:"), ("hours: business", "hours: sometimes"))
    answer = web.post("practice/packs", {"text": broken, "file": "ours.yaml"})
    body = answer.json()
    assert answer.status_code == 422
    assert body["code"] == "SEVERITY_WITHOUT_BEHAVIOUR"
    assert body["help"] == "/help/guardrails/SEVERITY_WITHOUT_BEHAVIOUR"
    assert "level SEV0" in body["detail"]
    assert [(each["file"], "code" in each) for each in body["errors"]] == [
        ("ours.yaml", True), ("ours.yaml", False),
    ]  # fmt: skip
    assert body["errors"][1]["message"] == "hours of level SEV3: “sometimes” is not known."
    counted = web.get("guardrails/SEVERITY_WITHOUT_BEHAVIOUR").json()
    assert counted["counters"]["refused"] == 1
