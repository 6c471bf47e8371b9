"""Sends the files of the face: packed, with an address that changes when they do."""

from __future__ import annotations

from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from holdfast.web.assets import IMMUTABLE, PREFIX, Assets

REVALIDATE = "public, no-cache"


class Files:
    """Answers /static/... from memory, before anything else looks at the request.

    Only what was found at the start is known by name: no path leads to a file system.
    """

    def __init__(self, app: ASGIApp, assets: Assets) -> None:
        self._app = app
        self._assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        asset = self._assets.find(scope["path"].removeprefix(PREFIX))
        if asset is None:
            return Response(status_code=404)
        headers = Headers(scope=scope)
        tag = f'"{asset.version}"'
        wanted = QueryParams(scope["query_string"]).get("v")
        answer = {
            "ETag": tag,
            "Vary": "Accept-Encoding",
            "Cache-Control": IMMUTABLE if wanted == asset.version else REVALIDATE,
        }
        if headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=answer)
        body, coding = asset.encoded(headers.get("accept-encoding", ""))
        if coding is not None:
            answer["Content-Encoding"] = coding
        return Response(body, headers=answer, media_type=asset.content_type)
