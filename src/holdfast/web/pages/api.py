"""Pages by API: who was asked, how it went, and their answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field

from holdfast.alerts import queries as alerts
from holdfast.incidents.access import may_see, named
from holdfast.incidents.responders import actions as responder_actions
from holdfast.incidents.responders import queries as responders
from holdfast.kernel.duration import format_duration
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.paging.model import Page, PageAnswer, PageKind, PageState
from holdfast.people import permissions
from holdfast.sdk import Urgency
from holdfast.storage import duties
from holdfast.storage.duties import Delivery, DeliveryState
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import Body, NamePath, NameQuery, act, row


class RungShape(BaseModel):
    """One contact method of the page's ladder; `used` once it was its turn."""

    after: str
    method: str
    used: bool


class DeliveryShape(BaseModel):
    """One way the page was carried, and what became of it."""

    method: str
    state: DeliveryState
    tries: int
    created_at: datetime
    due: datetime | None
    ended_at: datetime | None
    outcome: str | None


class PageShape(BaseModel):
    """A demand on one person that wants an answer. `step` and `round` count from 1."""

    id: str
    kind: PageKind
    code: str | None = Field(
        description="The alert's code or the incident's number; null for a test page."
    )
    alert: str | None
    incident: str | None = Field(description="The incident that the person is asked to.")
    user: str
    urgency: Urgency
    because: str
    attempt: int
    state: PageState
    answer: PageAnswer | None
    step: int | None = Field(description="Null for the last resort and for test pages.")
    round: int
    opened_at: datetime
    ended_at: datetime | None
    ended_because: str | None
    rungs: list[RungShape]


class PageWithDeliveries(PageShape):
    """One page with everything that was carried for it."""

    deliveries: list[DeliveryShape]


@dataclass(frozen=True, slots=True)
class Code:
    """What a page's subject is called; `incident` where it is a request to come to one that the
    asker may know of."""

    said: str | None
    incident: str | None = None
    is_request: bool = False


class Answer(Body):
    """What the person answers."""

    answer: PageAnswer


def list_pages(
    ctx: ContextDep, asked: AskedDep, user: NameQuery = None, state: PageState | None = None
) -> Listing[PageShape]:
    """Newest first; of one user, or in one state."""
    with ctx.read() as tx:
        place = asked.place()
        rows = pages.latest(tx, user=user, state=state, before=place, limit=asked.one_more)
        shown, following = asked.by_time(rows, lambda page: (page.opened_at, page.id))
        codes = _codes(tx, shown)
    return Listing(items=[page_shape(page, codes) for page in shown], next=following)


def show_page(ctx: ContextDep, page_id: NamePath) -> PageWithDeliveries:
    """One page with its deliveries."""
    with ctx.read() as tx:
        return _whole(tx, page_id)


def answer_page(ctx: ContextDep, page_id: NamePath, body: Answer) -> PageWithDeliveries:
    """The answer of the page's own user; an admin may answer for somebody."""

    def answered(tx: Tx) -> PageWithDeliveries:
        require_own(ctx, pages.page(tx, page_id))
        responder_actions.answer_page(tx, page_id, body.answer)
        return _whole(tx, page_id)

    return act(ctx, answered)


def require_own(ctx: Context, page: Page) -> None:
    """Raises NotPermitted for somebody else's page, but for an admin."""
    permissions.require_self_or(ctx.actor, "people.edit", page.user)


def page_shape(page: Page, codes: Mapping[str, Code]) -> PageShape:
    """The page as JSON; `codes` are what its subject is called."""
    code = codes.get(page.subject, Code(None))
    is_alert = page.kind is PageKind.PAGE and not code.is_request
    return PageShape(
        id=page.id,
        kind=page.kind,
        code=code.said,
        alert=page.subject if is_alert else None,
        incident=code.incident,
        user=page.user,
        urgency=page.urgency,
        because=page.because,
        attempt=page.attempt,
        state=page.state,
        answer=page.answer,
        step=None if page.step is None else page.step + 1,
        round=page.round + 1,
        opened_at=page.opened_at,
        ended_at=page.ended_at,
        ended_because=page.ended_because,
        rungs=[
            RungShape(after=format_duration(rung.after), method=rung.method, used=place < page.rung)
            for place, rung in enumerate(page.rungs)
        ],
    )


def _whole(tx: Tx, page_id: str) -> PageWithDeliveries:
    page = pages.page(tx, page_id)
    shape = page_shape(page, _codes(tx, [page]))
    carried = [_delivery_shape(each) for each in duties.deliveries_for(tx, [page.id])]
    return PageWithDeliveries(**shape.model_dump(), deliveries=carried)


def _delivery_shape(delivery: Delivery) -> DeliveryShape:
    return DeliveryShape(
        method=delivery.way,
        state=delivery.state,
        tries=delivery.tries,
        created_at=delivery.created_at,
        due=delivery.due,
        ended_at=delivery.ended_at,
        outcome=delivery.outcome,
    )


def _codes(tx: Tx, shown: Sequence[Page]) -> dict[str, Code]:
    about = sorted({page.subject for page in shown if page.kind is PageKind.PAGE})
    found = {alert.id: Code(alert.code) for alert in alerts.alerts_by_id(tx, about).values()}
    asked = list(responders.find_requests(tx, about).values())
    # Whoever is asked to come hears to what, before they may see a private one.
    own = {page.subject for page in shown if page.user == named(tx.actor)}
    for request_id, incident in responders.incidents_of(tx, asked).items():
        is_known = request_id in own or may_see(incident, tx.actor)
        said = (incident.number, incident.id) if is_known else (None, None)
        found[request_id] = Code(said[0], said[1], is_request=True)
    return found


ROUTES = (
    row("GET", "pages", list_pages, "pages.read", summary="All pages"),
    row("GET", "pages/{page_id}", show_page, "pages.read", summary="One page"),
    row("POST", "pages/{page_id}/answer", answer_page, "pages.read", summary="Answer a page"),
)
