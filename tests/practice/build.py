"""Packs for tests: a shipped one with a part of its file changed."""

from __future__ import annotations

from dataclasses import replace

from holdfast.practice import shipped
from holdfast.practice.model import Level, NotAPack, Pack
from holdfast.practice.reader import read

OURS = "ours"


def text(*changes: tuple[str, str], name: str = "union-5") -> str:
    """The file of a shipped pack with each of these written otherwise, once, and its own name."""
    found = shipped.text(name).replace(f"pack: {name}", f"pack: {OURS}", 1)
    for before, after in changes:
        assert before in found, f"{before} is not in {name}"
        found = found.replace(before, after, 1)
    return found


def ours(*changes: tuple[str, str], name: str = "union-5") -> Pack:
    """The pack that this makes."""
    return read(text(*changes, name=name), "ours.yaml")


def refused(*changes: tuple[str, str], name: str = "union-5") -> NotAPack:
    """What is wrong with it; something must be."""
    try:
        ours(*changes, name=name)
    except NotAPack as error:
        return error
    raise AssertionError("the pack was read")


def with_level(pack: Pack, index: int, **changes: object) -> Pack:
    """The pack with one level changed."""
    levels = list(pack.levels)
    levels[index] = changed(levels[index], **changes)
    return replace(pack, levels=tuple(levels))


def changed(level: Level, **changes: object) -> Level:
    return replace(level, **changes)  # type: ignore[arg-type]  # the fields are the test's own
