"""The sandbox as one ASGI application."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from payments.sandbox import clock
from payments.sandbox.background import forever
from payments.sandbox.browser.pages import browser_routes
from payments.sandbox.config import Config
from payments.sandbox.control import COMMANDS, Answer, Command
from payments.sandbox.endpoint import Endpoint, Incoming
from payments.sandbox.idempotency import release_abandoned
from payments.sandbox.keys import authenticate
from payments.sandbox.problems import ParameterProblem, Problem, ResourceMissing
from payments.sandbox.routes import ENDPOINTS
from payments.sandbox.store import Store
from payments.sandbox.webhooks import Courier

# The ASGI extension through which the server lets an application cut its connection.
HANG_UP = "payments.sandbox.hang_up"
_CLOCK_SECONDS = 1.0

View = Callable[[Request], Awaitable[Response]]


class HungUp(Response):
    """No answer at all: the connection is cut, as a network would cut it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Cut the connection, or fail loudly where the server cannot."""
        scope["extensions"][HANG_UP]["hang_up"]()
        # Let the loop notice that the connection is gone before the server looks for an answer.
        await asyncio.sleep(0.05)


def build_app(config: Config) -> Starlette:
    """The application: API, control surface, browser pages, and the courier and clock that run beside them."""
    store = Store(config.data)
    courier = Courier(store, config)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with store.writing() as tx:
            release_abandoned(tx)
        running = [asyncio.create_task(courier.run()), asyncio.create_task(_run_clock(store, config))]
        yield
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        store.close()

    routes: list[BaseRoute] = [Route("/_sandbox/health", _health)]
    routes += [_api_route(endpoint, store, config, courier) for endpoint in ENDPOINTS]
    routes += [_control_route(*row, store, config, courier) for row in COMMANDS]
    routes += browser_routes(store, config, courier)
    routes.append(Route("/v1/{rest:path}", _unknown, methods=["GET", "POST", "DELETE"]))
    # Stripe.js calls from the product's origin, with a publishable key or a client secret; no cookies are involved.
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["Request-Id"],
    )
    return Starlette(routes=routes, middleware=[cors], lifespan=lifespan)


def _api_route(endpoint: Endpoint, store: Store, config: Config, courier: Courier) -> Route:
    async def view(request: Request) -> Response:
        sent = (await request.body()).decode("utf-8", "replace") if request.method == "POST" else request.url.query
        incoming = Incoming(
            method=request.method,
            path=request.url.path,
            ids=request.path_params,
            authorization=request.headers.get("authorization"),
            idempotency_key=request.headers.get("idempotency-key"),
            parameters=sent,
            account=request.headers.get("stripe-account", ""),
            fault=request.headers.get("sandbox-fault"),
        )
        outcome = await run_in_threadpool(endpoint.answer, store, config, incoming)
        courier.wake()
        if outcome.dropped:
            return HungUp()
        return Response(outcome.body, outcome.status, outcome.headers, media_type="application/json")

    return Route(endpoint.path, view, methods=[endpoint.method])


def _control_route(
    method: str, path: str, work: Callable[[Command], Answer], store: Store, config: Config, courier: Courier
) -> Route:
    async def view(request: Request) -> Response:
        try:
            authenticate(request.headers.get("authorization"), config, browsers_too=False)
            command = Command(
                store=store,
                config=config,
                ids=request.path_params,
                query=dict(request.query_params),
                body=_json(await request.body()),
            )
            answer = await run_in_threadpool(work, command)
        except Problem as problem:
            return JSONResponse(problem.body(), problem.status)
        courier.wake()
        return JSONResponse(answer)

    return Route(path, view, methods=[method])


def _json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        sent = json.loads(body)
    except ValueError:
        raise ParameterProblem("The body is not JSON.") from None
    if not isinstance(sent, dict):
        raise ParameterProblem("The body is not a JSON object.")
    return sent


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _unknown(request: Request) -> Response:
    problem = ResourceMissing(
        f"Unrecognized request URL ({request.method}: {request.url.path}). The sandbox has no such call."
    )
    return JSONResponse(problem.body(), problem.status)


async def _run_clock(store: Store, config: Config) -> None:
    async def tick() -> None:
        await run_in_threadpool(clock.ring, store, config)
        await asyncio.sleep(_CLOCK_SECONDS)

    await forever("clock", tick)
