"""Somebody else's text inside a message of ours: short, and printable everywhere."""

from __future__ import annotations

QUOTED_CHARS_MAX = 64


def quoted(text: str) -> str:
    """The text in quotation marks, cut to QUOTED_CHARS_MAX characters.

    Control characters, lone surrogates and bidi marks become U+FFFD: an error message must never be
    what breaks the answer that carries it (promises e3, e8).
    """
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    cut = shown if len(shown) <= QUOTED_CHARS_MAX else shown[: QUOTED_CHARS_MAX - 1] + "…"
    return f"“{cut}”"
