"""What a browser calls itself, in two words: enough to recognise one's own sessions. Pure."""

from __future__ import annotations

from holdfast.web.people import words

# In this order: most browsers also name the one that they want to be taken for.
_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"), ("curl/", "curl"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def agent_in_words(agent: str) -> str:
    """`Firefox on Linux`"""
    name = next((said for mark, said in _BROWSERS if mark in agent), words.UNKNOWN_BROWSER)
    system = next((said for mark, said in _SYSTEMS if mark in agent), "")
    return words.browser(name, system)
