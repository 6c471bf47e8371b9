"""Reads the fields of one part of a pack: each by what it means, each mistake with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted
from holdfast.practice.model import PackMistake
from holdfast.practice.tree import Keyed, Node, Several, Word

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
NONE = "none"  # said aloud: there is none, and that is meant
WITHOUT_BEHAVIOUR = "SEVERITY_WITHOUT_BEHAVIOUR"
ITEMS_MAX = 100
TEXT_CHARS_MAX = 1_000
NAME_CHARS_MAX = 60  # of labels, aliases and versions: they stand in every row
KEPT_MAX = 200  # mistakes; more help nobody, and looking for what was meant takes time
NAME_CHARS_SHOWN = 40


class Part:
    """A mapping being read. `what` is how messages call it, such as `level SEV1`.

    `code` is the guardrail's that a field left blank is refused with. A field that is wrong is
    told to `mistakes` and reads as its default: with one mistake, nothing of the pack is kept.
    """

    def __init__(
        self,
        node: Node,
        what: str,
        allowed: tuple[str, ...],
        mistakes: list[PackMistake],
        *,
        code: str | None = None,
    ) -> None:
        self.what = what
        self.line = node.line
        self.mistakes = mistakes
        self.code = code
        self._keyed = node if isinstance(node, Keyed) else None
        if self._keyed is None:
            self.wrong(None, f"{what} must be written as fields.", f"Write {allowed[0]}: ...")
        for key in self.keys:
            if key not in allowed and len(mistakes) < KEPT_MAX:
                near = get_close_matches(key[:64], allowed, n=1)
                remedy = f"Did you mean {near[0]}?" if near else f"Write {', '.join(allowed)}."
                self.wrong(key, f"{what} has no field {quoted(key)}.", remedy)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._keyed.values) if self._keyed else ()

    def wrong(
        self, key: str | None, message: str, remedy: str, *, line: int = 0, code: str | None = None
    ) -> None:
        """Tells a mistake at the line of that field, or at the part's own."""
        found = self._keyed.lines.get(key or "", self.line) if self._keyed else self.line
        mistake = PackMistake(line or found, message, remedy, code)
        if len(self.mistakes) < KEPT_MAX and mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def node(self, key: str) -> Node | None:
        """What stands in that field; None where it is missing or blank."""
        node = self._keyed.values.get(key) if self._keyed else None
        return None if isinstance(node, Word) and node.blank else node

    def need(self, key: str, parse: Callable[[str], T], default: T) -> T:
        """The field by that parser, which raises Invalid. Missing or blank is a mistake."""
        node = self._needed(key)
        return default if node is None else self._parsed(node, key, parse, default)

    def stated(self, key: str, parse: Callable[[str], T]) -> T | None:
        """As `need`, but the word none says that there is none."""
        node = self._needed(key)
        if node is None or is_none(node):
            return None
        return self._parsed(node, key, parse, None)

    def read(self, key: str, parse: Callable[[str], T], default: T) -> T:
        """The field by that parser; the default where it is left out, blank or none."""
        node = self.node(key)
        if node is None or is_none(node):
            return default
        return self._parsed(node, key, parse, default)

    def words(self, key: str, parse: Callable[[str], T], *, needed: bool = False) -> tuple[T, ...]:
        """A list of words, each by that parser; the word none is an empty list."""
        node = self._needed(key) if needed else self.node(key)
        if node is None or is_none(node):
            return ()
        return tuple(self._each_word(key, node, parse))

    def parts(self, key: str, kind: str, by: str, allowed: tuple[str, ...]) -> Iterator[Part]:
        """The parts of a list that must be there; `by` is the field that each is called by."""
        node = self._needed(key)
        if node is None or is_none(node):
            return
        if not isinstance(node, Several):
            self.wrong(key, f"{key} of {self.what} must be a list.", f"Write {key}: and - ... .")
            return
        for item in node.items[:ITEMS_MAX]:
            called = item.values.get(by) if isinstance(item, Keyed) else None
            name = called.text[:NAME_CHARS_SHOWN] if isinstance(called, Word) else ""
            yield Part(item, f"{kind} {name}" if name else f"a {kind}", allowed, self.mistakes)

    def part(
        self, key: str, what: str, allowed: tuple[str, ...], *, needed: bool = True
    ) -> Part | None:
        """The part in one field."""
        node = self._needed(key) if needed else self.node(key)
        if node is None or (not needed and is_none(node)):
            return None
        return Part(node, what, allowed, self.mistakes, code=self.code)

    def _needed(self, key: str) -> Node | None:
        node = self.node(key)
        if node is None and self._keyed is not None:
            blank = "blank" if key in self._keyed.values else "not there"
            remedy = f"Write {key}: ... ; none says that there is none." if self.code else ""
            message = f"{key} of {self.what} is {blank}."
            self.wrong(key, message, remedy or f"Add {key}: ... to it.", code=self.code)
        return node

    def _each_word(self, key: str, node: Node, parse: Callable[[str], T]) -> Iterator[T]:
        items = node.items if isinstance(node, Several) else (node,)
        if len(items) > ITEMS_MAX:
            self.wrong(key, f"{key} of {self.what} has more than {ITEMS_MAX} items.", "Keep less.")
            return
        for item in items:
            try:
                if not isinstance(item, Word):
                    raise Invalid("one of its items is no word.", remedy=f"Write {key}: [one, two]")
                yield parse(item.text)
            except Invalid as error:
                message = f"{key} of {self.what}: {error.detail}"
                self.wrong(key, message, error.remedy or "", line=item.line)

    def _parsed(self, node: Node, key: str, parse: Callable[[str], T], default: T) -> T:
        if not isinstance(node, Word):
            self.wrong(key, f"{key} of {self.what} must be one word.", f"Write {key}: ...")
            return default
        try:
            return parse(node.text)
        except Invalid as error:
            message = f"{key} of {self.what}: {error.detail}"
            self.wrong(key, message, error.remedy or "", line=node.line)
            return default


def is_none(node: Node) -> bool:
    return isinstance(node, Word) and node.text == NONE


def text(found: str) -> str:
    """Words for people. Raises Invalid where there are none, too many, or that are no text."""
    if not found:
        raise Invalid("it is empty.", remedy="Write what holds, or none.")
    if len(found) > TEXT_CHARS_MAX or not all(char.isprintable() or char == "\n" for char in found):
        raise Invalid(
            f"it is longer than {TEXT_CHARS_MAX} characters, or not text.", remedy="Shorten it."
        )
    return found


def short(found: str) -> str:
    """A few words that name something, on one line. Raises Invalid."""
    if len(text(found)) > NAME_CHARS_MAX or not found.isprintable():
        raise Invalid(
            f"{quoted(found)} is longer than {NAME_CHARS_MAX} characters.", remedy="Shorten it."
        )
    return found


def yes_or_no(found: str) -> bool:
    """True or false. Raises Invalid."""
    if found.lower() not in ("true", "false", "yes", "no"):
        raise Invalid(f"{quoted(found)} is neither true nor false.", remedy="Write true or false.")
    return found.lower() in ("true", "yes")


def one_of(kind: type[E]) -> Callable[[str], E]:
    """A parser for one of these words."""
    known: Mapping[str, E] = {str(each.value): each for each in kind}

    def parse(found: str) -> E:
        if found not in known:
            near = get_close_matches(found[:64], known, n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"Write one of: {', '.join(known)}."
            raise Invalid(f"{quoted(found)} is not known.", remedy=remedy)
        return known[found]

    return parse


def whole(least: int, most: int) -> Callable[[str], int]:
    """A parser for a whole number from `least` to `most`."""

    def parse(found: str) -> int:
        digits = found if found.isascii() and found.isdigit() and len(found) < 10 else "-1"
        if not least <= int(digits) <= most:
            raise Invalid(
                f"{quoted(found)} is not a whole number from {least} to {most}.",
                remedy=f"Write {least} to {most}.",
            )
        return int(found)

    return parse
