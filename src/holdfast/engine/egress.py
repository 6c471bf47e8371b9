"""Which addresses outgoing calls may reach: pure judgement, no sockets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from holdfast.kernel.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

WEB_PORTS = frozenset({80, 443})
MAIL_PORTS = frozenset({25, 465, 587, 2525})
HOST_CHARS_MAX = 253

_REMEDY = "the operator may allow its range in HOLDFAST_OUTBOUND_ALLOW"
_HOST = re.compile(rf"[A-Za-z0-9._:-]{{1,{HOST_CHARS_MAX}}}")
_GLOBAL_V6 = ip_network("2000::/3")
# The library calls some of these global; all of them lead somewhere else than they say.
_MISLEADING: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",  # protocol assignments, among them a cloud's metadata
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "2001::/23",  # protocol assignments, among them Teredo (2001::/32)
        "2002::/16",  # 6to4: any IPv4 address in disguise
        "3fff::/20",  # documentation
        "64:ff9b::/96",  # NAT64: any IPv4 address in disguise
        "64:ff9b:1::/48",
        "fec0::/10",  # site-local
    )
)
_METADATA: tuple[Network, ...] = (
    ip_network("169.254.0.0/16"),
    ip_network("fe80::/10"),
    ip_network("fd00:ec2::/32"),
    ip_network("100.100.100.200/32"),
    ip_network("192.0.0.192/32"),
)
_PRIVATE: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)


class Blocked(Exception):
    """We did not call, for a reason of our own; the host is not to blame. Holds no secret."""


@dataclass(frozen=True, slots=True)
class EgressRules:
    """What the operator lets outgoing calls reach beyond the public internet.

    `allow` are private ranges, reachable at any port (HOLDFAST_OUTBOUND_ALLOW). `ports` are
    reachable at global addresses besides 80 and 443. `loopback` is for an instance that itself
    listens only there. `mail_private` lets the mail relay, whose host the operator sets and no
    user can, stand at a private address (promises d.2 SSRF: by integration type).
    """

    allow: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset()
    loopback: bool = False
    mail_private: bool = True


Refusal = Callable[[Address, int, EgressRules], str | None]


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """CIDR texts to networks; `Invalid` names the first that is none."""
    found: list[Network] = []
    for text in texts:
        try:
            found.append(ip_network(text.strip(), strict=False))
        except ValueError as error:
            raise Invalid(
                f"{text.strip()!r} is not an address range.", remedy="write it like 10.0.0.0/8"
            ) from error
    return tuple(found)


def web_refusal(address: Address, port: int, rules: EgressRules) -> str | None:
    """Why an HTTP call may not go to this address and port, or None where it may."""
    plain = _unmapped(address)
    if _listed(plain, rules) or (rules.loopback and plain.is_loopback):
        return None
    if not _is_public(plain):
        return f"{plain} is not a public address; {_REMEDY}"
    if port not in WEB_PORTS and port not in rules.ports:
        return f"port {port} is not open to outgoing calls at public addresses"
    return None


def mail_refusal(address: Address, port: int, rules: EgressRules) -> str | None:
    """Why mail may not go through a relay at this address and port, or None where it may."""
    plain = _unmapped(address)
    if _within(plain, _METADATA):
        return f"{plain} is not a mail relay's address"
    if rules.mail_private and (plain.is_loopback or _within(plain, _PRIVATE)):
        return None
    if port in MAIL_PORTS and _is_public(plain):
        return None
    return web_refusal(plain, port, rules)


def vet(
    host: str, port: int, answers: Sequence[str], refusal: Callable[[Address], str | None]
) -> tuple[Address, ...]:
    """The addresses that may be dialled: all answers or, by raising `Blocked`, none.

    One bad answer condemns the name: a name that points both outside and inside is a trick.
    """
    if not answers:
        raise Blocked(f"{host} has no address")
    vetted: list[Address] = []
    for answer in answers:
        try:
            address = ip_address(answer)
        except ValueError as error:
            raise Blocked(f"{host} has an address that is none") from error
        if why := refusal(address):
            raise Blocked(f"{host}:{port} refused: {why}")
        vetted.append(address)
    return tuple(dict.fromkeys(vetted))


def is_host(text: str) -> bool:
    """True for what may stand as a host: letters, digits, dots, hyphens, or an IPv6 literal."""
    return _HOST.fullmatch(text) is not None


def is_loopback_host(host: str) -> bool:
    """True where a host names this machine itself, without asking any name server."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    try:
        return _unmapped(ip_address(name)).is_loopback
    except ValueError:
        return False


def _unmapped(address: Address) -> Address:
    """::ffff:127.0.0.1 is dialled as 127.0.0.1 by the kernel, so it is judged as that."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _listed(address: Address, rules: EgressRules) -> bool:
    # A wide range such as 0.0.0.0/0 does not open the metadata address: that needs its own line.
    guarded = [net for net in _METADATA if address in net]
    return any(
        address in allowed and all(_inside(allowed, net) for net in guarded)
        for allowed in rules.allow
    )


def _inside(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner.subnet_of(outer)
    return False


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or _within(address, _MISLEADING):
        return False
    return isinstance(address, IPv4Address) or address in _GLOBAL_V6


def _within(address: Address, nets: Sequence[Network]) -> bool:
    return any(address in net for net in nets)
