"""What the settings screens say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

TABS = (
    ("/settings", "Health and settings"),
    ("/settings/practice", "Practice"),
    ("/settings/guardrails", "Guardrails"),
    ("/settings/tokens", "API tokens"),
)
SOURCES: Mapping[str, str] = {
    "default": "default",
    "environment": "environment",
    "flag": "flag",
    "file": "holdfast.toml",
    "database": "database",
}
HEALTH_ICONS: Mapping[str, str] = {
    "ok": "circle-check",
    "warn": "circle-alert",
    "bad": "triangle-alert",
}
TOKEN_ONCE = "This is the only time the token is shown. Copy it now; it is kept only as a hash."

READY = "Ready"
READY_DETAIL = "The database answers, and nothing is late."
NOT_READY_REMEDY = "Look into the log of this process."
LATENESS = "Oldest duty"
STUCK = "Requests we could not digest"
STUCK_REMEDY = "Their raw text was paged. They are kept and can be replayed."
PARKED = "Duties that failed three times"
PARKED_REMEDY = "Look into the log, then start Holdfast again."
INBOX = "Inbox"
LINKS = "Links in pages"
LINKS_REMEDY = "Set HOLDFAST_BASE_URL to an address that phones can open."
PLAIN_HTTP = "Sign-in cookie"
PLAIN_HTTP_DETAIL = "Holdfast is served over plain http: the cookie travels unprotected."
PLAIN_HTTP_REMEDY = "Put TLS in front and set HOLDFAST_BASE_URL to the https:// address."
MAIL = "E-mail"
MAIL_MISSING = "No mail server is set: nobody can be reached by e-mail."
MAIL_REMEDY = "Set HOLDFAST_EMAIL_HOST."
RESPONDS = "Nobody can answer"
TIMELINE_TITLE = "The chain of the timeline"
NEVER_VERIFIED = "Verify it to see that no line was changed, removed or moved."
WHOLE = "The timeline is whole."
BROKEN = "The timeline is not as it was sealed."
RELEASED = "Released. Paging goes on from where it stands."
TOKEN_REVOKED = "Revoked. Whoever uses it gets 401 from now on."
NO_ONE = "Nobody: a program of its own"


def late(seconds: float) -> str:
    return "nothing is late" if seconds < 1 else f"{seconds:.0f} s late"


def waiting(count: int) -> str:
    return "nothing waits" if count == 0 else f"{count} waiting to be digested"


def counted_stuck(count: int) -> str:
    return "1 request" if count == 1 else f"{count} requests"


def counted_parked(count: int, example: str) -> str:
    said = "1 duty" if count == 1 else f"{count} duties"
    return f"{said}, such as {example}"


def sealed(sealed_count: int, unsealed: int) -> str:
    events = "1 event" if sealed_count == 1 else f"{sealed_count} events"
    return f"{events} sealed, {unsealed} to be sealed within a second or two"


def would_page(code: str, title: str) -> str:
    return f"{code}: {title} would be paged"
