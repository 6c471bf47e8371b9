"""Which addresses may be called: the judgement alone, without a network."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from holdfast.engine.egress import (
    Blocked,
    EgressRules,
    is_host,
    is_loopback_host,
    mail_refusal,
    networks,
    vet,
    web_refusal,
)
from holdfast.kernel.errors import Invalid

STRICT = EgressRules()
INWARD = (
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.31.0.1", "192.0.0.9", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:0:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:20::1", "2001:db8::1",
    "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo",
    "fec0::1", "ff02::1", "ff0e::1",
)  # fmt: skip
OUTWARD = ("1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::200e")


@pytest.mark.parametrize("address", INWARD)
def test_nothing_but_public_addresses_may_be_called(address: str) -> None:
    why = web_refusal(ip_address(address), 443, STRICT)
    assert why is not None
    assert "HOLDFAST_OUTBOUND_ALLOW" in why


@pytest.mark.parametrize("address", OUTWARD)
def test_public_addresses_may_be_called_at_the_ports_of_the_web_and_those_listed(
    address: str,
) -> None:
    there = ip_address(address)
    assert web_refusal(there, 80, STRICT) is None
    assert web_refusal(there, 443, STRICT) is None
    assert "port 22" in str(web_refusal(there, 22, STRICT))
    assert web_refusal(there, 8443, EgressRules(ports=frozenset({8443}))) is None


def test_a_listed_range_may_be_called_at_any_port_and_its_neighbours_may_not() -> None:
    rules = EgressRules(allow=networks(["10.1.0.0/16", "fd12::/16"]))
    assert web_refusal(ip_address("10.1.2.3"), 9093, rules) is None
    assert web_refusal(ip_address("::ffff:10.1.2.3"), 9093, rules) is None
    assert web_refusal(ip_address("fd12::1"), 9093, rules) is None
    assert web_refusal(ip_address("10.2.0.1"), 80, rules) is not None
    assert web_refusal(ip_address("127.0.0.1"), 80, rules) is not None


def test_a_wide_range_does_not_open_the_metadata_address_but_naming_it_does() -> None:
    metadata = ip_address("169.254.169.254")
    assert web_refusal(metadata, 80, EgressRules(allow=networks(["0.0.0.0/0"])))
    named = EgressRules(allow=networks(["169.254.169.254/32"]))
    assert web_refusal(metadata, 80, named) is None


def test_the_loopback_may_be_called_only_where_the_rules_say_so() -> None:
    local = EgressRules(loopback=True)
    for address in ("127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"):
        assert web_refusal(ip_address(address), 9911, local) is None
    assert web_refusal(ip_address("0.0.0.0"), 80, local) is not None
    assert web_refusal(ip_address("10.0.0.1"), 80, local) is not None


def test_the_mail_relay_may_stand_inside_but_never_at_a_metadata_address() -> None:
    for address in ("127.0.0.1", "10.0.0.25", "192.168.1.2", "fd00::25", "100.64.1.1"):
        assert mail_refusal(ip_address(address), 1025, STRICT) is None
    for address in ("169.254.169.254", "::ffff:169.254.1.1", "fd00:ec2::254", "fe80::1"):
        assert mail_refusal(ip_address(address), 25, STRICT) is not None
        everything = EgressRules(allow=networks(["::/0", "0.0.0.0/0"]))
        assert mail_refusal(ip_address(address), 25, everything) is not None


def test_the_mail_relay_outside_is_called_at_the_ports_of_mail() -> None:
    outside = ip_address("93.184.216.34")
    assert mail_refusal(outside, 587, STRICT) is None
    assert mail_refusal(outside, 22, STRICT) is not None


def test_without_leave_the_mail_relay_obeys_the_rules_of_the_web() -> None:
    rules = EgressRules(mail_private=False)
    assert mail_refusal(ip_address("10.0.0.25"), 25, rules) is not None
    assert mail_refusal(ip_address("127.0.0.1"), 25, rules) is not None
    assert mail_refusal(ip_address("93.184.216.34"), 25, rules) is None


def judged(host: str, answers: list[str]) -> list[str]:
    vetted = vet(host, 443, answers, lambda address: web_refusal(address, 443, STRICT))
    return [str(address) for address in vetted]


def test_all_answers_for_a_name_must_be_allowed() -> None:
    assert judged("good.test", ["1.1.1.1", "2606:4700::1", "1.1.1.1"]) == [
        "1.1.1.1",
        "2606:4700::1",
    ]
    for bad in (["1.1.1.1", "10.0.0.1"], ["::1", "1.1.1.1"], [], ["1.1.1.1", "not an address"]):
        with pytest.raises(Blocked):
            judged("mixed.test", bad)


def test_a_range_that_is_none_is_refused_with_its_remedy() -> None:
    with pytest.raises(Invalid, match=r"10\.0\.0\.0/99") as refused:
        networks(["192.168.0.0/16", "10.0.0.0/99"])
    assert refused.value.remedy
    assert str(networks([" 10.1.2.3/8 "])[0]) == "10.0.0.0/8"


@pytest.mark.parametrize("host", ["a b", "a%20b", "fe80::1%25lo", "a/b", "a\r\nb", "", "é", "a@b"])
def test_what_is_no_host_name_is_not_looked_up(host: str) -> None:
    assert not is_host(host)


def test_the_machine_itself_is_known_by_its_names_without_asking_anybody() -> None:
    for host in ("localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1", "[::1]"):
        assert is_loopback_host(host)
    for host in ("example.com", "10.0.0.1", "localhost.example.com", "127.example.com", ""):
        assert not is_loopback_host(host)
