"""Harbor, the company of the demo: its people, schedules, services, and what goes wrong there."""

from __future__ import annotations

from collections.abc import Mapping

_PEOPLE = (
    ("priya", "Priya Raman", "Europe/Berlin"), ("marek", "Marek Novák", "Europe/Prague"),
    ("sofia", "Sofia Lindt", "Europe/Zurich"), ("jun", "Jun Park", "Asia/Seoul"),
    ("noor", "Noor Haddad", "Europe/Berlin"), ("dele", "Dele Okafor", "Africa/Lagos"),
    ("tomas", "Tomás Reyes", "America/Lima"), ("aiko", "Aiko Tanaka", "Asia/Tokyo"),
)  # fmt: skip

# (connection, title, severity, labels)
TROUBLES: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    ("payments-am", "Card payments failing at checkout in the EU", "critical",
     {"alertname": "PaymentFailures", "region": "eu"}),
    ("database-am", "ReplicaLag on ledger-db", "critical",
     {"alertname": "ReplicaLag", "instance": "ledger-db-2"}),
    ("payments-am", "SyntheticCheckout EU failing", "error",
     {"alertname": "SyntheticCheckout", "region": "eu"}),
    ("platform-am", "Invoice PDFs slow to render", "warning", {"alertname": "InvoiceLatency"}),
    ("database-am", "Disk of orders-db 85% full", "warning",
     {"alertname": "DiskFull", "instance": "orders-db-1"}),
    ("platform-am", "Job queue older than 10 minutes", "error", {"alertname": "QueueAge"}),
)  # fmt: skip


def _person(name: str, called: str, zone: str) -> str:
    mail = f"{name}@harbor.example"
    return f"""
  - id: {name}
    name: {called}
    email: {mail}
    time_zone: {zone}
    role: responder
    methods:
      - {{id: push, kind: ntfy, address: "https://ntfy.harbor.example/{name}"}}
      - {{id: mail, kind: email, address: {mail}}}
    rules:
      high: [{{after: 0m, method: push}}, {{after: 2m, method: mail}}]
      low: [{{after: 0m, method: mail}}]"""


HARBOR = f"""
holdfast: 1
users:{"".join(_person(*each) for each in _PEOPLE)}
teams:
  - {{id: payments, name: Payments, lead: priya, members: [priya, marek, aiko]}}
  - {{id: platform, name: Platform, lead: jun, members: [jun, tomas, dele]}}
  - {{id: database, name: Database, lead: noor, members: [noor, dele, sofia]}}
schedules:
  - id: payments-primary
    name: Payments
    team: payments
    time_zone: Europe/Berlin
    rotations:
      - id: weekly
        members: [priya, marek, aiko]
        handoff: {{every: 1w, on: monday, at: "09:00"}}
        starts: 2026-01-05
  - id: platform-primary
    name: Platform
    team: platform
    time_zone: America/Lima
    rotations:
      - id: daily
        members: [jun, tomas, dele]
        handoff: {{every: 1d, at: "10:00"}}
        starts: 2026-01-05
  - id: database-days
    name: Database, weekdays
    team: database
    time_zone: Europe/Berlin
    rotations:
      - id: days
        members: [noor, sofia]
        handoff: {{every: 1w, on: monday, at: "08:00"}}
        starts: 2026-01-05
        hours: [{{days: [mon, tue, wed, thu, fri], from: "08:00", to: "20:00"}}]
escalation_policies:
  - id: payments
    steps:
      - {{page: ["schedule:payments-primary"], wait: 5m}}
      - {{page: ["team:payments"], wait: 15m}}
    repeat: 1
    last_resort: ["user:priya"]
  - id: platform
    steps: [{{page: ["schedule:platform-primary"], wait: 10m}}]
    last_resort: ["user:jun"]
  - id: database
    steps:
      - {{page: ["schedule:database-days"], wait: 5m}}
      - {{page: ["user:noor"], wait: 10m}}
    last_resort: ["user:noor"]
services:
  - id: checkout-api
    name: Checkout
    team: payments
    policy: payments
    tier: 0
    depends_on: [ledger-db]
  - {{id: ledger-db, name: Ledger database, team: database, policy: database, tier: 0}}
  - id: invoices
    name: Invoices
    team: platform
    policy: platform
    tier: 2
    depends_on: [ledger-db]
connections:
  - {{id: payments-am, kind: alertmanager, service: checkout-api}}
  - {{id: database-am, kind: alertmanager, service: ledger-db}}
  - {{id: platform-am, kind: alertmanager, service: invoices}}
"""
