from __future__ import annotations

import pytest

from holdfast.web.client import client_address, is_this_machine

Pairs = list[tuple[bytes, bytes]]


def scope(peer: str | None, *forwarded: str) -> dict[str, object]:
    headers: Pairs = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return {"type": "http", "client": None if peer is None else (peer, 1), "headers": headers}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, ("1.1.1.1",), "10.0.0.9"),
        (0, (), "10.0.0.9"),
        (1, ("1.1.1.1",), "1.1.1.1"),
        (1, ("6.6.6.6, 1.1.1.1",), "1.1.1.1"),
        (1, ("6.6.6.6", "1.1.1.1"), "1.1.1.1"),
        (2, ("6.6.6.6, 1.1.1.1, 10.0.0.1",), "1.1.1.1"),
        (2, ("1.1.1.1",), "1.1.1.1"),
        (1, ("nonsense",), "10.0.0.9"),
        (1, ("",), "10.0.0.9"),
        (1, ("[2001:db8::1]",), "2001:db8::1"),
        (1, ("::ffff:1.2.3.4",), "1.2.3.4"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(
    proxies: int, forwarded: tuple[str, ...], address: str
) -> None:
    """Promises S17: counted from the right, and by default nobody is trusted."""
    assert client_address(scope("10.0.0.9", *forwarded), proxies) == address


@pytest.mark.parametrize(
    ("peer", "here"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.1", False),
        ("testclient", False),
        (None, False),
    ],
)
def test_the_loopback_is_this_machine(peer: str | None, *, here: bool) -> None:
    assert is_this_machine(scope(peer)) is here


def test_what_a_proxy_on_this_machine_passes_on_is_not_this_machine() -> None:
    assert not is_this_machine(scope("127.0.0.1", "203.0.113.9"))
    assert not is_this_machine(scope("127.0.0.1", "127.0.0.1"))


def test_the_unix_socket_is_this_machine() -> None:
    assert is_this_machine({**scope(None), "state": {"local_operator": True}})
