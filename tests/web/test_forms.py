"""Forms that come back: what was typed, what was wrong, and the way past a rule that opens."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import BadReason, Refuse, Refused, Rule, Strength, refused, rule
from holdfast.kernel.actor import Role
from holdfast.kernel.errors import Conflict, HoldfastError, Invalid
from holdfast.web import forms
from holdfast.web.app import make_app
from holdfast.web.context import ContextDep
from holdfast.web.respond import json
from holdfast.web.routes import SIGNED_IN, Route
from tests.support.program import add_user, client, make_program

PROBLEM = "application/problem+json"


@rule("STUCK", Strength.MUST, cites=["S1-1"], guards="x.y", breakable=True)
def opens(facts: object) -> Refuse:
    """Nothing is so."""
    return Refuse("It is not so.", "Wait for it.")


CLOSED: Rule[object] = opens
ERRORS: dict[str, HoldfastError] = {
    "refused": refused(opens, Refuse("It is not so.", "Wait for it."), breakable=True),
    "glass": BadReason("Give a reason.", fields={"break_glass": "Give a reason."}),
    "invalid": Invalid("Wrong.", fields={"name": "too long"}),
    "conflict": Conflict("Not now."),
}


def save(ctx: ContextDep, kind: str) -> object:
    """A form whose action fails."""
    fields = forms.returned(ctx, ERRORS[kind])
    return json({"problem": fields.problem, "breakable": fields.breakable}, status=422)


ROUTES = (Route("POST", "/save/{kind}", save, SIGNED_IN),)


@pytest.mark.parametrize("kind", list(ERRORS))
def test_a_script_that_sends_a_form_gets_the_problem_itself(kind: str) -> None:
    program = make_program()
    ana = add_user(program, "Ana", Role.RESPONDER)
    browser = client(program, ana, app=make_app(program, ROUTES, frozenset()))
    data = {"csrf": browser.csrf, "name": "typed"}
    origin = {"sec-fetch-site": "same-origin"}
    person = browser.post(f"/save/{kind}", data=data, headers=origin)
    script = browser.post(
        f"/save/{kind}", data=data, headers={**origin, "accept": f"{PROBLEM}, text/html"}
    )
    program.database.close()
    error = ERRORS[kind]
    assert person.headers["content-type"] == "application/json", "the page of the form"
    assert script.headers["content-type"] == PROBLEM
    assert script.json()["detail"] == error.detail
    assert script.json().get("code") == error.code
    assert script.json().get("breakable", False) is (isinstance(error, Refused) and error.breakable)


@pytest.mark.parametrize(
    ("kind", "breakable"), [("refused", True), ("glass", True), ("invalid", False)]
)
def test_a_form_offers_the_way_past_a_rule_that_opens(kind: str, *, breakable: bool) -> None:
    fields = forms.shown({"name": "typed", "break_glass": "x"}, ERRORS[kind])
    assert fields.breakable is breakable
    assert fields.value("name") == "typed"
    assert fields.value("break_glass") == "x"


def test_a_rule_that_nothing_opens_offers_no_way_past() -> None:
    fields = forms.shown({"name": "typed"}, refused(CLOSED, Refuse("No.", "Yes.")))
    assert not fields.breakable
    assert fields.help_href == "/help/guardrails/STUCK"
    assert fields.problem == "No. Yes."


def test_what_is_wrong_stands_beside_the_control_that_is_called_otherwise() -> None:
    fields = forms.shown({"title": "typed"}, ERRORS["invalid"], {"name": "title"})
    assert fields.error("title") == "Too long."
    assert fields.value("title") == "typed"


def test_a_password_is_never_sent_back() -> None:
    typed = {"password": "secret", "current": "old", "csrf": "t", "name": "typed"}
    assert forms.shown(typed, ERRORS["conflict"]).values == (("name", "typed"),)
