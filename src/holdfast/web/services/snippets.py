"""What to paste where, with a connection's real address. Pure."""

from __future__ import annotations

from holdfast.catalog.model import HEARTBEAT
from holdfast.sdk import Source
from holdfast.web.services import words
from holdfast.web.services.views import Snippet


def snippets_of(source: Source, base_url: str, key: str | None) -> tuple[Snippet, ...]:
    """`key` None where only its hash is known: then a placeholder stands in its place."""
    shown = key or words.KEY_PLACEHOLDER
    text = (
        source.snippet.replace("{base_url}", base_url)
        .replace("{key_url}", key_url(source, base_url, shown))
        .replace("{key}", shown)
    )
    hint = words.KEY_HIDDEN if key is None else words.KEY_INSIDE
    return (Snippet(source.title, text, hint),) if text.strip() else ()


def key_url(source: Source, base_url: str, key: str) -> str:
    """The address that a sender of this kind calls."""
    door = "heartbeat" if source.name == HEARTBEAT else "in"
    return f"{base_url.rstrip('/')}/{door}/{key}"


def short_title(source: Source) -> str:
    return words.SHORT_TITLES.get(source.name, source.title)
