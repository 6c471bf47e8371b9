"""The first page as it happened: from the signal to the answer, with how long each took. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from holdfast.alerts.model import Alert
from holdfast.paging.model import Page, PageState
from holdfast.timeline.event import Recorded
from holdfast.web.setup import words
from holdfast.web.setup.views import PageStep, TraceLine


@dataclass(frozen=True, slots=True)
class Happened:
    """What was written down about the alert of the setup; `titles` names the ways by method id."""

    alert: Alert
    events: Sequence[Recorded]
    pages: Sequence[Page]
    source: str
    titles: Mapping[str, str]


def page_step(happened: Happened, reader: str) -> PageStep:
    """Step 3, as far as it has come."""
    lines = tuple(_lines(happened, reader))
    mine = [page for page in happened.pages if page.user == reader]
    answered = happened.alert.acknowledged_by == reader or any(
        page.state is PageState.ANSWERED for page in mine
    )
    sent = any(event.kind == "page.sent" for event in happened.events)
    failure = None if sent or answered else _failure(happened.events)
    waits = any(page.state is PageState.OPEN for page in mine) and failure is None
    return PageStep(
        state="done" if answered else "now",
        trace=lines,
        waiting=_waiting(sent=sent) if waits else None,
        answered=answered,
        alert_href=f"/alerts/{happened.alert.id}",
        failure=failure,
        remedy=None if failure is None else words.FAILED_REMEDY,
    )


def _waiting(*, sent: bool) -> str:
    return words.WAITING_SENT if sent else words.WAITING_UNSENT


def _failure(events: Sequence[Recorded]) -> str | None:
    """The carrier's own words about the newest try that did not work."""
    failed = [event for event in events if event.kind == "page.failed"]
    return str(failed[-1].data.get("why", "")) if failed else None


def _lines(happened: Happened, reader: str) -> Iterator[TraceLine]:
    alert = happened.alert
    yield TraceLine(0.0, words.RECEIVED, detail=happened.source)
    yield TraceLine(0.0, words.OPENED, detail=alert.title)
    for event in happened.events:
        teller = _TELLERS.get(event.kind)
        if teller is not None and event.data.get("user") == reader:
            after_s = (event.at - alert.triggered_at).total_seconds()
            yield teller(happened, event, max(0.0, after_s))
    for page in happened.pages:
        if page.user == reader and page.state is PageState.OPEN and page.rung < len(page.rungs):
            rung = page.rungs[page.rung]
            due = page.opened_at + rung.after - alert.triggered_at
            title = happened.titles.get(rung.method, rung.method)
            yield TraceLine(due.total_seconds(), words.NEXT_WAY, "pending", title)


def _paged(happened: Happened, event: Recorded, after_s: float) -> TraceLine:
    return TraceLine(after_s, words.PAGED, detail=_text(event, "because"))


def _sent(happened: Happened, event: Recorded, after_s: float) -> TraceLine:
    return TraceLine(after_s, words.delivered(_title(happened, event)))


def _refused(happened: Happened, event: Recorded, after_s: float) -> TraceLine:
    return TraceLine(after_s, words.refused(_title(happened, event)), "bad", _text(event, "why"))


def _answered(happened: Happened, event: Recorded, after_s: float) -> TraceLine:
    return TraceLine(after_s, words.ANSWERED)


_TELLERS: Mapping[str, Callable[[Happened, Recorded, float], TraceLine]] = {
    "page.opened": _paged,
    "page.sent": _sent,
    "page.failed": _refused,
    "page.answered": _answered,
}


def _title(happened: Happened, event: Recorded) -> str:
    method = _text(event, "method")
    return happened.titles.get(method, method)


def _text(event: Recorded, name: str) -> str:
    value = event.data.get(name)
    return value if isinstance(value, str) else ""
