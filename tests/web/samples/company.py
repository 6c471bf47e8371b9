"""Harbor, the company of the samples: its people, its night, and the frame around its pages.

It is Thursday 22 October 2026, 03:02 in Berlin, three nights before the clocks go back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from holdfast.web.layout.views import Command, Duty, Face, Link, Notice, Shell

ZONE = "Europe/Berlin"
NOW = datetime(2026, 10, 22, 1, 2, tzinfo=UTC)
PRIYA = Face("priya", "Priya Raman", me=True)
MAREK = Face("marek", "Marek Novák")
AIKO = Face("aiko", "Aiko Tanaka")
DELE = Face("dele", "Dele Okafor")
TOMAS = Face("tomas", "Tomás Reyes")
NOOR = Face("noor", "Noor Haddad")
JUN = Face("jun", "Jun Park")
SOFIA = Face("sofia", "Sofia Lind")
EVERYBODY = (PRIYA, MAREK, AIKO, DELE, TOMAS, NOOR, JUN, SOFIA)
LONG = "Antidisestablishmentarianism" * 3

CHECKOUT = Link("checkout-api", "/services/checkout")
LEDGER = Link("ledger-db", "/services/ledger-db")
PAYMENTS = Link("Payments", "/schedules/payments")


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of one screen. `waits_for` is a selector to click before the picture is taken."""

    name: str
    template: str
    shell: Shell
    view: object | None = None
    click: str | None = None
    press: str | None = None


def ago(**lengths: float) -> datetime:
    return NOW - timedelta(**lengths)


def ahead(**lengths: float) -> datetime:
    return NOW + timedelta(**lengths)


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    """Berlin wall time in autumn 2026 as an instant."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


_COMMANDS = (
    Command("On call", "Payments", "/schedules/payments", "calendar-clock"),
    Command("Services", "checkout-api", "/services/checkout", "boxes", "card payments"),
    Command("People", "Marek Novák", "/people/marek", "users"),
)


def shell(path: str, **changes: object) -> Shell:
    """The frame Priya sees at that path, with some of it changed."""
    calm = Shell(
        now=NOW,
        zone=ZONE,
        path=path,
        csrf="c5rf",
        viewer=PRIYA,
        duty=Duty(("Payments",), at(22, 9)),
        alerts_count=3,
        pages_count=1,
        may=frozenset({"settings.write", "people.write", "catalog.write", "schedules.write"}),
        commands=_COMMANDS,
    )
    return replace(calm, **changes)  # type: ignore[arg-type]  # the field is named by the caller


def signed_out(path: str, **changes: object) -> Shell:
    outside = Shell(now=NOW, zone="UTC", path=path, csrf="c5rf")
    return replace(outside, **changes)  # type: ignore[arg-type]  # the field is named by the caller


WENT_WELL = Notice("ok", "Saved.")
WENT_WRONG = Notice("bad", "The SMTP server did not answer.", "Look at it under Settings.")
