"""Proves that a change was asked for by one of our own pages (promises d.2, CSRF)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from holdfast.kernel.errors import Forbidden
from holdfast.storage.vault import Vault

FIELD = "csrf"
HEADER = "x-csrf"
_PURPOSE = "csrf"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REMEDY = "Load the page again and repeat what you did."


class NotFromOurPage(Forbidden):
    """This did not come from a page of this Holdfast."""


def token(vault: Vault, bound_to: str) -> str:
    """What forms carry. `bound_to` is the session's id, or the visitor's before signing in."""
    return vault.sign(_PURPOSE, bound_to)


def is_change(method: str) -> bool:
    return method not in _SAFE


def require_own_page(headers: Mapping[str, str], sent: str, wanted: str, *, base_url: str) -> None:
    """Raises NotFromOurPage unless the token is right and the browser names no other site."""
    if not _is_same_origin(headers, base_url):
        raise NotFromOurPage(remedy=_REMEDY)
    if not wanted or not hmac.compare_digest(sent.encode("utf-8", "replace"), wanted.encode()):
        raise NotFromOurPage(
            "The page that this came from is too old, or was made for another session.",
            remedy=_REMEDY,
        )


def _is_same_origin(headers: Mapping[str, str], base_url: str) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    # With our own Referrer-Policy browsers say `null` for our own forms too: then the token alone
    # decides, as for browsers that say nothing.
    if origin is None or origin == "null":
        return True
    return urlsplit(origin).netloc in {headers.get("host", ""), urlsplit(base_url).netloc}
