"""Whole documents: which sections there are, and that no id is given twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TypeVar

from holdfast.catalog.model import Connection, Service
from holdfast.configuration.fields import Fields, word
from holdfast.configuration.mistakes import Mistakes
from holdfast.configuration.model import (
    FILES_MAX,
    OBJECTS_MAX,
    VERSION,
    Desired,
    File,
    Mentioned,
    Place,
)
from holdfast.configuration.parse import catalog, escalation, people, practice, schedules
from holdfast.configuration.read import Entries, Node, Scalar, read
from holdfast.escalation.model import Policy
from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted
from holdfast.people.model import Team, User
from holdfast.practice.model import Pack
from holdfast.schedules.model import Schedule
from holdfast.sdk.discovery import Integrations

SECTIONS = (
    "holdfast", "practice", "users", "teams", "schedules", "escalation_policies", "services",
    "connections",
)  # fmt: skip
T = TypeVar("T")


def parse(files: Sequence[File], integrations: Integrations, mistakes: Mistakes) -> Desired:
    """Everything that the files mention. What is wrong with them is added to `mistakes`."""
    gathered = _Gathered(integrations)
    if len(files) > FILES_MAX:
        first = Place(files[FILES_MAX].name, 1)
        mistakes.add(first, f"that is file {FILES_MAX + 1}.", "Put several into one file.")
    for file in files[:FILES_MAX]:
        for node in read(file, mistakes):
            if practice.is_pack(node):
                gathered.take_pack(practice.pack(node, file.name, mistakes), mistakes)
            else:
                gathered.take(Fields(node, "the file", SECTIONS, file=file.name, mistakes=mistakes))
    desired = gathered.desired()
    if desired.count > OBJECTS_MAX:
        message = f"the files hold more than {OBJECTS_MAX} objects."
        mistakes.add(Place(files[0].name, 1), message, "Keep less.")
    return desired


@dataclass(slots=True)
class _Gathered:
    """What the documents so far mention."""

    integrations: Integrations
    users: dict[str, Mentioned[User]] = field(default_factory=dict)
    teams: dict[str, Mentioned[Team]] = field(default_factory=dict)
    schedules: dict[str, Mentioned[Schedule]] = field(default_factory=dict)
    policies: dict[str, Mentioned[Policy]] = field(default_factory=dict)
    services: dict[str, Mentioned[Service]] = field(default_factory=dict)
    connections: dict[str, Mentioned[Connection]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    practice: Mentioned[str] | None = None
    packs: dict[str, Mentioned[Pack]] = field(default_factory=dict)
    packs_unread: bool = False
    speaks_of_users: bool = False

    def take(self, document: Fields) -> None:
        document.read("holdfast", _version, None)
        self._take_practice(document)
        self.speaks_of_users = self.speaks_of_users or "users" in document.given
        for name, fields in _objects(document, "users", "user", people.USER_FIELDS):
            self._keep(self.users, name, fields, people.user(fields, self.integrations))
        for name, fields in _objects(document, "teams", "team", people.TEAM_FIELDS):
            self._keep(self.teams, name, fields, people.team(fields))
        for name, fields in _objects(document, "schedules", "schedule", schedules.SCHEDULE_FIELDS):
            self._keep(self.schedules, name, fields, schedules.schedule(fields))
        policy_fields = escalation.POLICY_FIELDS
        for name, fields in _objects(document, "escalation_policies", "policy", policy_fields):
            self._keep(self.policies, name, fields, escalation.policy(fields))
        for name, fields in _objects(document, "services", "service", catalog.SERVICE_FIELDS):
            self._keep(self.services, name, fields, catalog.service(fields))
        connection_fields = catalog.CONNECTION_FIELDS
        for name, fields in _objects(document, "connections", "connection", connection_fields):
            self._take_connection(name, fields)

    def desired(self) -> Desired:
        return Desired(
            users=self.users,
            teams=self.teams,
            schedules=self.schedules,
            policies=self.policies,
            services=self.services,
            connections=self.connections,
            keys=self.keys,
            practice=self._named_practice(),
            packs=self.packs,
            packs_unread=self.packs_unread,
            speaks_of_users=self.speaks_of_users,
        )

    def take_pack(self, found: Mentioned[Pack] | None, mistakes: Mistakes) -> None:
        """A pack of one's own: a document that begins with `pack`, or one inside `practice`."""
        if found is None:
            self.packs_unread = True
            return
        name = found.value.name
        if name in self.packs:
            message = (
                f"practice pack {name} is there twice; the first is at {self.packs[name].place}."
            )
            mistakes.add(found.place, message, _ONE_ID)
        else:
            self.packs[name] = found

    def _take_practice(self, document: Fields) -> None:
        node = document.value("practice")
        if isinstance(node, Entries):
            found = practice.pack(node, document.file, document.mistakes)
            self.take_pack(found, document.mistakes)
            named = found.value.name if found is not None else None
        else:
            named = document.read("practice", word, None)
        if named is None:
            return
        if self.practice is not None and self.practice.value != named:
            message = f"the practice is {self.practice.value} already, by {self.practice.place}."
            document.wrong("practice", message, "Keep one of the two.")
            return
        self.practice = Mentioned(named, document.place("practice"), {}, frozenset())

    def _named_practice(self) -> Mentioned[str] | None:
        """`practice: my.yaml` is the pack that stands in the file of that name."""
        if self.practice is None:
            return None
        for pack in self.packs.values():
            if PurePath(pack.place.file).name == self.practice.value:
                return replace(self.practice, value=pack.value.name)
        return self.practice

    def _take_connection(self, name: str, fields: Fields) -> None:
        self._keep(self.connections, name, fields, catalog.connection(fields, self.integrations))
        key = catalog.key(fields)
        if name and key is not None:
            self.keys[name] = key

    def _keep(
        self, group: dict[str, Mentioned[T]], name: str, fields: Fields, found: Mentioned[T]
    ) -> None:
        if not name:
            return
        if name in group:
            first = group[name].place
            fields.wrong("id", f"{fields.what} is there twice; the first is at {first}.", _ONE_ID)
        else:
            group[name] = found


_ONE_ID = "Give one of them another id, or take it out."


def _objects(
    document: Fields, section: str, kind: str, allowed: tuple[str, ...]
) -> Iterator[tuple[str, Fields]]:
    """The objects of a section with their ids; an empty id where there is none."""
    for node in document.items(section):
        name = _id_of(node)
        what = f"{kind} {quoted(name)}" if name and not name.isascii() else f"{kind} {name}"
        fields = Fields(
            node, what if name else f"a {kind}", allowed,
            file=document.file, mistakes=document.mistakes,
        )  # fmt: skip
        if isinstance(node, Entries) and not name:
            fields.wrong(None, f"a {kind} has no id.", "Add id: ... in lower-case letters to it.")
        yield name, fields


def _id_of(node: Node) -> str:
    found = node.values.get("id") if isinstance(node, Entries) else None
    return found.text[:80] if isinstance(found, Scalar) and not found.is_null else ""


def _version(text: str) -> None:
    if text != VERSION:
        raise Invalid(
            f"this Holdfast reads version {VERSION} of the format, not {quoted(text)}.",
            remedy=f"Write holdfast: {VERSION}, or use the Holdfast that the file is for.",
        )
