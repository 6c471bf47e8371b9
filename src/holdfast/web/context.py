"""One request's world: who asks, the database, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from holdfast.kernel.actor import Actor
from holdfast.kernel.tx import Tx
from holdfast.people.model import User
from holdfast.web.program import Program


@dataclass(slots=True)
class Context:
    """Made by auth.py for each request. `user` is the person who is signed in, or acts by token.

    `form` holds the fields of a posted HTML form (already read and bounded); `csrf` the token that
    every form must carry; `local` is true for the operator at the unix socket.
    """

    program: Program
    request: Request
    actor: Actor
    user: User | None = None
    session: str | None = None
    csrf: str = ""
    theme: str = "dark"
    local: bool = False
    form: Mapping[str, str] = field(default_factory=dict)
    form_lists: Mapping[str, list[str]] = field(default_factory=dict)

    def begin(self) -> AbstractContextManager[Tx]:
        """A transaction in the name of whoever asks."""
        return self.program.database.begin(self.actor)

    def read(self) -> AbstractContextManager[Tx]:
        """A view that changes nothing."""
        return self.program.database.read(self.actor)


def context(request: Request) -> Context:
    """The context that the edge has made for this request."""
    made: Context = request.state.context
    return made


ContextDep = Annotated[Context, Depends(context)]
