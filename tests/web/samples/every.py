"""All samples of all rooms, in the order of the site."""

from __future__ import annotations

from tests.web.samples import alerts, desk, now, outside, people, schedules, settings

EVERY = (
    *now.SAMPLES,
    *alerts.SAMPLES,
    *schedules.SAMPLES,
    *desk.SAMPLES,
    *people.SAMPLES,
    *settings.SAMPLES,
    *outside.SAMPLES,
)
