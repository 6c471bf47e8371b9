"""The list of incidents, declaring one, and the leaders' page at Harbor, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.incidents.room_views import (
    Step,
)
from holdfast.web.incidents.views import (
    Badge,
    Candidate,
    Clock,
    DeclarePage,
    IncidentList,
    LeadersPage,
    Level,
    Phase,
    Row,
    Tab,
    Told,
)
from holdfast.web.incidents.words import PHASES
from holdfast.web.layout.views import Choice, Fields, Link
from tests.web.samples.company import (
    AIKO,
    JUN,
    LONG,
    MAREK,
    PRIYA,
    SOFIA,
    Sample,
    ago,
    ahead,
    at,
    shell,
)

SEV1 = Badge(2, "SEV1")
SEV3 = Badge(4, "SEV3")
_WAY: tuple[Phase, ...] = (
    "declared",
    "triage",
    "mitigating",
    "monitoring",
    "resolved",
    "post_incident",
    "closed",
)


def steps(now: Phase, *lacks: str) -> tuple[Step, ...]:
    place = _WAY.index(now)
    return tuple(
        Step(
            key,
            PHASES[key],
            "done" if n < place else "now" if n == place else "next" if n == place + 1 else "later",
            lacks if n == place + 1 else (),
        )
        for n, key in enumerate(_WAY)
    )


CARDS_ROW = Row(
    number="INC-2026-041",
    title="Card payments failing at checkout in the EU",
    severity=SEV1,
    phase="mitigating",
    kind="real",
    private=False,
    declared_at=ago(minutes=47, seconds=12),
    services=("checkout-api",),
    commander=PRIYA,
    people=(PRIYA, MAREK, SOFIA),
    next_update_at=ahead(minutes=12, seconds=34),
    mine="Commander",
)
PDFS_ROW = replace(
    CARDS_ROW,
    number="INC-2026-040",
    title="Invoice PDFs take up to ten minutes",
    severity=SEV3,
    phase="monitoring",
    declared_at=ago(hours=4, minutes=18),
    services=("invoices",),
    commander=JUN,
    people=(JUN,),
    next_update_at=ago(minutes=4, seconds=20),
    mine=None,
)
DRILL_ROW = replace(
    PDFS_ROW,
    number="INC-2026-039",
    title="Drill: the ledger database is read-only",
    kind="drill",
    severity=Badge(1, "SEV0", provisional=True),
    phase="declared",
    commander=None,
    people=(),
    missing=("Commander", "Scribe"),
    declared_at=ago(minutes=2),
    next_update_at=None,
)
OVER_ROWS = (
    replace(
        PDFS_ROW,
        number="INC-2026-038",
        title="Checkout failures after the pool change",
        severity=Badge(3, "SEV2"),
        phase="post_incident",
        declared_at=at(14, 9),
        next_update_at=None,
        ended_at=at(14, 9, 31),
        people=(AIKO, MAREK),
        commander=AIKO,
    ),
    replace(
        PDFS_ROW,
        number="INC-2026-037",
        title=LONG,
        phase="closed",
        severity=SEV3,
        declared_at=at(3, 3),
        ended_at=at(3, 7, 12),
        next_update_at=None,
        private=True,
    ),
)
TABS = (
    Tab("open", "Open", "/incidents", 2, current=True),
    Tab("closed", "Over", "/incidents?show=closed", None, current=False),
    Tab("drills", "Drills and tests", "/incidents?show=drills", None, current=False),
)
LIST = IncidentList((DRILL_ROW, CARDS_ROW, PDFS_ROW), OVER_ROWS, TABS, "open", ever=True)
CALM = replace(LIST, open=())
QUIET = replace(LIST, open=(), closed=())
FIRST_DAY = replace(QUIET, ever=False)

SERVICES = (
    Choice("checkout-api", "checkout-api", chosen=True),
    Choice("ledger-db", "ledger-db"),
)
TOLD = (
    (
        ago(minutes=18),
        "Leaders and customers",
        (
            "Some card payments in the EU fail since 02:09. We are undoing a recent change. Wallet"
            " payments work."
        ),
    ),
    (
        ago(minutes=41),
        "Responders and leaders",
        "Card payments in the EU fail. We are looking into it.",
    ),
)
LEVELS = (
    Level(
        0,
        Badge(1, "SEV0"),
        "The business stops, or data is at risk",
        "Everybody is hit, or data is lost.",
        ("Pages the roles, the owners and leadership", "update every 15 min", "restore within 1 h"),
    ),
    Level(
        1,
        SEV1,
        "Most customers cannot do something that matters",
        "Half of the users or more, or no way around it.",
        ("Pages the roles and the owners", "update every 30 min", "restore within 1 h"),
        chosen=True,
    ),
    Level(
        2,
        Badge(3, "SEV2"),
        "Many are hit, or the way around it is hard",
        "A tenth of the users or more.",
        ("Pages the owners", "update every hour", "restore within 4 h"),
    ),
    Level(
        3,
        SEV3,
        "Some are hit, and there is a way around it",
        "Less than a tenth.",
        ("Pages nobody outside working hours", "restore within a day"),
    ),
    Level(
        4,
        Badge(5, "SEV4"),
        "Nobody outside notices",
        "Cosmetic, or found by us.",
        ("Pages nobody", "due in a week"),
    ),
)
LEADERS = LeadersPage(
    number="INC-2026-041",
    href="/incidents/INC-2026-041",
    title="Card payments failing at checkout in the EU",
    severity=SEV1,
    meaning="Most customers cannot do something that matters",
    phase="mitigating",
    phase_words="We are working to make it stop.",
    kind="real",
    clocks=(
        Clock("For", ago(minutes=52, seconds=40)),
        Clock("Next word", ahead(minutes=12), "down"),
    ),
    commander=PRIYA,
    impact="38% of card payments in the EU fail. About 1,240 customers so far.",
    affected="38% of users; no data at risk; there is a way around it.",
    doing="Rolling back the change that began it. Two of six regions are done.",
    services=("Checkout",),
    since=ago(minutes=52),
    ended_at=None,
    told=tuple(Told(at_, to, text) for at_, to, text in TOLD),
    next_update_at=ahead(minutes=12),
    questions=(
        ("Do we have to tell the regulator?", None),
        ("Are refunds needed?", "No: nobody was charged."),
    ),
    may_ask=True,
)
DECLARE = DeclarePage(
    title="CheckoutErrorBudgetBurn on checkout-api",
    alert=Link("A-2041", "/alerts/al_1"),
    alert_id="al_1",
    levels=LEVELS,
    practice="union-5",
    detections=(Choice("alert", "An alert", chosen=True), Choice("customer", "A customer")),
    services=SERVICES,
    kinds=(Choice("real", "Real", chosen=True), Choice("drill", "Drill"), Choice("test", "Test")),
    candidates=(
        Candidate("Commander", PRIYA, "SEV0 to SEV2"),
        Candidate("Operations", MAREK, "SEV0 and SEV1"),
        Candidate("Comms", None, "SEV0 and SEV1"),
        Candidate("Scribe", None, "SEV0"),
    ),
    duplicates=(CARDS_ROW,),
)
DECLARE_WRONG = replace(
    DECLARE,
    title="",
    alert=None,
    alert_id="",
    duplicates=(),
    fields=Fields(
        (("title", "Something"),),
        (("severity", "Choose one, or say that you are not sure."),),
        "An incident has a severity.",
        "/help/guardrails/SEVERITY_REQUIRED",
    ),
)
_AT = "/incidents/INC-2026-041"
SAMPLES = (
    Sample("incidents", "incidents/list.html", shell("/incidents", incidents_count=2), LIST),
    Sample("incidents-calm", "incidents/list.html", shell("/incidents"), CALM),
    Sample("incidents-quiet", "incidents/list.html", shell("/incidents"), QUIET),
    Sample("incidents-first", "incidents/list.html", shell("/incidents"), FIRST_DAY),
    Sample("declare", "incidents/declare.html", shell("/incidents/declare"), DECLARE),
    Sample("declare-wrong", "incidents/declare.html", shell("/incidents/declare"), DECLARE_WRONG),
    Sample("leaders", "incidents/leaders.html", shell(f"{_AT}/leaders"), LEADERS),
)
