"""The incident room at Harbor, in the samples: the night of the card payments."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.incidents.room_views import (
    AudienceBox,
    Checks,
    Composer,
    Console,
    Due,
    Figures,
    Finding,
    HypothesisRow,
    Known,
    MitigationRow,
    Owner,
    Question,
    Refusal,
    Responder,
    Rights,
    RoleChip,
    RoomPage,
    Summary,
    TaskRow,
)
from holdfast.web.incidents.views import (
    Badge,
    Clock,
)
from holdfast.web.incidents.words import FILTERS
from holdfast.web.layout.views import Choice, Fields
from tests.web.samples.company import (
    AIKO,
    DELE,
    JUN,
    LONG,
    MAREK,
    NOOR,
    PRIYA,
    SOFIA,
    Sample,
    ago,
    ahead,
    shell,
)
from tests.web.samples.incidents import TOLD, steps
from tests.web.samples.room_story import ENTRIES, HEAD, MENUS

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
    filters=tuple((key, label, f"?show={key}", key == "all") for key, label in FILTERS.items()),
    older_href=None,
    newest_href=None,
    responders=(
        Responder(
            "rq_1", "Priya Raman", PRIYA, "joined", "Answered in 38 s", ago(minutes=47), mine=True
        ),
        Responder(
            "rq_2", "Marek Novák", MAREK, "joined", "Answered in 1 min 12 s", ago(minutes=45)
        ),
        Responder("rq_3", "Noor Haddad", NOOR, "accepted", "On call in Database", ago(minutes=44)),
        Responder(
            "rq_4",
            "Dele Okafor",
            DELE,
            "asked",
            "Knows the connection pool",
            ago(minutes=1),
            escalates_at=ahead(minutes=3, seconds=41),
        ),
        Responder(
            "rq_5",
            "On call in Network",
            None,
            "no_answer",
            "Nobody answered; Jun Park is asked",
            ago(minutes=12),
        ),
        Responder("rq_6", "Jun Park", JUN, "declined", "In another incident", ago(minutes=11)),
    ),
    tasks=(
        TaskRow(
            "ta_1",
            "Freeze deploys of payments-api",
            JUN,
            ago(minutes=3),
            False,
            True,
            False,
            late=True,
        ),
        TaskRow(
            "ta_2",
            "Find out whether failed attempts were charged",
            PRIYA,
            ahead(minutes=9),
            False,
            False,
            True,
        ),
        TaskRow("ta_3", "Tell support which cards fail", SOFIA, None, True, True, False),
    ),
    hypotheses=(
        HypothesisRow(
            "hy_1",
            "Release 4.18.2 exhausted the connection pool",
            "pool waits begin 90 s after each deploy",
            "testing",
            MAREK,
            ago(minutes=24),
            fixated=True,
        ),
        HypothesisRow(
            "hy_2",
            "The card network is down",
            "their status page is red",
            "refuted",
            AIKO,
            ago(minutes=33),
        ),
    ),
    mitigations=(
        MitigationRow(
            "mt_1",
            "Roll payments-api back to 4.18.1",
            "payments-api",
            "low",
            True,
            8,
            "executing",
            "Under way",
            MAREK,
            (("mitigation-verify", "It worked"), ("mitigation-fail", "It did not")),
        ),
        MitigationRow(
            "mt_2",
            "Restart the primary with more connections",
            "ledger-db",
            "high",
            False,
            20,
            "proposed",
            "Proposed",
            NOOR,
            (("mitigation-approve", "Approve"),),
        ),
    ),
    composer=Composer(
        audiences=(
            AudienceBox("internal", "Responders", "4 people", True, ahead(minutes=12, seconds=34)),
            AudienceBox("leaders", "Leaders", "6 people", True, ahead(minutes=12, seconds=34)),
            AudienceBox("customers", "Customers", "plain words", True, ago(minutes=2)),
        ),
        kinds=(
            Choice("initial", "First word"),
            Choice("update", "Update", chosen=True),
            Choice("resolution", "It is over"),
        ),
        text="We are undoing the change that made some card payments in the EU fail. Two of six"
        " regions are back. If your card fails, a wallet payment works.",
        next_choices=(Choice("15", "15 min"), Choice("30", "30 min", chosen=True)),
        checks=Checks(
            (
                Finding("ok", "Says when the next word comes"),
                Finding("ok", "No internal names"),
                Finding("warn", "“Nobody is charged” is still an assumption"),
            ),
            (("Customers", "We are undoing a change.\nNext update by 01:14 UTC."),),
        ),
    ),
    told=((*TOLD[0], "as promised"), (*TOLD[1], "2 min late")),
    console=Console(
        due=(
            Due(
                "The update to customers is late",
                "Sofia Lind holds communication; you may post it.",
                "bad",
                ago(minutes=2),
                "#msg",
                "Post it",
            ),
            Due("Scribe is missing", "It is needed at SEV1.", "warn", None, "#d-roles", "Give it"),
            Due(
                "Still SEV1?",
                "Asked every 30 min while people are hurt.",
                "info",
                ahead(minutes=2),
                "",
                "It is",
                "severity-confirm",
            ),
        ),
        timers=(
            Clock("Restore by", ahead(minutes=7, seconds=20), "down"),
            Clock("Next mark", ahead(minutes=3), "down"),
        ),
        missing=("Scribe",),
        questions=(
            Question("qu_1", "Do we have to tell the regulator?", "Ines Castro", ago(minutes=6)),
        ),
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
        "38",
        "none",
        "yes",
        ago(minutes=52),
        gates=(("postmortem", "Postmortem"), ("runbook_review", "Runbooks looked at")),
    ),
    first_visit=False,
)
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
        phase="declared",
        phase_label="Declared",
        war_room="",
        war_room_href=None,
        joined=0,
        plan="",
        declared_at=ago(seconds=8),
        clocks=(
            Clock("Open", ago(seconds=8)),
            Clock("Somebody at work by", ahead(minutes=5), "down"),
            Clock("Next update", ahead(minutes=9, seconds=52), "down"),
        ),
        steps=steps("declared"),
        roles=(
            RoleChip("command", "Commander", None, PRIYA, required=True),
            RoleChip("operations", "Operations", None, MAREK, required=True),
            RoleChip("communications", "Comms", None, None, required=True),
            RoleChip("scribe", "Scribe", None, None, required=True),
        ),
        owners=(
            Owner("Command", None),
            Owner("Communication", None),
            Owner("Evidence", None),
            Owner("Execution", None),
        ),
    ),
    known=Known("", "", "assumption", "", None, None),
    entries=ENTRIES[-2:],
    responders=(
        Responder(
            "rq_1",
            "Priya Raman",
            PRIYA,
            "asked",
            "On call in Payments",
            ago(seconds=7),
            escalates_at=ahead(minutes=4, seconds=53),
            mine=True,
        ),
    ),
    tasks=(),
    hypotheses=(),
    mitigations=(),
    told=(),
    rights=Rights(respond=True, command=False, ask=True, joined=False),
    first_visit=True,
)
REFUSED = replace(
    ROOM,
    head=replace(
        HEAD,
        phase="monitoring",
        phase_label="Monitoring",
        steps=steps(
            "monitoring",
            "The verify window runs until 03:20",
            "Customers have not had a final word",
        ),
        clocks=(*HEAD.clocks[:3], Clock("Verify window", ahead(minutes=18), "down")),
    ),
    refusal=Refusal(
        "move",
        "",
        "RECOVERY_NOT_VERIFIED",
        "It has worked for 12 of the 30 minutes that must pass before this is over.",
        "Wait until 03:20; if it comes back before that, the window starts anew.",
        "/help/guardrails/RECOVERY_NOT_VERIFIED",
        True,
        Fields((("reason", "It looks fine"),)),
    ),
)
WRONG_UPDATE = replace(
    ROOM,
    refusal=Refusal(
        "update",
        "",
        "NEXT_UPDATE_REQUIRED",
        "At SEV1 every message says when the next one comes.",
        "Choose when the next update comes.",
        "/help/guardrails/NEXT_UPDATE_REQUIRED",
        False,
        Fields((("text", "We are still looking."),), (("text", "Say who is affected."),)),
    ),
)
FULL = replace(
    ROOM,
    entries=tuple(
        replace(
            ENTRIES[n % len(ENTRIES)],
            id=f"f{n}",
            at=ago(minutes=n),
            subject=f"en_{n}",
            title=f"{n}. {ENTRIES[n % len(ENTRIES)].title}",
        )
        for n in range(100)
    ),
    older_href="?before=x",
)
CLOSED = replace(
    SECOND_ZERO,
    head=replace(
        HEAD,
        phase="closed",
        phase_label="Closed",
        kind="drill",
        private=True,
        title=LONG,
        steps=steps("closed"),
        clocks=(Clock("Took", ago(), stopped=4980),),
    ),
    rights=Rights(respond=False, command=False, ask=True, joined=False, read_only=True),
    first_visit=False,
    entries=(),
    console=Console((), (), (), ()),
)
_AT = "/incidents/INC-2026-041"
SAMPLES = (
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
)
