"""An incident lived through from outside: a real server, its API, and a clock that is told.

Each story is one of the ledger's: a night from hell that goes well, because what is not true is
refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from tests.support.instance import Instance, Sink, sink
from tests.support.postgres import Cluster

KEY = "0123456789abcdef0123456789abcdef"
MINUTE = timedelta(minutes=1)
WAIT_S = 180  # a rehearsal of days steps through every instant on the way
_PERSON = """\
  - id: {id}
    name: {name}
    email: {id}@example.com
    time_zone: UTC
    role: {role}
    methods: [{{id: hook, kind: webhook, address: "{sink}/{id}"}}]
    rules: {{high: [{{after: 0m, method: hook}}], low: [{{after: 0m, method: hook}}]}}
"""
_COMPANY = """
teams:
  - {id: payments, name: Payments, lead: ana, members: [ana, bo, cy, di]}
schedules:
  - {id: primary, team: payments, time_zone: UTC, rotations: [
      {id: daily, members: [ana, eve], handoff: {every: 1d, on: null, at: "09:00"},
       starts: 2026-01-05}]}
  - {id: secondary, team: payments, time_zone: UTC, rotations: [
      {id: always, members: [bo], handoff: {every: 1w, on: monday, at: "09:00"},
       starts: 2026-01-05}]}
escalation_policies:
  - id: payments
    steps:
      - {page: ["schedule:primary"], wait: 5m}
      - {page: ["schedule:secondary"], wait: 15m}
    last_resort: ["user:cy"]
services:
  - {id: checkout, name: Checkout, team: payments, policy: payments, tier: 1}
connections:
  - {id: in, kind: generic, service: checkout, key: "0123456789abcdef0123456789abcdef"}
"""
PEOPLE = {
    "root": ("Root Admin", "admin"),
    "ana": ("Ana Lima", "responder"),
    "bo": ("Bo Berg", "responder"),
    "cy": ("Cy Young", "responder"),
    "di": ("Di Olsen", "responder"),
    "eve": ("Eve Stone", "responder"),
}

Json = dict[str, object]
Said = Mapping[str, object]


@dataclass
class Night:
    """One Holdfast, six people, and what they say to it."""

    instance: Instance
    pager: Sink
    clients: dict[str, httpx2.Client] = field(default_factory=dict)

    def says(self, who: str, path: str, body: Said | None = None, status: int = 200) -> Json:
        """POSTs as that person; the answer must have this status."""
        answer = self._client(who).post(path, json=body or {})
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:600]}"
        found: Json = answer.json()
        return found

    def asks(self, path: str, who: str = "ana") -> Json:
        answer = self._client(who).get(path)
        assert answer.status_code == 200, f"{path}: {answer.text[:600]}"
        found: Json = answer.json()
        return found

    def is_refused(self, who: str, path: str, body: Said, code: str) -> Json:
        """A refusal of this code, with all that a refusal has to say."""
        answer = self._client(who).post(path, json=body)
        said: Json = answer.json()
        assert answer.status_code in (409, 422), f"{path}: {answer.status_code} {said}"
        assert said.get("code") == code, said
        assert said["detail"]
        assert said["remedy"]
        help_page = httpx2.get(f"{self.instance.url}{said['help']}", trust_env=False)
        assert help_page.status_code == 200
        return said

    def now(self) -> datetime:
        return datetime.fromisoformat(str(self.asks("rehearsal", "root")["now"]))

    def waits(self, length: timedelta) -> None:
        self.says("root", "rehearsal/clock", {"advance": f"PT{int(length.total_seconds())}S"})

    def until(self, hour: int, weekday: int | None = None) -> None:
        """The next such hour, UTC; Monday is 0."""
        now = self.now()
        there = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        while there <= now or (weekday is not None and there.weekday() != weekday):
            there += timedelta(days=1)
        self.says("root", "rehearsal/clock", {"to": there.isoformat()})

    def ends_all(self) -> None:
        """Every story leaves the house as it found it."""
        items = self.asks("incidents")["items"]
        assert isinstance(items, list)
        for item in items:
            if item["phase"] in ("declared", "triage", "mitigating", "monitoring"):
                ended = {"to": "closed_false_alarm", "reason": "the story is told"}
                self.says("root", f"incidents/{item['number']}/phase", ended)

    def fires(self, dedup: str, title: str = "Payments fail") -> str:
        """An alert of the service; its id."""
        sent = {"title": title, "severity": "critical", "dedup": dedup}
        url = f"{self.instance.url}/in/{KEY}"
        assert httpx2.post(url, json=sent, trust_env=False).status_code == 202
        self.waits(timedelta(seconds=1))
        items = self.asks("alerts?status=triggered")["items"]
        assert isinstance(items, list)
        return str(next(item["id"] for item in items if item["dedup_key"] == dedup))

    def declares(self, who: str = "ana", **said: str) -> str:
        """Declares, and gives the number."""
        body: Json = {"title": "Payments fail", "severity": "SEV1", "services": ["checkout"]}
        made = self.says(who, "incidents", {"detection_source": "teammate", **body, **said}, 201)
        return f"incidents/{made['number']}"

    def staffed(self, **said: str) -> str:
        """A SEV1 with its four roles, triaged and being worked on; its path."""
        place = self.declares(**said)
        for role, user in (("operations", "bo"), ("communications", "cy"), ("scribe", "di")):
            self.says("ana", f"{place}/roles", {"role": role, "user": user})
        self.says("ana", f"{place}/phase", {"to": "triage"})
        self.says("ana", f"{place}/impact", {"users_affected": 40, "confidence": "estimate"})
        self.says("ana", f"{place}/escalation", {"needed": False})
        self.says("cy", f"{place}/updates/investigating", {}, 201)
        self.says("ana", f"{place}/war-room", {"address": "https://meet.example/1"})
        for user in ("ana", "bo"):
            self.says(user, f"{place}/responders/join")
        self.says("ana", f"{place}/phase", {"to": "mitigating"})
        return place

    def _client(self, who: str) -> httpx2.Client:
        if who not in self.clients:
            role = PEOPLE[who][1]
            words = ("token", "create", "--name", who, "--role", role, "--user", who)
            token = self.instance.run(*words).stdout.strip()
            self.clients[who] = httpx2.Client(
                base_url=f"{self.instance.url}/api/v1",
                headers={"authorization": f"Bearer {token}"},
                timeout=WAIT_S,
                trust_env=False,
            )
        return self.clients[who]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def night(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Night]:
    database = None
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres_server")
        database = cluster.create_database()
    data: Path = tmp_path_factory.mktemp("night")
    with sink() as pager, Instance(data, database=database, rehearsal=True) as instance:
        people = "".join(
            _PERSON.format(id=name, name=full, role=role, sink=pager.url)
            for name, (full, role) in PEOPLE.items()
        )
        instance.apply(f"holdfast: 1\npractice: union-5\nusers:\n{people}{_COMPANY}")
        made = Night(instance, pager)
        yield made
        for client in made.clients.values():
            client.close()


@pytest.fixture(autouse=True)
def clean(night: Night) -> Iterator[None]:
    yield
    night.ends_all()


@pytest.mark.ledger("S0-01", "S0-03", "S0-20")
def test_a_sev1_on_a_sunday_at_three_has_a_name_or_missing_for_every_role(night: Night) -> None:
    night.until(3, weekday=6)
    alert = night.fires("sunday")
    made = night.says("ana", "incidents", {"alert_id": alert, "severity": "SEV1"}, 201)
    assert made["title"] == "Payments fail"
    assert made["detection_source"] == "alert"
    roles = made["roles"]
    assert isinstance(roles, dict)
    for name in ("command", "operations", "communications", "scribe"):
        role = roles[name]
        assert role["required"]
        assert role["user"] or role["candidate"] or role["state"] == "missing"
    assert roles["command"]["user"] == "ana"
    assert roles["operations"]["candidate"] == "bo"
    night.waits(timedelta(seconds=5))
    asked = [page for page in night.pager.pages() if page.get("incident")]
    incident = asked[0]["incident"]
    assert isinstance(incident, dict)
    assert incident["number"] == made["number"]


@pytest.mark.ledger("S0-02", "S1-02", "S2-05")
def test_whoever_is_unsure_declares_the_worst_and_whoever_says_nothing_is_asked(
    night: Night,
) -> None:
    title = {"title": "Something is odd"}
    told = {**title, "detection_source": "teammate"}
    night.is_refused("ana", "incidents", told, "SEVERITY_REQUIRED")
    silent = {**title, "severity": "SEV3"}
    night.is_refused("ana", "incidents", silent, "DETECTION_SOURCE_REQUIRED")
    made = night.says("ana", "incidents", {**told, "unsure": [1, 2]}, 201)
    assert made["severity"] == {"level": "SEV1", "rank": 1, "provisional": True}


@pytest.mark.ledger("S4-95", "S1-57", "S4-20", "S1-56", "S1-17", "S0-33", "S0-43")
def test_a_fix_of_four_minutes_is_not_called_resolved(night: Night) -> None:
    """The sample that was closed four minutes after it was restored (ledger S4-95)."""
    alert = night.fires("sample")
    place = night.staffed(alert_id=alert)
    night.says("ana", f"{place}/phase", {"to": "monitoring", "mitigation": "rolled back 4.18"})
    night.waits(4 * MINUTE)
    resolve: Json = {"to": "resolved", "remediation": "full", "followup": "none because it is one"}
    refused = night.is_refused("ana", f"{place}/phase", resolve, "VERIFY_WINDOW")
    assert "26m" in str(refused["detail"])
    night.is_refused("bo", f"{place}/phase", resolve, "ONLY_COMMAND_CLOSES")
    final: Json = {"final": True, "text": "A release doubled connections.", "audience": "internal"}
    night.is_refused("cy", f"{place}/updates", final, "RECOVERY_NOT_VERIFIED")

    night.says("ana", f"alerts/{alert}/resolve")
    night.fires("sample")
    assert night.asks(place)["phase"] == "mitigating"

    open_again = night.asks("alerts?status=triggered")["items"]
    assert isinstance(open_again, list)
    for item in open_again:
        night.says("ana", f"alerts/{item['id']}/resolve")
    night.says("ana", f"{place}/phase", {"to": "monitoring", "mitigation": "rolled back further"})
    night.waits(29 * MINUTE + timedelta(seconds=59))
    night.is_refused("ana", f"{place}/phase", resolve, "VERIFY_WINDOW")
    night.waits(timedelta(seconds=1))
    night.is_refused("ana", f"{place}/phase", resolve, "VERIFICATION_MISSING")
    reading = {"what": "error rate", "reading": "0.1 %", "source": "dashboard", "good": True}
    night.says("ana", f"{place}/checks", reading)
    night.is_refused("ana", f"{place}/phase", resolve, "FINAL_UPDATE_MISSING")
    night.says("cy", f"{place}/updates", final, 201)
    resolved = night.says("ana", f"{place}/phase", resolve)
    assert resolved["phase"] == "resolved"
    restored_at, resolved_at = str(resolved["restored_at"]), str(resolved["resolved_at"])
    assert restored_at < resolved_at
    closed = {"to": "closed", "waive": {"runbook_review": "still right"}}
    night.is_refused("ana", f"{place}/phase", closed, "POSTMORTEM_REQUIRED")
    waived = {"postmortem": "https://docs.example/pm/1", "runbook_review": "still right"}
    assert night.says("ana", f"{place}/phase", {"to": "closed", "waive": waived})["phase"] == (
        "closed"
    )


@pytest.mark.ledger("S2-13", "S3-08", "S4-21")
def test_a_commander_who_debugs_is_stopped(night: Night) -> None:
    place = night.staffed(title="Checkout is slow")
    believed = night.says("bo", f"{place}/hypotheses", {"statement": "the pool is exhausted"}, 201)
    proposed = night.says(
        "bo",
        f"{place}/mitigations",
        {
            "title": "Roll back 4.18",
            "type": "rollback",
            "target": "checkout",
            "risk": "low",
            "hypothesis": believed["id"],
        },
        201,
    )
    step = f"{place}/mitigations/{proposed['id']}/start"
    night.is_refused("ana", step, {}, "IC_MUST_NOT_EXECUTE")
    night.says("ana", f"{place}/handoff", {"role": "command", "to": "di", "briefing": "all quiet"})
    night.says("di", f"{place}/roles/leave", {"role": "scribe"})
    night.says("di", f"{place}/handoff/accept", {"read_back": "I command; bo rolls back"})
    night.says("ana", step)


@pytest.mark.ledger("S3-13", "S2-08")
def test_command_passes_at_the_end_of_a_shift_only_by_an_accepted_hand_off(night: Night) -> None:
    night.until(8)  # at nine one shift ends and the next begins
    on_call = night.asks("on-call")["items"]
    assert isinstance(on_call, list)
    outgoing = next(item["user"] for item in on_call if item["schedule"] == "primary")
    incoming = {"ana": "eve", "eve": "ana"}[outgoing]
    place = night.declares(outgoing, title="A long one", severity="SEV2")
    leaving = {"role": "command"}
    night.is_refused(outgoing, f"{place}/roles/leave", leaving, "HANDOFF_REQUIRED")
    night.waits(60 * MINUTE)
    offers = night.asks(f"{place}/handoff", outgoing)["items"]
    assert isinstance(offers, list)
    assert [(offer["giver"], offer["to"]) for offer in offers] == [(outgoing, incoming)]
    night.waits(20 * MINUTE)
    roles = night.asks(place)["roles"]
    assert isinstance(roles, dict)
    assert roles["command"]["user"] == outgoing, "it stays until it is accepted"
    night.says(incoming, f"{place}/handoff/accept", {"read_back": "payments slow, bo looks"})
    roles = night.asks(place)["roles"]
    assert isinstance(roles, dict)
    assert roles["command"]["user"] == incoming
    stints = night.asks(f"{place}/roles/stints")["items"]
    assert isinstance(stints, list)
    first, second = (stint for stint in stints if stint["role"] == "command")
    assert first["until"] == second["since"], "no gap and no overlap"


@pytest.mark.ledger("S0-32", "S4-45", "S0-30")
def test_a_message_of_a_severe_incident_says_when_the_next_one_comes(night: Night) -> None:
    place = night.staffed(title="Logins fail")
    message: Json = {"text": "We are rolling back.", "audience": "internal"}
    night.is_refused("cy", f"{place}/updates", message, "NEXT_UPDATE_REQUIRED")
    late = (night.now() + 90 * MINUTE).astimezone(UTC).isoformat()
    night.is_refused(
        "cy", f"{place}/updates", {**message, "next_update_at": late}, "NEXT_UPDATE_TOO_LATE"
    )
    posted = night.says("cy", f"{place}/updates", {**message, "next_update_at": "cadence"}, 201)
    assert posted["next_update_at"]
    night.waits(31 * MINUTE)
    audiences = night.asks(f"{place}/audiences")["items"]
    assert isinstance(audiences, list)
    assert next(each["overdue"] for each in audiences if each["audience"] == "internal")
