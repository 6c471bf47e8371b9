"""The JSON of services and connections."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from holdfast.catalog.model import Connection, Service
from holdfast.kernel.duration import format_duration


class ServiceShape(BaseModel):
    """What can break."""

    id: str
    name: str
    team: str
    policy: str
    tier: int
    depends_on: list[str]
    description: str


class PagedNow(BaseModel):
    """Whom one step would page if an alert came now; `nobody` says why it would reach nobody."""

    step: int | None = Field(description="Counts from 1; null for the last resort.")
    after: str = Field(description="How long after the alert, if nobody answers before.")
    targets: list[str]
    users: list[str]
    nobody: str | None


class ServiceWithPaging(ServiceShape):
    """One service, and who would be paged for it now."""

    connections: list[str]
    who_is_paged_now: list[PagedNow]


class KeyShape(BaseModel):
    """A key as it is kept: never the key itself."""

    prefix: str
    made_at: datetime


class ConnectionShape(BaseModel):
    """A configured source."""

    id: str
    kind: str
    service: str
    every: str | None
    grace: str | None
    settings: dict[str, object] | None = Field(
        description="Null for whoever may not change connections: settings may hold secrets."
    )
    keys: list[KeyShape]
    last_signal_at: datetime | None
    disabled_at: datetime | None


class KeyMade(BaseModel):
    """A new key, shown this once, and the address that senders call with it."""

    connection: str
    key: str
    url: str


class TestSent(BaseModel):
    """`signals` went in as if they came from outside; `joins` are the open alerts they repeat."""

    signals: int
    joins: list[str] = Field(description="Codes of open alerts: these count it and page nobody.")


def service_shape(service: Service) -> ServiceShape:
    """The service in the words of configuration as code."""
    return ServiceShape(
        id=service.id,
        name=service.name,
        team=service.team,
        policy=service.policy,
        tier=service.tier,
        depends_on=list(service.depends_on),
        description=service.description,
    )


def connection_shape(connection: Connection, *, with_settings: bool) -> ConnectionShape:
    """The connection without its keys."""
    return ConnectionShape(
        id=connection.id,
        kind=connection.kind,
        service=connection.service,
        every=_written(connection.every),
        grace=_written(connection.grace),
        settings=dict(connection.settings) if with_settings else None,
        keys=[KeyShape(prefix=key.prefix, made_at=key.made_at) for key in connection.keys],
        last_signal_at=connection.last_signal_at,
        disabled_at=connection.disabled_at,
    )


def _written(length: timedelta | None) -> str | None:
    return None if length is None else format_duration(length)
