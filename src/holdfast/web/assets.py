"""The files a browser fetches: found once, hashed, packed small, and served for ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli

STATIC = Path(__file__).resolve().parent / "static"
PREFIX = "/static/"
FETCHED = "vendor/"  # third-party files, laid there by tools/assets.py
IMMUTABLE = "public, max-age=31536000, immutable"
PACK_BYTES_MIN = 600  # below that a packed file saves no packet
HASH_CHARS = 10

_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
# One stylesheet is one request; in the repository it is a file per concern. Order is cascade order.
STYLESHEET = "style.css"
_STYLE_PARTS = (
    "tokens.css",
    "style/base.css",
    "style/parts.css",
    "style/dialogs.css",
    "style/shell.css",
    "style/rooms.css",
    "style/schedule.css",
    "style/desk.css",
    "style/incidents.css",
    "style/practice.css",
    "style/pager.css",
    "style/phone.css",
)
_URL_IN_CSS = re.compile(r"url\((?:\.\./)?([^)\"':]+)\)")


class AssetMissing(Exception):
    """A page names a file of ours that does not exist."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent. `version` is the start of its SHA-256, and its ETag."""

    name: str
    content: bytes
    content_type: str
    version: str
    packed: Mapping[str, bytes]

    @property
    def url(self) -> str:
        return f"{PREFIX}{self.name}?v={self.version}"

    def encoded(self, accept_encoding: str) -> tuple[bytes, str | None]:
        """The body for a request's Accept-Encoding, and the Content-Encoding that names it."""
        for coding in ("br", "gzip"):
            if coding in self.packed and coding in accept_encoding:
                return self.packed[coding], coding
        return self.content, None


class Assets:
    """All of them, read at start. `find` for the static route, `url` for templates."""

    def __init__(self, folder: Path = STATIC) -> None:
        found: dict[str, Asset] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in _TYPES and path.suffix != ".css":
                name = path.relative_to(folder).as_posix()
                found[name] = _asset(name, path.read_bytes())
        found[STYLESHEET] = _asset(STYLESHEET, _stylesheet(folder, found))
        self._found = found

    def find(self, name: str) -> Asset | None:
        """The asset of that path below /static/, whatever its `v`; None where there is none."""
        return self._found.get(name)

    def url(self, name: str) -> str:
        """The address of an asset, which changes when its content does. Raises AssetMissing.

        Third-party files may be missing where they could not be fetched: the pages work without
        icons, font and htmx, and at three in the morning that is better than an error.
        """
        asset = self._found.get(name)
        if asset is not None:
            return asset.url
        if name.startswith(FETCHED):
            return f"{PREFIX}{name}"
        raise AssetMissing(f"{name} is not in {PREFIX}.")


def _stylesheet(folder: Path, found: Mapping[str, Asset]) -> bytes:
    text = "\n".join((folder / part).read_text(encoding="utf-8") for part in _STYLE_PARTS)

    def with_version(match: re.Match[str]) -> str:
        asset = found.get(match[1])
        return f"url({asset.url})" if asset else match[0]

    return _URL_IN_CSS.sub(with_version, _without_comments(text)).encode()


def _without_comments(text: str) -> str:
    lean = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\n\s*", "\n", lean)


def _asset(name: str, content: bytes) -> Asset:
    content_type = _TYPES[Path(name).suffix]
    packed: dict[str, bytes] = {}
    if len(content) >= PACK_BYTES_MIN and not name.endswith((".woff2", ".png")):
        packed = {
            "br": brotli.compress(content, quality=9),
            "gzip": gzip.compress(content, 6, mtime=0),
        }
    version = hashlib.sha256(content).hexdigest()[:HASH_CHARS]
    return Asset(name, content, content_type, version, packed)
