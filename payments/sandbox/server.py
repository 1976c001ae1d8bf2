"""Running the application under uvicorn, with the one thing that ASGI cannot do: hang up without an answer."""

import asyncio

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from payments.sandbox.app import HANG_UP, build_app
from payments.sandbox.config import Config


class _Line(HttpToolsProtocol):
    """One connection, which lends the application a way to cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[HANG_UP] = {"hang_up": transport.abort}
            await inner(scope, receive, send)

        self.app = app


def make_server(config: Config, host: str, port: int) -> uvicorn.Server:
    """A server, ready to run; it stops at SIGINT and SIGTERM."""
    settings = uvicorn.Config(
        build_app(config),
        host=host,
        port=port,
        http=_Line,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(settings)
