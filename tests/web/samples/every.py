"""All samples of all rooms, in the order of the site."""

from __future__ import annotations

from tests.web.samples import (
    alerts,
    desk,
    guardrails,
    incidents,
    now,
    outside,
    people,
    practice,
    rooms,
    schedules,
    settings,
)

EVERY = (
    *now.SAMPLES,
    *incidents.SAMPLES,
    *rooms.SAMPLES,
    *alerts.SAMPLES,
    *schedules.SAMPLES,
    *desk.SAMPLES,
    *people.SAMPLES,
    *practice.SAMPLES,
    *settings.SAMPLES,
    *guardrails.SAMPLES,
    *outside.SAMPLES,
)
