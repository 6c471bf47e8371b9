"""What the help pages are told. Filled by web/help/pages.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfast.web.layout.views import Link


@dataclass(frozen=True, slots=True)
class GuardrailHelp:
    """help/guardrail.html at GET /help/guardrails/{code}

    `why` are paragraphs of plain text; `remedies` what to do, one sentence each; `cites` the rows
    of the ledger it rests on, as links where the documentation is served.
    """

    code: str
    title: str
    strength: Literal["must", "should", "may"]
    guards: str
    why: tuple[str, ...]
    remedies: tuple[str, ...]
    cites: tuple[Link, ...] = ()
