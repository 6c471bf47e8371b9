"""Calls the API, whichever way it is reached, and turns what it refuses into exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import httpx2  # noqa: TID251 - the command line is a client, not a part of the engine

from holdfast.cli import words
from holdfast.cli.exits import CONFLICT, FAILED, NOT_FOUND, NOT_SIGNED_IN, UNREACHABLE, Failed

API = "/api/v1/"
CONNECT_S = 5.0
ANSWER_S = 120.0  # applying thousands of objects takes a while
ITEMS_MAX = 100_000
PRIVATE = 0o600
Json = dict[str, object]
_EXITS = {401: NOT_SIGNED_IN, 403: NOT_SIGNED_IN, 404: NOT_FOUND, 409: CONFLICT, 503: UNREACHABLE}


class Caller:
    """The API of one instance. Every call raises Failed for what is not a success."""

    def __init__(
        self,
        transport: httpx2.BaseTransport,
        base_url: str,
        *,
        token: str | None = None,
        pages: bool = True,
    ) -> None:
        self.pages = pages  # False where no engine runs: what is due waits for `holdfast up`
        self._base_url = base_url
        self._client = httpx2.Client(
            transport=transport,
            base_url=base_url,
            headers={} if token is None else {"authorization": f"Bearer {token}"},
            timeout=httpx2.Timeout(ANSWER_S, connect=CONNECT_S),
        )

    def get(self, path: str, **query: object) -> Json:
        """An object of the API."""
        return self._object("GET", path, query=query)

    def post(self, path: str, body: object = None) -> Json:
        return self._object("POST", path, body=body)

    def delete(self, path: str) -> Json:
        return self._object("DELETE", path)

    def text(self, path: str) -> str:
        """An answer that is no JSON."""
        with self._answer("GET", path) as answer:
            return answer.read().decode("utf-8", "replace")

    def items(self, path: str, limit: int = ITEMS_MAX, **query: object) -> list[Json]:
        """A collection, part by part, up to `limit` items."""
        found: list[Json] = []
        asked: dict[str, object] = {**query, "limit": min(limit, 500)}
        while True:
            part = self.get(path, **asked)
            found += cast(list[Json], part["items"])
            if part.get("next") is None or len(found) >= limit:
                return found[:limit]
            asked["cursor"] = part["next"]

    def download(self, path: str, target: Path) -> int:
        """Posts, and writes the answer to a file that only its owner may read; its length."""
        partial = target.with_name(f"{target.name}.partial")
        try:
            with self._answer("POST", path) as answer, partial.open("wb") as file:
                partial.chmod(PRIVATE)
                length = sum(file.write(part) for part in answer.iter_bytes())
            partial.replace(target)
        except OSError as error:
            raise Failed(f"{target} cannot be written: {error.strerror}.") from error
        finally:
            partial.unlink(missing_ok=True)
        return length

    def close(self) -> None:
        self._client.close()

    def _object(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
    ) -> Json:
        with self._answer(method, path, body=body, query=query) as answer:
            return _object_of(answer)

    @contextmanager
    def _answer(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
    ) -> Iterator[httpx2.Response]:
        asked = {name: str(value) for name, value in (query or {}).items() if value is not None}
        try:
            with self._client.stream(method, API + path, json=body, params=asked) as answer:
                if not answer.is_success:
                    raise self._failed(answer)
                yield answer
        except httpx2.HTTPError as error:
            raise Failed(
                f"{self._base_url} does not answer: {error}",
                code=UNREACHABLE,
                remedy=words.UNREACHABLE_REMEDY,
            ) from error

    def _failed(self, answer: httpx2.Response) -> Failed:
        problem = _object_of(answer)
        path, errors = problem.get("help"), problem.get("errors")
        detail = _text(problem, "detail") or f"The answer was {answer.status_code}."
        in_files = isinstance(errors, list)  # every line of these says its own remedy
        return Failed(
            words.NOT_APPLIED if in_files else detail,
            code=_EXITS.get(answer.status_code, FAILED),
            remedy=None if in_files else _text(problem, "remedy"),
            help_at=f"{self._base_url}{path}" if isinstance(path, str) else None,
            lines=tuple(_lines(errors)),
        )


def _object_of(answer: httpx2.Response) -> Json:
    try:
        found = json.loads(answer.read())
    except ValueError:
        found = None
    if not isinstance(found, dict):
        remedy = words.NOT_HOLDFAST_REMEDY
        raise Failed(words.NOT_HOLDFAST, code=UNREACHABLE, remedy=remedy)
    return found


def _text(problem: Json, name: str) -> str | None:
    value = problem.get(name)
    return value if isinstance(value, str) and value else None


def _lines(errors: object) -> Iterator[str]:
    """What is wrong, line by line: with files, or with the fields of what was sent."""
    if isinstance(errors, dict):
        yield from (f"{name}: {why}" for name, why in errors.items())
    elif isinstance(errors, list):
        for each in errors:
            yield f"{each['file']}:{each['line']}: {each['message']} {each['remedy']}".rstrip()
