"""A pack is written in one way, so that export and import are byte-equal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from holdfast.practice import shipped
from holdfast.practice.model import SHIPPED, Calendar, RoleKey
from holdfast.practice.reader import read
from holdfast.practice.written import groups, written
from tests.practice.build import ours, with_level


@pytest.mark.ledger("S0-10")
@pytest.mark.parametrize("name", SHIPPED)
def test_exporting_a_shipped_pack_gives_its_file_byte_for_byte(name: str) -> None:
    assert written(shipped.pack(name)) == shipped.text(name)


@pytest.mark.ledger("S0-10")
@pytest.mark.parametrize(
    "title",
    [
        "Ours: a pack",
        "none",
        "true",
        "  two  words",
        "09:00",
        "Größe “x”",
        "# not a comment",
        "a" * 300,
    ],
)
def test_whatever_words_a_pack_uses_it_comes_back_as_it_was(title: str) -> None:
    pack = replace(ours(), title=title.strip(), summary=f"{title.strip()} - {{x}}: [y]")
    text = written(pack)
    assert read(text, "f") == pack
    assert written(read(text, "f")) == text


def test_a_calendar_of_ones_own_comes_back_as_it_was() -> None:
    calendar = Calendar(
        "Europe/Lisbon", (0, 5), time(7, 30), time(23, 59), (date(2026, 12, 25), date(2027, 1, 1))
    )
    pack = replace(ours(), calendar=calendar)
    assert read(written(pack), "f") == pack


def test_pairs_are_written_as_the_largest_groups_that_they_make() -> None:
    level = shipped.pack("union-5").levels[0]
    assert groups(level.apart) == [
        (RoleKey.COMMAND, RoleKey.OPERATIONS, RoleKey.COMMUNICATIONS, RoleKey.SCRIBE),
        (RoleKey.COMMAND, RoleKey.TECHNICAL_LEAD),
    ]
    chain = (
        frozenset((RoleKey.COMMAND, RoleKey.SCRIBE)),
        frozenset((RoleKey.OPERATIONS, RoleKey.SCRIBE)),
    )
    pack = with_level(ours(), 0, apart=chain)
    assert read(written(pack), "f").levels[0].apart == chain
