"""Each way in which the outside world misbehaves, as the plug-ins meet it."""

from __future__ import annotations

import pytest

from holdfast.kernel.chance import Chance
from holdfast.sdk import HttpCall, MailCall
from holdfast.simulation.carrier import TIMEOUT, Carriers, Mode, Said

CALL = HttpCall("POST", "https://webhook.example/ana", body=b'{"code":"RAVO-42"}')


def carriers() -> tuple[Carriers, list[Said], list[Said]]:
    left: list[Said] = []
    arrived: list[Said] = []
    return Carriers(Chance(1), left.append, arrived.append), left, arrived


@pytest.mark.parametrize(
    ("mode", "status", "arrivals"),
    [
        (Mode.OK, 200, 1),
        (Mode.SLOW, 200, 1),
        (Mode.LYING, 200, 0),
        (Mode.DOUBLING, 200, 2),
        (Mode.BUSY, 429, 0),
        (Mode.FAILING, 500, 0),
        (Mode.DOWN, 0, 0),
        (Mode.UNCLEAR, 0, 1),
    ],
)
def test_a_mode_decides_what_is_said_and_what_arrives(
    mode: Mode, status: int, arrivals: int
) -> None:
    outside, left, arrived = carriers()
    outside.modes["webhook"] = mode
    assert outside(CALL).status == status
    assert (len(left), len(arrived)) == (1, arrivals)


def test_a_time_out_is_no_refusal_and_takes_its_time() -> None:
    outside, _, _ = carriers()
    outside.modes["webhook"] = Mode.UNCLEAR
    assert outside(CALL).unknown
    assert outside.latency == TIMEOUT


def test_an_address_that_is_gone_refuses_for_good_in_the_words_of_its_kind() -> None:
    outside, _, arrived = carriers()
    outside.gone |= {"https://webhook.example/ana", "ana@mail.example"}
    mail = MailCall("smtp.example", 25, "h@smtp.example", "ana@mail.example", "It burns", "Now")
    assert outside(CALL).status == 410
    assert outside(mail).status == 550
    assert arrived == []
