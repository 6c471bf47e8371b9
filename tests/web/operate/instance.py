"""The small company with the routes of an operator, and those of alerts to try them on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from holdfast.web.alerts.api import ROUTES as ALERTS
from holdfast.web.app import make_app
from holdfast.web.configuration.api import ROUTES as CONFIGURATION
from holdfast.web.operate.api import ROUTES as OPERATE
from holdfast.web.program import Program
from tests.support.api import Api, api

ROUTES = (*OPERATE, *CONFIGURATION, *ALERTS)


@contextmanager
def operated() -> Iterator[Api]:
    """A fresh company in memory."""
    with api() as made:
        made.app = make_app(made.program, ROUTES)
        yield made


def operated_on(program: Program) -> Api:
    """A fresh company in that program, whose database the caller closes."""
    made = Api(program)
    made.app = make_app(program, ROUTES)
    return made
