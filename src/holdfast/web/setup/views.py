"""What the setup screen is told: three steps from nothing to a page on somebody's device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.layout.views import Choice, Fields, Link
from holdfast.web.people import views as people

StepState = Literal["done", "now", "later"]


MethodKind = people.MethodKind  # the same offer as under How I am reached


@dataclass(frozen=True, slots=True)
class ReachStep:
    """Step 1. POST /setup/method with `kind` and `address`.

    `methods` are the reader's ways so far, each as one line (`E-mail to ana@example.com`).
    """

    state: StepState
    kinds: tuple[MethodKind, ...]
    methods: tuple[str, ...] = ()
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class SourceStep:
    """Step 2. GET /setup?source=KIND shows that kind; POST /setup/signal sends one for the reader.

    The service, a policy that pages the reader, and the connection are made when step 1 is done
    (POST /setup/method); `snippets` hold its real address and key. `received` is the title of the
    first signal once one has come.
    """

    state: StepState
    sources: tuple[Choice, ...] = ()
    snippets: tuple[tuple[str, str, str], ...] = ()  # (heading, text to copy, what to do with it)
    service: Link | None = None
    received: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One moment of the first page: how long after the signal, and what happened."""

    after_s: float
    text: str
    state: Literal["ok", "pending", "bad"] = "ok"
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class PageStep:
    """Step 3. POST /setup/page pages the reader; `trace` grows until it is answered.

    `waiting` says what is awaited now, such as `Waiting for you to answer on your device`.
    `failure` is the carrier's own words where a delivery was refused, with `remedy`.
    """

    state: StepState
    trace: tuple[TraceLine, ...] = ()
    waiting: str | None = None
    answered: bool = False
    alert_href: str | None = None
    failure: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class SetupPage:
    """setup/show.html at GET /setup. `since_s` is how long the reader has been at it."""

    reach: ReachStep
    source: SourceStep
    page: PageStep
    since_s: int = 0
    base_url_warning: str | None = None
