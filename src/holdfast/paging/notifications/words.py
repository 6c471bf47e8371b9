"""What a notification says, in every channel. Pure."""

from __future__ import annotations

from holdfast.paging.notifications.model import TITLE_CHARS_MAX, Notification
from holdfast.paging.words import REHEARSAL


def title(notification: Notification, *, rehearsal: bool) -> str:
    """What it is about comes first; a rehearsal says so before anything else."""
    notice = notification.notice
    named = notice.title if notice.code in notice.title else f"{notice.code} · {notice.title}"
    return _rehearsed(named, rehearsal=rehearsal)[:TITLE_CHARS_MAX]


def text(notification: Notification, *, rehearsal: bool) -> str:
    """The whole message; it says that nothing is asked."""
    lines = [notification.notice.text, "For your information: nobody waits for an answer."]
    return _rehearsed("\n".join(lines), rehearsal=rehearsal)


def payload(notification: Notification, *, url: str, rehearsal: bool) -> dict[str, object]:
    """The webhook message of contract.md."""
    notice = notification.notice
    said: dict[str, object] = {
        "kind": "notification",
        "notification": {
            "id": notification.id,
            "about": notice.subject,
            "code": notice.code,
            "title": notice.title,
            "text": notice.text,
            "url": url or None,
            "user": notification.user,
            "made_at": notification.made_at.isoformat(),
        },
    }
    if rehearsal:
        said["rehearsal"] = REHEARSAL
    return said


def _rehearsed(words: str, *, rehearsal: bool) -> str:
    return f"{REHEARSAL}: {words}" if rehearsal else words
