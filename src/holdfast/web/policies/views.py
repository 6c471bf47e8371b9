"""What the escalation policy screens are told. Filled by web/policies/pages.py."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.web.layout.views import Choice, Face, Fields, Link


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step pages, as a link, and who that is at this moment."""

    link: Link
    kind: str
    people: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: when it begins, counted from the start (`at once`, `after 5 min`), and its wait."""

    number: int
    begins: str
    targets: tuple[Target, ...]
    wait: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """policies/show.html at GET /policies/{id}

    `repeat` is how many more times it climbs; `takes` how long until the last resort. `problems`
    are moments ahead at which no step reaches anybody, each as one sentence.
    """

    id: str
    name: str
    steps: tuple[Step, ...]
    repeat: int
    takes: str
    last_resort: tuple[Target, ...]
    last_resort_default: bool
    used_by: tuple[Link, ...]
    problems: tuple[str, ...] = ()
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class StepForm:
    """One step as controls: `s{n}.target` (repeated) and `s{n}.wait`."""

    targets: tuple[tuple[Choice, ...], ...]
    wait: str


@dataclass(frozen=True, slots=True)
class PolicyEdit:
    """policies/edit.html at GET and POST /policies/{id}/edit and /policies/new.

    Controls: `name`, `repeat`, `s{n}.target`, `s{n}.wait`, `last` (repeated). Buttons send the
    whole form with `do`: save, add-step, remove-step:n, step-up:n, add-target:n, remove-target:n:k,
    add-last, remove-last:k, delete.
    `plan` is the policy as sentences, as far as it can be read.
    """

    id: str | None
    action: str
    name: str
    repeat: str
    steps: tuple[StepForm, ...]
    last_resort: tuple[tuple[Choice, ...], ...]
    used_by: tuple[Link, ...] = ()
    plan: tuple[str, ...] = ()
    may_delete: bool = False
    fields: Fields | None = None
