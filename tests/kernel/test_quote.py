"""Somebody else's text in our messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kernel.quote import QUOTED_CHARS_MAX, quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Europe/Lisbon", "“Europe/Lisbon”"),
        ("Zürich", "“Zürich”"),
        ("", "“”"),
        ("a\nb\x1b[31m", "“a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[31m”"),
        ("\ud800\u202e", "“\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}”"),
    ],
)
def test_text_is_shown_with_what_cannot_be_printed_replaced(text: str, shown: str) -> None:
    assert quoted(text) == shown


@given(st.text(st.characters(), max_size=200))
def test_a_quotation_is_short_and_can_always_be_sent(text: str) -> None:
    assert len(quoted(text)) <= QUOTED_CHARS_MAX + 2
    quoted(text).encode()
