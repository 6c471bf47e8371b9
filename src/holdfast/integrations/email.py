"""Pages by e-mail: complete as plain text, and with one big button in HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from holdfast.sdk import (
    Delivering,
    Destination,
    MailCall,
    Message,
    MessageKind,
    Notifier,
    Outcome,
    Rejected,
    Reply,
    Retry,
    Sent,
    Urgency,
    clean_line,
    clean_text,
    cut,
    headline,
)

SUBJECT_CHARS_MAX = 150
TEXT_CHARS_MAX = 20_000
CODE_CHARS_MAX = 32
ID_CHARS_MAX = 128
ADDRESS_CHARS_MAX = 254
SECURITY = ("starttls", "tls", "none")
OPEN_LABEL = "Open and take it"
_SAID_CHARS_MAX = 160
_ADDRESS = re.compile(r"[^\s@<>,;:()\"\[\]\\]+@[^\s@<>,;:()\"\\]+")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_-]")
_SIGN_IN_REFUSED = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class Settings:
    """Raises ValueError for a security that does not exist or a sender that is no address."""

    host: str = field(default="", metadata={"help": "The SMTP server. Empty: no e-mail is sent."})
    port: int = field(default=587, metadata={"help": "587 for starttls, 465 for tls."})
    username: str = field(default="", metadata={"help": "Empty: without signing in."})
    password: str = field(default="", metadata={"secret": True, "help": "For the user name."})
    security: str = field(default="starttls", metadata={"help": "starttls, tls or none."})
    sender: str = field(default="", metadata={"help": "From; empty: holdfast@ and the host."})

    def __post_init__(self) -> None:
        if self.security not in SECURITY:
            raise ValueError(f"HOLDFAST_EMAIL_SECURITY must be one of {', '.join(SECURITY)}.")
        if self.sender and not _ADDRESS.fullmatch(self.sender):
            raise ValueError("HOLDFAST_EMAIL_SENDER must be one plain address: pages@example.com")


def deliver(message: Message, to: Destination, settings: object) -> Delivering:
    """One mail. A repeat has the same Message-ID, so that a mailbox may drop it."""
    assert isinstance(settings, Settings)
    if not settings.host:
        return Rejected("No mail server is set: set HOLDFAST_EMAIL_HOST and restart Holdfast.")
    if problem := check(to.address):
        return Rejected(problem)
    sender = settings.sender or f"holdfast@{settings.host}"
    reply = yield MailCall(
        host=settings.host,
        port=settings.port,
        sender=sender,
        to=to.address,
        subject=subject_of(message),
        text=text_of(message),
        html=html_of(message),
        headers=headers_of(message, sender),
        username=settings.username or None,
        password=settings.password or None,
        security=settings.security,
    )
    return _outcome(reply)


def subject_of(message: Message) -> str:
    """“[CRITICAL] Card payments fail (K7Q2)”, cut so that the code always stays."""
    code = f" ({_id_part(message.code)[:CODE_CHARS_MAX]})" if message.code else ""
    return cut(headline(message), SUBJECT_CHARS_MAX - len(code)) + code


def text_of(message: Message) -> str:
    """All that there is to know, for a reader without HTML or without a network."""
    text, _ = clean_text(message.text, TEXT_CHARS_MAX)
    parts = [headline(message), text]
    if message.answer_url:
        parts.append(f"{_button_label(message)}:\n{message.answer_url}")
    if message.rehearsal:
        parts.append("This is a REHEARSAL: nothing is broken.")
    return "\n\n".join(part for part in parts if part) + "\n"


def html_of(message: Message) -> str:
    """The same as a page that a phone and a screen reader read well; nothing is loaded for it."""
    text, _ = clean_text(message.text, TEXT_CHARS_MAX)
    paragraphs = "".join(
        f'<p dir="auto" style="margin:0 0 16px">{escape(part).replace(chr(10), "<br>")}</p>'
        for part in text.split("\n\n")
        if part.strip()
    )
    title = escape(headline(message))
    rehearsal = "<p><strong>This is a REHEARSAL: nothing is broken.</strong></p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title></head>"
        '<body style="margin:0;padding:24px;background:#ffffff;color:#1a1a1a;'
        'font:16px/1.5 system-ui,sans-serif;max-width:640px">'
        f'<h1 dir="auto" style="font-size:20px;line-height:1.3;margin:0 0 16px">{title}</h1>'
        f"{paragraphs}{_button(message)}{rehearsal if message.rehearsal else ''}</body></html>"
    )


def headers_of(message: Message, sender: str) -> dict[str, str]:
    """The ids that thread all mail of one alert, and the signs that a machine wrote it."""
    domain = sender.rpartition("@")[2]
    headers = {
        "Message-ID": f"<{_id_part(message.id)}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if message.code:
        thread = f"<alert-{_id_part(message.code)}@{domain}>"
        headers |= {"References": thread, "In-Reply-To": thread}
    if message.urgency is Urgency.HIGH:
        headers |= {"Importance": "high", "X-Priority": "1"}
    return headers


def check(address: str) -> str | None:
    """What is wrong with an address, or None."""
    fits = len(address) <= ADDRESS_CHARS_MAX and address.isprintable()
    if fits and _ADDRESS.fullmatch(address):
        return None
    return "Give one e-mail address, such as ana@example.com."


def _button_label(message: Message) -> str:
    return "Open" if message.kind is MessageKind.NOTIFICATION else OPEN_LABEL


def _button(message: Message) -> str:
    if not message.answer_url:
        return ""
    return (
        f'<p style="margin:24px 0"><a href="{escape(message.answer_url)}" '
        'style="display:inline-block;padding:16px 32px;border-radius:8px;background:#1d4ed8;'
        'color:#ffffff;font-size:18px;font-weight:bold;text-decoration:none">'
        f"{_button_label(message)}</a></p>"
        f'<p style="font-size:14px;word-break:break-all">{escape(message.answer_url)}</p>'
    )


def _id_part(text: str) -> str:
    return _NOT_IN_ID.sub("-", text)[:ID_CHARS_MAX]


def _outcome(reply: Reply) -> Outcome:
    said, _ = clean_line(
        reply.error or reply.body[: _SAID_CHARS_MAX * 4].decode(errors="replace"), _SAID_CHARS_MAX
    )
    if 200 <= reply.status < 300:
        return Sent()
    if reply.status in _SIGN_IN_REFUSED:
        return Rejected(
            f"The mail server refused Holdfast's sign-in ({reply.status} {said}): check "
            "HOLDFAST_EMAIL_USERNAME and HOLDFAST_EMAIL_PASSWORD."
        )
    if reply.status >= 500:
        return Rejected(f"The mail server refused it: {reply.status} {said}")
    status = f"{reply.status} " if reply.status else ""
    return Retry(f"The mail server did not take it: {status}{said or 'no answer came'}")


notifier = Notifier(
    name="email",
    title="E-mail",
    deliver=deliver,
    docs="reference/integrations/email.md",
    settings=Settings,
    check=check,
    placeholder="ana@example.com",
)
