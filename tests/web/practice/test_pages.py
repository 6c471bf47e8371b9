"""The practice on screen: anybody signed in reads it, an admin chooses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.kernel.actor import SYSTEM
from holdfast.practice import actions, queries, shipped
from holdfast.practice.model import SHIPPED
from tests.practice.build import ours, text
from tests.support.screens import Screens, screens, words_of


@pytest.fixture
def web() -> Iterator[Screens]:
    with screens() as made:
        yield made


def active(web: Screens) -> str:
    with web.program.database.read(SYSTEM) as tx:
        return queries.active_name(tx)


@pytest.mark.ledger("S0-10")
def test_anybody_signed_in_reads_the_practice_and_a_stranger_does_not(web: Screens) -> None:
    answer = web.as_("bo").get("/practice")
    said = words_of(answer)
    assert answer.status_code == 200
    for words in (
        "Union, five levels", "Business-wide outage, or data at risk", "Incident commander",
        "Coordinates and decides", "Data was lost", "Always, within 3 days", "The ladder",
        "whoever is on call for each role", "in force",
    ):  # fmt: skip
        assert words.lower() in said.lower()
    assert "/settings/practice" not in answer.text
    assert web.stranger().get("/practice").status_code == 303


@pytest.mark.parametrize("name", SHIPPED)
def test_every_pack_can_be_looked_at_before_it_is_chosen(web: Screens, name: str) -> None:
    said = words_of(web.as_("bo").get(f"/practice/{name}"))
    pack = shipped.pack(name)
    for level in pack.levels:
        assert level.title in said
        assert level.response in said
    for role in pack.roles:
        assert role.label in said
    assert ("not in force" in said) is (name != "union-5")


@pytest.mark.ledger("S0-10")
def test_the_file_of_a_pack_is_taken_from_its_page(web: Screens) -> None:
    answer = web.as_("bo").get("/practice/imoc-p3/export")
    assert answer.text == shipped.text("imoc-p3")
    assert 'filename="imoc-p3.yaml"' in answer.headers["content-disposition"]
    assert web.browser.get("/practice/onion").status_code == 404


def test_an_admin_chooses_a_pack_and_others_may_not(web: Screens) -> None:
    answer = web.browser.send_form("/settings/practice", {"pack": "imag-3"})
    assert answer.headers["location"] == "/settings/practice"
    assert active(web) == "imag-3"
    assert "IMAG, three levels is in force" in words_of(web.browser.get("/settings/practice"))
    assert web.as_("bo").get("/settings/practice").status_code == 403
    refused = web.as_("bo").send_form("/settings/practice", {"pack": "union-5"})
    assert refused.status_code == 403
    assert active(web) == "imag-3"
    assert web.browser.send_form("/settings/practice", {}).status_code == 422


@pytest.mark.ledger("S0-09")
def test_where_the_practice_is_switched_off_the_page_says_so(web: Screens) -> None:
    web.browser.send_form("/settings/practice", {"pack": "none"})
    assert "No practice is in force" in words_of(web.as_("bo").get("/practice"))
    assert "nobody can declare an incident" in words_of(web.browser.get("/settings/practice"))


def test_a_pack_that_is_pasted_is_kept_and_can_be_removed(web: Screens) -> None:
    web.browser.send_form("/settings/practice/packs", {"text": text()})
    assert "ours · version 1 · your own" in words_of(web.browser.get("/settings/practice"))
    web.browser.send_form("/settings/practice/packs/ours/remove", {})
    assert "· your own" not in words_of(web.browser.get("/settings/practice"))


@pytest.mark.refuses("SEVERITY_WITHOUT_BEHAVIOUR")
def test_a_pasted_pack_that_is_refused_comes_back_with_every_line(web: Screens) -> None:
    broken = text(("notify: [owners]", "notify:"), ("hours: business", "hours: sometimes"))
    answer = web.browser.send_form("/settings/practice/packs", {"text": broken})
    said = words_of(answer)
    assert answer.status_code == 422
    assert "Notify of level SEV0 is blank." in said
    assert "Hours of level SEV3: “sometimes” is not known." in said
    assert broken.splitlines()[-1].strip() in said
    assert web.browser.send_form("/settings/practice/packs", {"text": " "}).status_code == 422


def test_the_pack_in_force_is_not_removed_and_the_page_says_why(web: Screens) -> None:
    with web.program.database.begin(SYSTEM) as tx:
        actions.save(tx, ours())
        actions.choose(tx, "ours")
    answer = web.browser.send_form("/settings/practice/packs/ours/remove", {})
    assert answer.status_code == 409
    assert "is the practice in force" in words_of(answer)
