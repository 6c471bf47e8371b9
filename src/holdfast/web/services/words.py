"""What the service screens say where a value decides the sentence."""

from __future__ import annotations

from holdfast.web.layout.words import count, listing
from holdfast.web.services.views import Rung

TIERS = (
    "Tier 0: everything rests on it", "Tier 1: customers notice at once",
    "Tier 2: customers notice soon", "Tier 3: colleagues notice", "Tier 4: nobody waits for it",
    "Tier 5: an experiment",
)  # fmt: skip
NEW_KEY = "This is the only time the key is shown. Copy it now; it is kept only as a hash."
TWO_KEYS = "Two keys are good at the same time, so that senders can change without a gap."


def tier(number: int) -> str:
    return TIERS[number] if 0 <= number < len(TIERS) else f"Tier {number}"


def open_alerts(number: int) -> str:
    return count(number, "open alert", "open alerts")


def reached(rung: Rung) -> str:
    """`Priya Raman (on call for Payments)`"""
    names = listing([person.name for person in rung.people])
    return f"{names}, by {rung.target}" if names else rung.target
