"""Tries one change of an object: a refusal becomes a mistake at the right line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from holdfast.configuration.mistakes import Mistakes
from holdfast.configuration.model import Mentioned, Place
from holdfast.guardrails.model import Refused
from holdfast.kernel.errors import HoldfastError, Invalid, NotFound
from holdfast.kernel.tx import Tx
from holdfast.schedules.validity import NotASchedule

T = TypeVar("T")


class Attempt:
    """After a first mistake nothing is kept, so going on only serves to find the others."""

    def __init__(self, tx: Tx, mistakes: Mistakes) -> None:
        self.tx = tx
        self._mistakes = mistakes

    def change(self, what: str, mentioned: Mentioned[T], act: Callable[[], None]) -> None:
        """Runs `act`; what it refuses stands at the field that it names, else at the object."""
        try:
            act()
        except NotASchedule as error:
            for field, remedy in error.fields.items():
                message = f"{field} of {what} is not right."
                self._mistakes.add(mentioned.at(field), message, _sentence(remedy))
        except HoldfastError as error:
            fields = error.fields if isinstance(error, Invalid) else {}
            places = [mentioned.at(field) for field in fields]
            place = next((p for p in places if p != mentioned.place), mentioned.place)
            self._add(what, place, error)

    def at(self, what: str, place: Place, act: Callable[[], None]) -> None:
        """Runs `act`; what it refuses stands at that place."""
        try:
            act()
        except HoldfastError as error:
            self._add(what, place, error)

    def _add(self, what: str, place: Place, error: HoldfastError) -> None:
        if isinstance(error, NotFound) and self._mistakes.found:
            return  # what could not be saved is missed by what leans on it: one mistake is enough
        if isinstance(error, Refused):
            self._mistakes.add_error(place, error)
        else:
            self._mistakes.add(place, f"{what}: {error.detail}", error.remedy or "")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
