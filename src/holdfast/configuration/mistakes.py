"""Gathers what is wrong with the files, so that one look at the answer mends all of it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from holdfast.configuration.model import MISTAKES_MAX, Mistake, NotApplied, Place
from holdfast.guardrails.model import Refused
from holdfast.kernel.errors import HoldfastError

CHOICES_MAX = 12
WORD_CHARS_MAX = 100


class Mistakes:
    """The first MISTAKES_MAX mistakes are kept; the others are counted."""

    def __init__(self) -> None:
        self.found: list[Mistake] = []

    def add(self, place: Place, message: str, remedy: str) -> None:
        self._keep(Mistake(place, message, remedy))

    def add_mistake(self, mistake: Mistake) -> None:
        """One that is whole already, with the code of a guardrail perhaps."""
        self._keep(mistake)

    def add_error(self, place: Place, error: HoldfastError) -> None:
        """What an action refused, with the code and the help of a guardrail."""
        help_path = error.help if isinstance(error, Refused) else None
        self._keep(Mistake(place, error.detail, error.remedy or "", error.code, help_path))

    def raise_if_any(self) -> None:
        """Raises NotApplied with what was found, by file and line."""
        if self.found:
            raise NotApplied(sorted(self.found, key=lambda mistake: mistake.place))

    def _keep(self, mistake: Mistake) -> None:
        # One line may be read twice, through an alias; it is wrong once.
        if len(self.found) < MISTAKES_MAX * 2 and mistake not in self.found:
            self.found.append(mistake)


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The nearest known word as a remedy; where none is near, the few there are, or `otherwise`."""
    names = sorted(known)
    few = f"Use one of: {', '.join(names)}." if 0 < len(names) <= CHOICES_MAX else otherwise
    return nearest(word, names) or few


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The remedy that asks for the nearest known word; None where none is near."""
    # Comparing is quadratic in the length, and no name of ours is so long.
    near = get_close_matches(word, sorted(known), n=1) if len(word) <= WORD_CHARS_MAX else []
    return f"Did you mean {near[0]}?" if near else None
