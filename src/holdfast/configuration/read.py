"""From YAML text to a tree of words with their lines; nothing is guessed from how a word looks.

YAML 1.1 turns 09:00 into 540 and `on` into true. Here every scalar stays as it was written, and the
field that it stands in says what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from holdfast.configuration.mistakes import Mistakes
from holdfast.configuration.model import FILE_CHARS_MAX, File, Place
from holdfast.kernel.quote import quoted

DEPTH_MAX = 16
NODES_MAX = 200_000  # with every alias written out: a bomb of anchors ends here
SCALAR_CHARS_MAX = 20_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_CONTROLS = re.compile(r"[^\n\r\t -\x7e\xa0-\ud7ff\ue000-\U0010ffff]")
# libyaml is some ten times as fast; where PyYAML was built without it, its own parser does.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word as it was written, without its quotation marks."""

    text: str
    plain: bool  # without quotation marks
    line: int
    size: int = 1
    depth: int = 0

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    line: int
    size: int
    depth: int


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping: its values by key, and the line of each key."""

    values: Mapping[str, Node]
    key_lines: Mapping[str, int]
    line: int
    size: int
    depth: int


Node = Scalar | Sequence | Entries


def read(file: File, mistakes: Mistakes) -> list[Node]:
    """One tree for each document that is not empty. What cannot be read is added to `mistakes`."""
    text = file.text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if len(text) > FILE_CHARS_MAX:
        mistakes.add(
            Place(file.name, 1),
            f"the file is longer than {FILE_CHARS_MAX // 1024 // 1024} MiB.",
            "Part it into several files.",
        )
        return []
    if any("\ud800" <= char <= "\udfff" for char in text):
        mistakes.add(Place(file.name, 1), "the file is not UTF-8.", "Save it as UTF-8.")
        return []
    composer = _Composer(file.name, mistakes)
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            composer.take(event)
    except yaml.YAMLError as error:
        mistakes.add(Place(file.name, _line_of(error)), _words_of(error), _SYNTAX_REMEDY)
    except _Unfit as unfit:
        mistakes.add(Place(file.name, unfit.line), unfit.message, unfit.remedy)
    return composer.documents


def lines_of(node: Node, path: str = "") -> Iterator[tuple[str, int]]:
    """The line of every part below the node, by its path, such as `steps[1].page[0]`."""
    match node:
        case Entries():
            for key, value in node.values.items():
                inner = f"{path}.{key}" if path else key
                yield inner, node.key_lines[key]
                yield from lines_of(value, inner)
        case Sequence():
            for index, item in enumerate(node.items):
                inner = f"{path}[{index}]"
                yield inner, item.line
                yield from lines_of(item, inner)
        case Scalar():
            return


_SYNTAX_REMEDY = "Look at that line and the one before it: indentation, quotation marks, colons."


class _Unfit(Exception):
    """The file cannot be read any further."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.remedy = remedy


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    line: int
    anchor: str | None
    is_mapping: bool
    items: list[Node]


class _Composer:
    """Builds trees from the parser's events, without recursion and within the limits."""

    def __init__(self, file: str, mistakes: Mistakes) -> None:
        self.documents: list[Node] = []
        self._file = file
        self._mistakes = mistakes
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        match event:
            case yaml.DocumentStartEvent():
                self._anchors = {}
            case yaml.ScalarEvent():
                self._add(self._scalar(event, line), event.anchor)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._begin(event, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                opened = self._open.pop()
                self._add(self._closed(opened), opened.anchor)
            case yaml.AliasEvent():
                self._add(self._meant(event.anchor or "", line), None)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Scalar:
        _refuse_tag(event.tag, line)
        text = event.value
        if len(text) > SCALAR_CHARS_MAX:
            raise _Unfit(
                line,
                f"a value is longer than {SCALAR_CHARS_MAX} characters.",
                "Shorten it, or look for a quotation mark that is never closed.",
            )
        if not _is_text(text):
            message = f"the value {quoted(text)} has characters that are not text."
            self._mistakes.add(Place(self._file, line), message, "Take them out.")
        return Scalar(text, plain=not event.style, line=line)

    def _begin(self, event: yaml.CollectionStartEvent, line: int) -> None:
        _refuse_tag(event.tag, line)
        if len(self._open) >= DEPTH_MAX:
            raise _too_deep(line)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(line, event.anchor, is_mapping, []))

    def _meant(self, anchor: str, line: int) -> Node:
        node = self._anchors.get(anchor)
        if node is None:
            raise _Unfit(
                line,
                f"*{anchor[:64]} stands for something that is not there, or for itself.",
                f"Put &{anchor[:64]} before it, on what it stands for.",
            )
        return node

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].items.append(node)
        elif not (isinstance(node, Scalar) and node.is_null):
            self.documents.append(node)

    def _closed(self, opened: _Open) -> Node:
        size = 1 + sum(item.size for item in opened.items)
        depth = 1 + max((item.depth for item in opened.items), default=0)
        if size > NODES_MAX:
            raise _Unfit(
                opened.line,
                f"the file holds more than {NODES_MAX} values, with every alias written out.",
                "Use fewer aliases, or part the file.",
            )
        if depth + len(self._open) > DEPTH_MAX:
            raise _too_deep(opened.line)
        if not opened.is_mapping:
            return Sequence(tuple(opened.items), opened.line, size, depth)
        values, key_lines = self._paired(opened.items)
        return Entries(values, key_lines, opened.line, size, depth)

    def _paired(self, items: list[Node]) -> tuple[dict[str, Node], dict[str, int]]:
        values: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._mistakes.add(
                    Place(self._file, key.line), "a key must be one word.", "Write `name: value`."
                )
            elif key.text in values:
                self._mistakes.add(
                    Place(self._file, key.line),
                    f"{quoted(key.text)} stands here twice; the first is in line"
                    f" {key_lines[key.text]}.",
                    "Keep one of the two.",
                )
            else:
                values[key.text], key_lines[key.text] = value, key.line
        return values, key_lines


def _too_deep(line: int) -> _Unfit:
    return _Unfit(
        line,
        f"the file is nested more than {DEPTH_MAX} levels deep.",
        "Look for a bracket that is never closed.",
    )


def _refuse_tag(tag: str | None, line: int) -> None:
    if tag is not None:
        raise _Unfit(
            line,
            f"the tag {quoted(tag)} means nothing here.",
            "Leave the word that begins with an exclamation mark out.",
        )


def _is_text(text: str) -> bool:
    return text.isprintable() or not _CONTROLS.search(text)


def _line_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark is not None else 1


def _words_of(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return f"this is not YAML: {problem or 'a character is not allowed'}."
