"""What the people screens say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.web.layout.words import listing

ROLES: Mapping[str, str] = {
    "viewer": "Viewer: sees everything, changes nothing",
    "responder": "Responder: answers alerts, makes overrides",
    "manager": "Manager: edits schedules, services and policies",
    "admin": "Administrator: everything",
}
ROLE_NAMES: Mapping[str, str] = {
    "viewer": "Viewer",
    "responder": "Responder",
    "manager": "Manager",
    "admin": "Administrator",
}
URGENCIES: Mapping[str, str] = {
    "high": "When it cannot wait",
    "low": "When it can wait",
}
URGENCY_HINTS: Mapping[str, str] = {
    "high": "High urgency: critical, error and unknown severity",
    "low": "Low urgency: warning and info",
}
BY_DEFAULT: Mapping[str, str] = {
    "high": "No rule: every way at once.",
    "low": "No rule: the first way.",
}
STATES: Mapping[str, str] = {
    "verified": "Reaches you",
    "untested": "Not tested",
    "waiting": "Waiting for your answer",
    "failed": "Refused",
}
STATE_CLASSES: Mapping[str, str] = {
    "verified": "ok",
    "untested": "warn",
    "waiting": "info",
    "failed": "bad",
}
THEMES = (
    ("system", "As my system has it"),
    ("dark", "Dark"),
    ("light", "Light"),
    ("night", "Night: true black and warm, for 3 in the morning"),
)
LINK_ONCE = "This link is shown once. Send it to {who} yourself; it works once."


def link_once(who: str) -> str:
    return LINK_ONCE.format(who=who)


# (label, what its address is called, what to know about it); other notifiers say it by their title.
METHOD_KINDS: Mapping[str, tuple[str, str, str]] = {
    "ntfy": (
        "ntfy on my phone", "Topic address",
        "Install the ntfy app and subscribe to a topic that nobody can guess.",
    ),
    "email": ("E-mail", "Address", "Arrives with a button that leads to the page."),
    "webhook": ("A webhook of mine", "Address", "We POST JSON there, signed."),
}  # fmt: skip
METHOD_ADDRESS = "Address"
METHOD_ICONS: Mapping[str, str] = {"ntfy": "smartphone", "email": "mail", "webhook": "link"}
METHOD_ICON = "bell"
NEEDS_SMTP = "needs a mail server"
NEEDS_SMTP_HINT = "Set HOLDFAST_EMAIL_HOST and start Holdfast again."
NO_SUCH_KIND = "Choose one of the ways that are offered."


def method_in_words(title: str, address: str) -> str:
    return f"{title} to {address}"


NO_TEAM = "No team"
NO_LEAD = "Nobody"
NOT_REACHED = "cannot be reached"
WARN_NO_METHOD = "You have no way to be reached. Add one, then send yourself a test page."
WARN_ONE_METHOD = "You have one way to be reached. A second one helps when the first one sleeps."
WARN_NOTHING_TESTED = "None of your ways is tested. Send yourself a test page."
METHOD_ADDED = "Added. Now send yourself a test page."
METHOD_REMOVED = "Removed."
TEST_SENT = "The test page is on its way. Answer it there."
RULES_SAVED = "The order is saved."
LOOKS_SAVED = "Saved."
SIGNED_OUT_THERE = "Signed out there."
PERSON_SAVED = "Saved."
TEAM_SAVED = "Saved."
TEAM_DELETED = "Deleted."
DISABLED = "Disabled. They cannot sign in, and nothing pages them."
ENABLED = "Enabled again. They can be paged, and sign in with a new link."
UNKNOWN_BROWSER = "A browser"


def reach(titles: list[str], verified: int) -> str:
    """`E-mail and ntfy`, with what is not proved said."""
    if not titles:
        return NOT_REACHED
    said = listing(titles)
    return said if verified else f"{said}, not tested"


def paged_after(length_in_words: str) -> str:
    return f"after {length_in_words}:"


AT_ONCE = "at once:"


def keeps(users: list[str]) -> str:
    return f"It is still used by {listing(users)}. Point them elsewhere first."


def browser(name: str, system: str) -> str:
    return f"{name} on {system}" if system else name


def since(began: str) -> str:
    return f"signed in {began}"
