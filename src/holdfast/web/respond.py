"""Answer a request: a page, a step to another page, or JSON."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Literal, cast

import msgspec
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import Request

from holdfast.web.context import Context
from holdfast.web.layout.views import Face, Notice, Shell
from holdfast.web.shell import full_shell, plain_shell
from holdfast.web.templates import Templates

NOTICE_COOKIE = "notice"
NOTICE_CHARS_MAX = 600
NOTICE_KEPT_S = 60
_NOTICE = "notice"


def page(
    context: Context,
    template: str,
    view: object = None,
    *,
    status: int = 200,
    notice: Notice | None = None,
) -> Response:
    """The template of that path below web/, filled with `view` and the frame around it.

    What a redirect wanted to say (`go_to`) is shown once. The frame is plain where nobody is
    signed in.
    """
    shown = notice or _waiting_notice(context)
    if context.user is None:
        frame = anonymous_shell(context)
    else:
        with context.read() as tx:
            frame = full_shell(tx, context, shown)
    answer = rendered(context.request, template, frame, view, status)
    if notice is None and NOTICE_COOKIE in context.request.cookies:
        answer.delete_cookie(NOTICE_COOKIE, httponly=True, samesite="lax")
    return answer


def go_to(
    context: Context,
    path: str,
    said: str | None = None,
    *,
    kind: Literal["ok", "warn", "bad"] = "ok",
    remedy: str | None = None,
) -> Response:
    """On to another page of ours after a form, saying there once what happened."""
    answer = RedirectResponse(local_path(path), status_code=303)
    if said is not None:
        text = msgspec.json.encode([kind, said[:NOTICE_CHARS_MAX], remedy])
        packed = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
        signature = context.program.vault.sign(_NOTICE, packed)
        answer.set_cookie(
            NOTICE_COOKIE,
            f"{packed}.{signature}",
            max_age=NOTICE_KEPT_S,
            httponly=True,
            samesite="lax",
            secure=context.program.base_url.startswith("https://"),
        )
    return answer


def json(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Anything that msgspec can write, frozen dataclasses and instants too."""
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        headers=dict(headers or {}),
        media_type="application/json",
    )


def local_path(path: str) -> str:
    """The path itself where it leads to a page of ours, else the first page (promises e7)."""
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if ours and path.isprintable() and " " not in path else "/"


def anonymous_shell(context: Context) -> Shell:
    """The frame for whoever is not signed in, or whose link is the proof."""
    program, user = context.program, context.user
    return plain_shell(
        program.database.clock.now(),
        context.request.url.path,
        theme=context.theme,
        csrf=context.csrf,
        viewer=None if user is None else Face(user.id, user.name, me=True),
        rehearsal=program.settings.rehearsal,
    )


def rendered(
    request: Request, template: str, shell: Shell, view: object, status: int = 200
) -> Response:
    """A template with a frame that the caller has made."""
    templates = cast(Templates, request.app.state.templates)
    return HTMLResponse(templates.render(template, shell=shell, view=view), status_code=status)


def _waiting_notice(context: Context) -> Notice | None:
    packed, _, signature = context.request.cookies.get(NOTICE_COOKIE, "").partition(".")
    if not packed or not context.program.vault.is_signed(_NOTICE, packed, signature):
        return None
    try:
        kind, text, remedy = msgspec.json.decode(
            base64.urlsafe_b64decode(packed + "==="),
            type=tuple[Literal["ok", "warn", "bad"], str, str | None],
        )
    except (binascii.Error, msgspec.DecodeError):
        return None
    return Notice(kind, text, remedy)
