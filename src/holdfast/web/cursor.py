"""How long lists are handed out: a limit, and a cursor that continues after the last one seen."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar

import msgspec
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from holdfast.kernel.errors import Invalid
from holdfast.storage.types import from_microseconds, microseconds

LIMIT_DEFAULT = 50
LIMIT_MAX = 500
CURSOR_CHARS_MAX = 512
_MICROSECONDS_MAX = 2**57  # before the year 9999, which is as far as a datetime goes

T = TypeVar("T")
Place = tuple[datetime, str]


class BadCursor(Invalid):
    """This cursor is not one that Holdfast gave out."""

    def __init__(self) -> None:
        super().__init__(
            remedy="Use `next` of the answer before, or leave the cursor out to begin anew.",
            fields={"cursor": "not a cursor"},
        )


class Listing(BaseModel, Generic[T]):
    """A part of a collection. `next` continues it; null at its end."""

    items: list[T]
    next: str | None = Field(None, description="The cursor of the next part; null at the end.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of a collection somebody asks for."""

    limit: int = LIMIT_DEFAULT
    cursor: str | None = None

    @property
    def one_more(self) -> int:
        """How many to read, so that the last one says whether there is a next part."""
        return self.limit + 1

    def place(self) -> Place | None:
        """The instant and the id after which to go on. Raises BadCursor."""
        if self.cursor is None:
            return None
        count, name = _unpacked(self.cursor, tuple[int, str])
        if not 0 <= count < _MICROSECONDS_MAX or not _is_id(name):
            raise BadCursor
        return from_microseconds(count), name

    def by_time(self, rows: Sequence[T], place: Callable[[T], Place]) -> tuple[list[T], str | None]:
        """The rows of this part, of `one_more` that were read from `place()` on, and the cursor."""
        shown = list(rows[: self.limit])
        if len(rows) <= self.limit:
            return shown, None
        at, name = place(shown[-1])
        return shown, _packed((microseconds(at), name))

    def by_name(self, rows: Sequence[T], name: Callable[[T], str]) -> tuple[list[T], str | None]:
        """The same for a collection that is read whole, in the order of its names."""
        after = None if self.cursor is None else _unpacked(self.cursor, tuple[str])[0]
        ordered = sorted(rows, key=name)
        left = [row for row in ordered if after is None or name(row) > after]
        shown = left[: self.limit]
        following = _packed((name(shown[-1]),)) if len(left) > self.limit else None
        return shown, following

    def by_count(self, rows: Sequence[T]) -> tuple[list[T], str | None]:
        """The same for a list that only ever grows at its end."""
        start = 0 if self.cursor is None else _unpacked(self.cursor, tuple[int])[0]
        if start < 0:
            raise BadCursor
        end = start + self.limit
        return list(rows[start:end]), _packed((end,)) if end < len(rows) else None


def asked(
    limit: Annotated[
        int, Query(ge=1, description=f"How many at a time; more than {LIMIT_MAX} is cut to that.")
    ] = LIMIT_DEFAULT,
    cursor: Annotated[
        str | None,
        Query(max_length=CURSOR_CHARS_MAX, description="The `next` of the part before."),
    ] = None,
) -> Asked:
    """The part that the query asks for."""
    return Asked(min(limit, LIMIT_MAX), cursor)


AskedDep = Annotated[Asked, Depends(asked)]


def _packed(value: tuple[object, ...]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")


def _unpacked(cursor: str, kind: type[T]) -> T:
    padding = "=" * (-len(cursor) % 4)
    try:
        text = base64.b64decode(cursor.encode("ascii") + padding.encode(), b"-_", validate=True)
        return msgspec.json.decode(text, type=kind)
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError):
        raise BadCursor from None


def _is_id(name: str) -> bool:
    return 0 < len(name) <= CURSOR_CHARS_MAX and name.isascii() and name.isprintable()
