"""E-mail: what is composed, and what a relay may do to it, against a real SMTP server."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st

from holdfast.engine.egress import EgressRules
from holdfast.engine.mail import compose, envelope, one_line
from holdfast.engine.transport import Transport
from holdfast.engine.transport_http import Deadlines
from holdfast.kernel.clock import SteppedClock
from holdfast.sdk.call import MailCall, Reply
from tests.support.fake_peer import certificate, fake_peer

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
QUICK = Deadlines(connect_s=0.8, mail_s=1.0)
CALL = MailCall(
    host="localhost",
    port=25,
    sender="Holdfast <holdfast@example.org>",
    to="ana@example.org",
    subject="[RAVO-42] disk full",
    text="The disk of orders-db is full.\n",
    security="none",
)
SECRET = "s3cr3t-canary"


class Relay:
    """A mail server that keeps what it took and says no where it is told to."""

    def __init__(self, refuses: dict[str, str] | None = None) -> None:
        self.taken: list[Envelope] = []
        self.signed_in: list[str] = []
        self._refuses = refuses or {}

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        mail_options: list[str],
    ) -> str:
        envelope.mail_from = address
        return self._refuses.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._refuses.get("RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" in self._refuses:
            return self._refuses["DATA"]
        self.taken.append(envelope)
        return "250 queued as 4711"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's names
        if self._refuses.get("QUIT") == "cut":
            transport = server.transport
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
        return self._refuses.get("QUIT", "221 bye")

    def sign_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.signed_in.append(data.login.decode())
        return AuthResult(success=data.password == SECRET.encode(), handled=False)

    def message(self) -> EmailMessage:
        content = self.taken[0].content
        assert isinstance(content, bytes)
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@contextmanager
def serving(relay: Relay, **how: Any) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    controller = Controller(
        relay, hostname="127.0.0.1", port=port, authenticator=relay.sign_in, **how
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def transport(trust: ssl.SSLContext | None = None) -> Transport:
    return Transport(EgressRules(), SteppedClock(NOW), deadlines=QUICK, tls=trust)


def test_a_mail_is_sent_when_the_server_took_its_data() -> None:
    relay = Relay()
    with serving(relay) as port:
        reply = transport()(replace(CALL, port=port))
    assert reply == Reply(250, b"queued as 4711")
    assert (relay.taken[0].mail_from, relay.taken[0].rcpt_tos) == (
        "holdfast@example.org",
        ["ana@example.org"],
    )
    message = relay.message()
    assert message["subject"] == "[RAVO-42] disk full"
    assert message["from"] == "Holdfast <holdfast@example.org>"
    assert message["auto-submitted"] == "auto-generated"
    assert message["date"].datetime == NOW
    assert message["message-id"].endswith("@example.org>")
    assert message.get_content().strip() == "The disk of orders-db is full."


@pytest.mark.parametrize(
    ("verb", "answer", "code"),
    [
        ("MAIL", "451 try later", 451),
        ("MAIL", "550 you may not send", 550),
        ("RCPT", "450 greylisted", 450),
        ("RCPT", "550 no such user", 550),
        ("DATA", "452 disk full", 452),
        ("DATA", "554 looks like spam", 554),
    ],
)
def test_a_server_that_fails_at_any_verb_before_it_took_the_data_did_not_take_it(
    verb: str, answer: str, code: int
) -> None:
    relay = Relay({verb: answer})
    with serving(relay) as port:
        reply = transport()(replace(CALL, port=port))
    assert reply == Reply(code, answer[4:].encode())
    assert relay.taken == []


@pytest.mark.parametrize("answer", ["cut", "500 what", "421 going down"])
def test_what_happens_after_the_data_was_taken_changes_nothing(answer: str) -> None:
    relay = Relay({"QUIT": answer})
    with serving(relay) as port:
        assert transport()(replace(CALL, port=port)).status == 250
    assert len(relay.taken) == 1


def scripted(*steps: bytes, pause_s: float = 0.0) -> object:
    """A server that says these lines, one after each of ours, then hangs up."""

    def behave(connection: socket.socket) -> None:
        for step in steps:
            connection.sendall(step)
            connection.recv(65536)
        time.sleep(pause_s)

    return behave


GREETED = (b"220 hi\r\n", b"250 hi\r\n", b"250 OK\r\n", b"250 OK\r\n")


@pytest.mark.parametrize(
    ("steps", "pause_s", "unknown"),
    [
        ((), 5, False),
        ((b"220 hi\r\n",), 0, False),
        ((b"220 hi\r\n",), 5, False),
        (GREETED[:3], 0, False),
        (GREETED, 0, True),
        ((*GREETED, b"354 go on\r\n"), 0, True),
        ((*GREETED, b"354 go on\r\n"), 5, True),
        ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), 0, False),
        ((b"220-hi\r\n" * 3,), 5, False),
    ],
)
def test_a_server_that_falls_silent_costs_its_deadline_and_the_data_makes_the_difference(
    steps: tuple[bytes, ...], pause_s: float, *, unknown: bool
) -> None:
    behave = scripted(*steps, pause_s=pause_s)
    assert callable(behave)
    with fake_peer(behave) as peer:
        started = time.monotonic()
        reply = transport()(replace(CALL, host="127.0.0.1", port=peer.port))
    assert time.monotonic() - started < 2
    assert (reply.status, reply.unknown) == (0, unknown)
    assert f"127.0.0.1:{peer.port}" in str(reply.error)


def test_a_server_that_drips_its_greeting_is_cut_off() -> None:
    def drips(connection: socket.socket) -> None:
        connection.sendall(b"220 ")
        while True:
            connection.sendall(b"x")
            time.sleep(0.02)

    with fake_peer(drips) as peer:
        started = time.monotonic()
        reply = transport()(replace(CALL, host="127.0.0.1", port=peer.port))
    assert time.monotonic() - started < 2
    assert reply == Reply(0, error=f"127.0.0.1:{peer.port} was not done within 1 s")


def test_a_greeting_that_refuses_is_passed_on() -> None:
    behave = scripted(b"554 go away\r\n")
    assert callable(behave)
    with fake_peer(behave) as peer:
        reply = transport()(replace(CALL, host="127.0.0.1", port=peer.port))
    assert reply == Reply(554, b"go away")


def test_starttls_is_never_traded_for_plain_text() -> None:
    relay = Relay()
    with serving(relay) as port:
        reply = transport()(replace(CALL, port=port, security="starttls", password=SECRET))
    assert reply.status == 0
    assert "does not offer" in str(reply.error)
    assert relay.taken == []


def test_starttls_checks_the_certificate_then_signs_in_and_sends(tmp_path: Path) -> None:
    files = certificate(tmp_path, "localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*files)
    trust = ssl.create_default_context(cafile=files[0])
    relay = Relay()
    with serving(relay, tls_context=server, require_starttls=True) as port:
        call = replace(CALL, port=port, security="starttls", username="ana", password=SECRET)
        untrusted = transport()(call)
        assert "its certificate is not valid" in str(untrusted.error)
        assert relay.signed_in == []
        wrong = transport(trust)(replace(call, password="wrong"))
        assert wrong.status == 535
        assert transport(trust)(call).status == 250
    assert relay.signed_in == ["ana"] * 3, "the wrong password by both mechanisms"
    assert len(relay.taken) == 1
    assert SECRET not in repr(untrusted) + repr(wrong)


def test_mail_over_tls_from_the_first_byte(tmp_path: Path) -> None:
    files = certificate(tmp_path, "localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*files)
    relay = Relay()
    with serving(relay, ssl_context=server) as port:
        call = replace(CALL, port=port, security="tls")
        assert "its certificate is not valid" in str(transport()(call).error)
        assert transport(ssl.create_default_context(cafile=files[0]))(call).status == 250


def test_a_relay_at_a_metadata_address_is_never_called() -> None:
    reply = transport()(replace(CALL, host="169.254.169.254"))
    assert "not a mail relay's address" in str(reply.error)


def test_line_breaks_in_any_value_cannot_add_a_header_or_a_recipient() -> None:
    relay = Relay()
    attack = "x\r\nBcc: eve@example.org\n\rEvil: 1\u2028Evil: 2\x85Evil: 3\x0bEvil: 4\x00"
    with serving(relay) as port:
        reply = transport()(
            replace(
                CALL,
                port=port,
                subject=attack,
                headers={"X-Incident": attack, "X-A\r\nEvil": "5", "Bcc": "eve@example.org"},
                text=attack,
            )
        )
    assert reply.status == 250
    assert relay.taken[0].rcpt_tos == ["ana@example.org"]
    message = relay.message()
    assert message["subject"] == "x Bcc: eve@example.org Evil: 1 Evil: 2 Evil: 3 Evil: 4"
    assert message["x-incident"] == message["subject"]
    assert (message["bcc"], message["evil"]) == (None, None)


@pytest.mark.parametrize(
    "to", ["", "\r\n", "ana@example.org>\r\nRCPT TO:<eve@example.org", "a b@example.org", "<>"]
)
def test_an_address_that_is_none_is_refused_for_good(to: str) -> None:
    relay = Relay()
    with serving(relay) as port:
        reply = transport()(replace(CALL, port=port, to=to))
    assert reply.status == 553 or relay.taken[0].rcpt_tos == ["ana@example.org"]


def test_letters_beyond_ascii_arrive_as_they_were() -> None:
    relay = Relay()
    subject = "Speicher überfüllt – 磁盘已满 " * 6
    with serving(relay) as port:
        reply = transport()(
            replace(
                CALL,
                port=port,
                sender="Bereitschaft Zürich <holdfast@example.org>",
                subject=subject,
                text="Ümlaut\n.\nnach dem Punkt\n" + "lang " * 500,
                html="<p>Ümlaut</p>",
            )
        )
    assert reply.status == 250
    message = relay.message()
    assert message["subject"] == subject.strip()
    assert message["from"].addresses[0].display_name == "Bereitschaft Zürich"
    plain, rich = message.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(rich, EmailMessage)
    assert plain.get_content().splitlines()[:3] == ["Ümlaut", ".", "nach dem Punkt"]
    assert rich.get_content().strip() == "<p>Ümlaut</p>"


@given(
    subject=st.text(),
    to=st.text(),
    sender=st.text(),
    text=st.text(),
    headers=st.dictionaries(st.text(), st.text()),
)
def test_whatever_an_alert_says_a_mail_comes_out_with_the_same_structure(
    subject: str, to: str, sender: str, text: str, headers: dict[str, str]
) -> None:
    call = replace(CALL, subject=subject, to=to, sender=sender, text=text, headers=headers)
    raw = compose(call, NOW)
    head = raw.partition(b"\r\n\r\n")[0]
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b" ")]
    names = [line.partition(b":")[0].lower() for line in lines]
    assert names[:4] == [b"from", b"to", b"subject", b"date"]
    assert names[-3:] == [b"mime-version", b"content-type", b"content-transfer-encoding"]
    assert len(set(names)) == len(names) or len(headers) > 1
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998 or not (to + sender).isascii()
    assert envelope(to) == envelope(one_line(to))


def test_the_message_id_is_the_notifiers_own_where_it_gives_one() -> None:
    raw = compose(replace(CALL, headers={"Message-ID": "<pg_1@example.org>"}), NOW)
    assert raw.count(b"essage-ID: ") == 1
    assert b"Message-ID: <pg_1@example.org>\r\n" in raw
