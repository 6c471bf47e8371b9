"""Counts what guardrails refuse, apart from the transaction that was refused and undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from holdfast.guardrails.actions import count_refusal
from holdfast.guardrails.model import Refused
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.tx import Tx
from holdfast.web.program import Program

log = structlog.get_logger("web")


def count(request: Request, error: Exception) -> None:
    """One more refusal of the rule that raised this; any other error counts for nothing."""
    if isinstance(error, Refused) and error.code is not None:
        count_codes(request, [error.code])


def count_codes(request: Request, codes: Iterable[str]) -> None:
    """One more refusal of each of these rules, for the metrics and for good (ledger S0-39).

    Call it outside of any transaction. Whoever was refused gets their answer all the same where
    the database cannot take the count.
    """
    refused = sorted(set(codes))
    if not refused:
        return
    for code in refused:
        request.app.state.parts.metrics.refused(code)

    def written(tx: Tx) -> None:
        for code in refused:
            count_refusal(tx, code)

    program = cast(Program, request.app.state.program)
    try:
        program.database.transact(SYSTEM, written)
    except (SQLAlchemyError, HoldfastError):
        log.warning("could not count a refusal", codes=refused)
