"""Pages by webhook: signed as receivers check it, and each reply understood."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.integrations.webhook import Settings, notifier
from holdfast.sdk import (
    Destination,
    HttpCall,
    Message,
    MessageKind,
    Outcome,
    Rejected,
    Reply,
    Retry,
    Sent,
    Urgency,
)
from holdfast.sdk.testing import FakeCarrier, perform

KEYS = [bytes(range(24)), bytes(range(24, 48))]
SECRETS = ["whsec_" + base64.b64encode(key).decode() for key in KEYS]
PAGE = Message(
    id="dl_01",
    kind=MessageKind.PAGE,
    title="Kartenzahlung schlägt fehl",
    text="Since 10:00.",
    urgency=Urgency.HIGH,
    at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    payload={"page": {"id": "pg_1", "code": "K7Q2"}, "alert": {"title": "Größe"}},
)
ANA = Destination("https://hooks.example/ana")


def _sent(message: Message = PAGE, secret: str = SECRETS[0]) -> HttpCall:
    carrier = FakeCarrier([Reply(204)])
    assert perform(notifier.deliver(message, ANA, Settings(secret=secret)), carrier) == Sent()
    [call] = carrier.calls
    assert isinstance(call, HttpCall)
    return call


def _outcome(reply: Reply) -> Outcome:
    return perform(notifier.deliver(PAGE, ANA, Settings()), FakeCarrier([reply]))


def _verified(call: HttpCall, key: bytes) -> bool:
    """What a receiver does by the Standard Webhooks convention, with nothing of ours."""
    head = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}."
    wanted = hmac.new(key, head.encode() + (call.body or b""), hashlib.sha256).digest()
    signatures = call.headers["webhook-signature"].split(" ")
    return f"v1,{base64.b64encode(wanted).decode()}" in signatures


def test_a_page_is_the_json_of_the_contract_posted_to_the_address() -> None:
    call = _sent()

    assert (call.method, call.url, call.json) == ("POST", ANA.address, None)
    assert json.loads(call.body or b"") == {"kind": "page", **PAGE.payload}
    assert call.headers["Content-Type"] == "application/json"


def test_a_receiver_can_verify_the_signature_over_the_bytes_that_were_sent() -> None:
    call = _sent()

    assert _verified(call, KEYS[0])
    assert not _verified(call, KEYS[1])
    assert not _verified(replace(call, body=(call.body or b"") + b" "), KEYS[0])
    assert call.headers["webhook-timestamp"] == "1795168800"


def test_two_secrets_sign_twice_while_receivers_change_over() -> None:
    call = _sent(secret=" ".join(SECRETS))

    assert _verified(call, KEYS[0])
    assert _verified(call, KEYS[1])


def test_without_a_secret_the_page_still_goes_out_unsigned() -> None:
    assert "webhook-signature" not in _sent(secret="").headers


def test_every_try_has_the_same_id() -> None:
    assert _sent(replace(PAGE, attempt=2)).headers["webhook-id"] == "dl_01"


def test_a_rehearsal_says_so() -> None:
    assert json.loads(_sent(replace(PAGE, rehearsal=True)).body or b"")["rehearsal"] == "REHEARSAL"
    assert "rehearsal" not in json.loads(_sent().body or b"")


def test_an_odd_payload_never_keeps_a_page_from_going_out() -> None:
    odd = replace(PAGE, payload={"page": {"at": PAGE.at, "lone": "\ud800", "set": {1}}})

    assert json.loads(_sent(odd).body or b"")["page"]["at"] == "2026-11-20 10:00:00+00:00"


def test_a_refusal_for_good_is_not_tried_again() -> None:
    assert _outcome(Reply(410)) == Rejected("The webhook receiver answered 410")


def test_what_may_pass_is_tried_again_when_the_receiver_asks() -> None:
    reply = Reply(503, b"busy", {"Retry-After": "20"})

    assert _outcome(reply) == Retry(
        "The webhook receiver answered 503: busy", after=timedelta(seconds=20)
    )


def test_no_answer_is_tried_again() -> None:
    assert _outcome(Reply(0, error="connection refused")) == Retry(
        "The webhook receiver: connection refused"
    )


@pytest.mark.parametrize(
    "secret", ["whsec_", "whsec_!!", "abc", "whsec_YWJj", "whsec_ü", " ".join(SECRETS * 2)]
)
def test_a_secret_that_no_receiver_could_check_with_is_refused_at_the_start(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        Settings(secret=secret)


@pytest.mark.parametrize(
    "address",
    ["https://a.example", "http://127.0.0.1:9911/ana", "HTTPS://a.example/p?q=1", "http://[::1]/x"],
)
def test_a_web_address_is_accepted(address: str) -> None:
    assert notifier.check(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "", "ana", "ftp://a.example", "https://", "https:///x", "https://a b", "//a.example",
        "https://a\r\nHost: b", "javascript:alert(1)", "https://a\\b", "https://" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_told_with_its_remedy(address: str) -> None:
    assert notifier.check(address)
