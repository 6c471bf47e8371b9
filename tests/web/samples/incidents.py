"""Incidents at Harbor, in the samples: the night of the card payments."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.incidents.room_views import (
    AudienceBox,
    Checks,
    Composer,
    Console,
    Due,
    Entry,
    Evidence,
    Figures,
    Finding,
    Head,
    HypothesisRow,
    Known,
    Menus,
    MitigationRow,
    Owner,
    Question,
    Refusal,
    Responder,
    Rights,
    RoleChip,
    RoomPage,
    Step,
    Summary,
    TaskRow,
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
from holdfast.web.incidents.words import FILTERS, PHASES
from holdfast.web.layout.views import Choice, Fields, Link
from tests.web.samples.company import (
    AIKO,
    CHECKOUT,
    DELE,
    EVERYBODY,
    JUN,
    LONG,
    MAREK,
    NOOR,
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
    "declared", "triage", "mitigating", "monitoring", "resolved", "post_incident", "closed",
)  # fmt: skip


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
        PDFS_ROW, number="INC-2026-038", title="Checkout failures after the pool change",
        severity=Badge(3, "SEV2"), phase="post_incident", declared_at=at(14, 9), next_update_at=None,
        ended_at=at(14, 9, 31), people=(AIKO, MAREK), commander=AIKO,
    ),
    replace(
        PDFS_ROW, number="INC-2026-037", title=LONG, phase="closed", severity=SEV3,
        declared_at=at(3, 3), ended_at=at(3, 7, 12), next_update_at=None, private=True,
    ),
)  # fmt: skip
TABS = (
    Tab("open", "Open", "/incidents", 2, current=True),
    Tab("closed", "Over", "/incidents?show=closed", None, current=False),
    Tab("drills", "Drills and tests", "/incidents?show=drills", None, current=False),
)
LIST = IncidentList((DRILL_ROW, CARDS_ROW, PDFS_ROW), OVER_ROWS, TABS, "open", ever=True)
CALM = replace(LIST, open=())
QUIET = replace(LIST, open=(), closed=())
FIRST_DAY = replace(QUIET, ever=False)

LEVELS = (
    Level(
        0, Badge(1, "SEV0"), "The business stops, or data is at risk",
        "Everybody is hit, or data is lost.",
        ("Pages the roles, the owners and leadership", "update every 15 min", "restore within 1 h"),
    ),
    Level(
        1, SEV1, "Most customers cannot do something that matters",
        "Half of the users or more, or no way around it.",
        ("Pages the roles and the owners", "update every 30 min", "restore within 1 h"),
        chosen=True,
    ),
    Level(
        2, Badge(3, "SEV2"), "Many are hit, or the way around it is hard",
        "A tenth of the users or more.",
        ("Pages the owners", "update every hour", "restore within 4 h"),
    ),
    Level(
        3, SEV3, "Some are hit, and there is a way around it", "Less than a tenth.",
        ("Pages nobody outside working hours", "restore within a day"),
    ),
    Level(
        4, Badge(5, "SEV4"), "Nobody outside notices", "Cosmetic, or found by us.",
        ("Pages nobody", "due in a week"),
    ),
)  # fmt: skip
HEAD = Head(
    id="in_1",
    number="INC-2026-041",
    title="Card payments failing at checkout in the EU",
    severity=SEV1,
    level_title="Most customers cannot do something that matters",
    phase="mitigating",
    phase_label="Mitigating",
    kind="real",
    private=False,
    declared_at=ago(minutes=47, seconds=12),
    declared_by="Priya Raman",
    services=(CHECKOUT,),
    alerts=(Link("A-2041", "/alerts/al_1"),),
    war_room="https://meet.example.com/inc-041",
    war_room_href="https://meet.example.com/inc-041",
    war_room_open=True,
    clocks=(
        Clock("Open", ago(minutes=47, seconds=12)),
        Clock("Impact", ago(minutes=52, seconds=40)),
        Clock("Next update", ahead(minutes=12, seconds=34), "down"),
        Clock("Restore by", ahead(minutes=7, seconds=20), "down"),
    ),
    steps=steps("mitigating", "No mitigation is verified", "Say since when it works again"),
    roles=(
        RoleChip("command", "Commander", PRIYA, None, required=True, since=ago(minutes=47)),
        RoleChip("operations", "Operations", MAREK, None, required=True, since=ago(minutes=45)),
        RoleChip("communications", "Comms", SOFIA, None, required=True, since=ago(minutes=40)),
        RoleChip("scribe", "Scribe", None, None, required=True),
        RoleChip("deputy", "Deputy", None, AIKO, required=False),
    ),
    owners=(
        Owner("Command", PRIYA),
        Owner("Communication", SOFIA),
        Owner("Evidence", PRIYA, stands_in=True),
        Owner("Execution", MAREK),
    ),
    plan="Roll back payments-api to 4.18.1 in all EU regions",
    joined=4,
)
ENTRIES = (
    Entry(
        "1", ago(minutes=2), "action", "Rolled back payments-api in eu-west-1 and eu-central-1",
        MAREK, "4.18.2 to 4.18.1, by deploy pipeline run 88214. Four regions left.",
        evidence=(Evidence("change", "run 88214", "https://ci.example.com/88214"),),
    ),
    Entry(
        "2", ago(minutes=5), "fact", "Failed card payments went from 41% to 38% in 4 min", AIKO,
        certainty="confirmed",
        evidence=(Evidence("metric", "checkout_failed_ratio", "https://graphs.example.com/d/1"),),
        late=ago(minutes=1),
    ),
    Entry(
        "3", ago(minutes=7), "decision", "Roll back payments-api to 4.18.1 in all EU regions", PRIYA,
        "Faster than raising the pool limit: that needs a database restart. Revisit if failures"
        " stay above 10% at 03:15.",
    ),
    Entry("4", ago(minutes=9), "proposal", "Freeze all deploys until morning", JUN,
          decidable=True, subject="en_4"),
    Entry(
        "5", ago(minutes=13), "note", "Raising max_connections would need a restart of the primary",
        NOOR, amended="First said: would need a restart of both.",
    ),
    Entry(
        "6", ago(minutes=18), "update", "To leaders and customers", SOFIA,
        "Some card payments in the EU fail since 02:09. We are undoing a recent change. Wallet"
        " payments work. Next update by 03:15.", footer="the promise is kept",
    ),
    Entry(
        "7", ago(minutes=24), "hypothesis", "Release 4.18.2 exhausted the connection pool", MAREK,
        "Then pool waits should begin 90 s after each deploy.", "assumption",
        provable=True, subject="hy_1",
    ),
    Entry(
        "8", ago(minutes=29), "assumption", "Nobody is charged for a failed attempt", AIKO,
        certainty="assumption", provable=True, subject="en_8",
    ),
    Entry(
        "9", ago(minutes=33), "hypothesis", "The card network is down", AIKO,
        "Their status page is green and traffic in the US is healthy.", "refuted",
        footer="ruled out by Aiko Tanaka 02:31",
    ),
    Entry("10", ago(minutes=40), "role", "Sofia Lind took Comms", SOFIA),
    Entry("11", ago(minutes=46), "page", "Noor Haddad accepted after 1 min 4 s", NOOR),
    Entry("12", ago(minutes=46, seconds=30), "coordination", "Scribe is missing"),
    Entry("13", ago(minutes=47, seconds=12), "declared", "Declared SEV1", PRIYA,
          "Customer-facing, money, no way around it for cards."),
    Entry("14", ago(minutes=52), "alert", "CheckoutErrorBudgetBurn on checkout-api",
          footer="14 signals"),
)  # fmt: skip
_PEOPLE = tuple(Choice(face.id, face.name) for face in EVERYBODY)
MENUS = Menus(
    people=_PEOPLE,
    targets=(
        Choice("schedule:payments", "on call in Payments"), Choice("schedule:database", "on call in Database"),
        *(Choice(f"user:{face.id}", face.name) for face in EVERYBODY),
    ),
    levels=LEVELS,
    services=(Choice("checkout-api", "checkout-api", chosen=True), Choice("ledger-db", "ledger-db")),
    mitigations=(Choice("rollback", "Roll back"), Choice("flag", "Switch a flag off")),
    joined=_PEOPLE[:4],
    incidents=(Choice("INC-2026-040", "INC-2026-040 Invoice PDFs take up to ten minutes"),),
)  # fmt: skip
ROOM = RoomPage(
    head=HEAD,
    known=Known(
        "38% of card payments in the EU fail since 02:09. About 1,240 customers so far. Wallets and"
        " the US are not affected.",
        "payments-api 4.18.2 doubled the database connections per worker; the pool is exhausted.",
        "assumption",
        "Rolling back payments-api to 4.18.1. Two of six regions are done.",
        ago(minutes=4),
        PRIYA,
        (("users", "38%"), ("data", "none at risk")),
    ),
    entries=ENTRIES,
    filters=tuple(
        (key, label, f"?show={key}", key == "all") for key, label in FILTERS.items()
    ),
    older_href=None,
    newest_href=None,
    responders=(
        Responder("rq_1", "Priya Raman", PRIYA, "joined", "Answered in 38 s", ago(minutes=47), mine=True),
        Responder("rq_2", "Marek Novák", MAREK, "joined", "Answered in 1 min 12 s", ago(minutes=45)),
        Responder("rq_3", "Noor Haddad", NOOR, "accepted", "On call in Database", ago(minutes=44)),
        Responder("rq_4", "Dele Okafor", DELE, "asked", "Knows the connection pool", ago(minutes=1),
                  escalates_at=ahead(minutes=3, seconds=41)),
        Responder("rq_5", "On call in Network", None, "no_answer", "Nobody answered; Jun Park is asked",
                  ago(minutes=12)),
        Responder("rq_6", "Jun Park", JUN, "declined", "In another incident", ago(minutes=11)),
    ),
    tasks=(
        TaskRow("ta_1", "Freeze deploys of payments-api", JUN, ago(minutes=3), False, True, False, late=True),
        TaskRow("ta_2", "Find out whether failed attempts were charged", PRIYA, ahead(minutes=9), False,
                False, True),
        TaskRow("ta_3", "Tell support which cards fail", SOFIA, None, True, True, False),
    ),
    hypotheses=(
        HypothesisRow("hy_1", "Release 4.18.2 exhausted the connection pool",
                      "pool waits begin 90 s after each deploy", "testing", MAREK, ago(minutes=24),
                      fixated=True),
        HypothesisRow("hy_2", "The card network is down", "their status page is red", "refuted", AIKO,
                      ago(minutes=33)),
    ),
    mitigations=(
        MitigationRow("mt_1", "Roll payments-api back to 4.18.1", "payments-api", "low", True, 8,
                      "executing", "Under way", MAREK, (("mitigation-verify", "It worked"),
                                                        ("mitigation-fail", "It did not"))),
        MitigationRow("mt_2", "Restart the primary with more connections", "ledger-db", "high", False,
                      20, "proposed", "Proposed", NOOR, (("mitigation-approve", "Approve"),)),
    ),
    composer=Composer(
        audiences=(
            AudienceBox("internal", "Responders", "4 people", True, ahead(minutes=12, seconds=34)),
            AudienceBox("leaders", "Leaders", "6 people", True, ahead(minutes=12, seconds=34)),
            AudienceBox("customers", "Customers", "plain words", True, ago(minutes=2)),
        ),
        kinds=(Choice("initial", "First word"), Choice("update", "Update", chosen=True),
               Choice("resolution", "It is over")),
        text="We are undoing the change that made some card payments in the EU fail. Two of six"
        " regions are back. If your card fails, a wallet payment works.",
        next_choices=(Choice("15", "15 min"), Choice("30", "30 min", chosen=True)),
        checks=Checks(
            (
                Finding("ok", "Says when the next word comes"), Finding("ok", "No internal names"),
                Finding("warn", "“Nobody is charged” is still an assumption"),
            ),
            (("Customers", "We are undoing a change.\nNext update by 01:14 UTC."),),
        ),
    ),
    told=(
        (ago(minutes=18), "Leaders and customers",
         "Some card payments in the EU fail since 02:09. We are undoing a recent change. Wallet"
         " payments work.", "kept"),
        (ago(minutes=41), "Responders, leaders", "Card payments in the EU fail. We are looking into it.",
         "2 min late"),
    ),
    console=Console(
        due=(
            Due("The update to customers is late", "Sofia Lind holds communication; you may post it.",
                "bad", ago(minutes=2), "#msg", "Post it"),
            Due("Scribe is missing", "It is needed at SEV1.", "warn", None, "#d-roles", "Give it"),
            Due("Still SEV1?", "Asked every 30 min while people are hurt.", "info", ahead(minutes=2),
                "", "It is", "severity-confirm"),
        ),
        timers=(Clock("Restore by", ahead(minutes=7, seconds=20), "down"),
                Clock("Next mark", ahead(minutes=3), "down")),
        missing=("Scribe",),
        questions=(Question("qu_1", "Do we have to tell the regulator?", "Ines Castro", ago(minutes=6)),),
    ),
    menus=MENUS,
    rights=Rights(respond=True, command=True, ask=True, joined=True),
    summary=Summary(
        what="Card payments failing at checkout in the EU",
        how_bad="SEV1, 38% of users, for 47 min",
        leads="Priya Raman (Commander)",
        known="38% of card payments in the EU fail since 02:09.",
        doing="Rolling back payments-api to 4.18.1. Two of six regions are done.",
        next="Update by 03:14",
        decisions=((ago(minutes=7), "Roll back payments-api to 4.18.1 in all EU regions"),),
    ),
    figures=Figures(
        "38", "none", "yes", ago(minutes=52),
        gates=(("postmortem", "Postmortem"), ("runbook_review", "Runbooks looked at")),
    ),
    first_visit=False,
)  # fmt: skip
LATE_JOINER = replace(
    ROOM,
    first_visit=True,
    rights=Rights(respond=True, command=False, ask=True, joined=False),
)
SECOND_ZERO = replace(
    ROOM,
    head=replace(
        HEAD,
        severity=Badge(1, "SEV0", provisional=True),
        phase="declared", phase_label="Declared", war_room="", war_room_href=None, joined=0, plan="",
        declared_at=ago(seconds=8),
        clocks=(
            Clock("Open", ago(seconds=8)), Clock("Somebody at work by", ahead(minutes=5), "down"),
            Clock("Next update", ahead(minutes=9, seconds=52), "down"),
        ),
        steps=steps("declared"),
        roles=(
            RoleChip("command", "Commander", None, PRIYA, required=True),
            RoleChip("operations", "Operations", None, MAREK, required=True),
            RoleChip("communications", "Comms", None, None, required=True),
            RoleChip("scribe", "Scribe", None, None, required=True),
        ),
        owners=(Owner("Command", None), Owner("Communication", None), Owner("Evidence", None),
                Owner("Execution", None)),
    ),
    known=Known("", "", "assumption", "", None, None),
    entries=ENTRIES[-2:],
    responders=(Responder("rq_1", "Priya Raman", PRIYA, "asked", "On call in Payments", ago(seconds=7),
                          escalates_at=ahead(minutes=4, seconds=53), mine=True),),
    tasks=(), hypotheses=(), mitigations=(), told=(),
    rights=Rights(respond=True, command=False, ask=True, joined=False),
    first_visit=True,
)  # fmt: skip
REFUSED = replace(
    ROOM,
    head=replace(
        HEAD, phase="monitoring", phase_label="Monitoring",
        steps=steps("monitoring", "The verify window runs until 03:20",
                    "Customers have not had a final word"),
        clocks=(*HEAD.clocks[:3], Clock("Verify window", ahead(minutes=18), "down")),
    ),
    refusal=Refusal(
        "move", "", "RECOVERY_NOT_VERIFIED",
        "It has worked for 12 of the 30 minutes that must pass before this is over.",
        "Wait until 03:20; if it comes back before that, the window starts anew.",
        "/help/guardrails/RECOVERY_NOT_VERIFIED", True, Fields((("reason", "It looks fine"),)),
    ),
)  # fmt: skip
WRONG_UPDATE = replace(
    ROOM,
    refusal=Refusal(
        "update", "", "NEXT_UPDATE_REQUIRED", "At SEV1 every message says when the next one comes.",
        "Choose when the next update comes.", "/help/guardrails/NEXT_UPDATE_REQUIRED", False,
        Fields((("text", "We are still looking."),), (("text", "Say who is affected."),)),
    ),
)  # fmt: skip
FULL = replace(
    ROOM,
    entries=tuple(
        replace(ENTRIES[n % len(ENTRIES)], id=f"f{n}", at=ago(minutes=n), subject=f"en_{n}", title=f"{n}. {ENTRIES[n % len(ENTRIES)].title}")
        for n in range(100)
    ),
    older_href="?before=x",
)  # fmt: skip
CLOSED = replace(
    SECOND_ZERO,
    head=replace(
        HEAD, phase="closed", phase_label="Closed", kind="drill", private=True,
        title=LONG, steps=steps("closed"), clocks=(Clock("Took", ago(), stopped=4980),),
    ),
    rights=Rights(respond=False, command=False, ask=True, joined=False, read_only=True),
    first_visit=False, entries=(), console=Console((), (), (), ()),
)  # fmt: skip
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
    told=tuple(Told(at_, to, text) for at_, to, text, _ in ROOM.told),
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
    services=MENUS.services,
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
        (("title", "Something"),), (("severity", "Choose one, or say that you are not sure."),),
        "An incident has a severity.", "/help/guardrails/SEVERITY_REQUIRED",
    ),
)  # fmt: skip
_AT = "/incidents/INC-2026-041"
SAMPLES = (
    Sample("incidents", "incidents/list.html", shell("/incidents", incidents_count=2), LIST),
    Sample("incidents-calm", "incidents/list.html", shell("/incidents"), CALM),
    Sample("incidents-quiet", "incidents/list.html", shell("/incidents"), QUIET),
    Sample("incidents-first", "incidents/list.html", shell("/incidents"), FIRST_DAY),
    Sample("declare", "incidents/declare.html", shell("/incidents/declare"), DECLARE),
    Sample("declare-wrong", "incidents/declare.html", shell("/incidents/declare"), DECLARE_WRONG),
    Sample("room", "incidents/room.html", shell(_AT, incidents_count=2), ROOM),
    Sample("room-zero", "incidents/room.html", shell(_AT), SECOND_ZERO),
    Sample("room-late", "incidents/room.html", shell(_AT), LATE_JOINER),
    Sample("room-refused", "incidents/room.html", shell(_AT), REFUSED),
    Sample("room-update", "incidents/room.html", shell(_AT), WRONG_UPDATE),
    Sample("room-full", "incidents/room.html", shell(_AT), FULL),
    Sample("room-closed", "incidents/room.html", shell(_AT), CLOSED),
    Sample("room-severity", "incidents/room.html", shell(_AT), ROOM, press="s"),
    Sample("room-roles", "incidents/room.html", shell(_AT), ROOM, press="r"),
    Sample("room-page", "incidents/room.html", shell(_AT), ROOM, press="p"),
    Sample("room-brief", "incidents/room.html", shell(_AT), ROOM, press="e"),
    Sample("leaders", "incidents/leaders.html", shell(f"{_AT}/leaders"), LEADERS),
)
