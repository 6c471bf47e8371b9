"""How commands speak: data on standard output, messages on standard error, colour for people."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence

CELL_CHARS_MAX = 80
_COLOURS = {"red": "31", "green": "32", "yellow": "33", "bold": "1"}
_PAINT = re.compile(r"\x1b\[[0-9;]*m")


def out(text: str = "") -> None:
    """A line of data."""
    sys.stdout.write(f"{text}\n")


def tell(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stderr.write(f"{text}\n")


def out_json(value: object) -> None:
    """The answer as the API gave it."""
    out(json.dumps(value, indent=2, ensure_ascii=False))


def clean(text: object) -> str:
    """Somebody else's words on one line: nothing in them may steer the terminal."""
    shown = (char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(text))
    return "".join(shown)


def paint(text: str, colour: str) -> str:
    """Coloured where a person looks, plain where a program reads or NO_COLOR stands."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns without a box; where a person looks, with a heading and long cells cut."""
    lines = [list(row) for row in rows]
    if sys.stdout.isatty():
        lines = [[_cut(cell) for cell in line] for line in lines]
        lines.insert(0, [heading.upper() for heading in headings])
    widths = [max((_width(line[n]) for line in lines), default=0) for n in range(len(headings))]
    for line in lines:
        cells = zip(line, widths, strict=True)
        out("  ".join(cell + " " * (width - _width(cell)) for cell, width in cells).rstrip())


def moment(instant: object) -> str:
    """An instant of the API as people read it, in UTC; a dash for none."""
    return f"{str(instant)[:16].replace('T', ' ')}Z" if instant else "-"


def count(number: int, one: str, many: str) -> str:
    """`1 key`, `2 keys`."""
    return f"{number} {one if number == 1 else many}"


def _cut(cell: str) -> str:
    return cell if _width(cell) <= CELL_CHARS_MAX else f"{cell[: CELL_CHARS_MAX - 1]}…"


def _width(cell: str) -> int:
    return len(_PAINT.sub("", cell))
