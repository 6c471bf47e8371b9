"""Reads the fields of one object: each by what it means, each mistake with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

from holdfast.configuration.mistakes import Mistakes, did_you_mean
from holdfast.configuration.model import Mentioned, Place
from holdfast.configuration.read import Entries, Node, Scalar, Sequence, lines_of
from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted

T = TypeVar("T")

INTEGER_DIGITS_MAX = 9
_INTEGER = re.compile(rf"-?[0-9]{{1,{INTEGER_DIGITS_MAX}}}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Fields:
    """A mapping being read. `what` is how messages call it, such as `user ana`.

    A field that is wrong is told to `mistakes` and reads as its default: once there is a mistake,
    nothing is applied, and the rest of the file is still looked at.
    """

    def __init__(
        self, node: Node, what: str, allowed: tuple[str, ...], *, file: str, mistakes: Mistakes
    ) -> None:
        self.what = what
        self.file = file
        self.mistakes = mistakes
        self.node = node
        self._entries = node if isinstance(node, Entries) else None
        if self._entries is None:
            self.wrong(None, f"{what} must be written as fields.", f"Write {allowed[0]}: ...")
        self._refuse_unknown(allowed)

    @property
    def given(self) -> frozenset[str]:
        return frozenset(self._entries.values if self._entries else ())

    def has(self, key: str) -> bool:
        """True where the field is written down and is not null."""
        return self._value(key) is not None

    def place(self, key: str | None = None) -> Place:
        """The line of that field, or of the object itself."""
        lines = self._entries.key_lines if self._entries else {}
        return Place(self.file, lines.get(key or "", self.node.line))

    def wrong(self, key: str | None, message: str, remedy: str) -> None:
        self.mistakes.add(self.place(key), message, remedy)

    def mention(self, value: T) -> Mentioned[T]:
        """The object that was read, with its lines."""
        return Mentioned(value, self.place(), dict(lines_of(self.node)), self.given)

    def read(self, key: str, parse: Callable[[str], T], default: T) -> T:
        """The field by that parser, which raises Invalid; without the field, the default."""
        node = self._value(key)
        return default if node is None else self._parsed(node, key, parse, default)

    def need(self, key: str, parse: Callable[[str], T], default: T) -> T:
        """As `read`, but a missing field is a mistake."""
        if self._entries is not None and not self.has(key):
            self.wrong(None, f"{self.what} has no {key}.", f"Add {key}: ... to it.")
        return self.read(key, parse, default)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words; empty without the field."""
        return tuple(text for text in self.texts_or_null(key) if text is not None)

    def texts_or_null(self, key: str) -> tuple[str | None, ...]:
        """A list of words, where null keeps a place empty."""
        found: list[str | None] = []
        for item in self.items(key):
            if isinstance(item, Scalar):
                found.append(None if item.is_null else item.text)
            else:
                self.mistakes.add(
                    Place(self.file, item.line),
                    f"{key} of {self.what} must be a list of words.",
                    f"Write {key}: [one, two].",
                )
        return tuple(found)

    def items(self, key: str) -> tuple[Node, ...]:
        """The items of a list; empty without the field."""
        node = self._value(key)
        if node is None:
            return ()
        if isinstance(node, Sequence):
            return node.items
        self.wrong(key, f"{key} of {self.what} must be a list.", f"Write {key}: [ ... ].")
        return ()

    def limit(self, key: str, most: int) -> None:
        """A list that is longer than that is a mistake."""
        if len(self.items(key)) > most:
            self.wrong(key, f"{key} of {self.what} has more than {most} items.", "Keep less.")

    def inner(self, key: str, what: str, allowed: tuple[str, ...]) -> Fields | None:
        """The object that stands in a field; None without the field."""
        node = self._value(key)
        return None if node is None else self._below(node, what, allowed)

    def each(self, key: str, what: str, allowed: tuple[str, ...]) -> Iterator[Fields]:
        """The objects of a list."""
        for item in self.items(key):
            yield self._below(item, what, allowed)

    def value(self, key: str) -> Node | None:
        """The tree in a field that holds whatever its source wants."""
        return self._value(key)

    def _value(self, key: str) -> Node | None:
        node = self._entries.values.get(key) if self._entries else None
        return None if isinstance(node, Scalar) and node.is_null else node

    def _parsed(self, node: Node, key: str, parse: Callable[[str], T], default: T) -> T:
        if not isinstance(node, Scalar):
            self.wrong(key, f"{key} of {self.what} must be one word.", f"Write {key}: ...")
            return default
        try:
            return parse(node.text)
        except Invalid as error:
            self.wrong(key, f"{key} of {self.what}: {error.detail}", error.remedy or "")
            return default

    def _below(self, node: Node, what: str, allowed: tuple[str, ...]) -> Fields:
        return Fields(node, what, allowed, file=self.file, mistakes=self.mistakes)

    def _refuse_unknown(self, allowed: tuple[str, ...]) -> None:
        for key in sorted(self.given.difference(allowed), key=self.place):
            self.wrong(
                key,
                f"{self.what} has no field {quoted(key)}.",
                did_you_mean(key, allowed, f"Its fields are {', '.join(allowed)}."),
            )


def word(text: str) -> str:
    """A text that is not empty. Raises Invalid."""
    if not text.strip():
        raise Invalid("it is empty.", remedy="Write something, or leave the field out.")
    return text


def integer_within(least: int, most: int) -> Callable[[str], int]:
    """A parser for a whole number from `least` to `most`."""

    def parse(text: str) -> int:
        if not _INTEGER.fullmatch(text) or not least <= int(text) <= most:
            raise Invalid(
                f"{quoted(text)} is not a whole number from {least} to {most}.",
                remedy=f"Write {least} to {most}.",
            )
        return int(text)

    return parse


def yes_or_no(text: str) -> bool:
    """True or false. Raises Invalid."""
    if text.lower() not in ("true", "false"):
        raise Invalid(f"{quoted(text)} is neither true nor false.", remedy="Write true or false.")
    return text.lower() == "true"


def day(text: str) -> date:
    """A date, with or without quotation marks. Raises Invalid."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # the form is right and the day does not exist
    raise Invalid(f"{quoted(text)} is not a date.", remedy="Write it like 2026-11-16.")


def one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    """A parser for one of these words."""

    def parse(text: str) -> str:
        if text not in known:
            raise Invalid(
                f"{quoted(text)} is not known.",
                remedy=did_you_mean(text, known, f"Use one of: {', '.join(sorted(known))}."),
            )
        return text

    return parse
