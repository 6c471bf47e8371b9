"""Services and escalation policies at Harbor, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.layout.views import Choice, Fields, Link
from holdfast.web.policies.views import PolicyEdit, PolicyPage, Step, StepForm, Target
from holdfast.web.services.views import (
    Connection,
    Key,
    Rung,
    ServiceEdit,
    ServiceList,
    ServicePage,
    ServiceRow,
    Snippet,
)
from holdfast.web.services.words import TIERS
from tests.web.samples.alerts import CARDS, DISK, PDFS
from tests.web.samples.company import (
    AIKO,
    DELE,
    JUN,
    LONG,
    MAREK,
    NOOR,
    PRIYA,
    TOMAS,
    WENT_WELL,
    Sample,
    ago,
    at,
    shell,
)

_TEAMS = (Choice("payments", "Payments", chosen=True), Choice("platform", "Platform"))
_ROLES = tuple(
    Choice(name, f"{name.title()}: what it may") for name in ("viewer", "responder", "admin")
)
_PLAN = Link("Payments", "/policies/payments")
_AM = """receivers:
  - name: holdfast
    webhook_configs:
      - url: http://127.0.0.1:8080/in/KEY
        send_resolved: true
route:
  receiver: holdfast"""

CHECKOUT_ROW = ServiceRow(
    "checkout", "checkout-api", "Payments", 1, 2, 1, (PRIYA,), 2, ago(seconds=4)
)
SERVICES = ServiceList(
    (
        CHECKOUT_ROW,
        replace(
            CHECKOUT_ROW,
            id="ledger-db",
            name="ledger-db",
            tier=0,
            open_alerts=1,
            worst_rank=2,
            paged_now=(NOOR,),
        ),
        replace(
            CHECKOUT_ROW,
            id="documents",
            name="documents",
            open_alerts=0,
            worst_rank=None,
            paged_now=(JUN, TOMAS),
            last_signal_at=at(14, 3, month=7),
        ),
        replace(
            CHECKOUT_ROW,
            id="nightly",
            name=LONG,
            team=LONG,
            tier=4,
            open_alerts=0,
            paged_now=(),
            connections=0,
            last_signal_at=None,
            problem="Nobody is on call",
        ),
    ),
    may_edit=True,
)
_AM_CONNECTION = Connection(
    "checkout-am",
    "alertmanager",
    "Prometheus Alertmanager",
    (Key("0123", at(1, 9)), Key("89ab", at(20, 9))),
    (Snippet("alertmanager.yml", _AM, "Add the receiver and route to it."),),
    ago(seconds=4),
)
_BEAT = Connection(
    "nightly",
    "heartbeat",
    "Heartbeat",
    (Key("7f3a", at(1, 9)),),
    (
        Snippet(
            "At the end of the job",
            "curl -fsS http://127.0.0.1:8080/heartbeat/7f3a91c2",
            "Silence for longer than a day and 30 minutes becomes an alert.",
        ),
    ),
    None,
    new_key="7f3a91c27f3a91c27f3a91c27f3a91c2",
    heartbeat="every 1 day, late after 30 min",
    silent=True,
)
SERVICE = ServicePage(
    id="checkout",
    name="checkout-api",
    description="Takes card payments in the EU and the US",
    team=Link("Payments", "/teams/payments"),
    lead=PRIYA,
    tier=1,
    policy=_PLAN,
    rungs=(
        Rung("at once", "on call for Payments until 09:00", (PRIYA,)),
        Rung("after 5 min", "Aiko Tanaka and everybody in Payments", (AIKO, MAREK)),
        Rung("after 20 min", "on call for Data platform", (), "a gap until Fri 23 Oct 18:00"),
    ),
    last_resort="Everybody in Payments",
    alerts=(CARDS, PDFS, DISK),
    connections=(_AM_CONNECTION, _BEAT),
    depends_on=(Link("ledger-db", "/services/ledger-db"),),
    needed_by=(Link("storefront", "/services/storefront"), Link("hidden")),
    kinds=(
        Choice("generic", "Any JSON (curl)"),
        Choice("alertmanager", "Alertmanager"),
        Choice("heartbeat", "Heartbeat"),
    ),
    test_sentence="Priya Raman is paged at once, as for a real alert of high urgency.",
    may_edit=True,
    may_connect=True,
    may_test=True,
)
SERVICE_EDIT = ServiceEdit(
    "checkout",
    "/services/checkout/edit",
    "checkout-api",
    "Takes card payments",
    _TEAMS,
    (Choice("payments", "Payments", chosen=True),),
    tuple(Choice(str(n), text, chosen=n == 1) for n, text in enumerate(TIERS)),
    (Choice("ledger-db", "ledger-db", chosen=True), Choice("documents", "documents")),
    "storefront depends on it. Take it out there first.",
    may_delete=True,
)

_ON_CALL = Target(Link("On call for Payments", "/schedules/payments"), "schedule", (PRIYA,))
POLICY = PolicyPage(
    "payments",
    "Payments",
    (
        Step(1, "at once", (_ON_CALL,), "5 min"),
        Step(
            2,
            "after 5 min",
            (
                Target(Link("Aiko Tanaka", "/people/aiko"), "user", (AIKO,)),
                Target(Link("Payments", "/teams/payments"), "team", (PRIYA, MAREK, DELE)),
            ),
            "15 min",
        ),
        Step(
            3,
            "after 20 min",
            (Target(Link("On call for Data", "/schedules/data"), "schedule", ()),),
            "10 min",
            "reaches nobody now",
        ),
    ),
    2,
    "1 h 30 min",
    (Target(Link("Ana Lima", "/people/ana"), "user", (MAREK,)),),
    last_resort_default=False,
    used_by=(Link("checkout-api", "/services/checkout"), Link("ledger-db", "/services/ledger-db")),
    problems=("No step reaches anybody between Sun 25 Oct 21:00 and Mon 26 Oct 09:00.",),
    may_edit=True,
)
_TARGETS = (
    Choice("schedule:payments", "On call for Payments", chosen=True),
    Choice("user:aiko", "Aiko Tanaka"),
    Choice("team:payments", "Everybody in Payments"),
)
POLICY_EDIT = PolicyEdit(
    "payments",
    "/policies/payments/edit",
    "Payments",
    "2",
    (StepForm((_TARGETS,), "5m"), StepForm((_TARGETS, _TARGETS), "15m")),
    (_TARGETS,),
    used_by=(Link("checkout-api", "/services/checkout"),),
    may_delete=True,
    plan=(
        "At once, page whoever is on call for Payments.",
        "After 5 min, page Aiko Tanaka and everybody in Payments.",
        "Begin again, twice.",
        "Then page Ana Lima.",
    ),
)


_BAD = Fields((("name", ""),), (("name", "It needs a name."),), "Nothing was changed.")

SAMPLES = (
    Sample("services", "services/list.html", shell("/services"), SERVICES),
    Sample(
        "services-empty", "services/list.html", shell("/services"), ServiceList((), may_edit=True)
    ),
    Sample(
        "services-nothing", "services/list.html", shell("/services"), ServiceList((), "chekout")
    ),
    Sample("service", "services/show.html", shell("/services/checkout"), SERVICE),
    Sample(
        "service-new",
        "services/show.html",
        shell("/services/checkout", notice=WENT_WELL),
        replace(
            SERVICE,
            alerts=(),
            connections=(),
            depends_on=(),
            needed_by=(),
            lead=None,
            description="",
        ),
    ),
    Sample(
        "service-read",
        "services/show.html",
        shell("/services/checkout"),
        replace(
            SERVICE,
            may_edit=False,
            may_connect=False,
            may_test=False,
            fields=Fields(
                (("every", "x"),),
                (("every", "“x” is not a duration: write 90s, 5m or 1d."),),
                "Nothing was added.",
            ),
        ),
    ),
    Sample("service-edit", "services/edit.html", shell("/services/checkout/edit"), SERVICE_EDIT),
    Sample(
        "service-edit-wrong",
        "services/edit.html",
        shell("/services/new"),
        replace(SERVICE_EDIT, id=None, name="", fields=_BAD),
    ),
    Sample("policy", "policies/show.html", shell("/policies/payments"), POLICY),
    Sample(
        "policy-plain",
        "policies/show.html",
        shell("/policies/payments"),
        replace(
            POLICY,
            last_resort=(),
            last_resort_default=True,
            used_by=(),
            problems=(),
            repeat=0,
            may_edit=False,
        ),
    ),
    Sample("policy-edit", "policies/edit.html", shell("/policies/payments/edit"), POLICY_EDIT),
    Sample(
        "policy-edit-wrong",
        "policies/edit.html",
        shell("/policies/new"),
        replace(
            POLICY_EDIT,
            id=None,
            last_resort=(),
            plan=(),
            fields=Fields(
                (),
                (
                    ("s0.wait", "“x” is not a duration: write 90s, 5m or 1d."),
                    ("last", "The team has no lead and no members: name somebody."),
                ),
                "Nothing was saved.",
            ),
        ),
    ),
)
