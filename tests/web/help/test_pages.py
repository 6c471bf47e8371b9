"""The help page of a rule is made from the rule itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.guardrails import rules
from holdfast.guardrails.model import Strength
from holdfast.web.help import words
from holdfast.web.help.pages import help_of
from tests.support.screens import screens, words_of

RULE = rules.named("NO_FINAL_LEVEL")


def test_a_page_says_why_what_to_do_and_on_what_the_rule_rests() -> None:
    page = help_of(RULE, Strength.MUST)
    assert (page.code, page.title, page.guards) == (RULE.code, RULE.title, RULE.guards)
    assert (page.why, page.remedies) == (RULE.why, RULE.remedies)
    (cited,) = page.cites
    assert cited.row == "S1-34"
    assert "scalat" in cited.statement, "what the row says, read from the ledger of this clone"


def test_a_rule_that_gives_no_reasons_still_has_a_page() -> None:
    page = help_of(replace(RULE, why=(), remedies=(), cites=("S9-99",)), Strength.MAY)
    assert page.why == (RULE.title,)
    assert page.remedies == (words.NOT_EXPLAINED,)
    assert [(cite.row, cite.statement) for cite in page.cites] == [("S9-99", "")]
    assert page.declared == "must"


@pytest.mark.parametrize("breakable", [True, False])
def test_a_page_says_whether_a_reason_opens_the_rule(*, breakable: bool) -> None:
    page = help_of(replace(RULE, breakable=breakable), Strength.MUST)
    assert page.breakable is breakable
    assert help_of(RULE, Strength.MUST).declared is None


def test_a_refused_programs_owner_reads_it_without_signing_in() -> None:
    with screens() as web:
        page = web.stranger().get(RULE.help)
        unknown = web.stranger().get("/help/guardrails/NO_SUCH")
    assert page.status_code == 200
    assert words.UNBREAKABLE in words_of(page)
    assert words.EVERY not in words_of(page), "the list is for whoever is signed in"
    assert unknown.status_code == 404
