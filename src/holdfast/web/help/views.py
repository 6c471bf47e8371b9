"""What the help pages are told. Filled by web/help/pages.py."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.web.guardrails.views import StrengthWord


@dataclass(frozen=True, slots=True)
class Citation:
    """A row that a rule rests on; `statement` is empty where the ledger is not at hand."""

    row: str
    statement: str = ""


@dataclass(frozen=True, slots=True)
class GuardrailHelp:
    """help/guardrail.html at GET /help/guardrails/{code}

    `why` are paragraphs of plain text; `remedies` what to do, one sentence each. `strength` is the
    one in force here; `declared` where the organisation changed it, else None.
    """

    code: str
    title: str
    strength: StrengthWord
    guards: str
    why: tuple[str, ...]
    remedies: tuple[str, ...]
    cites: tuple[Citation, ...] = ()
    breakable: bool = False
    declared: StrengthWord | None = None
