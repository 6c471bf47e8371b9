"""From the YAML of a pack to a tree of words with their lines; nothing is guessed from looks.

A pack stands by itself on one page: no anchors, no aliases, no tags. So its size bounds the tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from holdfast.kernel.quote import quoted
from holdfast.practice.model import PACK_CHARS_MAX, NotAPack, PackMistake

DEPTH_MAX = 8
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Word:
    """A scalar as it was written. `blank`: there is nothing behind the colon."""

    text: str
    line: int
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Keyed:
    values: Mapping[str, Node]
    lines: Mapping[str, int]  # of each key
    line: int


Node = Word | Several | Keyed


def tree(text: str, file: str) -> Keyed:
    """The one document of that text. Raises NotAPack with the line and what to write instead."""
    if len(text) > PACK_CHARS_MAX:
        raise _unfit(file, 1, f"it is longer than {PACK_CHARS_MAX} characters.", "Shorten it.")
    builder = _Builder(file)
    try:
        for event in yaml.parse(text.removeprefix("\ufeff"), Loader=_PARSER):
            builder.take(event)
    except (yaml.YAMLError, UnicodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "a character is not allowed"
        line = mark.line + 1 if mark is not None else 1
        raise _unfit(file, line, f"this is not YAML: {problem}.", _LOOK) from error
    if len(builder.roots) != 1 or not isinstance(builder.roots[0], Keyed):
        raise _unfit(file, 1, "a pack is one document of fields.", "Begin it with pack: my-pack.")
    return builder.roots[0]


_LOOK = "Look at that line and the one before it: indentation, quotation marks, colons."


def _unfit(file: str, line: int, message: str, remedy: str) -> NotAPack:
    return NotAPack(file, [PackMistake(line, message, remedy)])


@dataclass(slots=True)
class _Open:
    line: int
    keyed: bool
    items: list[Node]


class _Builder:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, file: str) -> None:
        self.roots: list[Node] = []
        self._file = file
        self._open: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        self._refuse_tricks(event, line)
        match event:
            case yaml.ScalarEvent():
                blank = event.value in _NULLS and not event.style
                self._add(Word(event.value.strip(), line, blank))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                if len(self._open) >= DEPTH_MAX:
                    message = f"it is nested more than {DEPTH_MAX} levels deep."
                    raise _unfit(self._file, line, message, "Look for a bracket never closed.")
                self._open.append(_Open(line, isinstance(event, yaml.MappingStartEvent), []))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                opened = self._open.pop()
                self._add(self._closed(opened))

    def _refuse_tricks(self, event: yaml.Event, line: int) -> None:
        if getattr(event, "anchor", None) is not None:
            message = "a pack has no anchors and aliases (& and *)."
            raise _unfit(self._file, line, message, "Write the value out where it is meant.")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
            message = f"the tag {quoted(str(getattr(event, 'tag', '')))} means nothing here."
            raise _unfit(self._file, line, message, "Leave the word with the exclamation mark out.")

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].items.append(node)
        elif not (isinstance(node, Word) and node.blank):
            self.roots.append(node)

    def _closed(self, opened: _Open) -> Node:
        if not opened.keyed:
            return Several(tuple(opened.items), opened.line)
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key, value in zip(opened.items[::2], opened.items[1::2], strict=True):
            if not isinstance(key, Word):
                message = "a key must be one word."
                raise _unfit(self._file, key.line, message, "Write name: value.")
            if key.text in values:
                message = f"{quoted(key.text)} stands here twice; first in line {lines[key.text]}."
                raise _unfit(self._file, key.line, message, "Keep one of the two.")
            values[key.text], lines[key.text] = value, key.line
        return Keyed(values, lines, opened.line)
