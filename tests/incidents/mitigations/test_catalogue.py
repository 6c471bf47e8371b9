"""The kinds of mitigation and their commands."""

from __future__ import annotations

import pytest

from holdfast.incidents.mitigations.catalogue import CATALOGUE, faults, rendered, risk_of
from holdfast.incidents.mitigations.model import MitigationKind, Risk


@pytest.mark.ledger("S1-37")
@pytest.mark.parametrize(
    ("kind", "parameters", "command"),
    [
        (MitigationKind.ROLLBACK, {"deployment": "myapp"}, "kubectl rollout undo deployment/myapp"),
        (
            MitigationKind.ROLLBACK,
            {"deployment": "myapp", "revision": "7", "namespace": "shop"},
            "kubectl rollout undo deployment/myapp --to-revision=7 --namespace shop",
        ),
        (MitigationKind.ROLLBACK, {"release": "web", "revision": "3"}, "helm rollback web 3"),
        (
            MitigationKind.SCALE,
            {"deployment": "myapp", "replicas": "20"},
            "kubectl scale deployment/myapp --replicas=20",
        ),
        (
            MitigationKind.RESTART,
            {"deployment": "myapp"},
            "kubectl rollout restart deployment/myapp",
        ),
        (MitigationKind.SCALE, {"deployment": "myapp"}, ""),
        (MitigationKind.FAILOVER, {"from": "eu-1", "to": "eu-2"}, ""),
    ],
)
def test_a_kind_and_its_parameters_give_the_exact_command(
    kind: MitigationKind, parameters: dict[str, str], command: str
) -> None:
    assert rendered(kind, parameters).command == command


def test_every_command_can_be_looked_at_without_doing_it() -> None:
    for template in CATALOGUE.values():
        for command in template.commands:
            assert "--dry-run" in command.dry_run
            assert {name.name for name in template.parameters} >= set(command.needs)


@pytest.mark.ledger("S1-38")
@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ({"replicas": "20"}, 0),
        ({"replicas": "500"}, 0),
        ({"replicas": "501"}, 1),
        ({"replicas": "100000"}, 1),
        ({"replicas": "-1"}, 1),
        ({"replicas": "٣"}, 1),
        ({"replicas": "2e3"}, 1),
        ({"deployment": "my app"}, 1),
        ({"deployment": "a;rm -rf /"}, 1),
        ({"deployment": "-n"}, 1),
        ({"deployment": "$(id)", "replicas": "x"}, 2),
        ({"deployment": "team/my.app_2-x"}, 0),
    ],
)
def test_a_parameter_has_bounds_and_cannot_be_another_command(
    parameters: dict[str, str], count: int
) -> None:
    assert len(faults(MitigationKind.SCALE, parameters)) == count


@pytest.mark.ledger("S1-40", "S1-42")
def test_what_is_said_of_the_risk_never_makes_a_failover_or_a_restore_harmless() -> None:
    assert risk_of(MitigationKind.FAILOVER, Risk.LOW) is Risk.HIGH
    assert risk_of(MitigationKind.RESTORE, None) is Risk.HIGH
    assert risk_of(MitigationKind.ROLLBACK, None) is Risk.LOW
    assert risk_of(MitigationKind.ROLLBACK, Risk.HIGH) is Risk.HIGH
    assert risk_of(MitigationKind.OTHER, None) is Risk.MEDIUM


def test_every_kind_stands_in_the_catalogue() -> None:
    assert set(CATALOGUE) == set(MitigationKind)
