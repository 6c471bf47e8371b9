"""What people type into the forms of a room, read as the verbs take it. Pure but for the zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from holdfast.incidents.record.model import Evidence, EvidenceKind
from holdfast.kernel.errors import Invalid
from holdfast.web.instants import read_instant

E = TypeVar("E", bound=str)
WEB = ("https://", "http://")
MINUTES_CHARS_MAX = 6
YES = "yes"


@dataclass(frozen=True, slots=True)
class Typed:
    """One form that was sent: each reader says which field is wrong, and what to write."""

    form: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    zone: ZoneInfo

    @property
    def about(self) -> str:
        return self.text("about")

    @property
    def glass(self) -> str:
        return self.text("break_glass")

    def text(self, name: str) -> str:
        return self.form.get(name, "").strip()

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self.lists.get(name, ()) if value)

    def yes(self, name: str) -> bool:
        return self.text(name) == YES

    def maybe(self, name: str) -> bool | None:
        """Yes, no, or not said."""
        return None if not self.text(name) else self.yes(name)

    def whole(self, name: str) -> int | None:
        """A number of minutes or so. Raises Invalid."""
        text = self.text(name)
        if not text:
            return None
        if len(text) > MINUTES_CHARS_MAX or not (text.isascii() and text.isdigit()):
            raise Invalid("That is no number.", fields={name: "write a whole number"})
        return int(text)

    def minutes(self, name: str = "minutes", *, default: int) -> int:
        found = self.whole(name)
        return default if found is None else found

    def number(self, name: str) -> float | None:
        """A share in percent. Raises Invalid."""
        text = self.text(name).rstrip("% ").replace(",", ".")
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            raise Invalid("That is no number.", fields={name: "write a number"}) from None

    def instant(self, name: str) -> datetime | None:
        """Wall time in the reader's zone. Raises Invalid."""
        text = self.text(name)
        return read_instant(text, name, zone=self.zone) if text else None

    def one_of(self, name: str, choices: type[E]) -> E:
        """Raises Invalid for what is none of them."""
        text = self.text(name)
        try:
            return choices(text)
        except ValueError:
            raise Invalid("Choose one.", fields={name: "choose one"}) from None

    def proof(self, name: str, kind: str) -> tuple[Evidence, ...]:
        """A link or what somebody saw, as evidence; nothing typed is none."""
        text = self.text(name)
        if not text:
            return ()
        chosen = self.text(kind)
        found = EvidenceKind(chosen) if chosen in set(EvidenceKind) else EvidenceKind.SEEN
        if text.startswith(WEB):
            shown = EvidenceKind.REPORT if found is EvidenceKind.SEEN else found
            return (Evidence(shown, link=text),)
        return (Evidence(found, value=text),)
