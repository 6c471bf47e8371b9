"""A refusal is one, whoever asks and however: the same code, and one more on its counter."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from sqlalchemy import text

from holdfast.guardrails import queries
from holdfast.guardrails.model import Counted
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import actions as people
from tests.support.program import Browser, add_token, add_user, client
from tests.support.screens import Screens, screens, words_of

CODE = "NO_FINAL_LEVEL"
PROBLEM = "application/problem+json"
THIN = """\
users: [{id: eve, name: Eve}]
teams: [{id: empty, name: Empty}]
services: [{id: s, name: S, team: empty, policy: thin}]
escalation_policies:
  - {id: thin, steps: [{page: ["user:eve"], wait: 5m}]}
"""
FIELDS = {
    "name": "payments", "repeat": "0", "s0.target": "user:ana", "s0.wait": "5m", "do": "save",
}  # fmt: skip
FORM = "/policies/payments/edit"


@pytest.fixture
def web() -> Iterator[Screens]:
    """Nobody is left who could be paged last: no lead, no members, no administrator."""
    with screens() as made:
        made.browser.send_form("/teams/payments", {"name": "Payments", "do": "save"})
        with made.program.database.begin(SYSTEM) as tx:
            people.disable_user(tx, "ada")
        yield made


@pytest.fixture
def desk(web: Screens) -> Browser:
    return client(web.program, add_user(web.program, "Mo", Role.MANAGER), app=web.browser.app)


def sent_by_script(desk: Browser) -> httpx2.Response:
    return desk.post(
        FORM,
        data={"csrf": desk.csrf, **FIELDS},
        headers={"sec-fetch-site": "same-origin", "accept": f"{PROBLEM}, text/html"},
    )


def applied(web: Screens, verb: str) -> httpx2.Response:
    program = client(web.program, add_token(web.program, Role.ADMIN), app=web.browser.app)
    body = {"files": [{"name": "0.yaml", "text": THIN}]}
    return program.post(f"/api/v1/configuration/{verb}", json=body)


def refused(web: Screens) -> int:
    with web.program.database.read(SYSTEM) as tx:
        return queries.counters(tx).get(CODE, Counted()).ever.refused


@pytest.mark.ledger("S0-67", "S0-39")
@pytest.mark.refuses("NO_FINAL_LEVEL")
def test_the_same_no_by_form_by_script_and_by_api_is_counted_each_time(
    web: Screens, desk: Browser
) -> None:
    form = desk.send_form(FORM, FIELDS)
    assert (form.status_code, refused(web)) == (422, 1)
    assert f"/help/guardrails/{CODE}" in form.text
    script = sent_by_script(desk)
    assert (script.status_code, refused(web)) == (422, 2)
    api = applied(web, "apply")
    assert (api.status_code, refused(web)) == (422, 3)
    for answer in (script, api):
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["code"] == CODE
        assert answer.json()["help"] == f"/help/guardrails/{CODE}"
        assert answer.json()["remedy"]
        assert "ends with nobody" in answer.json()["detail"]
    assert "ends with nobody" in words_of(form)


def test_to_ask_what_would_be_refused_counts_for_nothing(web: Screens) -> None:
    assert applied(web, "plan").status_code == 422
    assert refused(web) == 0


def test_whoever_is_refused_hears_it_where_nothing_can_be_counted(
    web: Screens, desk: Browser
) -> None:
    with web.program.database.begin(SYSTEM) as tx:
        tx.execute(text("drop table guardrail_hits"))
    for answer in (desk.send_form(FORM, FIELDS), sent_by_script(desk), applied(web, "apply")):
        assert answer.status_code == 422
        assert CODE in answer.text


@pytest.mark.parametrize("path", ["/policies/payments/edit", "/policies/new"])
def test_what_no_guardrail_refused_counts_for_nothing(
    web: Screens, desk: Browser, path: str
) -> None:
    answer = desk.send_form(path, {**FIELDS, "s0.wait": "never"})
    assert answer.status_code == 422
    with web.program.database.read(SYSTEM) as tx:
        assert queries.counters(tx) == {}


@pytest.mark.ledger("S0-39")
def test_a_refusal_that_was_triggered_is_visible_at_once(web: Screens, desk: Browser) -> None:
    before = words_of(desk.get("/settings/guardrails?package=escalation"))
    desk.send_form(FORM, FIELDS)
    after = words_of(desk.get("/settings/guardrails?package=escalation"))
    assert "Never fired" in before
    assert "Refused 1×" in after
