"""The list of guardrails on screen: what each refuses, how often, and how strictly it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.guardrails import queries, rules
from holdfast.guardrails.actions import count_refusal, uphold
from holdfast.guardrails.model import Refuse, Strength, Verdict, rule
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.web.guardrails import words
from tests.support.program import add_user, client
from tests.support.screens import Screens, screens, words_of

CODE = "NO_FINAL_LEVEL"
LIST = "/settings/guardrails"
CHANGE = f"{LIST}/{CODE}/strength"


@rule(CODE, Strength.MUST, cites=[], guards="x.y", breakable=True)
def always_no(facts: str) -> Verdict:
    """Never."""
    return Refuse(facts, "Give up.")


@pytest.fixture
def web() -> Iterator[Screens]:
    with screens() as made:
        yield made


def fire(web: Screens, *, refused: int = 0, overridden: int = 0) -> None:
    with web.program.database.begin(SYSTEM) as tx:
        for _ in range(refused):
            count_refusal(tx, CODE)
        for _ in range(overridden):
            uphold(tx, [always_no], "no", about="in_1", reason="it cannot wait")


def strength(web: Screens) -> Strength:
    with web.program.database.read(SYSTEM) as tx:
        return queries.in_force(tx, rules.named(CODE))


@pytest.mark.ledger("S0-39")
def test_every_active_rule_is_listed_with_what_it_refuses_and_how_often(web: Screens) -> None:
    fire(web, refused=7, overridden=1)
    shown = web.browser.get(LIST)
    told = words_of(shown)
    for each in rules.by_code().values():
        assert f'id="{each.code}"' in shown.text
        assert " ".join(each.title.split()) in told
    assert "Refused 7×, overridden 1×" in told
    assert words.REVIEW_SENTENCE not in told


def test_a_rule_overridden_too_often_is_for_the_next_review(web: Screens) -> None:
    fire(web, refused=2, overridden=1)
    told = words_of(web.browser.get(f"{LIST}?show=review"))
    assert words.REVIEW_SENTENCE in told
    assert CODE in told
    assert "Never fired" not in told


def test_a_list_is_narrowed_by_package(web: Screens) -> None:
    only = web.browser.get(f"{LIST}?package=escalation").text
    assert f'id="{CODE}"' in only
    assert 'id="IC_REQUIRED"' not in only
    parts = web.browser.get(f"{LIST}?package=incidents").text
    assert f'id="{CODE}"' not in parts
    assert 'id="IC_REQUIRED"' in parts


@pytest.mark.parametrize("query", ["show=review", "show=changed", "package=nothing"])
def test_an_empty_list_says_why_and_leads_back(web: Screens, query: str) -> None:
    shown = web.browser.get(f"{LIST}?{query}")
    assert shown.status_code == 200
    assert "Show every guardrail" in words_of(shown)


@pytest.mark.ledger("S0-67")
def test_an_admin_changes_a_strength_and_it_is_shown_as_lowered(web: Screens) -> None:
    fields = {"strength": "should", "reason": "we are four people"}
    answer = web.browser.send_form(CHANGE, fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}#{CODE}")
    assert strength(web) is Strength.SHOULD
    told = words_of(web.browser.get(f"{LIST}?show=changed"))
    assert "Made weaker here by Ada" in told
    assert "as written it refuses. “we are four people”" in told
    explained = words_of(web.stranger().get(f"/help/guardrails/{CODE}"))
    assert "Your organisation changed it; as written it refuses." in explained


def test_a_form_without_a_reason_comes_back_as_it_was_typed(web: Screens) -> None:
    answer = web.browser.send_form(CHANGE, {"strength": "may", "reason": "x"})
    assert answer.status_code == 422
    assert 'value="x"' in answer.text
    assert '<option value="may" selected>' in answer.text
    assert "Say why the rule is made weaker" in words_of(answer)
    assert strength(web) is Strength.MUST


@pytest.mark.parametrize("wanted", ["", "never", "MUST"])
def test_what_is_no_strength_is_refused(web: Screens, wanted: str) -> None:
    answer = web.browser.send_form(CHANGE, {"strength": wanted, "reason": "it is in the way"})
    assert answer.status_code == 422
    assert strength(web) is Strength.MUST


def test_a_rule_that_does_not_exist_is_not_found(web: Screens) -> None:
    fields = {"strength": "may", "reason": "it is in the way"}
    assert web.browser.send_form(f"{LIST}/NO_SUCH/strength", fields).status_code == 404


def test_a_viewer_reads_the_rules_and_is_not_offered_to_change_them(web: Screens) -> None:
    viewer = client(web.program, add_user(web.program, "Vi", Role.VIEWER), app=web.browser.app)
    shown = viewer.get(LIST)
    assert shown.status_code == 200
    assert "/strength" not in shown.text
    fields = {"strength": "may", "reason": "it is in the way"}
    assert viewer.send_form(CHANGE, fields).status_code == 403
