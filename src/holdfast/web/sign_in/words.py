"""What the sign-in screens say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.web.sign_in.views import LinkPage

BUTTONS: Mapping[str, str] = {
    "first": "Enter and set up Holdfast",
    "invite": "Accept the invitation",
    "recover": "Enter and choose a new password",
    "sign_in": "Sign in",
}
SPENT: Mapping[str, str] = {
    "used": "This link has been used",
    "expired": "This link is too old",
    "unknown": "This link does not work",
}
SPENT_REMEDY: Mapping[str, str] = {
    "used": "A sign-in link works once. Sign in with your password, or ask for a new link.",
    "expired": "Ask whoever sent it for a new one.",
    "unknown": "It may have been cut short on its way to you. Copy the whole address.",
}
COMMAND = "holdfast sign-in-link"


def headline(view: LinkPage) -> str:
    if view.purpose == "first":
        return "Welcome to Holdfast"
    if view.purpose == "invite" and view.invited_by:
        return f"{view.invited_by} invites you"
    return f"Hello, {view.name}" if view.name else "Hello"


def sentence(view: LinkPage) -> str:
    if view.purpose == "first":
        return "You will be the first administrator of this installation."
    if view.purpose == "invite":
        return "Holdfast pages the right person when something breaks. Next you choose a password."
    if view.purpose == "recover":
        return "Next you choose a new password. Your other sessions end."
    return "One click and you are in."
