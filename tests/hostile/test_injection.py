"""Payloads in every field of an alert and in every name: nowhere do they leave their place (e7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from urllib.parse import quote, urlencode, urlsplit

import pytest

from holdfast.catalog import actions as catalog
from holdfast.catalog import queries as services
from holdfast.engine.mail import compose
from holdfast.integrations import email
from holdfast.kernel.actor import SYSTEM
from holdfast.people import actions as people
from holdfast.people import queries as people_queries
from holdfast.sdk import Destination, MailCall, Message, Reply
from holdfast.sdk.testing import FakeCarrier, perform
from holdfast.web.answers import token_of
from holdfast.web.routes import Face
from tests.hostile.corpus import FORM
from tests.hostile.payloads import COMPUTED, LINES, MARK, SQL, TEMPLATES, XSS
from tests.hostile.rooms import Seen, address, ids, pages, rows
from tests.hostile.siege import KEYS, SENDERS, Siege
from tests.hostile.spoken import spoken

PAYLOADS = (*XSS, *TEMPLATES, *LINES, *SQL)
SPEAKERS = {kind: place for place, kind in enumerate(SENDERS)}
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset")
NEVER = frozenset({"base", "iframe", "object", "embed", "frame", "math", "applet", "x"})
MAIL = email.Settings(host="mail.test", sender="pages@pager.test")
HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
    "references", "in-reply-to", "importance", "x-priority", "mime-version", "content-type",
}  # fmt: skip


@pytest.fixture(scope="module")
def infested(besieged: Siege) -> dict[str, str]:
    """An alert for each payload, in all of its fields at once; its id by payload."""
    found = {}
    for number, payload in enumerate(PAYLOADS):
        kind = SENDERS[number % len(SENDERS)]
        said: dict[str, object] = {
            "title": payload, "dedup": payload, "severity": payload, "labels": {payload: payload},
            "details": {payload: {"inner": [payload]}},
            "link": payload if number % 2 else f"https://example.test/{payload}",
        }  # fmt: skip
        assert besieged.ask("POST", f"/in/{KEYS[kind]}", spoken(kind, said)).status == 202
        found[payload] = besieged.newest().id
    with besieged.program.database.begin(SYSTEM) as tx:
        ana, team = people_queries.user(tx, "ana"), people_queries.team(tx, "payments")
        people.save_user(tx, replace(ana, name=XSS[3]))
        people.save_team(tx, replace(team, name=XSS[1]))
        checkout = services.service(tx, "checkout")
        named = replace(checkout, name=XSS[2], description=XSS[5] + TEMPLATES[0])
        catalog.save_service(tx, named)
    return found


def assert_harmless(path: str, seen: Seen) -> None:
    """No element, attribute, script or address that a payload made."""
    for tag, attributes in seen.tags:
        assert tag not in NEVER, (path, tag)
        assert not (tag == "meta" and "http-equiv" in attributes), (path, attributes)
        assert not [name for name in attributes if name.startswith("on") or MARK in name], (
            path, tag, attributes,
        )  # fmt: skip
        if tag == "script" and attributes.get("type") != "application/json":
            assert attributes.get("src", "").startswith("/static/"), (path, attributes)
        for name in ADDRESSES:
            assert_leads_nowhere_bad(path, tag, attributes.get(name, "#"))
    for kind, data in seen.scripts:
        if kind == "application/json":
            json.loads(data)
        else:
            assert MARK not in data, (path, data[:200])


def assert_leads_nowhere_bad(path: str, tag: str, target: str) -> None:
    bare = "".join(char for char in target if char > " ")
    parts = urlsplit(bare)
    assert parts.scheme in ("", "http", "https", "mailto"), (path, tag, target)
    if parts.netloc:
        assert parts.scheme, (path, tag, target)  # //host would be somebody else's
        is_link = tag == "a" and parts.netloc in ("example.test", "pager.test")
        assert is_link, (path, tag, target)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_page_about_an_alert_lets_a_payload_out(
    besieged: Siege, infested: dict[str, str], payload: str
) -> None:
    alert = infested[payload]
    page = besieged.story.pages_about(alert)[0]
    for path in (f"/alerts/{alert}", f"/p/{token_of(besieged.program, page.id)}"):
        answer = besieged.page(path)
        assert answer.status == 200
        seen = Seen(answer.text)
        assert_harmless(path, seen)
        assert COMPUTED not in answer.text
        if "<" in payload or '"' in payload:
            assert payload not in answer.text
    if MARK in payload:
        assert any(MARK in text for text in Seen(besieged.page(f"/alerts/{alert}").text).texts)


def test_no_other_page_lets_a_payload_out(besieged: Siege, infested: dict[str, str]) -> None:
    known = ids(besieged) | {"alert_id": infested[XSS[0]]}
    marked = set()
    for path, seen in pages(besieged, known):
        assert_harmless(path, seen)
        if any(MARK in text for text in seen.texts):
            marked.add(path)
    for path in ("/alerts?show=all", f"/alerts?q={quote(XSS[0])}", "/people/ana", "/services"):
        seen = Seen(besieged.page(path).text)
        assert_harmless(path, seen)
    assert {"/alerts", "/people", "/services", "/teams/payments"} <= marked


def test_what_the_api_tells_is_json_and_never_a_page(
    besieged: Siege, infested: dict[str, str]
) -> None:
    known = ids(besieged) | {"alert_id": infested[XSS[0]]}
    for row in rows(Face.API, "GET"):
        answer = besieged.ask_json("GET", address(row, known))
        assert not answer.header("content-type").startswith("text/html"), row.path
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("content-security-policy").startswith("default-src 'none'")


def test_an_error_page_does_not_repeat_what_was_sent(besieged: Siege) -> None:
    for payload in XSS:
        sent = quote(payload, safe="")
        for path in (f"/{sent}", f"/alerts/{sent}", f"/p/{sent}", f"/sign-in?next={sent}",
                     f"/alerts?q={sent}&service={sent}&show={sent}&cursor={sent}",
                     f"/schedules/primary?at={sent}&week={sent}", f"/sign-in/{sent}"):  # fmt: skip
            answer = besieged.ask(
                "GET", path, headers={**besieged.zoe.headers(), "accept": "text/html"}
            )
            if answer.header("content-type").startswith("text/html"):
                assert_harmless(path, Seen(answer.text))
                assert payload not in answer.text or "<" not in payload


def test_a_form_that_comes_back_holds_what_was_typed_and_nothing_more(besieged: Siege) -> None:
    besieged.zoe_comes_back()
    for payload in XSS:
        typed = dict.fromkeys(("name", "email", "role", "time_zone"), payload)
        body = urlencode(typed | {"csrf": besieged.zoe.csrf})
        headers = {**besieged.zoe.headers(), "content-type": FORM}
        answer = besieged.ask("POST", "/people/invite", body, headers)
        assert answer.status == 422
        assert_harmless("/people/invite", Seen(answer.text))


@pytest.mark.parametrize("wanted", SQL)
def test_a_search_finds_what_it_says_and_runs_nothing(
    besieged: Siege, infested: dict[str, str], wanted: str
) -> None:
    before = besieged.version()
    answer = besieged.ask_json("GET", f"/api/v1/alerts?limit=500&q={quote(wanted, safe='')}")
    found = answer.json()
    assert isinstance(found, dict)
    titles = [item["title"] for item in found["items"]]
    assert wanted in titles
    assert all(wanted.lower() in title.lower() for title in titles)
    besieged.ask_json("GET", f"/api/v1/alerts?service={quote(wanted, safe='')}")
    besieged.ask_json("GET", f"/api/v1/timeline?subject={quote(wanted, safe='')}")
    assert besieged.version() == before


def test_no_template_of_a_sender_is_ever_computed(
    besieged: Siege, infested: dict[str, str]
) -> None:
    said = " ".join(heard.message.title + heard.message.text for heard in besieged.story.heard)
    assert TEMPLATES[0] in said
    assert COMPUTED not in said


def mails(besieged: Siege) -> Iterator[tuple[Message, bytes]]:
    for heard in besieged.story.heard:
        carrier = FakeCarrier([Reply(250)])
        perform(email.deliver(heard.message, Destination("ana@example.test"), MAIL), carrier)
        (call,) = carrier.calls
        assert isinstance(call, MailCall)
        yield heard.message, compose(call, heard.at)


def test_no_line_of_a_sender_becomes_a_header_of_a_mail(
    besieged: Siege, infested: dict[str, str]
) -> None:
    count = 0
    for message, raw in mails(besieged):
        count += 1
        assert b"\n" not in raw.replace(b"\r\n", b""), "every line ends as SMTP wants it"
        parsed = message_from_bytes(raw, policy=default)
        assert {name.lower() for name in parsed} <= HEADERS, parsed.items()
        assert parsed["to"] == "ana@example.test"
        assert str(parsed["subject"]).isprintable()
        page = parsed.get_body(("html",))
        assert page is not None
        assert_mail_is_harmless(message, Seen(page.get_content()))
    assert count >= len(PAYLOADS)


def assert_mail_is_harmless(message: Message, seen: Seen) -> None:
    assert seen.scripts == []
    for tag, attributes in seen.tags:
        assert tag not in NEVER | {"script", "img", "form", "svg"}, (message.title, tag)
        assert not [name for name in attributes if name.startswith("on")], (message.title, tag)
        assert attributes.get("href", message.answer_url) == message.answer_url


@pytest.mark.parametrize("line", LINES)
def test_no_address_with_a_line_break_is_kept_or_written_to(besieged: Siege, line: str) -> None:
    for kind, notifier in besieged.program.integrations.notifiers.items():
        for found in (line, f"a@b.test{line}", f"https://a.test/{line}", f"{line}@b.test"):
            assert found.isprintable() or notifier.check(found) is not None, (kind, found)
