"""Cutting text shows nothing broken and never passes the limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.sdk.cut import CLUSTER_CHARS_MAX, CUT_SIGN, cut, cut_bytes

FAMILY = "👩\u200d👩\u200d👧"
WAVING = "👋🏽"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
WHOLE = {
    "accent": "e\u0301",
    "family": FAMILY,
    "skin tone": WAVING,
    "flag": "🇵🇹",
    "regional flag": SCOTLAND,
    "Hangul syllable in parts": "\u1112\u1161\u11ab",
    "Devanagari vowel sign": "कि",
    "Thai am": "น\u0e33",
    "keycap": "4\ufe0f\u20e3",
}


def test_text_within_the_limit_stays_as_it_is() -> None:
    assert cut("Disk full", 9) == "Disk full"
    assert cut_bytes("Größe", 7) == "Größe"


def test_longer_text_ends_in_an_ellipsis_within_the_limit() -> None:
    assert cut("Disk full on db-1", 10) == "Disk full…"


@pytest.mark.parametrize("sign", WHOLE.values(), ids=WHOLE.keys())
def test_no_visible_character_is_split_wherever_the_cut_falls(sign: str) -> None:
    text = "ab" + sign + "cd" + "x" * 20

    for limit in range(1, len(text)):
        kept = cut(text, limit).removesuffix(CUT_SIGN)
        assert kept in ("", "a", "ab", "ab" + sign) or kept.startswith(f"ab{sign}c")


def test_two_flags_in_a_row_are_cut_between_them() -> None:
    assert cut("🇵🇹🇯🇵🇫🇷", 4) == "🇵🇹…"
    assert cut("🇵🇹🇯🇵🇫🇷", 5) == "🇵🇹🇯🇵…"


def test_an_endless_pile_of_accents_is_cut_through_rather_than_dropped() -> None:
    piled = cut("a" + "\u0301" * 10_000, 500)

    assert len(piled) > 500 - CLUSTER_CHARS_MAX


def test_bytes_are_counted_in_utf_8() -> None:
    assert cut_bytes("ü" * 100, 11) == "üüüü…"
    assert cut_bytes("👩" * 3, 10) == "👩…"
    assert cut_bytes("lone \ud800", 100) == "lone ?"


@given(st.text(max_size=60), st.integers(min_value=-1, max_value=70))
def test_no_limit_is_ever_passed(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= max(limit, 0)
    assert len(cut_bytes(text, limit).encode()) <= max(limit, 0)


@given(st.text(st.characters(exclude_categories=()), max_size=60), st.integers(0, 200))
def test_cut_bytes_can_always_be_encoded(text: str, limit: int) -> None:
    cut_bytes(text, limit).encode()
