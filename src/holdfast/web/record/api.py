"""The record of an incident by API: its timeline, hypotheses, mitigations and decisions."""

from __future__ import annotations

from holdfast.web.record import boards, deciding, mitigating, timeline

ROUTES = (*timeline.ROWS, *boards.ROWS, *mitigating.ROWS, *deciding.ROWS)
