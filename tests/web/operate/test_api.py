"""Tokens, links, proof, backup, the hold and the settings by API."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.storage.hold import hold_instance
from holdfast.timeline.actions import seal
from tests.support.api import Api, problem
from tests.support.program import client, make_program, settings_with
from tests.web.operate.instance import operated, operated_on


@pytest.fixture
def web() -> Iterator[Api]:
    with operated() as made:
        yield made


def test_a_token_opens_until_it_is_revoked(web: Api) -> None:
    made = web.post("tokens", {"name": "ci", "role": "viewer"})
    assert made.status_code == 201
    token = made.json()
    bearer = client(web.program, token["token"], app=web.app)
    assert bearer.get("/api/v1/alerts").status_code == 200
    assert bearer.get("/api/v1/tokens").status_code == 403
    for _ in range(2):  # revoked again, nothing changes
        answer = web.as_(Role.ADMIN).delete(f"/api/v1/tokens/{token['id']}")
        assert answer.status_code == 200
        assert answer.json()["revoked_at"]
    assert bearer.get("/api/v1/alerts").status_code == 401


def test_a_token_acts_as_its_person_and_is_never_shown_again(web: Api) -> None:
    made = web.post("tokens", {"name": "phone", "user": "ana"}).json()
    assert (made["user"], made["role"]) == ("ana", "responder")
    listed = [token for token in web.items("tokens") if token["id"] == made["id"]]
    assert len(listed) == 1
    assert "token" not in listed[0]
    problem(web.post("tokens", {"name": "x", "user": "nobody"}), 404)
    problem(web.as_(Role.ADMIN).delete("/api/v1/tokens/tk_none"), 404)


def test_a_sign_in_link_is_the_first_admins_while_there_is_none(web: Api) -> None:
    made = web.post("sign-in-links")
    assert made.status_code == 201
    assert made.json()["url"].startswith("http://testserver/sign-in/")
    assert made.json()["user"] is None
    assert web.post("sign-in-links", {"user": "ana"}).json()["user"] == "ana"
    responder = web.as_(Role.RESPONDER)
    assert responder.post("/api/v1/sign-in-links", json={}).status_code == 403


@pytest.mark.ledger("S0-66")
def test_verify_names_the_row_that_was_changed_and_the_tail_that_is_not_sealed(web: Api) -> None:
    web.change(seal)
    web.post("tokens", {"name": "one more event"})
    proof = web.get("verify").json()
    assert (proof["ok"], proof["broken"], proof["invariants"]) == (True, None, [])
    assert proof["unsealed"] >= 1
    assert len(proof["anchor"]) == 64
    web.change(
        lambda tx: tx.execute(text("update events set actor = 'user:mallory' where position = 2"))
    )
    proof = web.get("verify").json()
    assert proof["ok"] is False
    assert "position 2: the event was changed" in proof["broken"]


def test_verify_names_an_alert_that_nobody_will_look_at_again(web: Api) -> None:
    alert = web.fires()
    assert web.get("verify").json()["ok"] is True
    web.change(lambda tx: tx.drop_timer("escalation", alert))
    proof = web.get("verify").json()
    assert proof["ok"] is False
    assert len(proof["invariants"]) == 1
    assert alert in proof["invariants"][0]


def test_a_backup_is_a_whole_database_and_leaves_nothing_behind(tmp_path: Path) -> None:
    program = make_program(
        f"sqlite:///{tmp_path / 'holdfast.db'}", settings=settings_with(data=tmp_path)
    )
    web = operated_on(program)
    copy = tmp_path / "copy.db"
    answer = web.post("backup")
    copy.write_bytes(answer.content)
    assert int(answer.headers["content-length"]) == len(answer.content)
    opened = sqlite3.connect(copy)
    assert opened.execute("select count(*) from users").fetchone()[0] >= 3
    opened.close()
    assert not list(tmp_path.glob(".backup*"))
    program.database.close()


def test_secrets_are_never_among_the_settings(web: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    web.program.settings = settings_with(port=9, email_password="hunter2", database="sqlite://x")
    monkeypatch.setenv("HOLDFAST_LOG_LEVEL", "info")
    answer = web.get("settings")
    assert "hunter2" not in answer.text
    shown = {knob["name"]: knob for knob in answer.json()["items"]}
    assert shown["HOLDFAST_EMAIL_PASSWORD"]["value"] == "set"
    assert shown["HOLDFAST_SECRET_KEY"]["value"] == "unset"
    assert (shown["HOLDFAST_PORT"]["value"], shown["HOLDFAST_PORT"]["source"]) == ("9", "flag")
    assert shown["HOLDFAST_LOG_LEVEL"]["source"] == "environment"
    assert shown["HOLDFAST_SENDERS"]["source"] == "default"
    assert all(knob["description"] for knob in shown.values())


def test_a_hold_is_shown_and_ended_by_a_person(web: Api) -> None:
    with web.program.database.begin(SYSTEM) as tx:
        hold_instance(tx, "restored from a backup")
    shown = web.get("hold").json()
    assert (shown["on_hold"], shown["why"]) == (True, "restored from a backup")
    for _ in range(2):
        assert web.post("hold/release").json()["on_hold"] is False
    manager = web.as_(Role.MANAGER)
    assert manager.post("/api/v1/hold/release", json={}).status_code == 403
