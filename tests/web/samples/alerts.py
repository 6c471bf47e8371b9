"""The alert screens and the first screen, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.alerts.views import (
    AlertList,
    AlertPage,
    Filter,
    Held,
    NextStep,
    RawSignal,
    Row,
    Show,
    WhyStep,
)
from holdfast.web.alerts.words import FILTERS
from holdfast.web.layout.views import Choice, Fields, Link
from tests.web.samples.company import (
    AIKO,
    CHECKOUT,
    LEDGER,
    LONG,
    MAREK,
    Sample,
    ago,
    ahead,
    at,
    shell,
)

CARDS = Row(
    id="al_1",
    code="A-2041",
    title="Card payments failing at checkout in the EU",
    status="triggered",
    severity="critical",
    rank=1,
    urgency="high",
    service=CHECKOUT,
    count=14,
    triggered_at=ago(seconds=52),
    last_at=ago(seconds=4),
    next_step=NextStep("pages Aiko Tanaka", ahead(minutes=4, seconds=8)),
    mine=True,
)
LAG = replace(
    CARDS,
    id="al_2",
    code="A-2040",
    title="ReplicaLag on ledger-db: 94 s behind, normal is under 2 s",
    severity="error",
    rank=2,
    service=LEDGER,
    count=3,
    triggered_at=ago(minutes=4),
    next_step=NextStep("calls Noor Haddad", ahead(seconds=72)),
    mine=False,
)
PDFS = replace(
    CARDS,
    id="al_3",
    code="A-2039",
    title="Invoice PDFs slow to render",
    status="acknowledged",
    severity="warning",
    rank=3,
    urgency="low",
    service=Link("documents", "/services/documents"),
    count=1,
    triggered_at=ago(hours=4, minutes=18),
    acknowledged_by=MAREK,
    acknowledged_at=at(22, 2, 11),
    next_step=None,
    mine=False,
)
DISK = replace(
    PDFS,
    id="al_4",
    code="A-2036",
    title="Disk 81% full on db-3",
    status="triggered",
    severity="info",
    rank=4,
    acknowledged_by=None,
    acknowledged_at=None,
    triggered_at=at(21, 17, 5),
    held=Held("snooze", "looking at it in the morning", at(22, 9, 30)),
)
BATCH = replace(
    DISK,
    id="al_5",
    code="A-2031",
    title="Nightly export not heard from",
    severity="unknown",
    rank=5,
    held=Held("maintenance_window", "Database upgrade"),
    triggered_at=at(20, 2),
)
OVER = replace(
    PDFS,
    id="al_6",
    code="A-1893",
    title="Checkout failures after a pool change",
    status="resolved",
    severity="critical",
    rank=1,
    triggered_at=at(14, 3, month=7),
    acknowledged_by=AIKO,
    acknowledged_at=at(14, 3, 1, month=7),
    resolved_at=at(14, 3, 31, month=7),
)
BY_TOKEN = replace(
    PDFS, id="al_7", code="A-2038", acknowledged_by=None, title="Synthetic login slow"
)
ENDLESS = replace(LAG, id="al_8", code="A-2037", title=LONG, service=Link(LONG, None), count=12_345)


SHOWS: tuple[Show, ...] = ("open", "acknowledged", "held", "resolved", "all")


def filters(current: Show, *, counts: bool = True) -> tuple[Filter, ...]:
    numbers = {"open": 2, "acknowledged": 1, "held": 2}
    return tuple(
        Filter(
            show,
            FILTERS[show],
            f"/alerts?show={show}",
            numbers.get(show) if counts else None,
            show == current,
        )
        for show in SHOWS
    )


_SERVICES = (Choice("", "All services", chosen=True), Choice("checkout", "checkout-api"))

WHY = (
    WhyStep(
        "signal",
        "Signal received, firing",
        "14 since; the rest only counted up",
        ago(seconds=52),
        "ok",
        "#signals",
        "202 in 4 ms",
    ),
    WhyStep(
        "source",
        "Alertmanager, connection checkout-am",
        "The key in the address belongs to it",
        ago(seconds=52),
        "plain",
        "/services/checkout",
    ),
    WhyStep(
        "dedup",
        "A new alert",
        "No open alert has the key {alertname=CheckoutErrorBudgetBurn}",
        ago(seconds=52),
    ),
    WhyStep(
        "service",
        "checkout-api",
        "The connection points at it; no routing rule matched before",
        ago(seconds=52),
        "plain",
        "/services/checkout",
    ),
    WhyStep(
        "hold",
        "Not held",
        "No silence, maintenance window or dependency covers it",
        ago(seconds=52),
        "skipped",
    ),
    WhyStep(
        "policy",
        "Payments, high urgency",
        "checkout-api is paged by it; critical pages as high",
        ago(seconds=52),
        "plain",
        "/policies/payments",
    ),
    WhyStep("step", "Step 1: the schedule Payments, then wait 5 min", None, ago(seconds=51)),
    WhyStep(
        "person",
        "Priya Raman",
        "On call by the override “covers Tomás” until 09:00",
        ago(seconds=51),
        "plain",
        "/people/priya",
        None,
        1,
    ),
    WhyStep(
        "rung",
        "At once: webhook",
        "Priya’s rule for high urgency",
        ago(seconds=51),
        "ok",
        None,
        "delivered in 0.9 s",
        2,
    ),
    WhyStep(
        "rung",
        "After 45 s: e-mail",
        "No answer to the webhook",
        ago(seconds=6),
        "bad",
        None,
        "refused: mailbox full",
        2,
    ),
    WhyStep(
        "rung",
        "After 2 min: ntfy",
        "If there is no answer until then",
        ahead(seconds=68),
        "pending",
        None,
        "in 1:08",
        2,
    ),
    WhyStep(
        "step",
        "Step 2: Aiko Tanaka",
        "If nobody answers step 1 within 5 min",
        ahead(minutes=4, seconds=8),
        "pending",
        None,
        "in 4:08",
    ),
    WhyStep(
        "last_resort", "Last resort: everyone in Payments", "After two repeats", None, "pending"
    ),
)

_RAW = """{
  "version": "4",
  "status": "firing",
  "alerts": [{"labels": {"alertname": "CheckoutErrorBudgetBurn", "region": "eu-west-1"}}]
}"""

CARDS_LINK = Link("INC-2026-041 Card payments failing", "/incidents/INC-2026-041")
CARDS_PAGE = AlertPage(
    may_declare=True,
    alert=CARDS,
    sentence="41% of card payments fail. Normal is 0.3%. Started 02:59, right after a release.",
    source=Link("Prometheus"),
    source_href="https://prometheus.example/graph",
    connection=Link("checkout-am", "/services/checkout"),
    policy=Link("Payments", "/policies/payments"),
    team=Link("Payments", "/people"),
    labels=(
        ("alertname", "CheckoutErrorBudgetBurn"),
        ("region", "eu-west-1"),
        ("severity", "critical"),
    ),
    dedup_key="9f1c2e77a0b41d35",
    why=WHY,
    signals=(
        RawSignal(ago(seconds=4), "Alertmanager", "firing", _RAW),
        RawSignal(
            ago(seconds=52),
            "Alertmanager",
            "firing",
            _RAW,
            shortened=True,
            marks=("severity not known",),
        ),
    ),
    previous=(OVER,),
    snoozes=(
        Choice("30m", "30 minutes"),
        Choice("2h", "2 hours"),
        Choice("8h", "Until 11:00 today"),
    ),
    assignees=(Choice("aiko", "Aiko Tanaka"), Choice("policy:platform", "Platform policy")),
    others=(Choice("al_2", "A-2040 ReplicaLag on ledger-db"),),
)

FULL = AlertList(
    rows=(CARDS, LAG, ENDLESS, PDFS, BY_TOKEN, DISK, BATCH, OVER),
    filters=filters("all"),
    services=_SERVICES,
    show="all",
    older_href="/alerts?cursor=x",
    newer_href="/alerts",
    total_ever=400,
)
_DONE = replace(
    CARDS_PAGE,
    alert=OVER,
    sentence=None,
    source_href=None,
    policy=None,
    team=None,
    signals=(),
    labels=(),
    previous=(),
    snoozes=(),
    why=WHY[:4],
)

SAMPLES = (
    Sample("alerts", "alerts/list.html", shell("/alerts"), FULL),
    Sample(
        "alerts-calm",
        "alerts/list.html",
        shell("/alerts"),
        replace(
            FULL,
            rows=(),
            show="open",
            filters=filters("open"),
            last_resolved=OVER,
            older_href=None,
            newer_href=None,
        ),
    ),
    Sample(
        "alerts-first",
        "alerts/list.html",
        shell("/alerts"),
        AlertList((), filters("open", counts=False), _SERVICES, "open"),
    ),
    Sample(
        "alerts-nothing",
        "alerts/list.html",
        shell("/alerts"),
        replace(
            FULL,
            rows=(),
            show="open",
            query="pool <b>&exhausted",
            fields=Fields(problem="That cursor is not one of ours."),
        ),
    ),
    Sample("alert", "alerts/show.html", shell("/alerts/al_1"), CARDS_PAGE),
    Sample(
        "alert-acknowledged",
        "alerts/show.html",
        shell("/alerts/al_3"),
        replace(CARDS_PAGE, alert=PDFS, incidents=(CARDS_LINK,)),
    ),
    Sample(
        "alert-held",
        "alerts/show.html",
        shell("/alerts/al_4"),
        replace(
            CARDS_PAGE,
            alert=DISK,
            merged_into=Link("A-2041", "/alerts/al_1"),
            fields=Fields(problem="An alert cannot be merged into itself."),
        ),
    ),
    Sample("alert-resolved", "alerts/show.html", shell("/alerts/al_6"), _DONE),
)
