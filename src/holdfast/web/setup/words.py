"""What the setup screen says where a value decides the sentence."""

from __future__ import annotations

TITLE = "Get your first page"
LEAD = "Three steps, about two minutes. You can delete all of it afterwards."


def after(seconds: float) -> str:
    """`0.2 s` below a minute, `1 min 04 s` above."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60):02} s"


TEAM = "First team"
SCHEDULE = "First schedule"
POLICY = "First policy"
SERVICE = "First service"
SERVICE_ABOUT = "Made by the setup page; rename it or delete it."
TEST_TITLE = "This is a test alert from the setup page"
RECEIVED = "Signal received"
OPENED = "Alert opened"
PAGED = "You are paged"
ANSWERED = "You answered"
NEXT_WAY = "The next way, if you do not answer"
WAITING_SENT = "Waiting for you to answer on your device"
WAITING_UNSENT = "On its way to you"
FAILED_REMEDY = "Change how we reach you, or try another way."
DONE_METHOD = "That is how we reach you. Now a signal."


def delivered(title: str) -> str:
    return f"Delivered by {title}"


def refused(title: str) -> str:
    return f"{title} did not work"


def unreachable_links(base_url: str) -> str:
    return (
        f"Links in pages begin with {base_url}, which only this machine can open. "
        "For a phone, set HOLDFAST_BASE_URL."
    )
