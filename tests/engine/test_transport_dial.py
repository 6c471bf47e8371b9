"""Names and addresses: no spelling, name server or redirect of a name leads inside."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence

import pytest

from holdfast.engine.egress import EgressRules
from holdfast.engine.transport import Transport
from holdfast.engine.transport_dial import Resolve
from holdfast.engine.transport_http import Deadlines
from holdfast.kernel.clock import SystemClock
from holdfast.sdk.call import HttpCall, Reply
from tests.support.fake_peer import answers, fake_peer, says

QUICK = Deadlines(connect_s=0.7, total_s=0.8)
LOCAL = EgressRules(loopback=True)
URL_VECTORS = (
    "http://127.0.0.1/", "http://localhost/", "http://0/", "http://0.0.0.0/",
    "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
    "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:7f00:1::]/",
    "http://169.254.169.254/latest/meta-data/", "http://example.com:pass@169.254.169.254/",
    "http://100.64.0.1/", "http://10.0.0.1/", "http://[fe80::1%25lo]/", "http://[fd00::1]/",
    "http://192.0.0.192/", "http://198.18.0.1/", "http://224.0.0.1/", "http://255.255.255.255/",
    "http://①②⑦.⓪.⓪.①/", "http://8.8.8.8:22/", "ftp://8.8.8.8/", "file:///etc/passwd",
    "gopher://127.0.0.1/", "http://good.example@127.0.0.1/", "http://good.example\\@127.0.0.1/",
    "http://127.0.0.1:80\\@good.example/", "http://[::]/", "http://", "http:///x", "//127.0.0.1/",
    "http://127.0.0.1\r\nX: y/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "", "\0",
    "http://[::1", "unix:///run/docker.sock", "http://" + "a" * 300 + ".example/",
)  # fmt: skip


def post(url: str) -> HttpCall:
    return HttpCall("POST", url, json={"kind": "page"})


def knows(addresses: dict[str, Sequence[str]]) -> Resolve:
    return lambda host: addresses.get(host, [])


def numbers_only(host: str) -> Sequence[str]:
    """The system's own reading of every way to write an address, and no name server."""
    if host.rstrip(".") in ("localhost", "good.example"):
        return ["127.0.0.1", "::1"]
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


@pytest.mark.parametrize("url", URL_VECTORS)
def test_no_spelling_of_an_address_leads_inside(url: str) -> None:
    strict = Transport(EgressRules(), SystemClock(), deadlines=QUICK, resolve=numbers_only)
    reply = strict(post(url))
    assert reply.status == 0
    assert reply.error
    assert not reply.unknown
    assert "no connection" not in reply.error, "refused by rule, not for want of a network"


def test_a_user_name_in_the_address_does_not_change_who_is_called() -> None:
    asked: list[str] = []

    def resolve(host: str) -> Sequence[str]:
        asked.append(host)
        return ["169.254.169.254"]

    strict = Transport(EgressRules(), SystemClock(), deadlines=QUICK, resolve=resolve)
    reply = strict(post("http://good.example:80@evil.test/"))
    assert asked == ["evil.test"]
    assert "169.254.169.254 is not a public address" in str(reply.error)


def test_a_name_that_changes_its_mind_is_asked_once_and_that_answer_is_dialled() -> None:
    asked: list[str] = []

    def rebinding(host: str) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    seen: list[bytes] = []
    with fake_peer(answers(says("200 OK", headers="Connection: close\r\n"), seen)) as peer:
        local = Transport(LOCAL, SystemClock(), deadlines=QUICK, resolve=rebinding)
        url = f"http://rebind.test:{peer.port}/"
        assert local(post(url)).status == 200
        assert asked == ["rebind.test"]
        assert f"Host: rebind.test:{peer.port}".encode() in seen[0]
        assert "10.0.0.1 is not a public address" in str(local(post(url)).error)
        assert peer.accepted_count == 1


def test_a_name_with_one_address_inside_is_not_called_at_all() -> None:
    mixed = knows({"mixed.test": ["127.0.0.1", "192.168.0.1"]})
    with fake_peer(answers(says("200 OK"))) as peer:
        local = Transport(LOCAL, SystemClock(), deadlines=QUICK, resolve=mixed)
        assert local(post(f"http://mixed.test:{peer.port}/")).status == 0
        assert peer.accepted_count == 0


def test_a_dead_first_address_leaves_time_for_the_second() -> None:
    both = knows({"two.test": ["127.0.0.2", "127.0.0.1"]})
    with fake_peer(answers(says("204 No Content"))) as peer:
        local = Transport(LOCAL, SystemClock(), deadlines=QUICK, resolve=both)
        assert local(post(f"http://two.test:{peer.port}/")).status == 204


def test_a_name_server_that_does_not_answer_is_left_waiting() -> None:
    release = threading.Event()

    def stuck(host: str) -> Sequence[str]:
        release.wait(5)
        return ["1.1.1.1"]

    slow = Transport(LOCAL, SystemClock(), deadlines=QUICK, resolve=stuck)
    started = time.monotonic()
    reply = slow(post("http://slow.test/"))
    release.set()
    assert time.monotonic() - started < 1.5
    assert reply == Reply(0, error="the name slow.test could not be looked up in time")


def test_an_unknown_name_is_said_so() -> None:
    nowhere = Transport(EgressRules(), SystemClock(), deadlines=QUICK, resolve=knows({}))
    reply = nowhere(post("https://nowhere.test/x"))
    assert reply == Reply(0, error="the name nowhere.test is unknown")
