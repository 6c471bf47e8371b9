"""Makes what a first page needs: a team, a schedule, a policy, a service and its connections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from holdfast.catalog import actions as catalog_actions
from holdfast.catalog import queries as catalog
from holdfast.catalog.model import Connection, Service
from holdfast.escalation import actions as escalation
from holdfast.escalation.model import Policy, Step, Target, TargetKind
from holdfast.kernel.ids import SLUG_CHARS_MAX
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import named_zone, wall
from holdfast.people import actions as people_actions
from holdfast.people import queries as people
from holdfast.people.model import Team, User
from holdfast.schedules import actions as schedules
from holdfast.schedules.model import Handoff, Rotation, Schedule, Unit
from holdfast.sdk import Source
from holdfast.storage.vault import Vault, get_secret, put_secret
from holdfast.web.setup import words

BASE = "first"
ROTATION = "everybody"
HANDOFF_AT = time(9, 0)
STEP_WAIT = timedelta(minutes=5)
REPEAT = 2
_KEY_SECRET = "setup-key."


@dataclass(frozen=True, slots=True)
class Beginning:
    """The ids of what one person's setup makes: all but the connections share one."""

    id: str

    def connection(self, source: Source) -> str:
        return f"{self.id}-{source.name}"[:SLUG_CHARS_MAX]


def beginning_of(tx: Tx, user: User) -> Beginning:
    """The first person's things are called `first`; whoever comes later has their own."""
    team = people.teams(tx).get(BASE)
    if team is None or team.lead == user.id:
        return Beginning(BASE)
    return Beginning(f"{BASE}-{user.id}"[:SLUG_CHARS_MAX].rstrip("-_"))


def service_of(tx: Tx, beginning: Beginning) -> Service | None:
    """The service of that beginning, once it is made."""
    return catalog.find_service(tx, beginning.id)


def begin(tx: Tx, vault: Vault, user: User, sources: Sequence[Source]) -> None:
    """Makes what is missing; what is there already stays as it is."""
    made = beginning_of(tx, user)
    if service_of(tx, made) is not None:
        return
    people_actions.save_team(tx, Team(made.id, words.TEAM, user.id, (user.id,)))
    schedules.save(tx, _schedule(tx, made, user))
    escalation.save_policy(tx, _policy(made, user))
    catalog_actions.save_service(
        tx,
        Service(made.id, words.SERVICE, made.id, made.id, description=words.SERVICE_ABOUT),
    )
    for source in sources:
        _connect(tx, vault, made, source)


def key_of(tx: Tx, vault: Vault, beginning: Beginning, source: Source) -> str | None:
    """The whole key of a connection that setup made: kept, encrypted, to show its snippet."""
    return get_secret(tx, vault, _KEY_SECRET + beginning.connection(source))


def _schedule(tx: Tx, made: Beginning, user: User) -> Schedule:
    """The person, all day, every day. It begins yesterday, so that no hour of today is a gap."""
    yesterday = wall(tx.now, named_zone(user.time_zone)).date() - timedelta(days=1)
    handoff = Handoff(1, Unit.WEEKS, None, HANDOFF_AT)
    rotation = Rotation(ROTATION, (user.id,), handoff, yesterday)
    return Schedule(made.id, words.SCHEDULE, made.id, user.time_zone, (rotation,))


def _policy(made: Beginning, user: User) -> Policy:
    step = Step((Target(TargetKind.SCHEDULE, made.id),), STEP_WAIT)
    last_resort = (Target(TargetKind.USER, user.id),)
    return Policy(made.id, (step,), REPEAT, last_resort, words.POLICY)


def _connect(tx: Tx, vault: Vault, made: Beginning, source: Source) -> None:
    connection = made.connection(source)
    catalog_actions.save_connection(tx, Connection(connection, source.name, made.id))
    key = catalog_actions.make_key(tx, connection, source.key_digits)
    put_secret(tx, vault, _KEY_SECRET + connection, key)
