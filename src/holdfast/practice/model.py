"""Which practice pack an organisation works by."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kernel.errors import NotFound
from holdfast.timeline.event import Event

SHIPPED = ("union-5",)
DEFAULT = SHIPPED[0]


class NoSuchPractice(NotFound):
    """There is no practice pack by that name."""


@dataclass(frozen=True, slots=True)
class PracticeChosen(Event):
    """From now on the organisation works by this pack."""

    kind = "practice.chosen"
