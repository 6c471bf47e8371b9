"""What all routes of the API have in common: where they stand, and what bodies and names may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.web.context import Context
from holdfast.web.routes import JSON_BYTES_MAX, Face, Route

API = "/api/v1"
NAME_CHARS_MAX = 128
# No space, no control character, nothing that a database or a log could stumble over.
_NAME = r"^[!-~]+$"

T = TypeVar("T")

NamePath = Annotated[str, Path(min_length=1, max_length=NAME_CHARS_MAX, pattern=_NAME)]
NameQuery = Annotated[str | None, Query(min_length=1, max_length=NAME_CHARS_MAX, pattern=_NAME)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME_CHARS_MAX, pattern=_NAME)]


class Body(BaseModel):
    """What somebody sends. A field that is not known is refused: nothing is set by accident."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """A verb that needs no words: an empty object, or no body at all."""


def row(
    method: str,
    path: str,
    endpoint: Callable[..., object],
    needs: str,
    *,
    summary: str,
    status: int = 200,
) -> Route:
    """A row of the table of routes, for the API: `path` is what stands below /api/v1/."""
    return Route(
        method,
        f"{API}/{path}",
        endpoint,
        needs,
        face=Face.API,
        body_max=JSON_BYTES_MAX,
        status=status,
        summary=summary,
    )


def act(context: Context, action: Callable[[Tx], T]) -> T:
    """Does it in a transaction of the asker's own, again where another was faster."""
    return context.program.database.transact(context.actor, action)


def is_self_or(context: Context, permission: str, user_id: str) -> bool:
    """True for the person themselves, and for whoever has that permission."""
    return context.actor.user_id == user_id or permissions.allowed(context.actor, permission)


def site_link(context: Context, path: str | None) -> str | None:
    """The absolute address of one of our own paths; None stays None."""
    return None if path is None else f"{context.program.base_url}{path}"
