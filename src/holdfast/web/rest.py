"""What all routes of the API have in common: where they stand, and what bodies and names may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from holdfast.web.routes import JSON_BYTES_MAX, Face, Route

API = "/api/v1"
NAME_CHARS_MAX = 128
# No space, no control character, nothing that a database or a log could stumble over.
_NAME = r"^[!-~]+$"

NamePath = Annotated[str, Path(min_length=1, max_length=NAME_CHARS_MAX, pattern=_NAME)]
NameQuery = Annotated[str | None, Query(min_length=1, max_length=NAME_CHARS_MAX, pattern=_NAME)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME_CHARS_MAX, pattern=_NAME)]


class Body(BaseModel):
    """What somebody sends. A field that is not known is refused: nothing is set by accident."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """A verb that needs no words: an empty object, or no body at all."""


def row(
    method: str, path: str, endpoint: Callable[..., object], needs: str, summary: str
) -> Route:
    """A row of the table of routes, below /api/v1/. A POST that makes something answers 201."""
    made = bool(endpoint.__name__.startswith(("open_", "make_", "add_")))
    return Route(
        method,
        f"{API}/{path}",
        endpoint,
        needs,
        face=Face.API,
        body_max=JSON_BYTES_MAX,
        status=201 if method == "POST" and made else 200,
        csrf=False,
        summary=summary,
    )
