"""The form of one service: what it is sent with, and what that makes of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog import queries as catalog
from holdfast.catalog.model import TIER_MAX, Service
from holdfast.escalation import queries as escalation
from holdfast.kernel.errors import Conflict, Invalid
from holdfast.kernel.ids import slugify
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.web.layout.views import Choice, Fields
from holdfast.web.services import words
from holdfast.web.services.views import ServiceEdit
from holdfast.web.slugs import free_slug

TIER_DEFAULT = 2
DESCRIPTION_CHARS_MAX = 500
_OPEN = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)


class NotReady(Conflict):
    """Something has to be made before this."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds, as it was typed."""

    name: str = ""
    description: str = ""
    team: str = ""
    policy: str = ""
    tier: str = str(TIER_DEFAULT)
    depends_on: tuple[str, ...] = ()


def typed_in(form: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> Typed:
    return Typed(
        form.get("name", "").strip(),
        form.get("description", "").strip(),
        form.get("team", ""),
        form.get("policy", ""),
        form.get("tier", ""),
        tuple(lists.get("depends_on", ())),
    )


def typed_of(service: Service) -> Typed:
    return Typed(
        service.name, service.description, service.team, service.policy, str(service.tier),
        service.depends_on,
    )  # fmt: skip


def service_in(tx: Tx, typed: Typed, known: Service | None) -> Service:
    """The service that the form describes. Raises Invalid, NotReady."""
    _check(tx, typed)
    taken = catalog.services(tx)
    service_id = known.id if known else free_slug(slugify(typed.name, "service"), taken)
    return Service(
        id=service_id,
        name=typed.name,
        team=typed.team,
        policy=typed.policy,
        tier=int(typed.tier),
        depends_on=typed.depends_on,
        description=typed.description,
    )


def service_edit(
    tx: Tx, typed: Typed, known: Service | None, fields: Fields | None = None
) -> ServiceEdit:
    """The form, filled."""
    others = [s for s in catalog.services(tx).values() if known is None or s.id != known.id]
    return ServiceEdit(
        id=None if known is None else known.id,
        action="/services/new" if known is None else f"/services/{known.id}/edit",
        name=typed.name,
        description=typed.description,
        teams=tuple(
            Choice(team.id, team.name, chosen=team.id == typed.team)
            for team in people.teams(tx).values()
        ),
        policies=tuple(
            Choice(policy.id, policy.title, chosen=policy.id == typed.policy)
            for policy in escalation.policies(tx).values()
        ),
        tiers=tuple(
            Choice(str(number), words.tier(number), chosen=str(number) == typed.tier)
            for number in range(TIER_MAX + 1)
        ),
        depends_on=tuple(
            Choice(other.id, other.name, chosen=other.id in typed.depends_on) for other in others
        ),
        keeps=None if known is None else why_kept(tx, known),
        may_delete=known is not None,
        fields=fields,
    )


def why_kept(tx: Tx, service: Service) -> str | None:
    """Why it cannot be deleted yet; None where it can."""
    users = [s.name for s in catalog.services(tx).values() if service.id in s.depends_on]
    users += [c.id for c in catalog.connections(tx).values() if c.service == service.id]
    if users:
        return words.keeps(users)
    opened = alerts.count(tx, Filter(statuses=_OPEN, service=service.id))
    return words.open_keeps(opened) if opened else None


def _check(tx: Tx, typed: Typed) -> None:
    if not people.teams(tx):
        raise NotReady(words.NO_TEAM)
    if not escalation.policies(tx):
        raise NotReady(words.NO_POLICY_YET)
    fields: dict[str, str] = {}
    if typed.policy not in escalation.policies(tx):
        fields["policy"] = "choose an escalation policy"
    if typed.team not in people.teams(tx):
        fields["team"] = "choose a team"
    if not typed.tier.isascii() or not typed.tier.isdigit():
        fields["tier"] = f"choose 0 to {TIER_MAX}"
    if len(typed.description) > DESCRIPTION_CHARS_MAX:
        fields["description"] = f"use at most {DESCRIPTION_CHARS_MAX} characters"
    if fields:
        raise Invalid("Some fields are not right.", fields=fields)
