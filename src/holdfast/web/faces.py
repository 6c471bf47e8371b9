"""People as screens show them: by name, and the reader as the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.people.model import User
from holdfast.sdk import Severity
from holdfast.web.context import Context
from holdfast.web.layout.views import Choice, Face, Link

Rank = Literal[1, 2, 3, 4, 5]

# The drawing of each severity; `unknown` pages like an error, so it looks like one.
RANKS: Mapping[Severity, Rank] = {
    Severity.CRITICAL: 1,
    Severity.ERROR: 2,
    Severity.UNKNOWN: 2,
    Severity.WARNING: 3,
    Severity.INFO: 4,
}
RANK_UNKNOWN: Rank = 2


class Faces:
    """Everybody by id, for one reader. An id that is nobody's any more shows as itself."""

    def __init__(self, users: Mapping[str, User], reader: str | None) -> None:
        self.users = users
        self.reader = reader

    def of(self, user_id: str) -> Face:
        user = self.users.get(user_id)
        name = user_id if user is None else user.name
        return Face(user_id, name, me=user_id == self.reader)

    def maybe(self, user_id: str | None) -> Face | None:
        return None if user_id is None else self.of(user_id)

    def all_of(self, user_ids: Iterable[str]) -> tuple[Face, ...]:
        return tuple(self.of(user_id) for user_id in user_ids)

    def of_actor(self, actor: str | None) -> Face | None:
        """`ana`, `user:ana` or `token:tk_1`, as alerts keep who acknowledged them."""
        kind, colon, name = (actor or "").partition(":")
        if not actor:
            return None
        if not colon:
            return self.of(kind)
        return self.of(name) if kind == "user" else Face("", f"{kind} {name}")

    def choices(self, chosen: str | None = None) -> tuple[Choice, ...]:
        """Everybody who is not disabled, and whoever is chosen, as options of a select."""
        return tuple(
            Choice(user.id, user.name, chosen=user.id == chosen)
            for user in self.users.values()
            if user.disabled_at is None or user.id == chosen
        )


def faces_of(tx: Tx, context: Context) -> Faces:
    """Everybody, as whoever asks sees them."""
    return Faces(people.users(tx), None if context.user is None else context.user.id)


def rank_of(severity: Severity) -> Rank:
    """1 is drawn as the worst."""
    return RANKS.get(severity, RANK_UNKNOWN)


def link_of(place: str, name: str, titles: Mapping[str, str]) -> Link:
    """`/services/checkout` by its title; without a link where there is none by that id."""
    return Link(titles[name], f"/{place}/{name}") if name in titles else Link(name)
