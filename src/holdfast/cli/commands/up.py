"""Start Holdfast."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from holdfast import main
from holdfast.cli.exits import CONFLICT, FAILED, UNREACHABLE, Failed
from holdfast.kernel.errors import HoldfastError, Unavailable
from holdfast.settings import Settings
from holdfast.storage.sqlite import AlreadyOpen


def up(*, settings: Annotated[Settings | None, Parameter(name="*")] = None) -> None:
    """Start Holdfast: web, engine and senders in one process, until it is told to stop.

    Every flag is also a HOLDFAST_... environment variable, and a line in holdfast.toml.
    """
    try:
        main.run(settings or Settings.model_validate({}))
    except HoldfastError as error:
        raise Failed(error.detail, code=_code(error), remedy=error.remedy) from error
    except OSError as error:
        raise Failed(
            f"Holdfast cannot start: {error}", remedy="Choose another --port or --data."
        ) from error


def _code(error: HoldfastError) -> int:
    if isinstance(error, AlreadyOpen):
        return CONFLICT
    return UNREACHABLE if isinstance(error, Unavailable) else FAILED
