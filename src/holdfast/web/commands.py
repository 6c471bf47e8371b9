"""The places that the palette goes to, besides those that every page has."""

from __future__ import annotations

from holdfast.catalog import queries as catalog
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.schedules import queries as schedules
from holdfast.web.layout import words
from holdfast.web.layout.views import Command

COMMANDS_MAX = 300  # every page carries them


def commands_of(tx: Tx) -> tuple[Command, ...]:
    """Schedules, services and people by name, at most COMMANDS_MAX."""
    found = [
        *(
            Command(words.ON_CALL, each.name, f"/schedules/{each.id}", "calendar-clock")
            for each in schedules.schedules(tx).values()
        ),
        *(
            Command(words.SERVICES, each.name, f"/services/{each.id}", "boxes", each.description)
            for each in catalog.services(tx).values()
        ),
        *(
            Command(words.PEOPLE, each.name, f"/people/{each.id}", "users")
            for each in people.users(tx).values()
            if each.disabled_at is None
        ),
    ]
    return tuple(found[:COMMANDS_MAX])
