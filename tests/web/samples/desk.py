"""Services, policies, people and settings, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.help.views import GuardrailHelp
from holdfast.web.layout.views import Choice, Fields, Link, Mode
from holdfast.web.people.views import (
    ComingShift,
    Ladder,
    Me,
    MethodKind,
    MethodLine,
    OneTimeLink,
    PeopleList,
    PersonEdit,
    PersonPage,
    PersonRow,
    RuleForm,
    RungForm,
    RungLine,
    Session,
    TeamEdit,
    TeamRow,
)
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
from holdfast.web.settings.views import (
    Guardrail,
    GuardrailList,
    Health,
    Setting,
    SettingsPage,
    Token,
    TokenList,
)
from tests.web.samples.alerts import CARDS, DISK, PDFS
from tests.web.samples.company import (
    AIKO,
    DELE,
    EVERYBODY,
    JUN,
    LONG,
    MAREK,
    NOOR,
    PAYMENTS,
    PRIYA,
    SOFIA,
    TOMAS,
    WENT_WELL,
    WENT_WRONG,
    ZONE,
    Sample,
    ago,
    ahead,
    at,
    shell,
    signed_out,
)

_TEAMS = (Choice("payments", "Payments", chosen=True), Choice("platform", "Platform"))
_ROLES = tuple(Choice(name, f"{name.title()}: what it may") for name in ("viewer", "responder", "admin"))  # fmt: skip
_PLAN = Link("Payments", "/policies/payments")
_AM = """receivers:
  - name: holdfast
    webhook_configs:
      - url: http://127.0.0.1:8080/in/KEY
        send_resolved: true
route:
  receiver: holdfast"""

CHECKOUT_ROW = ServiceRow("checkout", "checkout-api", "Payments", 1, 2, 1, (PRIYA,), 2, ago(seconds=4))  # fmt: skip
SERVICES = ServiceList(
    (
        CHECKOUT_ROW,
        replace(CHECKOUT_ROW, id="ledger-db", name="ledger-db", tier=0, open_alerts=1, worst_rank=2, paged_now=(NOOR,)),
        replace(CHECKOUT_ROW, id="documents", name="documents", open_alerts=0, worst_rank=None, paged_now=(JUN, TOMAS), last_signal_at=at(14, 3, month=7)),
        replace(CHECKOUT_ROW, id="nightly", name=LONG, team=LONG, tier=4, open_alerts=0, paged_now=(), connections=0, last_signal_at=None, problem="Nobody is on call"),
    ),
    may_edit=True,
)  # fmt: skip
_AM_CONNECTION = Connection(
    "checkout-am", "alertmanager", "Prometheus Alertmanager", (Key("0123", at(1, 9)), Key("89ab", at(20, 9))),
    (Snippet("alertmanager.yml", _AM, "Add the receiver and route to it."),), ago(seconds=4),
)  # fmt: skip
_BEAT = Connection(
    "nightly", "heartbeat", "Heartbeat", (Key("7f3a", at(1, 9)),),
    (Snippet("At the end of the job", "curl -fsS http://127.0.0.1:8080/heartbeat/7f3a91c2", "Silence for longer than a day and 30 minutes becomes an alert."),),
    None, new_key="7f3a91c27f3a91c27f3a91c27f3a91c2", heartbeat="every 1 day, late after 30 min", silent=True,
)  # fmt: skip
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
    kinds=(Choice("generic", "Any JSON (curl)"), Choice("alertmanager", "Alertmanager"), Choice("heartbeat", "Heartbeat")),
    test_sentence="Priya Raman is paged at once, as for a real alert of high urgency.",
    may_edit=True,
    may_connect=True,
    may_test=True,
)  # fmt: skip
SERVICE_EDIT = ServiceEdit(
    "checkout", "/services/checkout/edit", "checkout-api", "Takes card payments", _TEAMS,
    (Choice("payments", "Payments", chosen=True),),
    tuple(Choice(str(n), text, chosen=n == 1) for n, text in enumerate(TIERS)),
    (Choice("ledger-db", "ledger-db", chosen=True), Choice("documents", "documents")),
    "storefront depends on it. Take it out there first.", may_delete=True,
)  # fmt: skip

_ON_CALL = Target(Link("On call for Payments", "/schedules/payments"), "schedule", (PRIYA,))
POLICY = PolicyPage(
    "payments", "Payments",
    (
        Step(1, "at once", (_ON_CALL,), "5 min"),
        Step(2, "after 5 min", (Target(Link("Aiko Tanaka", "/people/aiko"), "user", (AIKO,)), Target(Link("Payments", "/teams/payments"), "team", (PRIYA, MAREK, DELE))), "15 min"),
        Step(3, "after 20 min", (Target(Link("On call for Data", "/schedules/data"), "schedule", ()),), "10 min", "reaches nobody now"),
    ),
    2, "1 h 30 min", (Target(Link("Ana Lima", "/people/ana"), "user", (MAREK,)),), last_resort_default=False,
    used_by=(Link("checkout-api", "/services/checkout"), Link("ledger-db", "/services/ledger-db")),
    problems=("No step reaches anybody between Sun 25 Oct 21:00 and Mon 26 Oct 09:00.",), may_edit=True,
)  # fmt: skip
_TARGETS = (Choice("schedule:payments", "On call for Payments", chosen=True), Choice("user:aiko", "Aiko Tanaka"), Choice("team:payments", "Everybody in Payments"))  # fmt: skip
POLICY_EDIT = PolicyEdit(
    "payments", "/policies/payments/edit", "Payments", "2",
    (StepForm((_TARGETS,), "5m"), StepForm((_TARGETS, _TARGETS), "15m")), (_TARGETS,),
    used_by=(Link("checkout-api", "/services/checkout"),), may_delete=True,
    plan=("At once, page whoever is on call for Payments.", "After 5 min, page Aiko Tanaka and everybody in Payments.", "Begin again, twice.", "Then page Ana Lima."),
)  # fmt: skip

PEOPLE = PeopleList(
    (
        PersonRow(PRIYA, "admin", ("Payments",), "ntfy at once, e-mail after 2 min", True, (PAYMENTS,)),
        PersonRow(MAREK, "responder", ("Payments", "Platform"), "webhook", True),
        PersonRow(DELE, "responder", (), "cannot be reached", False),
        PersonRow(SOFIA, "viewer", (), "cannot be reached", False, invited=True),
        PersonRow(TOMAS, "viewer", (), "", False, disabled=True),
    ),
    (TeamRow("payments", "Payments", PRIYA, EVERYBODY), TeamRow("platform", "Platform", None, (JUN,))),
    _ROLES, _TEAMS, (ZONE, "UTC"), ZONE, may_invite=True, may_edit_teams=True,
)  # fmt: skip
_LINK = OneTimeLink("Marek Novák", "http://127.0.0.1:8080/sign-in/4f7c2a91be03", ahead(days=2))
_METHODS = (
    MethodLine("phone", "ntfy", "bell", "https://ntfy.sh/harbor-priya-7f3a", "verified", ago(days=3)),
    MethodLine("mail", "E-mail", "mail", "priya@harbor.example", "failed", trouble="refused: mailbox full", tested_at=ago(minutes=3)),
    MethodLine("hook", "Webhook", "link", "https://hooks.example/" + LONG, "waiting", tested_at=ago(seconds=9)),
    MethodLine("hook2", "Webhook", "link", "https://hooks.example/2", "untested"),
)  # fmt: skip
_SHIFTS = (
    ComingShift(PAYMENTS, at(21, 21), at(22, 9), now=True),
    ComingShift(PAYMENTS, at(22, 21), at(23, 9)),
)
PERSON = PersonPage(
    MAREK, "responder", "marek@harbor.example", "Europe/Prague", "03:02",
    (Link("Payments", "/teams/payments"),), _METHODS[:2],
    (Ladder("high", (RungLine("at once", "ntfy"), RungLine("after 2 min", "e-mail"))), Ladder("low", (), by_default=True)),
    _SHIFTS, may_edit=True,
)  # fmt: skip
_KINDS = (
    MethodKind("ntfy", "ntfy", "Topic address", "https://ntfy.sh/topic", "Choose a topic nobody can guess.", "url", chosen=True),
    MethodKind("email", "E-mail", "Address", "you@example.com", "Set HOLDFAST_SMTP_HOST first.", "email", ready=False, missing="needs an SMTP server"),
)  # fmt: skip
_WAYS = (Choice("phone", "ntfy", chosen=True), Choice("mail", "E-mail"))
ME = Me(
    PRIYA, "priya@harbor.example", ZONE, (ZONE, "UTC"), "system", True, _METHODS, _KINDS,
    (RuleForm("high", (RungForm("0m", _WAYS), RungForm("2m", _WAYS))), RuleForm("low", ())), _SHIFTS,
    (Session("s1", "Firefox on Linux", "10.0.0.7", ago(days=2), ago(seconds=1), current=True), Session("s2", "Safari on iPhone", "10.0.0.9", ago(days=9), ago(hours=5))),
)  # fmt: skip
SETTINGS = SettingsPage(
    "0.1.0",
    (
        Health("Database", "ok", "SQLite, 214 MB; write-ahead log 3.1 MB, checkpointed 12 s ago"),
        Health("Engine", "ok", "4 workers; looked 0.2 s ago"),
        Health("Oldest duty", "warn", "18 s late", "Look at the carriers: ntfy.sh is slow."),
        Health("Sign-in", "bad", "Plain http beyond this machine", "Put TLS in front of it."),
    ),
    (
        Setting("HOLDFAST_BASE_URL", "http://127.0.0.1:8080", "the address served", "environment", "The outside address that links are made from."),
        Setting("HOLDFAST_OUTBOUND_ALLOW", "", "", "default", "Private ranges that outgoing calls may reach."),
        Setting("HOLDFAST_SMTP_PASSWORD", "x", "", "file", "The password of the SMTP server.", secret=True),
    ),
    Health("Verified, 12 408 events", "ok", "All but the newest 3, which are sealed within a second"),
    may_verify=True, may_operate=True,
)  # fmt: skip
_RULE = Guardrail("NO_FINAL_LEVEL", "A policy ends with somebody who is surely reached", "must", "escalation.save_policy", ("S1-34",), 2)  # fmt: skip
TOKENS = TokenList(
    (
        Token("t1", "deploy pipeline", "responder", "hf_7f3a", "Marek Novák", "Priya Raman", at(1, 9), ago(minutes=4)),
        Token("t2", LONG, "viewer", "hf_91c2", None, "Priya Raman", at(1, 9), None),
        Token("t3", "old laptop", "admin", "hf_0b1d", None, "Priya Raman", at(1, 9), None, at(2, 9)),
    ),
    _ROLES, (Choice("", "Nobody, only itself"), Choice("marek", "Marek Novák")), may_edit=True,
)  # fmt: skip
HELP = GuardrailHelp(
    "NO_FINAL_LEVEL", _RULE.title, "must", _RULE.guards,
    ("A plan that can run out pages nobody in the end.", "Found in the reviews of real outages."),
    ("Name a last resort.", "Give the team a lead."), (Link("S1-34"),),
)  # fmt: skip
_BAD = Fields((("name", ""),), (("name", "It needs a name."),), "Nothing was changed.")

SAMPLES = (
    Sample("services", "services/list.html", shell("/services"), SERVICES),
    Sample("services-empty", "services/list.html", shell("/services"), ServiceList((), may_edit=True)),
    Sample("services-nothing", "services/list.html", shell("/services"), ServiceList((), "chekout")),
    Sample("service", "services/show.html", shell("/services/checkout"), SERVICE),
    Sample("service-new", "services/show.html", shell("/services/checkout", notice=WENT_WELL), replace(SERVICE, alerts=(), connections=(), depends_on=(), needed_by=(), lead=None, description="")),
    Sample("service-read", "services/show.html", shell("/services/checkout"), replace(SERVICE, may_edit=False, may_connect=False, may_test=False, fields=Fields((("every", "x"),), (("every", "“x” is not a duration: write 90s, 5m or 1d."),), "Nothing was added."))),
    Sample("service-edit", "services/edit.html", shell("/services/checkout/edit"), SERVICE_EDIT),
    Sample("service-edit-wrong", "services/edit.html", shell("/services/new"), replace(SERVICE_EDIT, id=None, name="", fields=_BAD)),
    Sample("policy", "policies/show.html", shell("/policies/payments"), POLICY),
    Sample("policy-plain", "policies/show.html", shell("/policies/payments"), replace(POLICY, last_resort=(), last_resort_default=True, used_by=(), problems=(), repeat=0, may_edit=False)),
    Sample("policy-edit", "policies/edit.html", shell("/policies/payments/edit"), POLICY_EDIT),
    Sample("policy-edit-wrong", "policies/edit.html", shell("/policies/new"), replace(POLICY_EDIT, id=None, last_resort=(), plan=(), fields=Fields((), (("s0.wait", "“x” is not a duration: write 90s, 5m or 1d."), ("last", "The team has no lead and no members: name somebody.")), "Nothing was saved."))),
    Sample("people", "people/list.html", shell("/people"), PEOPLE),
    Sample("people-invited", "people/list.html", shell("/people"), replace(PEOPLE, link=_LINK, teams=())),
    Sample("people-wrong", "people/list.html", shell("/people"), replace(PEOPLE, fields=Fields((("email", "x"),), (("email", "That is not an e-mail address, such as ana@example.com."),), "Nobody was invited."))),
    Sample("person", "people/show.html", shell("/people/marek"), PERSON),
    Sample("person-off", "people/show.html", shell("/people/marek", notice=WENT_WRONG), replace(PERSON, methods=(), ladders=(), shifts=(), disabled=True, link=_LINK)),
    Sample("person-edit", "people/edit.html", shell("/people/marek/edit"), PersonEdit(MAREK, "Marek Novák", "marek@harbor.example", ZONE, (ZONE,), _ROLES, _BAD)),
    Sample("team", "people/team.html", shell("/teams/payments"), TeamEdit("payments", "/teams/payments", "Payments", (Choice("priya", "Priya Raman", chosen=True),), tuple(Choice(each.id, each.name, chosen=True) for each in EVERYBODY), (Link("checkout-api", "/services/checkout"),), may_edit=True, keeps="It owns checkout-api. Give that to another team first.")),
    Sample("team-new", "people/team.html", shell("/teams/new"), TeamEdit(None, "/teams/new", "", (), (), may_edit=True, fields=_BAD)),
    Sample("me", "people/me.html", shell("/me"), ME),
    Sample("me-first", "people/me.html", shell("/me"), replace(ME, methods=(), shifts=(), has_password=False, sessions=ME.sessions[:1], warnings=("You are on call from Mon 26 Oct and we cannot reach you.",), method_fields=Fields((("address", "x"),), (("address", "Write the whole address."),)), rule_fields=Fields((), (("low", "Add a way to reach you first."),), "The order was not saved."))),
    Sample("settings", "settings/show.html", shell("/settings"), SETTINGS),
    Sample("settings-hold", "settings/show.html", shell("/settings", mode=Mode.ON_HOLD), replace(SETTINGS, on_hold=("Priya Raman would be paged for A-2041.", "3 alerts would go on climbing."))),
    Sample("guardrails", "settings/guardrails.html", shell("/settings/guardrails"), GuardrailList((_RULE, replace(_RULE, code="LATE_UPDATE", strength="should", title="An update is due", refused=1, overridden=4, cites=())))),
    Sample("tokens", "settings/tokens.html", shell("/settings/tokens"), TOKENS),
    Sample("tokens-made", "settings/tokens.html", shell("/settings/tokens"), replace(TOKENS, new_token="hf_" + "4f7c2a91" * 5, new_name="deploy pipeline", fields=_BAD)),
    Sample("tokens-none", "settings/tokens.html", shell("/settings/tokens"), replace(TOKENS, tokens=(), may_edit=False)),
    Sample("help-guardrail", "help/guardrail.html", shell("/help/guardrails/NO_FINAL_LEVEL"), HELP),
    Sample("help-guardrail-out", "help/guardrail.html", signed_out("/help/guardrails/NO_FINAL_LEVEL"), replace(HELP, cites=())),
)  # fmt: skip
