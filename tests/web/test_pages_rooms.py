"""Services, schedules, policies and setup: forms that keep what was typed, keys shown once, and
permissions that hold on every screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from holdfast.catalog import queries as catalog
from holdfast.escalation import queries as escalation
from holdfast.guardrails.model import Fault, Refuse, RefusedByState, Rule, Strength
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import actions as people_actions
from holdfast.people import permissions
from holdfast.schedules import queries as schedules
from holdfast.web import forms
from holdfast.web.app import table
from holdfast.web.routes import ANYONE, SIGNED_IN, Face
from tests.support.program import add_user, client
from tests.support.screens import Screens, screens, words_of

SERVICE = {"name": "Orders", "team": "payments", "policy": "payments", "tier": "1", "do": "save"}
ROTATION = {
    "r0.id": "n", "r0.member": "ana", "r0.every": "1", "r0.unit": "weeks", "r0.weekday": "mon",
    "r0.at": "09:00", "r0.starts": "2026-11-16", "r0.until": "",
}  # fmt: skip
SCHEDULE = {"name": "Nights", "team": "payments", "time_zone": "UTC", **ROTATION}
POLICY = {"name": "Quick", "repeat": "1", "s0.target": "user:ana", "s0.wait": "5m"}


@pytest.fixture
def web() -> Iterator[Screens]:
    with screens() as made:
        yield made


def key_in(text: str) -> str:
    found = re.search(r"http://testserver/(?:in|heartbeat)/([0-9a-f]{32})", text)
    assert found, "no key is shown"
    return found[1]


def test_a_service_is_made_with_an_id_from_its_name(web: Screens) -> None:
    answer = web.browser.send_form("/services/new", {**SERVICE, "depends_on": "checkout"})
    assert answer.headers["location"] == "/services/orders"
    again = web.browser.send_form("/services/new", SERVICE)
    assert again.headers["location"] == "/services/orders-2"
    named_new = web.browser.send_form("/services/new", {**SERVICE, "name": "New"})
    assert named_new.headers["location"] == "/services/new-2"
    assert "Depends on Checkout" in words_of(web.browser.get("/services/orders"))


def test_a_form_that_is_refused_keeps_what_was_typed(web: Screens) -> None:
    typed = {**SERVICE, "name": " ", "description": "Sells"}
    answer = web.browser.send_form("/services/new", typed)
    assert answer.status_code == 422
    assert 'value="Sells"' in answer.text
    assert 'aria-describedby="e-name"' in answer.text
    with web.program.database.read(SYSTEM) as tx:
        assert set(catalog.services(tx)) == {"checkout"}


def test_a_service_that_is_leant_on_is_kept_with_the_reason(web: Screens) -> None:
    web.browser.send_form("/services/new", {**SERVICE, "depends_on": "checkout"})
    answer = web.browser.send_form("/services/checkout/edit", {**SERVICE, "do": "delete"})
    assert answer.status_code == 409
    assert "still used by" in words_of(answer)
    gone = web.browser.send_form("/services/orders/edit", {"do": "delete"})
    assert gone.headers["location"] == "/services"


def test_a_key_is_shown_once_and_opens_its_door(web: Screens) -> None:
    made = web.browser.send_form("/services/checkout/connections", {"kind": "generic"})
    key = key_in(made.text)
    assert key not in web.browser.get("/services/checkout").text
    sent = web.browser.post(f"/in/{key}", json={"title": "By the new key", "severity": "critical"})
    assert sent.status_code == 202
    web.story.drain()
    assert "By the new key" in words_of(web.browser.get("/alerts"))


def test_a_second_key_leaves_the_first_one_good_and_removing_ends_both(web: Screens) -> None:
    all_of_them = "/services/checkout/connections"
    first = key_in(web.browser.send_form(all_of_them, {"kind": "generic"}).text)
    place = f"{all_of_them}/checkout-generic"
    second = key_in(web.browser.send_form(f"{place}/key").text)
    assert first != second
    for key in (first, second):
        assert web.browser.post(f"/in/{key}", json={"title": "T"}).status_code == 202
    web.browser.send_form(f"{place}/remove")
    with web.program.database.read(SYSTEM) as tx:
        assert catalog.connection_by_key(tx, first) is catalog.connection_by_key(tx, second) is None


def test_a_heartbeat_says_how_often_and_is_watched_from_then_on(web: Screens) -> None:
    refused = web.browser.send_form("/services/checkout/connections", {"kind": "heartbeat"})
    assert refused.status_code == 422
    fields = {"kind": "heartbeat", "every": "1h", "grace": "5m"}
    made = web.browser.send_form("/services/checkout/connections", fields)
    assert "expected every 1 h, late after 5 min more" in words_of(made)
    assert f"/heartbeat/{key_in(made.text)}" in made.text


def test_a_test_alert_goes_through_the_door_and_says_whom_it_will_page(web: Screens) -> None:
    assert "pages Ana at once" in words_of(web.browser.get("/services/checkout"))
    sent = web.browser.send_form("/services/checkout/test")
    assert sent.status_code == 303
    web.story.drain()
    assert web.story.said() == ["+0m ana@phone"]
    web.browser.send_form("/services/checkout/test")
    assert "still open" in words_of(web.browser.get("/services/checkout"))


def test_an_override_in_local_time_changes_who_is_on_call(web: Screens) -> None:
    fields = {"member": "cy", "from": "2026-11-17T09:00", "until": "2026-11-17T21:00"}
    assert web.browser.send_form("/schedules/primary/overrides", fields).status_code == 303
    shown = web.browser.get("/schedules/primary")
    assert "Cy Tue 17 Nov 09:00 to 21:00" in words_of(shown)
    remove = re.search(r'action="(/schedules/primary/overrides/[^"]+/remove)"', shown.text)
    assert remove
    web.browser.send_form(remove[1])
    with web.program.database.read(SYSTEM) as tx:
        assert schedules.schedule(tx, "primary").overrides == ()


@pytest.mark.parametrize(
    ("start", "end", "control"),
    [
        ("2026-11-17T21:00", "2026-11-17T09:00", "until"),
        ("nonsense", "2026-11-17T09:00", "from"),
        ("2026-11-17T09:00", "", "until"),
    ],
)
def test_an_override_that_cannot_be_comes_back_open(
    web: Screens, start: str, end: str, control: str
) -> None:
    fields = {"member": "cy", "from": start, "until": end}
    answer = web.browser.send_form("/schedules/primary/overrides", fields)
    assert answer.status_code == 422
    assert f'aria-describedby="e-{control}"' in answer.text
    assert re.search(r'<dialog[^>]*id="override"[^>]* open', answer.text)


def test_the_editor_previews_before_anything_is_saved(web: Screens) -> None:
    shown = web.browser.send_form("/schedules/new", {**SCHEDULE, "do": "preview"})
    assert shown.status_code == 200
    assert "Whose next 30 days change" in words_of(shown)
    with web.program.database.read(SYSTEM) as tx:
        assert "nights" not in schedules.schedules(tx)
    saved = web.browser.send_form("/schedules/new", {**SCHEDULE, "do": "save"})
    assert saved.headers["location"] == "/schedules/nights"


def test_a_rotation_that_is_not_right_is_marked_at_its_control(web: Screens) -> None:
    fields = {**SCHEDULE, "r0.every": "0", "r0.starts": "", "do": "save"}
    answer = web.browser.send_form("/schedules/new", fields)
    assert answer.status_code == 422
    assert 'aria-describedby="e-r0.starts"' in answer.text
    nobody = {**SCHEDULE, "r0.every": "100000", "do": "save"}
    assert 'aria-describedby="e-r0.every"' in web.browser.send_form("/schedules/new", nobody).text


def test_a_schedule_in_use_is_not_deleted(web: Screens) -> None:
    answer = web.browser.send_form("/schedules/primary/edit", {**SCHEDULE, "do": "delete"})
    assert answer.status_code == 409
    with web.program.database.read(SYSTEM) as tx:
        assert "primary" in schedules.schedules(tx)


@pytest.mark.parametrize("query", ["?from=x", "?from=9999-12-31", "?from=0001-01-01&zoom=4"])
def test_a_time_that_cannot_be_shown_is_refused_and_not_a_mistake_of_ours(
    web: Screens, query: str
) -> None:
    assert web.browser.get(f"/schedules/primary{query}").status_code == 422
    assert web.browser.get(f"/schedules{query}").status_code == 422


def test_a_policy_reads_as_sentences_while_it_is_typed(web: Screens) -> None:
    said = words_of(web.browser.send_form("/policies/new", {**POLICY, "do": "add-step"}))
    assert "At once, page Ana; then wait 5 min." in said
    saved = web.browser.send_form("/policies/new", {**POLICY, "do": "save"})
    assert saved.headers["location"] == "/policies/quick"
    with web.program.database.read(SYSTEM) as tx:
        assert escalation.policy(tx, "quick").title == "Quick"


@pytest.mark.ledger("S1-34")
def test_a_policy_that_ends_with_nobody_is_refused_with_the_rule(web: Screens) -> None:
    """Nobody is left who could be the last resort: no lead, no members, no administrator."""
    manager = add_user(web.program, "Mo", Role.MANAGER)
    desk = client(web.program, manager, app=web.browser.app)
    web.browser.send_form("/teams/payments", {"name": "Payments", "do": "save"})
    edit = {"name": "Ada", "email": "ada@example.com", "time_zone": "UTC", "role": "admin"}
    assert web.browser.send_form("/people/ada/edit", edit).status_code == 303
    with web.program.database.begin(SYSTEM) as tx:
        people_actions.disable_user(tx, "ada")
    fields = {"name": "payments", "repeat": "0", "s0.target": "user:ana", "s0.wait": "5m"}
    answer = desk.send_form("/policies/payments/edit", {**fields, "do": "save"})
    assert answer.status_code == 422
    assert "/help/guardrails/NO_FINAL_LEVEL" in answer.text
    assert "ends with nobody" in words_of(answer)


def test_a_policy_in_use_is_not_deleted(web: Screens) -> None:
    answer = web.browser.send_form("/policies/payments/edit", {**POLICY, "do": "delete"})
    assert answer.status_code == 409
    assert "Give these services another policy first" in words_of(answer)


def test_setup_shows_real_keys_only_until_the_first_signal(web: Screens) -> None:
    fields = {"kind": "webhook", "address": "https://hooks.example/ada"}
    web.browser.send_form("/setup/method", fields)
    keys = {key_in(web.browser.get(f"/setup?source={kind}").text) for kind in (
        "generic", "alertmanager",
    )}  # fmt: skip
    assert len(keys) == 2
    assert web.browser.post(f"/in/{key_in(web.browser.get('/setup').text)}",
                            json={"title": "First"}).status_code == 202  # fmt: skip
    web.story.drain()
    done = web.browser.get("/setup").text
    assert not any(key in done for key in keys)
    assert "First" in done


def test_setup_by_a_second_person_pages_that_person(web: Screens) -> None:
    web.browser.send_form("/setup/method", {"kind": "webhook", "address": "https://h.example/a"})
    other = add_user(web.program, "Mo", Role.MANAGER)
    desk = client(web.program, other, app=web.browser.app)
    desk.send_form("/setup/method", {"kind": "webhook", "address": "https://h.example/mo"})
    with web.program.database.read(SYSTEM) as tx:
        assert {"first", "first-mo"} <= set(catalog.services(tx))
        shift = schedules.on_call(tx, "first-mo", tx.now)
    assert shift is not None
    assert shift.user == "mo"


def test_nothing_is_made_by_looking_at_setup(web: Screens) -> None:
    for path in ("/setup", "/setup?source=alertmanager", "/setup?source=nonsense"):
        assert web.browser.get(path).status_code == 200
    with web.program.database.read(SYSTEM) as tx:
        assert set(catalog.services(tx)) == {"checkout"}


def test_whoever_may_not_gets_403_or_a_way_to_sign_in_from_every_page(web: Screens) -> None:
    """Every page of the table, as nobody and as somebody without the permission."""
    viewer = client(web.program, add_user(web.program, "Vi", Role.VIEWER), app=web.browser.app)
    for row in table():
        if row.face is not Face.PAGE or row.needs == ANYONE:
            continue
        path = re.sub(r"\{[^}]*}", "x", row.path)
        stranger = web.stranger().request(row.method, path)
        is_form = row.method != "GET"
        assert stranger.status_code in ((403, 303) if is_form else (303,)), f"{row.method} {path}"
        if row.needs != SIGNED_IN and Role.VIEWER.rank < permissions.NEEDS[row.needs].rank:
            refused = viewer.send_form(path) if is_form else viewer.get(path)
            assert refused.status_code == 403, f"{row.method} {path}"


def test_a_rule_that_refuses_leads_to_its_help_from_any_form() -> None:
    """What forms.py does for every guardrail, those that are still to come too."""

    def judge(facts: object) -> Refuse:
        """A title."""
        return Refuse("No.", "Yes.")

    rule = Rule("SOME_RULE", Strength.MUST, (), "x", Fault.STATE, "A title.", judge)
    fields = forms.shown({"name": "typed"}, RefusedByState(rule, judge(None)))
    assert fields.help_href == "/help/guardrails/SOME_RULE"
    assert fields.value("name") == "typed"
    assert fields.problem == "No. Yes."
