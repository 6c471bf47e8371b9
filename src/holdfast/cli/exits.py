"""What a command's exit code says."""

from __future__ import annotations

DONE = 0
FAILED = 1
WRONG_USAGE = 2
NOT_SIGNED_IN = 3
NOT_FOUND = 4
CONFLICT = 5
UNREACHABLE = 6


class Failed(Exception):
    """The command could not be done. `code` is its exit code; `lines` say more than `detail`."""

    def __init__(
        self,
        detail: str,
        *,
        code: int = FAILED,
        remedy: str | None = None,
        help_at: str | None = None,
        lines: tuple[str, ...] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.remedy = remedy
        self.help_at = help_at
        self.lines = lines
