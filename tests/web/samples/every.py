"""All samples of all rooms, in the order of the site."""

from __future__ import annotations

from tests.web.samples import alerts, outside

EVERY = (*alerts.SAMPLES, *outside.SAMPLES)
