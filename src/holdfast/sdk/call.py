"""What a notifier may ask of the outside world, and what it gets back."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HttpCall:
    """One HTTP request. Give `json` or `body`; secrets in headers are never logged."""

    method: str
    url: str
    json: object = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MailCall:
    """One e-mail through an SMTP server. Header values are cleaned by the transport."""

    host: str
    port: int
    sender: str
    to: str
    subject: str
    text: str
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    username: str | None = None
    password: str | None = None
    security: str = "starttls"  # none | starttls | tls


Call = HttpCall | MailCall


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: an HTTP status, or for mail 250 and the server's words.

    Status 0 means that no answer came; `error` then says what happened instead. A time-out is
    not a refusal: the other side may have acted (`unknown` is true).
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    unknown: bool = False

    def json(self) -> object:
        """The body as JSON, or None where it is none."""
        try:
            value: object = jsonlib.loads(self.body)
        except ValueError:
            return None
        return value
