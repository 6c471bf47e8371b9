"""A company for one seed: people, teams, schedules, policies, services and what sends signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from holdfast.alerts.actions import heartbeat
from holdfast.catalog import actions as catalog
from holdfast.catalog.model import HEARTBEAT, Connection, Service
from holdfast.escalation import actions as escalation
from holdfast.escalation.model import Policy, Step, Target
from holdfast.kernel.actor import Role
from holdfast.kernel.chance import Chance
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.people.model import Method, Rung, Team, User
from holdfast.schedules import actions as schedules
from holdfast.schedules.model import Handoff, Hours, Rotation, Schedule, Unit
from holdfast.sdk import Urgency

ZONES = ("UTC", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
WAITS_MINUTES = (2, 5, 10, 15, 30)
KINDS = ("webhook", "ntfy", "email")
OFFICE = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Beating:
    """A heartbeat and how often its machine is to be heard."""

    connection: str
    every: timedelta
    grace: timedelta


class Company:
    """Makes it up from one source of chance, and remembers its names."""

    def __init__(self, chance: Chance, start: datetime) -> None:
        self._chance = chance
        self._start = start
        self.people = tuple(f"p{n}" for n in range(chance.pick((5, 7, 9))))
        self.teams = ("payments", "search")
        self.schedules = tuple(f"{team}-{turn}" for team in self.teams for turn in "ab")
        self.policies = ("payments", "search", "strict")
        self.services = tuple(f"service-{n}" for n in range(5))
        self.connections = tuple(f"source-{n}" for n in range(4))
        self.heartbeats = tuple(self._beating(n) for n in range(2))

    def found(self, tx: Tx) -> None:
        """Writes all of it down, through the product's own actions."""
        for number, name in enumerate(self.people):
            people.save_user(tx, self.user(name, admin=number < 2))
        for team in self.teams:
            lead = self._chance.pick((None, self.a_person()))
            people.save_team(tx, Team(team, team.title(), lead, self.some_people(3)))
        for name in self.schedules:
            schedules.save(tx, self.schedule(name))
        for name in self.policies:
            escalation.save_policy(tx, self.policy(name))
        for name in self.services:
            catalog.save_service(tx, self.service(name))
        for name in self.connections:
            self.connect(tx, name)
        for beat in self.heartbeats:
            service = self._chance.pick(self.services)
            made = Connection(beat.connection, HEARTBEAT, service, beat.every, beat.grace)
            catalog.save_connection(tx, made)
            heartbeat.watch(tx, beat.connection)

    def connect(self, tx: Tx, name: str) -> None:
        service = self._chance.pick(self.services)
        catalog.save_connection(tx, Connection(name, "alertmanager", service))

    def user(self, name: str, *, admin: bool) -> User:
        methods = self.methods(name)
        role = Role.ADMIN if admin else self._chance.pick((Role.RESPONDER, Role.MANAGER))
        rules = {Urgency.HIGH: self._rungs(methods)} if self._chance.below(4) else {}
        zone = self._chance.pick(ZONES)
        return User(name, name.upper(), f"{name}@example.com", zone, role, methods, rules)

    def methods(self, name: str) -> tuple[Method, ...]:
        """One to three ways to reach that person, at addresses never used before."""
        kinds = KINDS[: 1 + self._chance.below(3)]
        return tuple(Method(kind, kind, self._address(name, kind)) for kind in kinds)

    def schedule(self, name: str) -> Schedule:
        """One or two rotations; either may keep office hours, and then nobody may be left."""
        zone = self._chance.pick(ZONES)
        rotations = [self._rotation("lower", hours=self._hours(6))]
        if self._chance.below(2):
            rotations.append(self._rotation("upper", hours=self._hours(2)))
        return Schedule(name, name, name.split("-", 1)[0], zone, tuple(rotations))

    def policy(self, name: str) -> Policy:
        steps = tuple(self._step() for _ in range(1 + self._chance.below(3)))
        resort = tuple(self.a_target() for _ in range(self._chance.below(2)))
        return Policy(name, steps, self._chance.pick((0, 0, 1, 2)), resort)

    def service(self, name: str) -> Service:
        team, policy = self._chance.pick(self.teams), self._chance.pick(self.policies)
        return Service(name, name, team, policy)

    def a_target(self) -> Target:
        kind = self._chance.pick(("schedule", "schedule", "schedule", "user", "team"))
        among = {"schedule": self.schedules, "user": self.people, "team": self.teams}[kind]
        return Target.parse(f"{kind}:{self._chance.pick(among)}")

    def a_person(self) -> str:
        return self._chance.pick(self.people)

    def some_people(self, most: int) -> tuple[str, ...]:
        chosen = [self.a_person() for _ in range(1 + self._chance.below(most))]
        return tuple(dict.fromkeys(chosen))

    def _step(self) -> Step:
        targets = tuple(dict.fromkeys(self.a_target() for _ in range(1 + self._chance.below(2))))
        return Step(targets, timedelta(minutes=self._chance.pick(WAITS_MINUTES)))

    def _hours(self, one_in: int) -> tuple[Hours, ...]:
        return (Hours(OFFICE, time(8), time(18)),) if self._chance.below(one_in) == 0 else ()

    def _rotation(self, name: str, *, hours: tuple[Hours, ...]) -> Rotation:
        # Turns of days with office hours would skip weekends: a rule the plain resolver leaves out.
        units = ((12, Unit.HOURS), (1, Unit.WEEKS)) if hours else (
            (6, Unit.HOURS), (12, Unit.HOURS), (1, Unit.DAYS), (2, Unit.DAYS), (1, Unit.WEEKS)
        )  # fmt: skip
        every, unit = self._chance.pick(units)
        handoff = Handoff(every, unit, None, time(self._chance.pick((9, 18))))
        starts = self._start.date() - timedelta(days=1 + self._chance.below(20))
        return Rotation(name, self._members(), handoff, starts, hours)

    def _members(self) -> tuple[str | None, ...]:
        members: Sequence[str | None] = self.some_people(4)
        return (*members, None) if self._chance.below(3) == 0 else tuple(members)

    def _rungs(self, methods: tuple[Method, ...]) -> tuple[Rung, ...]:
        minutes = 0
        rungs = []
        for method in methods:
            rungs.append(Rung(timedelta(minutes=minutes), method.id))
            minutes += self._chance.pick((0, 1, 2, 5))
        return tuple(rungs)

    def _address(self, name: str, kind: str) -> str:
        number = self._chance.below(10**9)
        if kind == "email":
            return f"{name}.{number}@mail.example"
        return f"https://{kind}.example/{name}-{number}"

    def _beating(self, number: int) -> Beating:
        every = timedelta(minutes=self._chance.pick((15, 30, 60)))
        return Beating(f"beat-{number}", every, timedelta(minutes=self._chance.pick((1, 3))))
