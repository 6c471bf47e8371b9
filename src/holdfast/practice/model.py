"""A practice pack: the severity ladder, clocks, roles and triggers that people work by.

Packs are versioned YAML files in `packs/`. Whatever compares levels compares ranks, never the digit
in a label: one text's SEV1 is not another's (ledger 1.0, C1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from holdfast.kernel.errors import Conflict, Invalid, NotFound
from holdfast.timeline.event import Event

SHIPPED = (
    "union-5",
    "guardrails-4",
    "classic-4",
    "imoc-p3",
    "imag-3",
    "devops-4",
    "pagerduty-5",
)
DEFAULT = SHIPPED[0]
RANKS_MAX = 6
LEVELS_MIN = 2
SIGNIFICANT_RANK_MAX = 2  # up to here an incident counts as significant (ledger S3-17, S3-22)
PACK_CHARS_MAX = 200_000
MISTAKES_MAX = 20  # that are told at once
FILE_CHARS_MAX = 200  # of the name of a pack's file
PACKS_MAX = 50  # of one's own
OFF = "none"  # chosen in place of a name: nobody can declare until a pack is chosen again


class RoleKey(StrEnum):
    """What somebody is for in an incident. Labels and aliases are the pack's (ledger C6)."""

    COMMAND = "command"
    OPERATIONS = "operations"
    TECHNICAL_LEAD = "technical_lead"  # a kind of operations
    COMMUNICATIONS = "communications"
    SCRIBE = "scribe"
    DEPUTY = "deputy"
    LIAISON = "liaison"
    OBSERVER = "observer"


class Duty(StrEnum):
    """What has exactly one accountable holder at any instant (ledger C7)."""

    COORDINATE = "coordinate"
    DECIDE = "decide"
    COMMUNICATE_INTERNAL = "communicate_internal"
    COMMUNICATE_PUBLIC = "communicate_public"
    BRIEF_LEADERS = "brief_leaders"
    DOCUMENT = "document"
    EXECUTE = "execute"


class Audience(StrEnum):
    """Who is told. Customers are told on the status page once there is one."""

    INTERNAL = "internal"
    LEADERS = "leaders"
    CUSTOMERS = "customers"


class Hours(StrEnum):
    """When a level may wake somebody."""

    ALWAYS = "always"
    BUSINESS = "business"
    NEVER = "never"  # a ticket, no page


class Postmortem(StrEnum):
    REQUIRED = "required"
    BY_TRIGGER = "by_trigger"


class Need(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Role:
    """A role as this pack names it. `exclusive`: one holder at any instant."""

    key: RoleKey
    label: str
    aliases: tuple[str, ...] = ()
    exclusive: bool = True
    schedule: str | None = None  # the on-call schedule that candidates come from first


@dataclass(frozen=True, slots=True)
class Clocks:
    """Five clocks that a level states; None says that it has none (ledger C4, S3-06).

    `ack` page to acknowledgement, `engage` declared to somebody working, `war_room` declared to a
    room with two or more, `restore` impact began to restored.
    """

    ack: timedelta | None
    engage: timedelta | None
    war_room: timedelta | None
    restore: timedelta | None


@dataclass(frozen=True, slots=True)
class Level:
    """One severity of the ladder, and what it brings about (ledger S3-06).

    `page` and `notify` are words the responders package understands: `owners`, `on_call`,
    `roles` (all required ones), `role:KEY` (who is on call for that role), `leadership`, `senior`,
    `all_hands`, `team:ID`, `schedule:ID`, `user:ID`. `cadence` is the longest silence towards an
    audience; None says that it is not told regularly. `apart` are pairs of roles that one person
    may not hold together. Where `hours` is business, `ack` and `engage` count business hours.
    """

    rank: int
    label: str
    title: str
    criteria: str
    response: str
    aliases: tuple[str, ...]
    hours: Hours
    page: tuple[str, ...]
    notify: tuple[str, ...]
    clocks: Clocks
    cadence: Mapping[Audience, timedelta | None]
    first_update: timedelta | None
    roles_required: tuple[RoleKey, ...]
    apart: tuple[frozenset[RoleKey], ...]
    responders_min: int
    war_room: Need
    verify_window: timedelta
    reevaluate_every: timedelta | None
    postmortem: Postmortem
    postmortem_due: timedelta | None
    promise_next_update: bool  # every message that is not final says when the next one comes
    public_update_required: bool = False
    due_in: timedelta | None = None  # for a level that is a ticket
    due_business_days: int | None = None  # or: by the end of that business day, 1 is the next one
    users_affected_min: float | None = None  # percent; a numeric predicate for the calculator
    postmortem_business_days: int | None = None  # in place of `postmortem_due`
    cites: tuple[str, ...] = ()  # the ledger rows that this level was written from


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may stay as they are before somebody is asked, in one pack."""

    command_silent_after: timedelta  # no activity of the commander
    update_grace: timedelta  # after which the deputy or the next one is told
    escalation_answer_within: timedelta  # a request to command, then it happens by itself
    no_mitigation_after: timedelta  # ranks 0 and 1: escalate?
    solo_after: timedelta  # one person alone, then the next one is paged
    role_missing_after: timedelta
    scribe_prompt_after: timedelta
    fixation_after: timedelta  # one hypothesis and no test
    mark_every: timedelta
    task_overdue_grace: timedelta
    impact_unknown_ask_after: timedelta
    reopen_within: timedelta
    break_glass_for: timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the organisation works, for clocks in business hours. Weekdays: Monday is 0."""

    time_zone: str = "UTC"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(17)
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A predicate that asks for a postmortem, by its name in `triggers.py`."""

    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole practice. Incidents keep the one they were declared under (ledger S0-09)."""

    name: str
    title: str
    version: str
    source: str
    summary: str
    levels: tuple[Level, ...]  # worst first
    roles: tuple[Role, ...]
    duties: Mapping[Duty, tuple[RoleKey, ...]]  # the accountable role, then who stands in
    limits: Limits
    triggers: tuple[Trigger, ...]
    cause_asked: bool = False  # devops-4: resolve asks whether the cause is fixed
    # Another pack's labels -> the ranks of this one that fit, worst first (ledger C1, C2).
    severity_map: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)

    def level(self, rank: int) -> Level:
        """The level of that rank, else the next milder one, else the mildest."""
        at_or_below = [level for level in self.levels if level.rank >= rank]
        return at_or_below[0] if at_or_below else self.levels[-1]

    def named(self, label: str) -> Level | None:
        """The level by its label or an alias, however it is written: `SEV1`, `sev-1`, `Sev 1`."""
        wanted = plain(label)
        for level in self.levels:
            if wanted in {plain(level.label), *map(plain, level.aliases)}:
                return level
        return None

    def role(self, name: str) -> Role | None:
        """The role by key, label or alias."""
        wanted = plain(name)
        for role in self.roles:
            if wanted in {plain(role.key), plain(role.label), *map(plain, role.aliases)}:
                return role
        return None


def plain(text: str) -> str:
    """A name as it is compared: letters and digits in lower case, nothing else."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


class NoSuchPractice(NotFound):
    """There is no practice pack by that name."""


class NoPractice(NoSuchPractice):
    """No practice pack is in force."""


@dataclass(frozen=True, slots=True)
class PackMistake:
    """What is wrong in a pack's file, and what to write instead. `line` counts from 1."""

    line: int
    message: str
    remedy: str
    code: str | None = None  # a guardrail's, where one refuses


class NotAPack(Invalid):
    """This is no practice pack that people could work by.

    Holds at most MISTAKES_MAX mistakes, in the order of the lines. `code`, the detail and the
    remedy are those of the first that a guardrail refuses, else of the first.
    """

    def __init__(self, file: str, mistakes: Sequence[PackMistake]) -> None:
        assert mistakes, "there is something wrong with it"
        self.file = file
        in_order = sorted(mistakes, key=lambda mistake: mistake.line)
        self.mistakes = tuple(in_order[:MISTAKES_MAX])
        first = next((mistake for mistake in in_order if mistake.code), in_order[0])
        more = len(mistakes) - 1
        also = f" ({more} more {'mistake' if more == 1 else 'mistakes'})" if more else ""
        super().__init__(f"{file}:{first.line}: {first.message}{also}", remedy=first.remedy)
        self.code = first.code
        # Of the guardrails that refuse something in it, each once.
        self.codes = tuple(dict.fromkeys(each.code for each in in_order if each.code))


class PackInUse(Conflict):
    """This practice pack is in force."""


class NotOurs(Conflict):
    """This practice pack is shipped with Holdfast and cannot be changed."""


class TooManyPacks(Conflict):
    """There are as many practice packs as Holdfast keeps."""


@dataclass(frozen=True, slots=True)
class PracticeChosen(Event):
    """From now on the organisation works by this pack."""

    kind = "practice.chosen"


@dataclass(frozen=True, slots=True)
class PracticeSaved(Event):
    """A pack of one's own was written; running incidents keep the one they began with."""

    kind = "practice.saved"
    version: str = ""
    relaxed: tuple[str, ...] = ()  # roles that it lets one person hold, against the house's rule


@dataclass(frozen=True, slots=True)
class PracticeRemoved(Event):
    """A pack of one's own is gone."""

    kind = "practice.removed"
