"""What those are called whom the timeline names by their ids. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from holdfast.alerts.model import Alert

OURSELVES = "Holdfast"


@dataclass(frozen=True, slots=True)
class Directory:
    """Users by id; tokens with the person they act for, and their own name; alerts on demand."""

    users: Mapping[str, str]
    tokens: Mapping[str, tuple[str | None, str]]
    alert: Callable[[str], Alert | None]

    def __call__(self, name: str) -> str:
        """What is shown for an id or an actor, with or without its kind: `user:ana`, `ana`."""
        plain = self.person(name)
        if plain in self.users:
            return self.users[plain]
        if plain in self.tokens:
            return self.tokens[plain][1]
        if plain.startswith("al_"):
            alert = self.alert(plain)
            return plain if alert is None else alert.code
        return OURSELVES if name.partition(":")[0] == "system" else plain

    def person(self, actor: str) -> str:
        """The user behind an actor: a program that acts for a person is that person to others."""
        plain = actor.partition(":")[2] or actor
        return self.tokens.get(plain, (None, ""))[0] or plain
