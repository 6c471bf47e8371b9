"""A lock that is given in the order of asking: a busy engine must not starve intake."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class TurnLock:
    """Like threading.Lock, but first come, first served."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._holder = 0
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                self._holder = threading.get_ident()
                return
            assert self._holder != threading.get_ident(), "a thread would wait for itself"
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()
        self._holder = threading.get_ident()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._guard:
            self._holder = 0
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
