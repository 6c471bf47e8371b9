"""Writes the log: structured, one line an event, and with no secret in it.

Redaction happens at the sink, on the finished line: whoever logs need not think of it (promises
S14). What could break a line or a terminal is escaped.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from holdfast.settings import Settings

LINE_CHARS_MAX = 16_000
FRAMES_MAX = 20  # of a traceback, the innermost
REDACTED = "[redacted]"
_QUIET = ("uvicorn", "asyncio", "alembic", "sqlalchemy", "httpx2", "httpcore")

_SECRET_NAMES = re.compile(
    r"(?i)(authorization|cookie|csrf|password|passwd|secret|token|api_?key|routing_?key|^key$)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Paths whose last part entitles whoever holds it.
    (re.compile(r"(/(?:in|heartbeat|p|sign-in)/)[^\s/?#\"'<>\\]+"), rf"\1{REDACTED}"),
    # What the database was asked with: names, addresses, hashes.
    (re.compile(r"(?s)\[parameters: .*?\](?=\s*(?:\(Background|\\n|\n|$))"), "[parameters hidden]"),
    (re.compile(r"(?<=[\w/\])}%~.-])\?[\w%.~+\[\]-]+=[^\s\"'<>\\]*"), f"?{REDACTED}"),
    (re.compile(r"://[^/\s:@\"']+:[^/\s@\"']+@"), f"://{REDACTED}@"),
    (re.compile(r"(?i)\b(bearer|basic|geniekey|token token=)\s*[^\s\"',;]+"), rf"\1 {REDACTED}"),
    (re.compile(r"(?i)\b((?:set-)?cookie[\"']?\s*[:=,]\s*)(?:b?[\"'][^\"']*[\"']|\S.*)"),
     rf"\1{REDACTED}"),
    (re.compile(r"\b((?:__Host-)?holdfast(?:-visitor)?=)[\w.-]+"), rf"\1{REDACTED}"),
    (re.compile(r"(?i)([\"']?\b(?:password|passwd|secret|token|api_?key|routing_?key)[\"']?\s*[:=]\s*)"
                r"(?:b?\"[^\"]*\"|b?'[^']*'|[^\s,;}&]+)"), rf"\1{REDACTED}"),
    (re.compile(r"\b(hf_|whsec_)[\w+/=-]{8,}"), rf"\1{REDACTED}"),
    (re.compile(r"\$argon2\w*\$[^\s\"']+"), REDACTED),
    (re.compile(r"(?<![\w-])(?:[0-9a-fA-F]{32,}|[\w-]{43,})(?![\w-])"), REDACTED),
)  # fmt: skip
# Control characters of any kind, line separators, and marks that turn the direction of text.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def configure_logs(settings: Settings, to: TextIO | None = None) -> None:
    """Sends everything that is logged, ours and the libraries', to `to` (standard error)."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    render = _as_json if settings.log_format == "json" else _as_text
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_named,
        _explain,
        _redact,
        render,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *names: Sink(
            to or sys.stderr, str(names[0]) if names else "holdfast"
        ),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Relay()]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def redacted(text: str) -> str:
    """The text without what we know to be secret."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


class Sink:
    """The end of every log line."""

    def __init__(self, to: TextIO, name: str) -> None:
        self._to = to
        self.name = name

    def write(self, line: str) -> None:
        safe = redacted(line)
        if len(safe) > LINE_CHARS_MAX:  # how it ends says most
            safe = f"{safe[: LINE_CHARS_MAX // 2]} … {safe[-LINE_CHARS_MAX // 2 :]}"
        self._to.write(safe + "\n")
        self._to.flush()

    debug = info = warning = error = critical = exception = write


class _Relay(logging.Handler):
    """What libraries log goes the same way."""

    def emit(self, record: logging.LogRecord) -> None:
        extra: dict[str, object] = {"exc_info": record.exc_info} if record.exc_info else {}
        structlog.get_logger(record.name).log(record.levelno, record.getMessage(), **extra)


def _name(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event["logger"] = getattr(logger, "name", "holdfast")
    return event


def _hide_named(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A field that is named like a secret is one, whatever it looks like."""
    for name in event:
        if name != "event" and _SECRET_NAMES.search(name):
            event[name] = REDACTED
    return event


def _explain(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A traceback as text, without the values of variables: among them are people's secrets."""
    found = _exception(event.pop("exc_info", None))
    if found is not None:
        lines = traceback.format_exception(found, limit=-FRAMES_MAX)
        event["exception"] = "".join(lines).rstrip()
    return event


def _redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Before rendering too: what is quoted twice is harder to recognise."""
    for name, value in event.items():
        if not isinstance(value, bool | int | float | None):
            event[name] = redacted(value if isinstance(value, str) else repr(value))
    return event


def _exception(given: object) -> BaseException | None:
    if given is True:
        return sys.exc_info()[1]
    if isinstance(given, tuple):
        given = given[1]  # logging's own triple
    return given if isinstance(given, BaseException) else None


def _as_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    # Escaped to ASCII, a line of JSON can hold neither a line break nor a terminal's commands.
    return json.dumps(dict(event), default=repr)


def _as_text(logger: WrappedLogger, method: str, event: EventDict) -> str:
    at, level = str(event.pop("timestamp")), str(event.pop("level"))
    name, words = str(event.pop("logger")), _printable(str(event.pop("event")))
    trace = event.pop("exception", None)
    fields = "".join(f" {key}={_value(value)}" for key, value in event.items())
    lines = [] if trace is None else str(trace).splitlines()
    return "".join(
        [
            f"{at[:23]}Z {level:<8}{name}: {words}{fields}",
            *(f"\n    {_printable(x)}" for x in lines),
        ]
    )


def _value(value: object) -> str:
    text = _printable(value if isinstance(value, str) else repr(value))
    return f'"{text}"' if " " in text or not text else text


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
