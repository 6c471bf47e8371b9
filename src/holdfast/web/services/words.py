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


def tier(number: int) -> str:
    return TIERS[number] if 0 <= number < len(TIERS) else f"Tier {number}"


def open_alerts(number: int) -> str:
    return count(number, "open alert", "open alerts")


def reached(rung: Rung) -> str:
    """`Priya Raman (on call for Payments)`"""
    names = listing([person.name for person in rung.people])
    return f"{names}, by {rung.target}" if names else rung.target


KEY_PLACEHOLDER = "YOUR-KEY"
# Where a connection's whole key is not known: it was shown once and is kept as a hash.
KEY_HIDDEN = f"Put the key in place of {KEY_PLACEHOLDER}. It was shown once, when it was made."
KEY_INSIDE = "It holds the real address and key."
SHORT_TITLES = {
    "generic": "curl",
    "alertmanager": "Alertmanager or Grafana",
    "pagerduty-events": "PagerDuty events",
    "heartbeat": "Heartbeat",
}
AT_ONCE = "at once"
REACHES_NOBODY = "reaches nobody now, so it is skipped"
NO_CONNECTION_YET = "Add a connection first: a test alert goes the way that real ones go."
TEST_SENT = "The test alert is on its way. It shows up here by itself."
TEST_JOINS = "The test alert before is still open: this one only counted up."
SAVED = "Saved."
DELETED = "Deleted."
REMOVED = "The connection is removed. Its keys stopped working."
NO_TEAM = "Make a team first: a service belongs to one."
NO_POLICY_YET = "Make an escalation policy first: it says who is paged."
CHOOSE_KIND = "Choose one of the kinds that are offered."


def after(length_in_words: str) -> str:
    return f"after {length_in_words}"


def expected(every: str, grace: str | None) -> str:
    return f"expected every {every}" + (f", late after {grace} more" if grace else "")


def test_sentence(names: list[str]) -> str:
    """What happens on the click, said before it."""
    if not names:
        return "It goes the way that real alerts go. At this moment it pages the last resort only."
    return f"It goes the way that real alerts go, and pages {listing(names)} at once."


def keeps(users: list[str]) -> str:
    return f"It is still used by {listing(users)}. Point them elsewhere or remove them first."


def open_keeps(number: int) -> str:
    return f"It has {open_alerts(number)}. Resolve them first."


def the_team(name: str) -> str:
    return f"everybody in {name}"


def on_call_in(name: str) -> str:
    return f"on call in {name}"


NO_STEPS = "no escalation policy"
LAST_RESORT_ONLY = "reaches only the last resort"
