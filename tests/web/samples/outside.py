"""The screens of people who are not signed in, setup and errors, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.layout.views import Choice, ErrorView, Fields, Link, Mode, Theme
from holdfast.web.pages.views import Ahead, AnsweredPage, AnswerPage, Fact, GonePage
from holdfast.web.setup.views import (
    MethodKind,
    PageStep,
    ReachStep,
    SetupPage,
    SourceStep,
    TraceLine,
)
from holdfast.web.sign_in.views import LinkPage, PasswordPage, SignIn
from tests.web.samples.company import LONG, Sample, ago, ahead, shell, signed_out

CARDS = AnswerPage(
    title="Card payments failing at checkout in the EU",
    severity="critical",
    rank=1,
    service="checkout-api",
    who="you",
    team="Payments",
    paged_at=ago(seconds=52),
    code="A-2041",
    sentence="41% of card payments fail. Normal is 0.3%. Started 02:59, right after a release.",
    facts=(
        Fact("history", "Happened once before: 14 Jul, open for 31 min"),
        Fact("activity", "14 signals since 03:01"),
        Fact("arrow-up-right", "In Prometheus", "https://prometheus.example/graph"),
    ),
    next_try=Ahead("E-mail", ahead(seconds=48)),
    next_step=Ahead("Goes to Aiko", ahead(minutes=4, seconds=8)),
    next_person="Aiko",
)
HAVE_IT = AnsweredPage(
    "acknowledged", CARDS.title, CARDS.code, at=ago(seconds=1), alert_href="/alerts/al_1"
)
NTFY = MethodKind(
    "ntfy",
    "ntfy on my phone",
    "Topic address",
    "https://ntfy.sh/harbor-priya-7f3a",
    "Install the ntfy app and subscribe to a topic that nobody can guess.",
    "url",
    chosen=True,
)
MAIL = MethodKind(
    "email",
    "E-mail",
    "Address",
    "you@example.com",
    "Set HOLDFAST_SMTP_HOST first.",
    "email",
    ready=False,
    missing="needs an SMTP server",
)
HOOK = MethodKind(
    "webhook",
    "A webhook of mine",
    "Address",
    "https://example.com/hook",
    "We POST JSON there, signed.",
    "url",
)
REACHED = ReachStep("done", (), ("ntfy to ntfy.sh/harbor-priya-7f3a",))
_CURL = """curl -X POST http://127.0.0.1:8080/in/0123456789abcdef \\
  -d '{"title": "Disk full on db-3", "severity": "critical"}'"""
SOURCES = SourceStep(
    "now",
    (
        Choice("generic", "curl", chosen=True),
        Choice("alertmanager", "Alertmanager"),
        Choice("grafana", "Grafana"),
        Choice("pagerduty-events", "PagerDuty events"),
        Choice("heartbeat", "Heartbeat"),
    ),
    (("the command", _CURL, "Paste this in a terminal. It holds your real address and key."),),
    Link("First service", "/services/first"),
)
_TRACE = (
    TraceLine(0.0, "Signal received", detail="Any JSON, from 127.0.0.1"),
    TraceLine(0.1, "Alert opened", detail="Disk full on db-3"),
    TraceLine(0.2, "You are paged", detail="step 1 of your policy"),
    TraceLine(0.9, "Delivered by ntfy"),
)
SETUP = SetupPage(
    ReachStep("now", (NTFY, MAIL, HOOK)), SourceStep("later"), PageStep("later"), since_s=12
)
_ANSWERED = PageStep(
    "done", (*_TRACE, TraceLine(6.4, "You answered")), answered=True, alert_href="/alerts/al_1"
)
_RECEIVED = replace(SOURCES, state="done", received="Disk full on db-3")

SAMPLES = (
    Sample("answer", "pages/show.html", signed_out("/p/t"), CARDS),
    Sample(
        "answer-night",
        "pages/show.html",
        signed_out("/p/t", theme=Theme.NIGHT),
        replace(CARDS, rank=2, severity="error", next_person=None, next_try=None),
    ),
    Sample(
        "answer-long",
        "pages/show.html",
        signed_out("/p/t", mode=Mode.REHEARSAL),
        replace(
            CARDS,
            title=LONG,
            sentence=LONG,
            service=LONG,
            rank=3,
            severity="warning",
            team=LONG,
            next_person="Wolfeschlegelsteinhausen",
        ),
    ),
    Sample(
        "answer-test",
        "pages/show.html",
        signed_out("/p/t"),
        AnswerPage(
            "This is a test page",
            "info",
            4,
            "Sent by you from How I am reached",
            "you",
            ago(seconds=3),
            "TEST",
            kind="test",
        ),
    ),
    Sample("answer-done", "pages/done.html", signed_out("/p/t"), HAVE_IT),
    Sample(
        "answer-taken",
        "pages/done.html",
        signed_out("/p/t"),
        AnsweredPage("taken", CARDS.title, CARDS.code, "Marek", ago(minutes=51)),
    ),
    Sample(
        "answer-over",
        "pages/done.html",
        signed_out("/p/t"),
        AnsweredPage("over", CARDS.title, CARDS.code, at=ago(minutes=2)),
    ),
    Sample(
        "answer-declined",
        "pages/done.html",
        signed_out("/p/t"),
        AnsweredPage("declined", CARDS.title, CARDS.code, next_person="Aiko"),
    ),
    Sample(
        "answer-passed",
        "pages/done.html",
        signed_out("/p/t"),
        AnsweredPage("escalated", CARDS.title, CARDS.code),
    ),
    Sample(
        "answer-test-done",
        "pages/done.html",
        signed_out("/p/t"),
        AnsweredPage("test_received", "This is a test page", "TEST", woken=2),
    ),
    Sample("answer-gone", "pages/gone.html", signed_out("/p/t"), GonePage("unknown")),
    Sample("answer-expired", "pages/gone.html", signed_out("/p/t"), GonePage("expired")),
    Sample("sign-in", "sign_in/sign_in.html", signed_out("/sign-in"), SignIn()),
    Sample(
        "sign-in-wrong",
        "sign_in/sign_in.html",
        signed_out("/sign-in"),
        SignIn(
            "/alerts",
            insecure=True,
            fields=Fields(
                (("login", "priya"),),
                problem="That e-mail or id and that password do not belong together.",
            ),
        ),
    ),
    Sample(
        "link-first",
        "sign_in/link.html",
        signed_out("/sign-in/x"),
        LinkPage("first", "valid", until=ahead(hours=1)),
    ),
    Sample(
        "link-invite",
        "sign_in/link.html",
        signed_out("/sign-in/x"),
        LinkPage("invite", "valid", "Marek", "Priya Raman"),
    ),
    Sample("link-used", "sign_in/link.html", signed_out("/sign-in/x"), LinkPage("sign_in", "used")),
    Sample(
        "password-first",
        "sign_in/password.html",
        shell("/password"),
        PasswordPage(
            "priya",
            first=True,
            zones=("Europe/Berlin", "UTC"),
            zone="Europe/Berlin",
            fields=Fields(
                (("name", "Priya"),),
                (
                    ("email", "That is not an e-mail address, such as ana@example.com."),
                    ("password", "Too short: 12 characters are the least."),
                ),
                "Two things are not right yet.",
            ),
        ),
    ),
    Sample(
        "password",
        "sign_in/password.html",
        shell("/password"),
        PasswordPage("priya@harbor.example", has_password=True, may_skip=True),
    ),
    Sample("setup", "setup/show.html", shell("/setup", duty=None), SETUP),
    Sample(
        "setup-wrong",
        "setup/show.html",
        shell("/setup"),
        replace(
            SETUP,
            base_url_warning="Your phone cannot open http://127.0.0.1:8080. Set HOLDFAST_BASE_URL.",
            reach=ReachStep(
                "now",
                (NTFY, MAIL, HOOK),
                fields=Fields(
                    (("address", "ntfy.sh"),),
                    (("address", "Write the whole address, such as https://ntfy.sh/your-topic."),),
                ),
            ),
        ),
    ),
    Sample(
        "setup-source",
        "setup/show.html",
        shell("/setup"),
        SetupPage(REACHED, SOURCES, PageStep("later"), 71),
    ),
    Sample(
        "setup-page",
        "setup/show.html",
        shell("/setup"),
        SetupPage(REACHED, _RECEIVED, PageStep("now"), 80),
    ),
    Sample(
        "setup-waiting",
        "setup/show.html",
        shell("/setup"),
        SetupPage(
            REACHED,
            _RECEIVED,
            PageStep(
                "now",
                (*_TRACE, TraceLine(30.0, "E-mail if you do not answer", "pending")),
                "Waiting for you to answer on your device",
            ),
            92,
        ),
    ),
    Sample(
        "setup-failed",
        "setup/show.html",
        shell("/setup"),
        SetupPage(
            REACHED,
            _RECEIVED,
            PageStep(
                "now",
                (*_TRACE[:3], TraceLine(1.1, "ntfy refused it", "bad", "403 Forbidden")),
                failure="ntfy.sh answered 403: the topic is reserved.",
                remedy="Choose another topic.",
            ),
            92,
        ),
    ),
    Sample(
        "setup-done",
        "setup/show.html",
        shell("/setup"),
        SetupPage(REACHED, _RECEIVED, _ANSWERED, 99),
    ),
    Sample(
        "error-404",
        "errors/error.html",
        shell("/alerts/al_9"),
        ErrorView(
            404,
            "There is nothing here",
            "No alert has the id al_9.",
            "Paging goes on as before.",
            "Look for it in the list of all alerts.",
        ),
    ),
    Sample(
        "error-500",
        "errors/error.html",
        signed_out("/alerts"),
        ErrorView(
            500,
            "Holdfast made a mistake",
            "Something went wrong that should not have.",
            "Alerts are still taken in and people are still paged.",
            "Load the page again. If it stays, give this number to whoever runs Holdfast.",
            reference="req_7f3a91c2",
        ),
    ),
    Sample(
        "error-guardrail",
        "errors/error.html",
        shell("/policies/payments/edit"),
        ErrorView(
            422,
            "This policy would page nobody in the end",
            "The team Payments has no lead, no members, and there is no administrator.",
            "The policy as it was still pages.",
            "Name a last resort, or give the team a lead.",
            "NO_FINAL_LEVEL",
            "/help/guardrails/NO_FINAL_LEVEL",
        ),
    ),
)
