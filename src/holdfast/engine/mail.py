"""Composes an e-mail from what a notifier said; no value can break out of its place."""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from datetime import datetime
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from holdfast.sdk.call import MailCall

HEADER_CHARS_MAX = 900  # a line may have 998; what is cut is decoration
LINE_CHARS_MAX = 990
_WORD_BYTES_MAX = 45  # 60 characters as base64: an encoded word may have 75
_NAME = re.compile(r"[A-Za-z0-9-]{1,70}")
_STRUCTURE = frozenset({
    "from", "to", "cc", "bcc", "subject", "date", "mime-version", "content-type",
    "content-transfer-encoding", "return-path", "received",
})  # fmt: skip


def compose(call: MailCall, now: datetime) -> bytes:
    """The whole message with CRLF line ends, ASCII only where the addresses are.

    Never raises for what the values contain: an error here would lose the page (promises d.2
    CSV/iCal/mail). Line breaks and control characters in header values become spaces.
    """
    headers = [
        ("From", _mailbox(call.sender)),
        ("To", _mailbox(call.to)),
        ("Subject", _phrase(one_line(call.subject)) or "Holdfast"),
        ("Date", format_datetime(now)),
        *_further(call, now),
        ("MIME-Version", "1.0"),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode("utf-8", "replace") + _content(call)


def envelope(address: str) -> str:
    """The bare address that SMTP wants, or an empty string where there is none in the text."""
    bare = parseaddr(one_line(address))[1]
    return "" if any(c.isspace() or c in "<>" for c in bare) else bare


def one_line(text: str) -> str:
    """Text with every kind of line break and control character turned to one space."""
    visible = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(visible.split())[:HEADER_CHARS_MAX]


def _further(call: MailCall, now: datetime) -> list[tuple[str, str]]:
    given = {
        name: one_line(value)
        for name, value in call.headers.items()
        if _NAME.fullmatch(name) and name.lower() not in _STRUCTURE
    }
    known = {name.lower() for name in given}
    further = [(name, _phrase(value)) for name, value in given.items() if value]
    if "message-id" not in known:
        further.append(("Message-ID", _message_id(call, now)))
    if "auto-submitted" not in known:
        # Out-of-office robots answer other mail, and their answers would come back to intake.
        further.append(("Auto-Submitted", "auto-generated"))
    return further


def _message_id(call: MailCall, now: datetime) -> str:
    domain = envelope(call.sender).rpartition("@")[2]
    return f"<{_fingerprint(call, now.isoformat())}@{domain or 'holdfast.invalid'}>"


def _fingerprint(call: MailCall, salt: str) -> str:
    seed = "\x00".join((salt, call.sender, call.to, call.subject, call.text))
    return sha256(seed.encode("utf-8", "replace")).hexdigest()[:32]


def _mailbox(text: str) -> str:
    name = one_line(parseaddr(one_line(text))[0])
    bare = envelope(text)
    if not name:
        return bare
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{bare}>'
    return f"{_phrase(name)} <{bare}>"


def _phrase(text: str) -> str:
    """ASCII as it is, anything else as encoded words, each whole characters, one to a line."""
    if text.isascii() and "=?" not in text:
        return text
    words: list[bytes] = [b""]
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(words[-1]) + len(encoded) > _WORD_BYTES_MAX:
            words.append(b"")
        words[-1] += encoded
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)


def _content(call: MailCall) -> bytes:
    plain = _part("text/plain", call.text)
    if call.html is None:
        return plain
    boundary = _fingerprint(call, "boundary").encode()
    opening = b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n'
    edge = b"\r\n--" + boundary
    return opening + b"".join(
        (edge, b"\r\n", plain, edge, b"\r\n", _part("text/html", call.html), edge, b"--\r\n")
    )


def _part(kind: str, text: str) -> bytes:
    lines = text.replace("\x00", "").splitlines()
    body = "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n"
    if text.isascii() and all(len(line) <= LINE_CHARS_MAX for line in lines):
        encoding = b"7bit"
    else:
        encoding = b"base64"
        body = encodebytes(body).replace(b"\n", b"\r\n")
    head = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: "
    return head.encode() + encoding + b"\r\n\r\n" + body
