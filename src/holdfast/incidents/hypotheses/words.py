"""What the hypothesis board says in an incident's list."""

from __future__ import annotations

from holdfast.incidents.hypotheses.model import Hypothesis, Resource, ResourceState, Trial

RESOURCES = {
    Resource.CPU: "CPU",
    Resource.MEMORY: "memory",
    Resource.DISK: "disk",
    Resource.DESCRIPTORS: "file descriptors",
    Resource.CONNECTIONS: "connections",
}


def opened(hypothesis: Hypothesis) -> str:
    if hypothesis.prediction:
        return f"Hypothesis: {hypothesis.statement} Then we would see: {hypothesis.prediction}"
    return f"Hypothesis, untested: {hypothesis.statement}"


def tested(hypothesis: Hypothesis, test: Trial) -> str:
    return f"Tested “{hypothesis.statement}”: {test.text}"


def judged(hypothesis: Hypothesis) -> str:
    why = f": {hypothesis.because}" if hypothesis.because else "."
    return f"Hypothesis {hypothesis.certainty.value}: “{hypothesis.statement}”{why}"


def fixated(statement: str, why: str) -> str:
    return f"Only one explanation is left, “{statement}”, and {why}. Rule out the worst case."


def checked(resource: Resource, state: ResourceState) -> str:
    found = "is exhausted" if state is ResourceState.EXHAUSTED else "is fine"
    return f"Looked at {RESOURCES[resource]}: it {found}."


def unchecked(left: list[Resource]) -> str:
    names = ", ".join(RESOURCES[resource] for resource in left)
    return f"Nobody has looked at {names} yet."
