"""A contact address as others may see it: enough to recognise it, too little to use it."""

from __future__ import annotations

from urllib.parse import urlsplit

_KEPT_CHARS = 2
HIDDEN = "…"


def masked(address: str) -> str:
    """`a…@example.com`, `https://example.com/…`, `…42`."""
    if "://" in address:
        return _masked_url(address)
    if "@" in address:
        name, _, host = address.rpartition("@")
        return f"{name[:1]}{HIDDEN}@{host}"
    return f"{HIDDEN}{address[-_KEPT_CHARS:]}" if len(address) > 2 * _KEPT_CHARS else HIDDEN


def _masked_url(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return HIDDEN
    return f"{parts.scheme}://{host}/{HIDDEN}" if host else HIDDEN
