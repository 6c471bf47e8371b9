"""The shapes that names of things may have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kernel.ids import SLUG_CHARS_MAX, NotASlug, slug, slugify


@pytest.mark.parametrize("text", ["a", "payments-primary", "a_b", "0", "x" * SLUG_CHARS_MAX])
def test_a_slug_is_itself(text: str) -> None:
    assert slug(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "A", "a b", "-a", "a-", "ä", "a\n", "а", "a/b", "../a", "a\0", "٣", "x" * 65],
)
def test_what_is_no_slug_is_refused_with_a_way_to_write_one(text: str) -> None:
    with pytest.raises(NotASlug) as refused:
        slug(text)
    assert "payments-primary" in (refused.value.remedy or "")


@pytest.mark.parametrize(
    ("name", "made"),
    [("Ana Lima", "ana-lima"), ("Zoë O'Neil", "zoe-o-neil"), ("☃", "user"), ("李", "user")],
)
def test_a_name_becomes_a_slug(name: str, made: str) -> None:
    assert slugify(name, "user") == made


@given(st.text())
def test_whatever_a_name_is_made_into_is_a_slug(name: str) -> None:
    made = slugify(name, "user")
    assert slug(made) == made
