"""Citations are counted wherever pytest lets one be written, and nowhere else."""

from __future__ import annotations

import ast

import pytest

from tools.ledger import citations_in


@pytest.mark.parametrize(
    "code",
    [
        '@pytest.mark.ledger("S1-57", "S4-93")\ndef test_it(): ...',
        'pytestmark = [pytest.mark.slow, pytest.mark.ledger("S1-57", "S4-93")]',
        'CASE = pytest.param(1, marks=pytest.mark.ledger("S1-57", "S4-93"))',
        '@mark.ledger("S1-57", "S4-93")\nclass TestIt: ...',
    ],
)
def test_a_citation_is_found_wherever_it_stands(code: str) -> None:
    found = {citation.row for citation in citations_in(ast.parse(code), "tests/test_it.py")}
    assert found == {"S1-57", "S4-93"}


def test_a_comment_about_a_row_cites_nothing() -> None:
    assert not list(citations_in(ast.parse("# pytest.mark.ledger('S1-57')\nx = 'S1-57'"), "t.py"))
