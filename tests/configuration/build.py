"""Short ways to set up an instance and to apply files to it in tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from holdfast.configuration.actions.apply import apply, plan
from holdfast.configuration.model import File, NotApplied, Plan
from holdfast.configuration.queries import export
from holdfast.kernel.actor import SYSTEM, Actor
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import SteppedClock
from holdfast.kernel.tx import Tx
from holdfast.reactions import RECORDER
from holdfast.sdk.discovery import discover
from holdfast.storage.database import Database, open_backend

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
INTEGRATIONS = discover()

# contract.md, word for word; bo and cy, whom it names, are in PEOPLE.
EXAMPLE = """\
holdfast: 1
practice: union-5                    # a shipped practice pack, or a file of one's own
users:
  - id: ana
    name: Ana Lima
    email: ana@example.com
    time_zone: Europe/Lisbon
    role: responder                  # viewer | responder | manager | admin
    methods:
      - {id: hook, kind: webhook, address: "http://127.0.0.1:9911/ana"}
      - {id: mail, kind: email, address: ana@example.com}
    rules:                           # how to reach this person, by urgency of the page
      high: [{after: 0m, method: hook}, {after: 2m, method: mail}]
      low: [{after: 0m, method: mail}]
teams:
  - {id: payments, name: Payments, lead: ana, members: [ana, bo, cy]}
schedules:
  - id: payments-primary
    team: payments
    time_zone: Europe/Lisbon
    rotations:                       # a later rotation wins over an earlier one where both have somebody
      - id: weekly
        members: [ana, bo, cy]       # members[0] has the first turn; null keeps a slot empty on purpose (it does not hide an earlier rotation)
        handoff: {every: 1w, on: monday, at: "09:00"}
        starts: 2026-11-16           # the first turn begins that day at `at`
        hours: null                  # or [{days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}]
    overrides:
      - {id: xmas, member: bo, from: 2026-12-24T09:00, until: 2026-12-26T09:00}
escalation_policies:
  - id: payments
    steps:                           # page, then wait, then the next step
      - {page: ["schedule:payments-primary"], wait: 5m}
      - {page: ["user:ana", "team:payments"], wait: 15m}      # a team is all its members
    repeat: 2                        # climbs that many more times
    last_resort: ["user:ana"]        # default: the team's lead, else every member, else every admin; NO_FINAL_LEVEL only where that finds nobody
services:
  - {id: checkout, name: Checkout, team: payments, policy: payments, tier: 1, depends_on: [orders-db]}
  - {id: orders-db, name: Orders database, team: payments, policy: payments, tier: 0}
connections:                         # a source pointed at a service (or at routing rules)
  - {id: checkout-am, kind: alertmanager, service: checkout, key: "0123456789abcdef0123456789abcdef"}
  - {id: checkout-pd, kind: pagerduty-events, service: checkout, key: "fedcba9876543210fedcba9876543210"}
  - {id: nightly, kind: heartbeat, service: orders-db, key: "00112233445566778899aabbccddeeff", every: 1d, grace: 30m}
"""  # noqa: E501 - the contract's own lines
PEOPLE = """\
users:
  - {id: bo, name: Bo, methods: [{id: mail, kind: email, address: bo@example.com}]}
  - {id: cy, name: Cy, methods: [{id: mail, kind: email, address: cy@example.com}]}
"""


class Instance:
    """An empty Holdfast on a database of its own, with a clock that stands still."""

    def __init__(self, url: str = "sqlite://", *, seed: int = 1) -> None:
        self.database = Database(
            open_backend(url),
            clock=SteppedClock(NOW),
            chance=Chance(seed),
            recorder=RECORDER,
            stepped=True,
        )
        self.database.migrate()

    def apply(self, *texts: str, prune: bool = False, actor: Actor = SYSTEM) -> Plan:
        with self.database.begin(actor) as tx:
            return apply(tx, files(*texts), INTEGRATIONS, prune=prune)

    def plan(self, *texts: str, prune: bool = False, actor: Actor = SYSTEM) -> Plan:
        with self.database.begin(actor) as tx:
            return plan(tx, files(*texts), INTEGRATIONS, prune=prune)

    def export(self) -> str:
        with self.look() as tx:
            return export(tx)

    def refusal(self, *texts: str, prune: bool = False) -> NotApplied:
        """What is wrong with the files; they must be wrong."""
        try:
            self.apply(*texts, prune=prune)
        except NotApplied as refusal:
            return refusal
        raise AssertionError("the files were applied")

    @contextmanager
    def look(self) -> Iterator[Tx]:
        with self.database.read(SYSTEM) as tx:
            yield tx

    def close(self) -> None:
        self.database.close()


def files(*texts: str) -> list[File]:
    """The first is config.yaml, the others are more-1.yaml and so on."""
    names = ["config.yaml", *(f"more-{number}.yaml" for number in range(1, len(texts)))]
    return [File(name, text) for name, text in zip(names, texts, strict=False)]
