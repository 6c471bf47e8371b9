"""Names can be read by whoever is woken by them."""

from __future__ import annotations

import pytest

from holdfast.kernel.errors import Invalid
from holdfast.kernel.names import NAME_CHARS_MAX, check_name


@pytest.mark.parametrize("name", ["Ana", "七", "é", "!", "🚒", " Ana ", "n" * NAME_CHARS_MAX])
def test_a_name_that_can_be_seen_is_a_name(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "   ", "\u200b", "\u00ad\u2060", "\u3164", "\u2800", "\u0301", "n" * (NAME_CHARS_MAX + 1)],
)
def test_a_name_that_nobody_can_see_or_that_never_ends_is_none(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_name(name)
    assert set(refused.value.fields) == {"name"}
