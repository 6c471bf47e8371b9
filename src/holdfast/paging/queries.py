"""Ask about pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from holdfast.kernel.tx import Tx
from holdfast.paging import store
from holdfast.paging.model import NoSuchPage, Page, PageState
from holdfast.storage import duties
from holdfast.storage.duties import DeliveryState

LIST_MAX = 500
GIVEN_UP = frozenset({DeliveryState.FAILED, DeliveryState.CANCELLED})


def page(tx: Tx, page_id: str) -> Page:
    """Raises NoSuchPage."""
    found = store.find(tx, page_id)
    if found is None:
        raise NoSuchPage
    return found


def look_ahead(tx: Tx, ids: Sequence[str]) -> list[Page]:
    """Reads many pages at once: `page` finds them ready until one of them changes."""
    return store.find_ahead(tx, ids)


def about(tx: Tx, subjects: Sequence[str]) -> list[Page]:
    """Every page about these alerts, oldest first."""
    return store.about(tx, subjects) if subjects else []


def is_unreachable(tx: Tx, page: Page) -> bool:
    """True where every contact method of the page was used and none can work any more."""
    sent = duties.deliveries_for(tx, [page.id])
    return page.rung >= len(page.rungs) and all(d.state in GIVEN_UP for d in sent)


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
