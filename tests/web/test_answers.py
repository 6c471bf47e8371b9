from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.web import answers
from holdfast.web.program import Program
from tests.support.program import make_program

PAGE = "pg_0123456789abcdef0123"


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    made = make_program(base_url="https://pager.example.com/")
    yield made
    made.database.close()


def test_a_link_leads_back_to_its_page(program: Program) -> None:
    url = answers.answer_url(program, PAGE)
    assert url.startswith("https://pager.example.com/p/")
    token = url.removeprefix("https://pager.example.com/p/")
    assert answers.page_of_token(program, token) == PAGE
    assert len(url) < 140, "it has to fit into a text message"


def test_every_flipped_character_makes_a_link_worthless(program: Program) -> None:
    token = answers.token_of(program, PAGE)
    for place, char in enumerate(token):
        for other in "A0z_.":
            if other != char:
                changed = token[:place] + other + token[place + 1 :]
                # The last character of the signature carries bits that mean nothing.
                if answers.page_of_token(program, changed) is not None:
                    pytest.fail(f"{place}: {changed}")


@pytest.mark.parametrize(
    "token", ["", ".", "x", f"{PAGE}.", f".{PAGE}", PAGE, "x" * 100_000, "ü.ü", "\udc80.x", "\0"]
)
def test_what_was_never_a_link_is_none_and_no_error(program: Program, token: str) -> None:
    assert answers.page_of_token(program, token) is None


def test_the_link_of_one_page_opens_no_other(program: Program) -> None:
    signature = answers.token_of(program, PAGE).partition(".")[2]
    assert answers.page_of_token(program, f"pg_other.{signature}") is None


def test_another_generation_of_links_is_worthless(program: Program) -> None:
    old = program.vault.sign(answers.PURPOSE, f"{answers.GENERATION - 1}:{PAGE}")
    assert answers.page_of_token(program, f"{PAGE}.{old}") is None


def test_a_signature_for_another_purpose_is_worthless(program: Program) -> None:
    other = program.vault.sign("csrf", f"{answers.GENERATION}:{PAGE}")
    assert answers.page_of_token(program, f"{PAGE}.{other}") is None
