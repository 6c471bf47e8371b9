"""Every route of the table with real ids in it, and the forms that stand on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import queries as people
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials.model import Entry
from holdfast.web.answers import token_of
from holdfast.web.app import table
from holdfast.web.routes import Face, Route
from tests.hostile.siege import Siege

ROWS = table()
PARAMETER = re.compile(r"\{([^}:]*)[^}]*}")
ENDLESS = frozenset({"/live"})  # a stream; tests/web/test_live.py
_NAMED = {
    "user_id": "ana", "team_id": "payments", "policy_id": "payments", "schedule_id": "primary",
    "service_id": "checkout", "connection_id": "generic", "method_id": "phone",
    "verb": "acknowledge", "rotation_id": "weekly", "name": "union-5", "code": "NO_FINAL_LEVEL",
    "resource": "memory", "who": "team:payments",
}  # fmt: skip


def ids(besieged: Siege) -> dict[str, str]:
    """A real id for each parameter of a path; of an alert that is fresh, and of its page."""
    receipt = besieged.story.fires(besieged.program.database.chance.new_id("key"))
    assert receipt.alert is not None
    besieged.story.drain()
    page = besieged.story.pages_about(receipt.alert)[0].id
    found = {"alert_id": receipt.alert, "page_id": page, "token": token_of(besieged.program, page)}
    with besieged.program.database.begin(SYSTEM) as tx:
        ana = people.user(tx, "ana")
        lasts = timedelta(days=1)
        opened = credentials.open_session(tx, ana, Entry.PASSWORD, lasts=lasts)
        found["session_id"] = opened.session.id
        found["token_id"] = credentials.create_token(tx, "to revoke", Role.VIEWER).token.id
    return _NAMED | found | incident_ids(besieged)


def incident_ids(besieged: Siege) -> dict[str, str]:
    """An incident that people work on, and one of each thing that there is in it."""
    said: dict[str, object] = {
        "title": "Payments fail", "severity": "SEV3", "detection_source": "teammate",
        "services": ["checkout"], "kind": "test",
    }  # fmt: skip
    incident = str(_made(besieged, "incidents", said)["number"])
    inside = f"incidents/{incident}"
    told: dict[str, object] = {"text": "Payments fail at the till."}
    stated: dict[str, object] = {"statement": "the pool is full"}
    option: dict[str, object] = {"title": "Restart it", "kind": "restart", "target": "checkout"}
    work: dict[str, object] = {"to": "bo", "text": "Look at the pool.", "minutes": 10}
    made = {
        "entry_id": _made(besieged, f"{inside}/timeline", told),
        "hypothesis_id": _made(besieged, f"{inside}/hypotheses", stated),
        "mitigation_id": _made(besieged, f"{inside}/mitigations", option | _ANYHOW),
        "question_id": _made(besieged, f"{inside}/questions", {"text": "How bad is it?"}),
        "task_id": _made(besieged, f"{inside}/tasks", work),
    }
    return {"incident_id": incident} | {name: str(one["id"]) for name, one in made.items()}


_ANYHOW = {"break_glass": "there is no time to write it down"}


def _made(besieged: Siege, path: str, body: dict[str, object]) -> dict[str, object]:
    answer = besieged.ask_json("POST", f"/api/v1/{path}", body)
    assert answer.status == 201, answer
    found = answer.json()
    assert isinstance(found, dict)
    return found


def address(row: Route, known: dict[str, str]) -> str:
    return PARAMETER.sub(lambda match: quote(known.get(match[1], "x"), safe=""), row.path)


def rows(face: Face, *methods: str) -> list[Route]:
    return [
        row
        for row in ROWS
        if row.face is face and row.method in methods and row.path not in ENDLESS
    ]


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes, and the names of what can be filled in."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Seen(HTMLParser):
    """A page as a browser takes it: tags with attributes, texts of scripts, forms."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.forms: list[Form] = []
        self._script: str | None = None
        self._select = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if tag in ("script", "style"):
            self._script = found.get("type", "") if tag == "script" else "style"
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get").lower()))
        elif self.forms and tag in ("input", "select", "textarea", "button") and "name" in found:
            self.forms[-1].fields.setdefault(found["name"], found.get("value", ""))
            self._select = found["name"] if tag == "select" else ""
        elif self.forms and tag == "option" and self._select:
            known = self.forms[-1].fields
            if not known[self._select] or "selected" in found:
                known[self._select] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.texts.append(data)
        else:
            self.scripts.append((self._script, data))


def pages(besieged: Siege, known: dict[str, str]) -> Iterator[tuple[str, Seen]]:
    """Every page that Zoe can open, as a browser takes it."""
    for row in rows(Face.PAGE, "GET"):
        path = address(row, known)
        answer = besieged.page(path)
        if answer.status == 200 and answer.header("content-type").startswith("text/html"):
            yield path, Seen(answer.text)


def forms(besieged: Siege, known: dict[str, str]) -> dict[str, Form]:
    """The forms of all pages that change something, by where they go."""
    found: dict[str, Form] = {}
    for path, seen in pages(besieged, known):
        for form in seen.forms:
            if form.method == "post":
                found.setdefault(form.action or path, form)
    return found
