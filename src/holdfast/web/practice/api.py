"""The practice pack by API."""

from __future__ import annotations

from pydantic import BaseModel

from holdfast.practice import queries
from holdfast.practice.model import SHIPPED
from holdfast.web.context import ContextDep
from holdfast.web.rest import row


class Practice(BaseModel):
    """Which pack counts, and which ones there are to choose from."""

    active: str
    shipped: list[str]


def show_practice(ctx: ContextDep) -> Practice:
    """The pack that this organisation works by."""
    with ctx.read() as tx:
        return Practice(active=queries.active(tx), shipped=list(SHIPPED))


ROUTES = (row("GET", "practice", show_practice, "practice.read", summary="The practice pack"),)
