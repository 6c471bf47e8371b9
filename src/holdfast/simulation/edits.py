"""What is changed while alerts are open: holidays, phones, policies, people, the weather."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from holdfast.catalog import actions as catalog
from holdfast.escalation import actions as escalation
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.span import Span
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.people.model import Team
from holdfast.schedules import actions as schedules
from holdfast.schedules.model import Override
from holdfast.simulation.carrier import KINDS_IN_TROUBLE, TROUBLES, Mode
from holdfast.simulation.faults import Fault
from holdfast.simulation.stage import Stage, about, between

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
OVERRIDES_KEPT_MAX = 100


class Edits:
    """One change every now and then, each through the product's own actions."""

    def __init__(self, stage: Stage, every: timedelta) -> None:
        self._stage = stage
        self._every = every
        self._changes: tuple[Callable[[Tx], object], ...] = (
            self._holiday, self._holiday, self._holiday, self._back_early, self._phone,
            self._policy, self._rotation, self._team, self._service, self._leave, self._return,
            self._rules, self._drop_policy, self._connection,
        )  # fmt: skip
        self._overrides: list[tuple[str, str]] = []

    def start(self) -> None:
        self._stage.later(about(self._stage.chance, self._every), self._change)
        self._stage.later(about(self._stage.chance, HOUR), self._carriers)

    def _change(self) -> None:
        self._stage.later(about(self._stage.chance, self._every), self._change)
        self._stage.act(SYSTEM, self._stage.chance.pick(self._changes))

    def _carriers(self) -> None:
        """The weather outside changes."""
        stage = self._stage
        stage.later(about(stage.chance, HOUR / 2), self._carriers)
        for kind in KINDS_IN_TROUBLE:
            if stage.faults.strikes(Fault.CARRIER):
                stage.carriers.modes[kind] = stage.chance.pick(TROUBLES)
                length = about(stage.chance, stage.chance.pick((MINUTE, 10 * MINUTE, 2 * HOUR)))
                stage.later(length, lambda kind=kind: self._mend(kind))  # type: ignore[misc] # a default binds it now
        if stage.faults.strikes(Fault.CARRIER):
            user = stage.facts.directory.users[stage.company.a_person()]
            stage.carriers.gone.add(stage.chance.pick(user.methods).address)

    def _mend(self, kind: str) -> None:
        self._stage.carriers.modes[kind] = Mode.OK

    def _holiday(self, tx: Tx) -> None:
        chance = self._stage.chance
        schedule = chance.pick(self._stage.company.schedules)
        start = tx.now + between(chance, timedelta(), 12 * HOUR)
        end = start + between(chance, MINUTE, 24 * HOUR)
        name = f"ov-{chance.below(10**9)}"
        override = Override(name, self._stage.company.a_person(), Span(start, end))
        schedules.add_override(tx, schedule, override)
        self._overrides = [*self._overrides[-OVERRIDES_KEPT_MAX:], (schedule, name)]

    def _back_early(self, tx: Tx) -> None:
        if self._overrides:
            schedules.remove_override(tx, *self._stage.chance.pick(self._overrides))

    def _phone(self, tx: Tx) -> None:
        name = self._stage.company.a_person()
        people.save_methods(tx, name, self._stage.company.methods(name))

    def _rules(self, tx: Tx) -> None:
        name = self._stage.company.a_person()
        user = self._stage.facts.directory.users[name]
        fresh = self._stage.company.user(name, admin=False)
        people.save_user(tx, replace(user, methods=fresh.methods, rules=fresh.rules))

    def _policy(self, tx: Tx) -> None:
        company = self._stage.company
        escalation.save_policy(tx, company.policy(self._stage.chance.pick(company.policies)))

    def _drop_policy(self, tx: Tx) -> None:
        """As a careless import does: services go on naming it."""
        escalation.delete_policy(tx, "strict", used_by=[])

    def _rotation(self, tx: Tx) -> None:
        company = self._stage.company
        schedules.save(tx, company.schedule(self._stage.chance.pick(company.schedules)))

    def _team(self, tx: Tx) -> None:
        company = self._stage.company
        name = self._stage.chance.pick(company.teams)
        lead = self._stage.chance.pick((None, company.a_person()))
        people.save_team(tx, Team(name, name.title(), lead, company.some_people(3)))

    def _service(self, tx: Tx) -> None:
        company = self._stage.company
        catalog.save_service(tx, company.service(self._stage.chance.pick(company.services)))

    def _leave(self, tx: Tx) -> None:
        name = self._stage.company.a_person()
        if name != self._stage.company.people[0]:  # somebody has to stay
            people.disable_user(tx, name)

    def _return(self, tx: Tx) -> None:
        for user in self._stage.facts.directory.users.values():
            if user.disabled_at is not None:
                people.enable_user(tx, user.id)

    def _connection(self, tx: Tx) -> None:
        """Deleted, or made again: letters from it may still lie in the inbox."""
        company = self._stage.company
        name = self._stage.chance.pick(company.connections)
        if self._stage.chance.below(2):
            catalog.delete_connection(tx, name)
        else:
            company.connect(tx, name)
