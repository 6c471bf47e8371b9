"""Users and teams as the files write them."""

from __future__ import annotations

from datetime import timedelta

from holdfast.configuration.fields import Fields, one_of, word, yes_or_no
from holdfast.configuration.mistakes import did_you_mean
from holdfast.configuration.model import DISABLED, Mentioned
from holdfast.kernel.actor import Role
from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slug
from holdfast.kernel.zone import named_zone, zone_names
from holdfast.people.model import Method, Rules, Rung, Team, User
from holdfast.sdk import Urgency
from holdfast.sdk.discovery import Integrations

USER_FIELDS = ("id", "name", "email", "time_zone", "role", "methods", "rules", "disabled")
METHOD_FIELDS = ("id", "kind", "address")
RULES_FIELDS = tuple(urgency.value for urgency in Urgency)
RUNG_FIELDS = ("after", "method")
TEAM_FIELDS = ("id", "name", "lead", "members")
ROLES = tuple(role.value for role in Role)
DEFAULT_ZONE = "UTC"
_AT_ONCE = timedelta()


def user(fields: Fields, integrations: Integrations) -> Mentioned[User]:
    """What is not given reads as its default; plan.py keeps what is here instead."""
    return fields.mention(
        User(
            id=fields.read("id", slug, ""),
            name=fields.need("name", word, ""),
            email=fields.read("email", word, None),
            time_zone=fields.read("time_zone", zone, DEFAULT_ZONE),
            role=Role(fields.read("role", one_of(ROLES), Role.RESPONDER.value)),
            methods=_methods(fields, integrations),
            rules=_rules(fields),
            disabled_at=DISABLED if fields.read("disabled", yes_or_no, default=False) else None,
        )
    )


def team(fields: Fields) -> Mentioned[Team]:
    return fields.mention(
        Team(
            id=fields.read("id", slug, ""),
            name=fields.need("name", word, ""),
            lead=fields.read("lead", word, None),
            members=fields.texts("members"),
        )
    )


def zone(text: str) -> str:
    """The name of a time zone. Raises Invalid with the nearest one."""
    try:
        return named_zone(text).key
    except Invalid as error:
        otherwise = error.remedy or ""
        raise Invalid(error.detail, remedy=did_you_mean(text, zone_names(), otherwise)) from error


def _methods(fields: Fields, integrations: Integrations) -> tuple[Method, ...]:
    kinds = tuple(integrations.notifiers)
    found: list[Method] = []
    for entry in fields.each("methods", f"a contact method of {fields.what}", METHOD_FIELDS):
        name = entry.need("id", slug, "")
        entry.what = f"method {name} of {fields.what}"
        kind = entry.need("kind", one_of(kinds), "")
        address = entry.need("address", word, "")
        _check_address(entry, integrations, kind, address)
        if any(method.id == name for method in found):
            entry.wrong("id", f"{fields.what} has two methods {name}.", "Give each its own id.")
        found.append(Method(name, kind, address))
    return tuple(found)


def _check_address(entry: Fields, integrations: Integrations, kind: str, address: str) -> None:
    notifier = integrations.notifiers.get(kind)
    trouble = notifier.check(address) if notifier is not None and address else None
    if trouble and notifier is not None:
        example = notifier.placeholder
        remedy = f"Write it like {example}." if example else "Change it."
        entry.wrong("address", f"address of {entry.what}: {trouble}", remedy)


def _rules(fields: Fields) -> Rules:
    rules = fields.inner("rules", f"rules of {fields.what}", RULES_FIELDS)
    if rules is None:
        return {}
    found = {}
    for urgency in Urgency:
        what = f"a line of the rule for {urgency.value} pages of {fields.what}"
        rungs = tuple(
            Rung(line.read("after", parse_duration, _AT_ONCE), line.need("method", word, ""))
            for line in rules.each(urgency.value, what, RUNG_FIELDS)
        )
        if rungs:
            found[urgency] = rungs
    return found
