"""All samples of all rooms, in the order of the site."""

from __future__ import annotations

from tests.web.samples import alerts, desk, outside, schedules

EVERY = (*alerts.SAMPLES, *schedules.SAMPLES, *desk.SAMPLES, *outside.SAMPLES)
