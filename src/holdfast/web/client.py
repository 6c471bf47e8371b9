"""Who is at the other end of a request: their address, and whether they are this machine."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

UNKNOWN = "unknown"
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


def client_address(scope: Scope, trusted_proxies: int) -> str:
    """The client's address.

    With proxies in front, each adds the address it saw at the right end of X-Forwarded-For: only
    as many entries from the right as there are trusted proxies are believed (promises S17).
    """
    peer = scope.get("client")
    address = UNKNOWN if not peer else str(peer[0])
    if trusted_proxies == 0:
        return address
    named = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    seen = [name.strip() for name in named if name.strip()]
    if not seen:
        return address
    return _plain(seen[-min(trusted_proxies, len(seen))]) or address


def is_this_machine(scope: Scope) -> bool:
    """True for the loopback and the unix socket, but not for what a proxy here passes on."""
    headers = Headers(scope=scope)
    if any(name in headers for name in _FORWARDED):
        return False
    if scope.get("state", {}).get("local_operator"):
        return True
    peer = scope.get("client")
    plain = "" if not peer else _plain(str(peer[0]))
    return bool(plain) and ip_address(plain).is_loopback


def _plain(text: str) -> str:
    """The address itself, or nothing where that is not an address."""
    bare = text.strip("[]") if text.startswith("[") and text.endswith("]") else text
    try:
        address = ip_address(bare)
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
