from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from holdfast.web.logs import LINE_CHARS_MAX, configure_logs, redacted
from tests.support.program import settings_with

CANARY = "c4n4ry"
TOKEN = f"hf_{CANARY}0123456789abcdefghijklmnopqrstuvwxyz"
HEX = "c4a4b0" + "0" * 26


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    written = io.StringIO()
    configure_logs(settings_with(log_format=request.param), to=written)
    yield written
    configure_logs(settings_with())


@pytest.mark.parametrize(
    "words",
    [
        f"POST /in/{CANARY}key HTTP/1.1",
        f"POST http://pager/in/{CANARY}/api/v2/alerts",
        f"GET /heartbeat/{CANARY}?x=1",
        f"https://pager.example.com/p/pg_1.{CANARY}",
        f"https://pager.example.com/sign-in/{CANARY}",
        f"GET /alerts?q={CANARY}&next=2",
        f"Authorization: Bearer {CANARY}",
        f"authorization=Basic {CANARY}",
        f"{{'authorization': 'GenieKey {CANARY}'}}",
        f"(b'authorization', b'Bearer {CANARY}')",
        f"Cookie: a={CANARY}; b={CANARY}",
        f"(b'cookie', b'holdfast={CANARY}')",
        f"set-cookie: __Host-holdfast={CANARY}; Path=/",
        f'{{"password": "{CANARY} with words"}}',
        f"password={CANARY}&x=1",
        f"'routing_key': '{CANARY}'",
        f"api_key: {CANARY}",
        f"smtp://mail:{CANARY}@mail.example.com",
        f"postgresql://holdfast:{CANARY}@db/holdfast",
        f"failed with {TOKEN}",
        f"$argon2id$v=19$m=19456,t=2,p=1${CANARY}",
        f"(Unique) ...\n[SQL: insert]\n[parameters: {{'email': '{CANARY}'}}]\n(Background on",
    ],
)
def test_no_secret_passes_the_sink(log: io.StringIO, words: str) -> None:
    """Promises S14: as words, as a field, as an exception and from a library."""
    logger = structlog.get_logger("test")
    logger.info(words)
    logger.info("something", detail=words)
    try:
        raise ValueError(words)
    except ValueError:
        logger.exception("it failed")
    logging.getLogger("a.library").warning("it says %s", words)
    assert CANARY not in log.getvalue()
    assert log.getvalue().count("[") >= 4


@pytest.mark.parametrize(
    "name", ["password", "token", "Authorization", "cookie", "key", "secret_key"]
)
def test_a_field_that_is_named_like_a_secret_is_one(log: io.StringIO, name: str) -> None:
    structlog.get_logger("test").warning("something", **{name: CANARY})
    assert CANARY not in log.getvalue()


def test_the_key_of_a_door_is_a_secret_wherever_it_stands() -> None:
    assert HEX not in redacted(f"what is {HEX} doing here")
    assert redacted("alert al_0123456789abcdef0123 of pg_0123456789abcdef0123") == (
        "alert al_0123456789abcdef0123 of pg_0123456789abcdef0123"
    )


def test_what_is_no_secret_stays_readable() -> None:
    for words in (
        "node started in 12 ms",
        "GET /alerts 200",
        "GET /api/v1/schedules/payments-primary/shifts",
        "why? because the database is slow",
        "https://pager.example.com/alerts/al_1",
    ):
        assert redacted(words) == words


@pytest.mark.parametrize("odd", ["\r\n", "\x1b[2J", "\x00", "\x9b31m", "\u2028", "\u202e", "\x7f"])
def test_nothing_breaks_a_line_or_a_terminal(log: io.StringIO, odd: str) -> None:
    """Promises e7: whoever writes into a title writes no log lines."""
    structlog.get_logger("test").info(f"title{odd}2026 info forged: line", title=f"a{odd}b")
    try:
        raise ValueError(f"a{odd}b")
    except ValueError:
        structlog.get_logger("test").exception("it failed")
    lines = log.getvalue().splitlines()
    assert odd not in log.getvalue().replace("\n", "") or odd == "\r\n"
    assert not [line for line in lines if line.startswith("2026 info forged")]


def test_an_exception_is_told_without_the_values_of_its_variables(log: io.StringIO) -> None:
    def fail(password: str) -> None:
        raise KeyError(len(password))

    try:
        fail(CANARY)
    except KeyError as error:
        structlog.get_logger("test").error("it failed", exc_info=error)
    assert CANARY not in log.getvalue()
    assert "KeyError" in log.getvalue()


def test_a_line_has_a_limit(log: io.StringIO) -> None:
    structlog.get_logger("test").info("x " * 100_000)
    assert len(log.getvalue()) < LINE_CHARS_MAX + 100


def test_machines_read_one_json_object_a_line() -> None:
    written = io.StringIO()
    configure_logs(settings_with(log_format="json", log_level="warning"), to=written)
    try:
        structlog.get_logger("engine").info("too quiet")
        structlog.get_logger("engine").warning("it is late", seconds=3)
    finally:
        configure_logs(settings_with())
    (line,) = written.getvalue().splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["logger"], told["seconds"]) == (
        "it is late",
        "warning",
        "engine",
        3,
    )
