"""What arrived at a door: the raw request, and forgiving ways to read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from holdfast.kernel.errors import Invalid

JSON_DEPTH_MAX = 64


class Unreadable(Invalid):
    """Holdfast could not read what was sent."""


def unreadable(detail: str, remedy: str | None = None) -> Unreadable:
    """The refusal of a body that no alert can be made from. It becomes a 4xx that says why."""
    return Unreadable(detail, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One request. Header names are lower case; `settings` are the connection's own."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as text: UTF-8 (or what its byte order mark says); bad bytes become U+FFFD."""
        if self.body.startswith((b"\xff\xfe", b"\xfe\xff")):
            return self.body.decode("utf-16", errors="replace")
        return self.body.decode("utf-8-sig", errors="replace")

    def json(self) -> object:
        """The body as JSON. Raises Unreadable for what is not JSON or nests too deep.

        NaN and infinities are read (senders write them); numbers too long for Python are kept as
        text; of two equal keys the last one counts.
        """
        try:
            value: object = json.loads(self.text, parse_int=_whole_number)
        except (ValueError, RecursionError) as error:
            raise unreadable(
                f"The body is not JSON ({_first_line(error)}).",
                remedy="Send a JSON document in UTF-8.",
            ) from None
        if _deeper_than(value, JSON_DEPTH_MAX):
            raise unreadable(f"The JSON nests deeper than {JSON_DEPTH_MAX} levels.")
        return value

    def json_object(self) -> dict[str, object]:
        """The body as a JSON object. Raises Unreadable for anything else."""
        value = self.json()
        if not isinstance(value, dict):
            raise unreadable("The body must be a JSON object.", remedy="Send { … }.")
        return value

    def form(self) -> dict[str, str]:
        """The body as an HTML form."""
        return dict(parse_qsl(self.text, keep_blank_values=True, max_num_fields=200))


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= 300 else digits


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["nested too deep"])[0][:120]


def _deeper_than(value: object, levels: int) -> bool:
    layer: list[object] = [value]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            for inner in (
                outer.values()
                if isinstance(outer, dict)
                else outer
                if isinstance(outer, list)
                else ()
            )
        ]
        if not layer:
            return False
    return True
