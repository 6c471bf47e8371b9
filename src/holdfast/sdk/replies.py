"""What an HTTP reply means for a delivery: gone out, never, or not yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from holdfast.sdk.call import Reply
from holdfast.sdk.clean import clean_line
from holdfast.sdk.notifier import Outcome, Rejected, Retry, Sent

RETRY_AFTER_MAX = timedelta(minutes=15)
SAID_CHARS_MAX = 160
_BODY_BYTES_READ_MAX = 4096
_PASSING_REFUSALS = frozenset({408, 425, 429})


def judge(reply: Reply, by: str) -> Outcome:
    """The outcome of one HTTP reply; `by` names the other side in the reason.

    2xx is sent; a 4xx will be the same tomorrow, except 408, 425 and 429; everything else, no
    answer included, may work later.
    """
    if 200 <= reply.status < 300:
        return Sent()
    if 400 <= reply.status < 500 and reply.status not in _PASSING_REFUSALS:
        return Rejected(refusal(reply, by))
    return Retry(refusal(reply, by), after=asked_wait(reply))


def refusal(reply: Reply, by: str) -> str:
    """Why it was not taken, in one line: the status and the other side's own words."""
    if reply.status == 0:
        reason, _ = clean_line(reply.error or "no answer came", SAID_CHARS_MAX)
        return f"{by}: {reason}"
    if 300 <= reply.status < 400:
        return f"{by} answered {reply.status}, a redirect: use the address that it points to"
    said = _said(reply)
    return f"{by} answered {reply.status}: {said}" if said else f"{by} answered {reply.status}"


def asked_wait(reply: Reply) -> timedelta | None:
    """The wait that Retry-After asks for in seconds, RETRY_AFTER_MAX at the most, or None.

    A date is not read: a notifier has no clock. A page does not wait longer than a quarter of an
    hour because the other side says so (promises e13).
    """
    asked = _header(reply.headers, "retry-after").strip()
    if not (asked.isascii() and asked.isdecimal()):
        return None
    longest = int(RETRY_AFTER_MAX.total_seconds())
    return timedelta(seconds=longest if len(asked) > 6 else min(int(asked), longest))


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((text for key, text in headers.items() if key.lower() == name), "")


def _said(reply: Reply) -> str:
    try:
        told = reply.json()
    except RecursionError:  # the other side may send anything, nested without end
        told = None
    if isinstance(told, dict):
        words = [told[key] for key in ("error", "message", "detail", "title") if told.get(key)]
        said: object = words[0] if words else ""
    else:
        said = reply.body[:_BODY_BYTES_READ_MAX].decode(errors="replace")
    line, _ = clean_line(said, SAID_CHARS_MAX)
    return "" if line.startswith("<") else line  # a page of HTML says nothing here
