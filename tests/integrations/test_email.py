"""Pages by e-mail: complete in plain text, one button in HTML, and nothing to inject."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.integrations.email import SUBJECT_CHARS_MAX, TEXT_CHARS_MAX, Settings, notifier
from holdfast.sdk import (
    Destination,
    MailCall,
    Message,
    MessageKind,
    Outcome,
    Rejected,
    Reply,
    Retry,
    Sent,
    Urgency,
)
from holdfast.sdk.testing import FakeCarrier, perform

URL = "https://holdfast.example/a/tok?x=1&y=2"
PAGE = Message(
    id="dl_01",
    kind=MessageKind.PAGE,
    title="Card payments fail",
    text="Checkout, EU. 41% fail.\n\nSince 10:00.",
    urgency=Urgency.HIGH,
    at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    payload={"alert": {"severity": "critical"}},
    code="K7Q2",
    answer_url=URL,
)
ANA = Destination("ana@example.com")
SERVER = Settings(host="smtp.example.com", username="u", password="p", sender="pages@example.com")


def _mail(message: Message = PAGE, settings: Settings = SERVER) -> MailCall:
    carrier = FakeCarrier([Reply(250)])
    assert perform(notifier.deliver(message, ANA, settings), carrier) == Sent()
    [call] = carrier.calls
    assert isinstance(call, MailCall)
    return call


def _outcome(reply: Reply) -> Outcome:
    return perform(notifier.deliver(PAGE, ANA, SERVER), FakeCarrier([reply]))


class _Page(HTMLParser):
    """The links and the words that a reader of the HTML gets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_subject_says_how_bad_what_and_by_which_code() -> None:
    assert _mail().subject == "[CRITICAL] Card payments fail (K7Q2)"


def test_the_call_carries_the_server_and_its_sign_in() -> None:
    call = _mail()

    assert (call.host, call.port, call.security) == ("smtp.example.com", 587, "starttls")
    assert (call.username, call.password) == ("u", "p")
    assert (call.sender, call.to) == ("pages@example.com", "ana@example.com")


def test_the_plain_text_is_complete() -> None:
    assert _mail().text == (
        "[CRITICAL] Card payments fail\n\n"
        "Checkout, EU. 41% fail.\n\nSince 10:00.\n\n"
        f"Open and take it:\n{URL}\n"
    )


def test_the_html_has_the_same_words_and_one_button_that_only_opens() -> None:
    page = _Page(_mail().html or "")

    assert page.links == [URL]
    for words in ("[CRITICAL] Card payments fail", "41% fail.", "Since 10:00.", "Open and take it"):
        assert words in page.words
    assert not page.tags & {"form", "script", "img", "link", "iframe"}


def test_the_html_says_its_language_its_title_and_one_heading() -> None:
    html = _mail().html or ""

    assert html.startswith('<!doctype html><html lang="en">')
    assert html.count("<h1") == 1
    assert "<title>[CRITICAL] Card payments fail</title>" in html


def test_what_the_alert_says_is_never_markup() -> None:
    evil = "</title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
    page = _Page(_mail(replace(PAGE, title=evil, text=evil)).html or "")

    assert not page.tags & {"script", "img"}
    assert page.links == [URL]
    assert page.words.count("<script>alert(1)</script>") == 3


def test_mail_of_one_alert_is_one_thread_and_a_repeat_is_recognisable() -> None:
    first, again = _mail().headers, _mail(replace(PAGE, attempt=2)).headers
    other = _mail(replace(PAGE, id="dl_02")).headers

    assert first["Message-ID"] == again["Message-ID"] == "<dl_01@example.com>"
    assert other["Message-ID"] == "<dl_02@example.com>"
    assert first["References"] == other["References"] == "<alert-K7Q2@example.com>"


def test_mail_says_that_a_machine_wrote_it_so_that_no_machine_answers() -> None:
    assert _mail().headers["Auto-Submitted"] == "auto-generated"


def test_a_rehearsal_says_so_everywhere() -> None:
    mail = _mail(replace(PAGE, rehearsal=True))

    assert mail.subject.startswith("REHEARSAL: [CRITICAL]")
    assert "REHEARSAL: nothing is broken" in mail.text
    assert "REHEARSAL: nothing is broken" in (mail.html or "")


def test_a_message_without_an_answer_has_no_button() -> None:
    mail = _mail(replace(PAGE, kind=MessageKind.NOTIFICATION, answer_url=None, code=None))

    assert _Page(mail.html or "").links == []
    assert "References" not in mail.headers
    assert mail.subject == "Card payments fail"


ANY = st.text(st.characters(exclude_categories=()), max_size=300)


@given(title=ANY, text=ANY, code=ANY, identity=ANY)
def test_no_text_can_add_a_header_or_break_the_mail(
    title: str, text: str, code: str, identity: str
) -> None:
    crlf = "\r\nBcc: all@example.com\r\n\r\n"
    call = _mail(replace(PAGE, title=title + crlf, text=text, code=code + crlf, id=identity + crlf))
    mail = EmailMessage(policy=SMTP)
    for name, value in {**call.headers, "Subject": call.subject, "To": call.to}.items():
        assert re.search(r"[\r\n\x00\x85\u2028\u2029]", value) is None
        mail[name] = value
    mail.set_content(call.text)
    mail.add_alternative(call.html or "", subtype="html")

    assert b"\r\nBcc:" not in mail.as_bytes().partition(b"\r\n\r\n")[0]
    assert len(call.subject) <= SUBJECT_CHARS_MAX


def test_over_long_text_is_cut_and_the_code_in_the_subject_stays() -> None:
    mail = _mail(replace(PAGE, title="x" * 5000, text="y" * 500_000))

    assert len(mail.subject) == SUBJECT_CHARS_MAX
    assert mail.subject.endswith("x… (K7Q2)")
    assert len(mail.text) < TEXT_CHARS_MAX + 2000
    assert URL in mail.text


def test_without_a_server_the_remedy_is_told() -> None:
    outcome = perform(notifier.deliver(PAGE, ANA, Settings()), FakeCarrier([]))

    assert isinstance(outcome, Rejected)
    assert "HOLDFAST_EMAIL_HOST" in outcome.why


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(250, b"ok"), Sent()),
        (Reply(451, b"try\r\nlater"), Retry("The mail server did not take it: 451 try later")),
        (Reply(550, b"no such user"), Rejected("The mail server refused it: 550 no such user")),
        (Reply(0, error="timed out"), Retry("The mail server did not take it: timed out")),
        (Reply(0), Retry("The mail server did not take it: no answer came")),
    ],
)
def test_each_answer_of_the_server_is_understood(reply: Reply, outcome: Outcome) -> None:
    assert _outcome(reply) == outcome


def test_a_refused_sign_in_names_the_settings_and_not_the_address() -> None:
    outcome = _outcome(Reply(535, b"bad credentials"))

    assert isinstance(outcome, Rejected)
    assert "HOLDFAST_EMAIL_PASSWORD" in outcome.why


@pytest.mark.parametrize(
    "address", ["ana@example.com", "root@localhost", "a.b+c@xn--bcher-kva.example"]
)
def test_an_e_mail_address_is_accepted(address: str) -> None:
    assert notifier.check(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "", "ana", "@example.com", "ana@", "ana@a@b", "a@example.com, b@example.com",
        "Ana <ana@example.com>", "ana@example.com\r\nBcc: b@example.com", "a b@example.com",
        "ana@example.com\u2028x", "a" * 300 + "@example.com",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_told_and_never_mailed_to(address: str) -> None:
    assert notifier.check(address)
    assert isinstance(
        perform(notifier.deliver(PAGE, Destination(address), SERVER), FakeCarrier([])), Rejected
    )


def test_settings_that_cannot_work_are_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="HOLDFAST_EMAIL_SECURITY"):
        Settings(security="ssl")
    with pytest.raises(ValueError, match="HOLDFAST_EMAIL_SENDER"):
        Settings(sender="a@b\r\nBcc: c@d")
