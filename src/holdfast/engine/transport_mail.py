"""SMTP over vetted connections: a mail is sent only when the server took its data."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass

from holdfast.engine.egress import mail_refusal
from holdfast.engine.mail import compose, envelope
from holdfast.engine.transport_dial import (
    REAL_TIME,
    Dialler,
    Trust,
    Unreachable,
    tls_trouble,
    wrap_tls,
)
from holdfast.engine.transport_http import Deadlines
from holdfast.kernel.clock import Clock
from holdfast.sdk.call import MailCall, Reply

ANSWER_BYTES_MAX = 2048
NOT_AN_ADDRESS = 553  # what a server would have said: final, so nobody tries again
_GREETING, _DONE, _GO_ON, _FORWARDED = 220, 250, 354, 251


class _Session(smtplib.SMTP):
    """The library's SMTP on a connection that we opened; it never opens one itself."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        # Without a name of our own the library would ask the name server for one, deadline or no.
        super().__init__(local_hostname=_literal(connection))
        self._host = host
        self._opened = connection

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._opened


@dataclass(slots=True)
class _Attempt:
    until: float
    late: bool = False
    data_sent: bool = False


class MailCaller:
    """Performs mail calls. Safe to use from many threads."""

    def __init__(
        self,
        dialler: Dialler,
        deadlines: Deadlines,
        clock: Clock,
        trust: Trust,
    ) -> None:
        self._dialler = dialler
        self._deadlines = deadlines
        self._clock = clock
        self._trust = trust

    def perform(self, call: MailCall) -> Reply:
        """250 once the server answered 250 to DATA, else its code, or status 0 (promises R12).

        Raises only `Blocked`.
        """
        now = REAL_TIME.monotonic()
        attempt = _Attempt(now + self._deadlines.mail_s)
        try:
            connection = self._open(call, now + self._deadlines.connect_s, attempt.until)
        except Unreachable as error:
            return Reply(0, error=str(error))
        session = _Session(connection, call.host)
        left_s = max(attempt.until - REAL_TIME.monotonic(), 0.001)
        # The library waits line by line; a server that drips is cut off from outside.
        watch = threading.Timer(left_s, _cut_off, (session, attempt))
        watch.daemon = True
        watch.start()
        try:
            return self._converse(session, call, attempt)
        finally:
            watch.cancel()
            session.close()

    def _open(self, call: MailCall, connect_until: float, until: float) -> socket.socket:
        connection = self._dialler.dial(call.host, call.port, mail_refusal, connect_until)
        connection.settimeout(max(until - REAL_TIME.monotonic(), 0.001))
        if call.security == "tls":
            return wrap_tls(connection, self._trust.context(), call.host, until)
        return connection

    def _converse(self, session: _Session, call: MailCall, attempt: _Attempt) -> Reply:
        place = f"{call.host}:{call.port}"
        try:
            return self._hand_over(session, call, attempt)
        except smtplib.SMTPResponseException as said:
            return _reply_of(said, place, unknown=attempt.data_sent)
        except smtplib.SMTPNotSupportedError:
            why = f"{place} does not offer what the settings ask for (STARTTLS or signing in)"
        except ssl.SSLError as error:
            why = f"TLS with {place} failed: {tls_trouble(error)}"
        except (smtplib.SMTPException, OSError, ValueError):
            why = f"{place} cut the connection"
        if attempt.late:
            why = f"{place} was not done within {self._deadlines.mail_s:g} s"
        return Reply(0, error=why, unknown=attempt.data_sent)

    def _hand_over(self, session: _Session, call: MailCall, attempt: _Attempt) -> Reply:
        sender, to = envelope(call.sender), envelope(call.to)
        if not sender or not to:
            raise smtplib.SMTPResponseException(NOT_AN_ADDRESS, b"this is not an e-mail address")
        _expect(session.connect(call.host, call.port), _GREETING)
        self._introduce(session, call)
        options = _options(session, sender + to)
        _expect(session.mail(sender, options), _DONE)
        _expect(session.rcpt(to), _DONE, _FORWARDED)
        message = compose(call, self._clock.now())
        attempt.data_sent = True
        code, words = session.data(message)
        _expect((code, words), _DONE)
        # It is sent. What the server makes of our good-bye changes nothing.
        with suppress(smtplib.SMTPException, OSError, ValueError):
            session.quit()
        return Reply(code, words[:ANSWER_BYTES_MAX])

    def _introduce(self, session: _Session, call: MailCall) -> None:
        session.ehlo_or_helo_if_needed()
        if call.security == "starttls":
            _expect(session.starttls(context=self._trust.context()), _GREETING)
            session.ehlo_or_helo_if_needed()
        if call.username is not None:
            session.login(call.username, call.password or "")


def _expect(answer: tuple[int, bytes], *wanted: int) -> None:
    if answer[0] not in wanted:
        raise smtplib.SMTPResponseException(*answer)


def _options(session: _Session, addresses: str) -> list[str]:
    if addresses.isascii():
        return []
    if not session.has_extn("smtputf8"):
        raise smtplib.SMTPResponseException(
            NOT_AN_ADDRESS, b"this server takes no address beyond ASCII"
        )
    session.command_encoding = "utf-8"
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _reply_of(said: smtplib.SMTPResponseException, place: str, *, unknown: bool) -> Reply:
    if said.smtp_code < 100:
        return Reply(0, error=f"{place} did not answer in SMTP", unknown=unknown)
    words = said.smtp_error
    raw = words.encode("utf-8", "replace") if isinstance(words, str) else words
    return Reply(said.smtp_code, raw[:ANSWER_BYTES_MAX])


def _cut_off(session: _Session, attempt: _Attempt) -> None:
    attempt.late = True
    connection = session.sock
    if connection is not None:
        with suppress(OSError):
            # Below TLS on purpose: its own shutdown is not made for two threads.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _literal(connection: socket.socket) -> str:
    """Our own address as SMTP greets with it, such as [192.0.2.1] or [IPv6:2001:db8::1]."""
    own = str(connection.getsockname()[0]).split("%", maxsplit=1)[0]
    return f"[IPv6:{own}]" if ":" in own else f"[{own}]"
