"""The severities of a practice as one chooses among them, each with what it brings about."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.practice import model
from holdfast.practice.model import Audience, Hours, Need, Pack
from holdfast.web.incidents import words
from holdfast.web.incidents.rows import drawing
from holdfast.web.incidents.views import Badge, Level
from holdfast.web.layout.words import length


def levels_of(pack: Pack, chosen: int | None = None) -> tuple[Level, ...]:
    """Worst first, the one of that rank chosen."""
    return tuple(
        Level(
            rank=level.rank,
            severity=Badge(drawing(level.rank), level.label),
            title=level.title,
            criteria=level.criteria,
            consequences=tuple(_consequences(level)),
            chosen=level.rank == chosen,
        )
        for level in pack.levels
    )


def _consequences(level: model.Level) -> Iterator[str]:
    """In the order in which people feel them."""
    if level.hours is Hours.NEVER or not level.page:
        yield "Pages nobody"
    else:
        when = " in working hours" if level.hours is Hours.BUSINESS else ""
        yield words.pages([words.PAGED.get(each, _named(each)) for each in level.page]) + when
    every = level.cadence.get(Audience.INTERNAL)
    if every is not None:
        yield f"update every {length(every)}"
    if level.clocks.restore is not None:
        yield f"restored within {length(level.clocks.restore)}"
    if level.war_room is Need.REQUIRED:
        yield "needs a war room"


def _named(word: str) -> str:
    kind, _, name = word.partition(":")
    return f"{kind} {name}" if name else kind.replace("_", " ")
