"""Serving the script, the card form and the authentication page."""

import hmac
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from payments.sandbox.browser.connect_pages import connect_routes
from payments.sandbox.browser.showing import HEADERS, HERE, show_page
from payments.sandbox.config import Config
from payments.sandbox.currencies import price
from payments.sandbox.intents import confirming
from payments.sandbox.session import Session
from payments.sandbox.setup_intents import setting_up
from payments.sandbox.store import Document, Store, Transaction
from payments.sandbox.webhooks import Courier

_FILES = {
    "/v3": "stripe.js",
    "/v3/": "stripe.js",
    "/{rest:path}/stripe.js": "stripe.js",
    "/stripe.js": "stripe.js",
    "/element": "element.html",
    "/element.js": "element.js",
    "/element.css": "element.css",
    "/authenticate.js": "authenticate.js",
}
_DESCRIPTIONS = {"payment_intent": "A payment at Atelier", "setup_intent": "Save this card at Atelier"}
_FINISH = {"payment_intent": confirming.finish_authentication, "setup_intent": setting_up.finish_authentication}
_SETTLED = ("succeeded", "requires_capture", "processing")


def browser_routes(store: Store, config: Config, courier: Courier) -> list[BaseRoute]:
    """Everything that a browser asks for, but the API."""

    async def authenticate(request: Request) -> Response:
        answer = await _authenticate(request, store, config)
        courier.wake()
        return answer

    path = "/authenticate/{intent}/{nonce}"
    return [
        Route(path, authenticate, methods=["GET", "POST"]),
        *connect_routes(store, config, courier),
        *(_file(*row) for row in _FILES.items()),
    ]


def _file(path: str, name: str) -> Route:
    async def view(_: Request) -> Response:
        kinds = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
        return FileResponse(HERE / name, headers=HEADERS, media_type=kinds[Path(name).suffix])

    return Route(path, view)


async def _authenticate(request: Request, store: Store, config: Config) -> Response:
    intent = await run_in_threadpool(_find, store, request)
    if intent is None:
        return show_page("over.html", 404)
    if request.method == "GET":
        return show_page(
            "authenticate.html",
            200,
            amount=price(intent["amount"], intent["currency"]) if "amount" in intent else "",
            description=intent["description"] or _DESCRIPTIONS[intent["object"]],
        )
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    passed = form.get("outcome") == ["complete"]
    return_url = intent["_authentication"]["return_url"]
    finished = await run_in_threadpool(_finish, store, config, request, passed)
    if finished is None:
        return show_page("over.html", 404)
    if "embedded" in request.query_params or not return_url:
        return show_page("done.html", 200)
    return RedirectResponse(_returning(return_url, finished), 303, headers=HEADERS)


def _find(store: Store, request: Request) -> Document | None:
    with store.reading() as tx:
        return _waiting(tx, request)


def _finish(store: Store, config: Config, request: Request, passed: bool) -> Document | None:
    with store.writing() as tx:
        intent = _waiting(tx, request)
        if intent is None:
            return None
        _FINISH[intent["object"]](Session(tx=tx, config=config, now=tx.now()), intent, passed=passed)
        return intent


def _waiting(tx: Transaction, request: Request) -> Document | None:
    """The intent, if it waits for this very authentication; each page works once. From here on its account acts."""
    found = tx.locate(request.path_params["intent"])
    if found is None or found[1]["object"] not in _FINISH or found[1]["status"] != "requires_action":
        return None
    tx.account, intent = found
    expected = (intent.get("_authentication") or {}).get("nonce", "")
    return intent if hmac.compare_digest(expected.encode(), request.path_params["nonce"].encode()) else None


def _returning(return_url: str, intent: Document) -> str:
    parts = urlsplit(return_url)
    told = urlencode(
        {
            intent["object"]: intent["id"],
            f"{intent['object']}_client_secret": intent["client_secret"],
            "redirect_status": "succeeded" if intent["status"] in _SETTLED else "failed",
        }
    )
    return urlunsplit(parts._replace(query=f"{parts.query}&{told}" if parts.query else told))
