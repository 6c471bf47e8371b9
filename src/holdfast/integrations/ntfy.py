"""Pages through ntfy: a push on the phone with an Acknowledge button, no account needed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from holdfast.sdk import (
    Delivering,
    Destination,
    HttpCall,
    Message,
    MessageKind,
    Notifier,
    Rejected,
    Reply,
    Sent,
    Urgency,
    clean_text,
    cut_bytes,
    headline,
    judge,
)

TITLE_BYTES_MAX = 250
MESSAGE_BYTES_MAX = 3000  # ntfy makes an attachment of more than 4,096
BODY_BYTES_MAX = 8000  # and refuses JSON of more than twice that
URL_CHARS_MAX = 1000  # it stands three times in a message; a longer one is left out
ADDRESS_CHARS_MAX = 512
PRIORITY = {Urgency.HIGH: 5, Urgency.LOW: 3}
ANSWER = '{"answer":"acknowledge"}'
_TAGS = {Urgency.HIGH: "rotating_light", Urgency.LOW: "bell"}
_ADDRESS = re.compile(
    r"(?P<server>https?://[^\s/?#@\\]+(?:/[^\s/?#\\]+)*)/(?P<topic>[-_A-Za-z0-9]{1,64})/?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The token goes to `server` alone: an address on another server never sees it."""

    server: str = field(
        default="", metadata={"help": "The ntfy server that the token is for: https://ntfy.example"}
    )
    token: str = field(
        default="", metadata={"secret": True, "help": "An access token of that server (tk_…)."}
    )


def deliver(message: Message, to: Destination, settings: object) -> Delivering:
    """One message published as JSON at the server's root (wire 3.19)."""
    assert isinstance(settings, Settings)
    match = _ADDRESS.fullmatch(to.address)
    if match is None:
        return Rejected(check(to.address) or "This is not the address of an ntfy topic.")
    server, topic = match["server"], match["topic"]
    reply = yield HttpCall(
        "POST",
        f"{server}/",
        body=body_of(message, topic),
        headers={"Content-Type": "application/json", **_sign_in(server, settings)},
    )
    if reply.status in (401, 403):
        return Rejected(
            f"The ntfy server refused the topic ({reply.status}): set HOLDFAST_NTFY_SERVER and "
            "HOLDFAST_NTFY_TOKEN, or allow anonymous writes to the topic."
        )
    outcome = judge(reply, "The ntfy server")
    return Sent(ref=_ref(reply)) if isinstance(outcome, Sent) else outcome


def body_of(message: Message, topic: str) -> bytes:
    """The JSON of one message, short enough for any ntfy server (promises R66)."""
    parts: dict[str, object] = {
        "topic": topic,
        "title": cut_bytes(headline(message), TITLE_BYTES_MAX),
        "message": "",
        "priority": PRIORITY[message.urgency],
        "tags": ["test_tube" if message.rehearsal else _TAGS[message.urgency]],
        **_buttons(message),
    }
    # JSON may write a character in twice its bytes: half of what is free is always enough.
    room = (BODY_BYTES_MAX - len(_encoded(parts))) // 2
    text, _ = clean_text(message.text, MESSAGE_BYTES_MAX)
    parts["message"] = cut_bytes(text, min(MESSAGE_BYTES_MAX, room))
    return _encoded(parts)


def check(address: str) -> str | None:
    """What is wrong with an address, or None."""
    fits = len(address) <= ADDRESS_CHARS_MAX and address.isprintable()
    if fits and _ADDRESS.fullmatch(address):
        return None
    if "@" in address:
        return "Leave user name and password out of it; HOLDFAST_NTFY_TOKEN signs in."
    return "Give the whole address of the topic, such as https://ntfy.sh/my-secret-topic."


def _buttons(message: Message) -> dict[str, object]:
    if message.answer_url is None or len(message.answer_url) > URL_CHARS_MAX:
        return {}
    view = {"action": "view", "label": "Open", "url": message.answer_url}
    if message.kind is MessageKind.NOTIFICATION:
        return {"click": message.answer_url, "actions": [view]}
    acknowledge = {
        "action": "http",
        "label": "Acknowledge",
        "url": message.answer_url,
        "method": "POST",
        "headers": {"Content-Type": "application/json"},
        "body": ANSWER,
        "clear": True,
    }
    return {"click": message.answer_url, "actions": [acknowledge, view]}


def _sign_in(server: str, settings: Settings) -> dict[str, str]:
    if settings.token and server.lower() == settings.server.rstrip("/").lower():
        return {"Authorization": f"Bearer {settings.token}"}
    return {}


def _encoded(parts: dict[str, object]) -> bytes:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _ref(reply: Reply) -> str:
    try:
        told = reply.json()
    except RecursionError:
        told = None
    given = told.get("id") if isinstance(told, dict) else None
    return given[:64] if isinstance(given, str) else ""


notifier = Notifier(
    name="ntfy",
    title="ntfy",
    deliver=deliver,
    docs="reference/integrations/ntfy.md",
    settings=Settings,
    check=check,
    placeholder="https://ntfy.sh/a-topic-nobody-guesses",
    answers=True,
)
