"""One level of the ladder in YAML: every cell is filled, or says none (ledger S2-04, S3-06)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slug
from holdfast.kernel.quote import quoted
from holdfast.practice.check import RANK_MAX
from holdfast.practice.fields import WITHOUT_BEHAVIOUR, Part, one_of, short, text, whole, yes_or_no
from holdfast.practice.model import Audience, Clocks, Hours, Level, Need, Postmortem, RoleKey

LEVEL_FIELDS = (
    "rank", "label", "aliases", "title", "criteria", "response", "hours", "page", "notify",
    "clocks", "cadence", "first_update", "promise_next_update", "public_update_required",
    "roles_required", "apart", "responders_min", "war_room", "verify_window", "reevaluate_every",
    "postmortem", "postmortem_due", "due", "users_affected_min", "cites",
)  # fmt: skip
CLOCK_FIELDS = ("ack", "engage", "war_room", "restore")
RESPONDERS_MAX = 50
BUSINESS_DAYS_MAX = 60
GROUPS = ("owners", "on_call", "roles", "leadership", "senior", "all_hands")
NAMED = ("team", "schedule", "user")


def level(part: Part) -> Level:
    """The level; a blank cell is refused with SEVERITY_WITHOUT_BEHAVIOUR."""
    label = part.need("label", short, "")
    part.code = WITHOUT_BEHAVIOUR
    page, notify = part.words("page", _whom, needed=True), part.words("notify", _whom, needed=True)
    postmortem_due, due = part.stated("postmortem_due", _due), part.stated("due", _due)
    return Level(
        rank=part.need("rank", whole(0, RANK_MAX), 0),
        label=label,
        title=part.need("title", text, ""),
        criteria=part.need("criteria", text, ""),
        response=part.need("response", text, ""),
        aliases=part.words("aliases", short),
        hours=part.need("hours", one_of(Hours), Hours.ALWAYS),
        page=page,
        notify=notify,
        clocks=_clocks(part),
        cadence=_cadence(part),
        first_update=part.stated("first_update", parse_duration),
        roles_required=part.words("roles_required", one_of(RoleKey), needed=True),
        apart=_apart(part),
        responders_min=part.need("responders_min", whole(0, RESPONDERS_MAX), 0),
        war_room=part.need("war_room", one_of(Need), Need.NONE),
        verify_window=part.need("verify_window", parse_duration, timedelta()),
        reevaluate_every=part.stated("reevaluate_every", parse_duration),
        postmortem=part.need("postmortem", one_of(Postmortem), Postmortem.REQUIRED),
        postmortem_due=postmortem_due.span if postmortem_due else None,
        postmortem_business_days=postmortem_due.days if postmortem_due else None,
        promise_next_update=part.need("promise_next_update", yes_or_no, default=True),
        public_update_required=part.read("public_update_required", yes_or_no, default=False),
        due_in=due.span if due else None,
        due_business_days=due.days if due else None,
        users_affected_min=part.read("users_affected_min", _percent, None),
        cites=part.words("cites", short),
    )


def _clocks(part: Part) -> Clocks:
    clocks = part.part("clocks", f"clocks of {part.what}", CLOCK_FIELDS)
    if clocks is None:
        return Clocks(None, None, None, None)
    return Clocks(**{name: clocks.stated(name, parse_duration) for name in CLOCK_FIELDS})


def _cadence(part: Part) -> Mapping[Audience, timedelta | None]:
    cadence = part.part("cadence", f"cadence of {part.what}", tuple(Audience))
    if cadence is None:
        return {}
    return {audience: cadence.stated(audience, parse_duration) for audience in Audience}


def _apart(part: Part) -> tuple[frozenset[RoleKey], ...]:
    """Groups such as `command operations scribe`, of whom nobody holds two, as pairs."""
    groups = part.words("apart", _group, needed=True)
    pairs = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    return tuple(pair for two in combinations(RoleKey, 2) if (pair := frozenset(two)) in pairs)


def _group(found: str) -> tuple[RoleKey, ...]:
    roles = tuple(one_of(RoleKey)(word) for word in found.split())
    if len(set(roles)) < 2:
        raise Invalid(
            f"{quoted(found)} is fewer than two roles.", remedy="Write [command operations]."
        )
    return tuple(dict.fromkeys(roles))


def _whom(found: str) -> str:
    kind, colon, name = found.partition(":")
    if not colon and kind in GROUPS:
        return found
    if kind == "role":
        one_of(RoleKey)(name)
        return found
    if kind in NAMED:
        slug(name)
        return found
    raise Invalid(
        f"{quoted(found)} is nobody who can be paged.",
        remedy=f"Use {', '.join(GROUPS)}, role:KEY, team:ID, schedule:ID or user:ID.",
    )


@dataclass(frozen=True, slots=True)
class _Due:
    span: timedelta | None
    days: int | None


_DAYS = re.compile(r"([0-9]{1,2}) business days?", re.ASCII)


def _due(found: str) -> _Due:
    match = _DAYS.fullmatch(found)
    if match is None:
        return _Due(parse_duration(found), None)
    if not 1 <= int(match[1]) <= BUSINESS_DAYS_MAX:
        raise Invalid(
            f"{quoted(found)} is not 1 to {BUSINESS_DAYS_MAX} business days.",
            remedy="Write 1 business day, 5 business days, or a duration such as 3d.",
        )
    return _Due(None, int(match[1]))


_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)%?", re.ASCII)


def _percent(found: str) -> float:
    match = _PERCENT.fullmatch(found)
    if match is None or not 0 <= float(match[1]) <= 100:
        raise Invalid(f"{quoted(found)} is not a percentage.", remedy="Write 0 to 100.")
    return float(match[1])
