"""Ask about pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from holdfast.kernel.tx import Tx
from holdfast.paging import store
from holdfast.paging.model import NoSuchPage, Page, PageState

LIST_MAX = 500


def page(tx: Tx, page_id: str) -> Page:
    """Raises NoSuchPage."""
    found = store.find(tx, page_id)
    if found is None:
        raise NoSuchPage
    return found


def about(tx: Tx, subjects: Sequence[str]) -> list[Page]:
    """Every page about these alerts, oldest first."""
    return store.about(tx, subjects) if subjects else []


def latest(
    tx: Tx,
    *,
    user: str | None = None,
    state: PageState | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[Page]:
    """Newest first; `before` continues after the last one seen."""
    return store.latest(tx, user=user, state=state, before=before, limit=min(limit, LIST_MAX + 1))
