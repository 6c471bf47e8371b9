"""The outside world that messages go to: it is slow, lies, doubles, refuses, or does not answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from holdfast.kernel.chance import Chance
from holdfast.sdk import Call, MailCall, Reply

TIMEOUT = timedelta(seconds=5)


class Mode(StrEnum):
    OK = "ok"
    SLOW = "slow"
    DOWN = "down"  # no answer, nothing delivered
    LYING = "lying"  # says that it was sent, and drops it
    DOUBLING = "doubling"
    BUSY = "busy"  # 429 with Retry-After
    UNCLEAR = "unclear"  # delivers, and no answer comes
    FAILING = "failing"  # 500


KINDS_IN_TROUBLE = ("webhook", "ntfy", "email")
TROUBLES = tuple(mode for mode in Mode if mode is not Mode.OK)


@dataclass(slots=True)
class Said:
    """One message as it went over the wire."""

    kind: str
    address: str
    text: str


@dataclass(slots=True)
class Carriers:
    """Stands where the transport stands; `hears` is told what leaves, `reaches` what arrives."""

    chance: Chance
    hears: Callable[[Said], None]
    reaches: Callable[[Said], None]
    modes: dict[str, Mode] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # addresses that refuse for good
    latency: timedelta = timedelta()
    count: int = 0

    def __call__(self, call: Call) -> Reply:
        said = _read(call)
        self.count += 1
        self.hears(said)
        self.latency = timedelta(milliseconds=20 + self.chance.below(400))
        if said.address in self.gone:
            return Reply(550 if said.kind == "email" else 410, b"nobody is here any more")
        return self._answer(said, self.modes.get(said.kind, Mode.OK))

    def _answer(self, said: Said, mode: Mode) -> Reply:
        if mode is Mode.BUSY:
            asked = {"Retry-After": str(self.chance.pick((1, 30, 600, 99_999)))}
            return Reply(450 if said.kind == "email" else 429, headers=asked)
        if mode is Mode.FAILING:
            return Reply(451 if said.kind == "email" else 500)
        if mode in (Mode.DOWN, Mode.UNCLEAR):
            self.latency = TIMEOUT
        if mode is Mode.SLOW:
            self.latency = timedelta(seconds=1 + self.chance.below(4))
        for _ in range({Mode.DOWN: 0, Mode.LYING: 0, Mode.DOUBLING: 2}.get(mode, 1)):
            self.reaches(said)
        if mode in (Mode.DOWN, Mode.UNCLEAR):
            return Reply(0, error="timed out", unknown=True)
        return Reply(250 if said.kind == "email" else 200, b"{}")


def _read(call: Call) -> Said:
    if isinstance(call, MailCall):
        return Said("email", call.to, f"{call.subject}\n{call.text}")
    body = call.body or b""
    if "//ntfy." in call.url:
        topic = json.loads(body)["topic"]
        return Said("ntfy", f"{call.url}{topic}", body.decode())
    return Said("webhook", call.url, body.decode())
