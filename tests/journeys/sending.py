"""Sends signals to a real Holdfast, as a source does."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable

from tests.journeys.company import KEY
from tests.support.instance import Instance, Sink

WAIT_S = 20.0


def fire(house: Instance, title: str, dedup: str, **fields: object) -> None:
    """One signal of the connection checkout-in; critical and firing unless `fields` say other."""
    body = {"title": title, "dedup": dedup, "severity": "critical", "status": "firing", **fields}
    request = urllib.request.Request(
        f"{house.url}/in/{KEY}",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
        assert answer.status == 202


def page_about(pager: Sink, dedup: str) -> dict[str, object]:
    """The first page about that trouble: with `answer_url`, and `alert` beside it."""

    def found() -> dict[str, object] | None:
        for message in pager.pages():
            alert, page = message["alert"], message["page"]
            assert isinstance(alert, dict)
            assert isinstance(page, dict)
            if alert["dedup_key"] == dedup:
                return {**page, "alert": alert}
        return None

    return soon(found, f"no page about {dedup} arrived")


def alert_about(pager: Sink, dedup: str) -> str:
    """The id of the alert that the first page about that trouble was about."""
    alert = page_about(pager, dedup)["alert"]
    assert isinstance(alert, dict)
    return str(alert["id"])


def soon(ask: Callable[[], dict[str, object] | None], otherwise: str) -> dict[str, object]:
    """What `ask` finds, as soon as it finds something."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        found = ask()
        if found is not None:
            return found
        time.sleep(0.02)
    raise AssertionError(otherwise)


def status_of(house: Instance, dedup: str) -> str:
    """Of the newest alert of that trouble, as the API has it."""
    with house.client() as api:
        items = api.get("/alerts", params={"q": dedup}).json()["items"]
    return str(items[0]["status"])
