"""Whoever does something: a person, a token, a connection or Holdfast itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    USER = "user"
    TOKEN = "token"
    CONNECTION = "connection"
    SYSTEM = "system"


class Role(StrEnum):
    """What an actor may do, weakest first."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is the person behind it, where there is one: a token may act as a person."""

    kind: ActorKind
    id: str
    role: Role | None = None
    user_id: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SYSTEM = Actor(ActorKind.SYSTEM, "holdfast", Role.ADMIN)
