"""The kinds of mitigation: how risky each is at least, and the exact command it means. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from holdfast.incidents.mitigations.model import MitigationKind, Reversibility, Risk

REPLICAS_MAX = 500
REVISION_MAX = 1_000_000
NAME_CHARS_MAX = 128
# What may stand in a command line without being read as anything else.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*", re.ASCII)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One blank of a command. With `least` and `most` it is a whole number between them."""

    name: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One way to do it, and the same without doing it; both name their parameters in braces."""

    line: str
    dry_run: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """What is known of a kind before anybody proposes it.

    `risk` is the least it is called; `destroys` says what is lost by doing it, so that it is saved
    first. `wait`: so long after it nobody says whether it has worked.
    """

    kind: MitigationKind
    title: str
    effect: str
    check: str
    risk: Risk
    usual: Risk
    reversibility: Reversibility
    minutes: int
    wait: timedelta = timedelta()
    destroys: str = ""
    parameters: tuple[Parameter, ...] = ()
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """The exact text to copy and to look at first; both empty where a kind has no command."""

    command: str = ""
    dry_run: str = ""


def risk_of(kind: MitigationKind, said: Risk | None) -> Risk:
    """What was said, but never less than the kind is at least; unsaid, what it usually is."""
    template = CATALOGUE[kind]
    return max(said or template.usual, template.risk, key=lambda risk: risk.rank)


def faults(kind: MitigationKind, parameters: Mapping[str, str]) -> list[str]:
    """What is wrong with the parameters, one sentence each; empty where nothing is."""
    known = {parameter.name: parameter for parameter in CATALOGUE[kind].parameters}
    found = []
    for name, value in parameters.items():
        fault = _fault(known.get(name), value)
        if fault:
            found.append(f"{name}: {fault}")
    return found


def rendered(kind: MitigationKind, parameters: Mapping[str, str]) -> Rendered:
    """The command with these parameters: the first for which all blanks are filled."""
    given = {name: value for name, value in parameters.items() if value}
    for command in CATALOGUE[kind].commands:
        if given.keys() >= set(command.needs):
            space = f" --namespace {given['namespace']}" if "namespace" in given else ""
            return Rendered(
                command.line.format_map(given) + space, command.dry_run.format_map(given) + space
            )
    return Rendered()


def _fault(parameter: Parameter | None, value: str) -> str:
    if parameter is None or parameter.least is None or parameter.most is None:
        if len(value) > NAME_CHARS_MAX or not _NAME.fullmatch(value):
            return "letters, digits and . _ - / only, so that it can stand in a command"
        return ""
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(parameter.most))):
        return f"a whole number from {parameter.least} to {parameter.most}"
    if not parameter.least <= int(value) <= parameter.most:
        return f"{parameter.least} to {parameter.most}, not {value}"
    return ""


_DEPLOYMENT = (Parameter("deployment"), Parameter("namespace"))
_TEMPLATES = (
    Template(
        MitigationKind.ROLLBACK,
        "Roll back the last change",
        "What ran before the change runs again.",
        "The error rate falls to where it was before the change.",
        Risk.LOW,
        Risk.LOW,
        Reversibility.EASY,
        5,
        wait=2 * _MINUTE,
        parameters=(*_DEPLOYMENT, Parameter("release"), Parameter("revision", 1, REVISION_MAX)),
        commands=(
            Command(
                "kubectl rollout undo deployment/{deployment} --to-revision={revision}",
                "kubectl rollout undo deployment/{deployment} --to-revision={revision}"
                " --dry-run=server",
                ("deployment", "revision"),
            ),
            Command(
                "kubectl rollout undo deployment/{deployment}",
                "kubectl rollout undo deployment/{deployment} --dry-run=server",
                ("deployment",),
            ),
            Command(
                "helm rollback {release} {revision}",
                "helm rollback {release} {revision} --dry-run",
                ("release", "revision"),
            ),
            Command("helm rollback {release}", "helm rollback {release} --dry-run", ("release",)),
        ),
    ),
    Template(
        MitigationKind.SCALE,
        "Scale up",
        "More instances share the load.",
        "Latency and saturation fall.",
        Risk.LOW,
        Risk.LOW,
        Reversibility.EASY,
        5,
        wait=2 * _MINUTE,
        parameters=(*_DEPLOYMENT, Parameter("replicas", 0, REPLICAS_MAX)),
        commands=(
            Command(
                "kubectl scale deployment/{deployment} --replicas={replicas}",
                "kubectl scale deployment/{deployment} --replicas={replicas} --dry-run=server",
                ("deployment", "replicas"),
            ),
        ),
    ),
    Template(
        MitigationKind.RESTART,
        "Restart what is stuck",
        "It starts from a clean state.",
        "It answers, and goes on answering.",
        Risk.LOW,
        Risk.LOW,
        Reversibility.NONE,
        5,
        wait=2 * _MINUTE,
        destroys="what is in memory: thread dumps, heaps, open connections",
        parameters=_DEPLOYMENT,
        commands=(
            Command(
                "kubectl rollout restart deployment/{deployment}",
                "kubectl rollout restart deployment/{deployment} --dry-run=server",
                ("deployment",),
            ),
        ),
    ),
    Template(
        MitigationKind.FAILOVER,
        "Switch traffic elsewhere",
        "Another region or replica takes the traffic.",
        "Users are served there, and nothing is lost on the way.",
        Risk.HIGH,
        Risk.HIGH,
        Reversibility.HARD,
        15,
        wait=5 * _MINUTE,
        parameters=(Parameter("from"), Parameter("to")),
    ),
    Template(
        MitigationKind.FLAG,
        "Switch a feature off",
        "The part that hurts is off; the rest works.",
        "Errors of that feature stop.",
        Risk.LOW,
        Risk.LOW,
        Reversibility.EASY,
        2,
        wait=_MINUTE,
        parameters=(Parameter("flag"),),
    ),
    Template(
        MitigationKind.MAINTENANCE,
        "Show a maintenance page",
        "Users see that we know, and nothing worse happens to them.",
        "No request reaches what is broken.",
        Risk.MEDIUM,
        Risk.MEDIUM,
        Reversibility.EASY,
        5,
    ),
    Template(
        MitigationKind.RESTORE,
        "Restore from a backup",
        "The data is as it was at the backup; what came later is lost.",
        "The data is complete up to the backup, and the service reads it.",
        Risk.HIGH,
        Risk.HIGH,
        Reversibility.NONE,
        60,
        wait=15 * _MINUTE,
        destroys="everything that was written since the backup",
        parameters=(Parameter("backup"),),
    ),
    Template(
        MitigationKind.WORKAROUND,
        "A way around it",
        "People can go on although it is broken.",
        "Somebody has done it and it worked.",
        Risk.LOW,
        Risk.LOW,
        Reversibility.EASY,
        10,
    ),
    Template(
        MitigationKind.EMERGENCY_CHANGE,
        "An emergency change",
        "Something new is rolled out without its usual checks.",
        "What it was meant to change has changed, and nothing else.",
        Risk.MEDIUM,
        Risk.MEDIUM,
        Reversibility.HARD,
        30,
        wait=2 * _MINUTE,
    ),
    Template(
        MitigationKind.OTHER,
        "Something else",
        "As it says.",
        "As it says.",
        Risk.LOW,
        Risk.MEDIUM,
        Reversibility.HARD,
        15,
    ),
)
CATALOGUE: Mapping[MitigationKind, Template] = {each.kind: each for each in _TEMPLATES}
