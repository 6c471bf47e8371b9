"""Pages as signed JSON to any address, by the Standard Webhooks convention."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field

from holdfast.sdk import (
    REHEARSAL,
    Delivering,
    Destination,
    HttpCall,
    Message,
    Notifier,
    judge,
)

SECRET_PREFIX = "whsec_"
SECRET_BYTES_MIN = 16
SECRETS_MAX = 2  # the old one and the new one, while receivers change over
ADDRESS_CHARS_MAX = 2048
_ADDRESS = re.compile(r"https?://[^\s/?#\\]+[^\s\\]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Settings:
    """Raises ValueError for a secret that no receiver could check with."""

    secret: str = field(
        default="",
        metadata={
            "secret": True,
            "help": "Signs every message: whsec_ and 16 or more random bytes in base64. Two, "
            "separated by a space, while receivers change over. Empty: not signed.",
        },
    )

    def __post_init__(self) -> None:
        signing_keys(self.secret)


def signing_keys(secret: str) -> list[bytes]:
    """The keys in the setting; none where it is empty. Raises ValueError, saying the remedy."""
    keys = []
    for part in secret.split():
        try:
            key = base64.b64decode(part.removeprefix(SECRET_PREFIX), validate=True)
        except ValueError:
            key = b""
        if len(key) < SECRET_BYTES_MIN:
            raise ValueError(
                f"The webhook secret must be {SECRET_PREFIX} and at least {SECRET_BYTES_MIN} "
                "bytes in base64: echo whsec_$(openssl rand -base64 24)"
            )
        keys.append(key)
    if len(keys) > SECRETS_MAX:
        raise ValueError(f"At most {SECRETS_MAX} webhook secrets stand at a time.")
    return keys


def deliver(message: Message, to: Destination, settings: object) -> Delivering:
    """One POST. The receiver drops repeats by `webhook-id`, which stays over all tries."""
    assert isinstance(settings, Settings)
    body = body_of(message)
    reply = yield HttpCall(
        "POST", to.address, body=body, headers=headers_of(message, body, settings.secret)
    )
    return judge(reply, "The webhook receiver")


def body_of(message: Message) -> bytes:
    """The bytes that are both signed and sent: contract.md's webhook message."""
    payload = {"kind": message.kind.value, **message.payload}
    if message.rehearsal:
        payload.setdefault("rehearsal", REHEARSAL)
    return json.dumps(payload, separators=(",", ":"), default=str).encode()


def headers_of(message: Message, body: bytes, secret: str) -> dict[str, str]:
    """The Standard Webhooks headers; one signature for each key, none without a key."""
    timestamp = str(int(message.at.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": timestamp,
    }
    signed = f"{message.id}.{timestamp}.".encode() + body
    digests = [hmac.digest(key, signed, hashlib.sha256) for key in signing_keys(secret)]
    if digests:
        headers["webhook-signature"] = " ".join(
            f"v1,{base64.b64encode(digest).decode()}" for digest in digests
        )
    return headers


def check(address: str) -> str | None:
    """What is wrong with an address, or None."""
    if len(address) > ADDRESS_CHARS_MAX:
        return f"A web address has {ADDRESS_CHARS_MAX} characters at the most."
    if not (_ADDRESS.fullmatch(address) and address.isprintable()):
        return "Give a web address that begins with https:// or http://."
    return None


notifier = Notifier(
    name="webhook",
    title="Webhook",
    deliver=deliver,
    docs="reference/integrations/webhook.md",
    settings=Settings,
    check=check,
    placeholder="https://example.com/pages",
)
