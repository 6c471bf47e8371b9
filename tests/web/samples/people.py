"""The people of Harbor and how they are reached, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.layout.views import Choice, Fields, Link
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
from tests.web.samples.company import (
    DELE,
    EVERYBODY,
    JUN,
    LONG,
    MAREK,
    PAYMENTS,
    PRIYA,
    SOFIA,
    TOMAS,
    WENT_WRONG,
    ZONE,
    Sample,
    ago,
    ahead,
    at,
    shell,
)

_TEAMS = (Choice("payments", "Payments", chosen=True), Choice("platform", "Platform"))
_ROLES = tuple(
    Choice(name, f"{name.title()}: what it may") for name in ("viewer", "responder", "admin")
)
PEOPLE = PeopleList(
    (
        PersonRow(
            PRIYA, "admin", ("Payments",), "ntfy at once, e-mail after 2 min", True, (PAYMENTS,)
        ),
        PersonRow(MAREK, "responder", ("Payments", "Platform"), "webhook", True),
        PersonRow(DELE, "responder", (), "cannot be reached", False),
        PersonRow(SOFIA, "viewer", (), "cannot be reached", False, invited=True),
        PersonRow(TOMAS, "viewer", (), "", False, disabled=True),
    ),
    (
        TeamRow("payments", "Payments", PRIYA, EVERYBODY),
        TeamRow("platform", "Platform", None, (JUN,)),
    ),
    _ROLES,
    _TEAMS,
    (ZONE, "UTC"),
    ZONE,
    may_invite=True,
    may_edit_teams=True,
)
_LINK = OneTimeLink("Marek Novák", "http://127.0.0.1:8080/sign-in/4f7c2a91be03", ahead(days=2))
_METHODS = (
    MethodLine(
        "phone", "ntfy", "bell", "https://ntfy.sh/harbor-priya-7f3a", "verified", ago(days=3)
    ),
    MethodLine(
        "mail",
        "E-mail",
        "mail",
        "priya@harbor.example",
        "failed",
        trouble="refused: mailbox full",
        tested_at=ago(minutes=3),
    ),
    MethodLine(
        "hook",
        "Webhook",
        "link",
        "https://hooks.example/" + LONG,
        "waiting",
        tested_at=ago(seconds=9),
    ),
    MethodLine("hook2", "Webhook", "link", "https://hooks.example/2", "untested"),
)
_SHIFTS = (
    ComingShift(PAYMENTS, at(21, 21), at(22, 9), now=True),
    ComingShift(PAYMENTS, at(22, 21), at(23, 9)),
)
PERSON = PersonPage(
    MAREK,
    "responder",
    "marek@harbor.example",
    "Europe/Prague",
    "03:02",
    (Link("Payments", "/teams/payments"),),
    _METHODS[:2],
    (
        Ladder("high", (RungLine("at once", "ntfy"), RungLine("after 2 min", "e-mail"))),
        Ladder("low", (), by_default=True),
    ),
    _SHIFTS,
    may_edit=True,
)
_KINDS = (
    MethodKind(
        "ntfy",
        "ntfy",
        "Topic address",
        "https://ntfy.sh/topic",
        "Choose a topic nobody can guess.",
        "url",
        chosen=True,
    ),
    MethodKind(
        "email",
        "E-mail",
        "Address",
        "you@example.com",
        "Set HOLDFAST_SMTP_HOST first.",
        "email",
        ready=False,
        missing="needs an SMTP server",
    ),
)
_WAYS = (Choice("phone", "ntfy", chosen=True), Choice("mail", "E-mail"))
ME = Me(
    PRIYA,
    "priya@harbor.example",
    ZONE,
    (ZONE, "UTC"),
    "system",
    True,
    _METHODS,
    _KINDS,
    (RuleForm("high", (RungForm("0m", _WAYS), RungForm("2m", _WAYS))), RuleForm("low", ())),
    _SHIFTS,
    (
        Session("s1", "Firefox on Linux", "10.0.0.7", ago(days=2), ago(seconds=1), current=True),
        Session("s2", "Safari on iPhone", "10.0.0.9", ago(days=9), ago(hours=5)),
    ),
)

_BAD = Fields((("name", ""),), (("name", "It needs a name."),), "Nothing was changed.")

SAMPLES = (
    Sample("people", "people/list.html", shell("/people"), PEOPLE),
    Sample(
        "people-invited",
        "people/list.html",
        shell("/people"),
        replace(PEOPLE, link=_LINK, teams=()),
    ),
    Sample(
        "people-wrong",
        "people/list.html",
        shell("/people"),
        replace(
            PEOPLE,
            fields=Fields(
                (("email", "x"),),
                (("email", "That is not an e-mail address, such as ana@example.com."),),
                "Nobody was invited.",
            ),
        ),
    ),
    Sample("person", "people/show.html", shell("/people/marek"), PERSON),
    Sample(
        "person-off",
        "people/show.html",
        shell("/people/marek", notice=WENT_WRONG),
        replace(PERSON, methods=(), ladders=(), shifts=(), disabled=True, link=_LINK),
    ),
    Sample(
        "person-edit",
        "people/edit.html",
        shell("/people/marek/edit"),
        PersonEdit(MAREK, "Marek Novák", "marek@harbor.example", ZONE, (ZONE,), _ROLES, _BAD),
    ),
    Sample(
        "team",
        "people/team.html",
        shell("/teams/payments"),
        TeamEdit(
            "payments",
            "/teams/payments",
            "Payments",
            (Choice("priya", "Priya Raman", chosen=True),),
            tuple(Choice(each.id, each.name, chosen=True) for each in EVERYBODY),
            (Link("checkout-api", "/services/checkout"),),
            may_edit=True,
            keeps="It owns checkout-api. Give that to another team first.",
        ),
    ),
    Sample(
        "team-new",
        "people/team.html",
        shell("/teams/new"),
        TeamEdit(None, "/teams/new", "", (), (), may_edit=True, fields=_BAD),
    ),
    Sample("me", "people/me.html", shell("/me"), ME),
    Sample(
        "me-first",
        "people/me.html",
        shell("/me"),
        replace(
            ME,
            methods=(),
            shifts=(),
            has_password=False,
            sessions=ME.sessions[:1],
            warnings=("You are on call from Mon 26 Oct and we cannot reach you.",),
            method_fields=Fields((("address", "x"),), (("address", "Write the whole address."),)),
            rule_fields=Fields(
                (), (("low", "Add a way to reach you first."),), "The order was not saved."
            ),
        ),
    ),
)
