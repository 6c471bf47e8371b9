"""Which part is hurt, as far as the alerts agree on it (ledger S2-22). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# What sources call a dimension; the first that an alert has counts.
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "host": ("host", "hostname", "node", "instance"),
    "az": ("az", "availability_zone", "zone"),
    "region": ("region", "cloud_region"),
    "service": ("service", "app", "job"),
    "segment": ("segment", "user_segment", "tenant", "customer"),
}


def chips(labels: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """`az:eu-1a` for each dimension in which all alerts name the same value."""
    each = list(labels)
    found = []
    for dimension, names in DIMENSIONS.items():
        values = {_value(one, names) for one in each}
        if len(values) == 1 and (value := values.pop()):
            found.append(f"{dimension}:{value}")
    return tuple(found)


def _value(labels: Mapping[str, str], names: Iterable[str]) -> str:
    return next((labels[name] for name in names if labels.get(name)), "")
