"""What the practice screens are told. Filled by web/practice/show.py and pages.py."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.web.layout.views import Fields


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a level in words; `value` None where the level has none."""

    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class LevelView:
    """One severity. `drawing` 1 (worst) to 5; what is empty is not said."""

    drawing: int
    label: str
    aliases: tuple[str, ...]
    title: str
    criteria: str
    response: str
    clocks: tuple[Clock, ...]
    updates: tuple[Clock, ...]
    holds: str
    facts: tuple[tuple[str, str], ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleView:
    """`answers` is what the role is accountable for, `stands_in` what it takes over."""

    key: str
    label: str
    aliases: tuple[str, ...]
    one_holder: bool
    answers: tuple[str, ...]
    stands_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """Roles that are different people, and the levels at which they are."""

    levels: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TriggerView:
    says: str
    required: bool
    waivable: bool


@dataclass(frozen=True, slots=True)
class MapRow:
    """What another pack's levels mean here; `unsure` where somebody has to confirm."""

    label: str
    means: tuple[str, ...]

    @property
    def unsure(self) -> bool:
        return len(self.means) > 1


@dataclass(frozen=True, slots=True)
class PackLink:
    """A pack to look at or to choose. `problem` is why it cannot be chosen."""

    name: str
    title: str
    summary: str
    version: str
    levels: tuple[tuple[int, str], ...]
    shipped: bool
    active: bool
    problem: str | None = None

    @property
    def href(self) -> str:
        return f"/practice/{self.name}"


@dataclass(frozen=True, slots=True)
class PracticePage:
    """practice/show.html at GET /practice and /practice/{name}."""

    name: str
    title: str
    version: str
    source: str
    summary: str
    active: bool
    levels: tuple[LevelView, ...]
    roles: tuple[RoleView, ...]
    apart: tuple[Apart, ...]
    relaxed: tuple[str, ...]
    triggers: tuple[TriggerView, ...]
    limits: tuple[tuple[str, str], ...]
    calendar: str
    maps: tuple[tuple[str, tuple[MapRow, ...]], ...]
    others: tuple[PackLink, ...]
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class NoPracticePage:
    """practice/none.html at GET /practice where the practice is switched off."""

    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """practice/choose.html at GET /settings/practice.

    Posts: /settings/practice {pack}, /settings/practice/packs {text},
    /settings/practice/packs/{name}/remove. `mistakes` are those of the pack that was pasted.
    """

    packs: tuple[PackLink, ...]
    off: bool = False
    fields: Fields | None = None
    mistakes: tuple[tuple[int, str, str], ...] = ()
    typed: str = ""
