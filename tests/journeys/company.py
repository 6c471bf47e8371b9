"""A small company for stories in the browser."""

from __future__ import annotations

KEY = "0123456789abcdef0123456789abcdef"
_COMPANY = """
holdfast: 1
users:
  - id: ana
    name: Ana Lima
    email: ana@example.com
    time_zone: Europe/Lisbon
    role: admin
    methods: [{id: hook, kind: webhook, address: "@pager@/ana"}]
    rules: {high: [{after: 0m, method: hook}], low: [{after: 0m, method: hook}]}
  - id: bo
    name: Bo Dahl
    email: bo@example.com
    time_zone: Europe/Berlin
    role: responder
    methods: [{id: hook, kind: webhook, address: "@pager@/bo"}]
teams:
  - {id: payments, name: Payments, lead: ana, members: [ana, bo]}
schedules:
  - id: primary
    name: Payments primary
    team: payments
    time_zone: Europe/Lisbon
    rotations:
      - {id: all-day, members: [ana], handoff: {every: 1w, on: monday, at: "09:00"},
          starts: 2026-11-02}
      - {id: nights, members: [bo], handoff: {every: 1d, at: "22:00"}, starts: 2026-11-02,
          hours: [{days: [mon, tue], from: "22:00", to: "06:00"}]}
  - id: gaps
    name: With a gap
    team: payments
    time_zone: America/New_York
    rotations:
      - {id: work, members: [bo, null], handoff: {every: 1d, at: "09:00"}, starts: 2026-11-02}
escalation_policies:
  - id: payments
    name: Payments
    steps:
      - {page: ["schedule:primary"], wait: 5m}
      - {page: ["user:bo", "team:payments"], wait: 15m}
    repeat: 2
services:
  - {id: checkout, name: Checkout, team: payments, policy: payments, tier: 1,
      depends_on: [orders-db]}
  - {id: orders-db, name: Orders database, team: payments, policy: payments, tier: 0}
connections:
  - {id: checkout-in, kind: generic, service: checkout, key: "@key@"}
  - {id: nightly, kind: heartbeat, service: orders-db, key: "00112233445566778899aabbccddeeff",
      every: 1d, grace: 30m}
"""


def company(pager: str) -> str:
    """Ana and Bo stand by for two services; pages go to `pager`, an address, and a name."""
    return _COMPANY.replace("@pager@", pager).replace("@key@", KEY)
