"""People and settings on screen: what is shown once, to whom, and who may change what."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from holdfast.guardrails import rules
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import queries as people
from holdfast.people.credentials import queries as credentials
from holdfast.storage.hold import hold_instance, instance_hold
from tests.support.screens import Screens, screens, words_of


@pytest.fixture
def web() -> Iterator[Screens]:
    with screens() as made:
        yield made


def test_an_invitation_is_shown_once_and_adds_the_person(web: Screens) -> None:
    fields = {"name": "Dee Ode", "email": "dee@example.com", "role": "viewer", "team": "payments"}
    answer = web.browser.send_form("/people/invite", fields)
    link = re.search(r"http://testserver/sign-in/[\w-]+", answer.text)
    assert link
    assert link[0] not in web.browser.get("/people").text
    assert web.stranger().get(link[0]).status_code == 200
    assert web.user("dee-ode").role is Role.VIEWER
    with web.program.database.read(SYSTEM) as tx:
        assert "dee-ode" in people.team(tx, "payments").members


def test_addresses_are_whole_only_for_their_owner_and_administrators(web: Screens) -> None:
    fields = {"kind": "ntfy", "address": "https://ntfy.example/a-secret-topic"}
    web.as_("ana").send_form("/me/methods", fields)
    assert "a-secret-topic" in web.as_("ana").get("/me").text
    assert "a-secret-topic" in web.browser.get("/people/ana").text
    assert "a-secret-topic" not in web.as_("bo").get("/people/ana").text


def test_a_test_page_to_one_way_waits_for_its_answer(web: Screens) -> None:
    ana = web.as_("ana")
    assert ana.send_form("/me/methods/mail/test").status_code == 303
    web.story.drain()
    assert "Waiting for your answer" in words_of(ana.get("/me"))
    assert web.story.said() == ["+0m ana@mail"]
    assert ana.send_form("/me/methods/nonsense/test").status_code == 404


def test_an_address_that_is_none_is_marked_at_its_field(web: Screens) -> None:
    answer = web.browser.send_form("/me/methods", {"kind": "ntfy", "address": "my topic"})
    assert answer.status_code == 422
    assert 'value="my topic"' in answer.text
    assert 'aria-describedby="e-address"' in answer.text


def test_rules_grow_line_by_line_and_are_kept_only_on_save(web: Screens) -> None:
    ana = web.as_("ana")
    before = web.user("ana").rules
    sent = {"high.after": "0m", "high.method": "phone", "do": "add-rung:high"}
    grown = ana.send_form("/me/rules", sent)
    assert grown.text.count('name="high.after"') == 2
    assert web.user("ana").rules == before
    wrong = ana.send_form("/me/rules", {"high.after": "soon", "high.method": "phone", "do": "save"})
    assert wrong.status_code == 422
    assert "soon" in wrong.text
    ana.send_form("/me/rules", {"high.after": "0m", "high.method": "mail", "do": "save"})
    assert [r.method for rungs in web.user("ana").rules.values() for r in rungs] == ["mail"]


def test_looks_are_this_browsers_and_name_and_zone_the_persons(web: Screens) -> None:
    fields = {"name": "Ana Lima", "time_zone": "Asia/Kathmandu", "theme": "night"}
    answer = web.as_("ana").send_form("/me/looks", fields)
    cookies = answer.headers.get_list("set-cookie")
    assert any(cookie.startswith("theme=night") for cookie in cookies)
    assert any(cookie.startswith("keys=off") for cookie in cookies)
    assert web.user("ana").time_zone == "Asia/Kathmandu"


def test_nobody_edits_somebody_elses_role_without_being_administrator(web: Screens) -> None:
    fields = {"name": "Ana", "email": "ana@example.com", "time_zone": "UTC", "role": "admin"}
    assert web.as_("ana").send_form("/people/ana/edit", fields).status_code == 403
    assert web.user("ana").role is Role.RESPONDER


def test_the_last_administrator_stays_one(web: Screens) -> None:
    fields = {"name": "Ada", "email": "ada@example.com", "time_zone": "UTC", "role": "viewer"}
    assert web.browser.send_form("/people/ada/edit", fields).status_code == 409
    assert web.browser.send_form("/people/ada/disable").status_code == 409
    assert web.user("ada").role is Role.ADMIN


def test_whoever_is_disabled_is_out_at_once_and_can_come_back(web: Screens) -> None:
    ana = web.as_("ana")
    assert ana.get("/me").status_code == 200
    web.browser.send_form("/people/ana/disable")
    assert ana.get("/me").headers["location"].startswith("/sign-in")
    web.browser.send_form("/people/ana/enable")
    assert web.user("ana").disabled_at is None


def test_a_team_in_use_is_kept_and_an_empty_one_goes(web: Screens) -> None:
    fields = {"name": "Ops", "lead": "bo", "members": "bo", "do": "save"}
    web.browser.send_form("/teams/new", fields)
    assert web.browser.send_form("/teams/ops", {"do": "delete"}).headers["location"] == "/people"
    kept = web.browser.send_form("/teams/payments", {"name": "Payments", "do": "delete"})
    assert kept.status_code == 409
    assert "Checkout" in words_of(kept)


def test_a_token_is_shown_once_and_its_secret_is_never_kept(web: Screens) -> None:
    answer = web.browser.send_form("/settings/tokens", {"name": "ci", "role": "viewer"})
    secret = re.search(r"hf_[\w-]{20,}", answer.text)
    assert secret
    assert secret[0] not in web.browser.get("/settings/tokens").text
    with web.program.database.read(SYSTEM) as tx:
        (token,) = credentials.tokens(tx)
    web.browser.send_form(f"/settings/tokens/{token.id}/revoke")
    with web.program.database.read(SYSTEM) as tx:
        assert credentials.token(tx, secret[0]) is None


def test_settings_name_their_source_and_hide_every_secret(web: Screens) -> None:
    said = words_of(web.browser.get("/settings"))
    assert "HOLDFAST_EMAIL_HOST" in said
    assert "HOLDFAST_SECRET_KEY" in said
    assert web.as_("bo").get("/settings").status_code == 403


def test_the_proof_of_the_timeline_is_one_click(web: Screens) -> None:
    web.fires()
    assert "The timeline is whole." in words_of(web.browser.send_form("/settings/verify"))


def test_a_restored_instance_says_what_it_would_page_until_it_is_released(web: Screens) -> None:
    alert = web.fires()
    with web.program.database.begin(SYSTEM) as tx:
        hold_instance(tx, "restored")
    said = words_of(web.browser.get("/settings"))
    assert "On hold after a restore" in said
    assert f"{alert.code}: Disk full would be paged" in said
    assert "ON HOLD" in words_of(web.browser.get("/"))
    web.browser.send_form("/settings/release")
    with web.program.database.read(SYSTEM) as tx:
        assert instance_hold(tx) is None


def test_every_guardrail_is_listed_and_explained_to_everybody(web: Screens) -> None:
    listed = web.browser.get("/settings/guardrails")
    for rule in rules.by_code().values():
        assert rule.help in listed.text
        explained = web.stranger().get(rule.help)
        assert explained.status_code == 200
        assert rule.title in words_of(explained)
