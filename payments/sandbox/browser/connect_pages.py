"""The pages of Connect: hosted onboarding, and the Express dashboard that a login link opens."""

from copy import deepcopy
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from payments.sandbox.browser.showing import HEADERS, show_page
from payments.sandbox.config import Config
from payments.sandbox.connect import onboarding
from payments.sandbox.connect.links import link_of
from payments.sandbox.currencies import price
from payments.sandbox.problems import Problem
from payments.sandbox.session import Session
from payments.sandbox.store import Document, Store, Transaction
from payments.sandbox.webhooks import Courier

# American banks alone have routing numbers.
_ROUTING = """<div class="field wide"><label for="routing_number">Routing number</label>
      <input id="routing_number" name="routing_number" value="{}" autocomplete="off" required></div>"""
_FIELDS = (*onboarding.REQUIRED, "routing_number", "id_number")


def connect_routes(store: Store, config: Config, courier: Courier) -> list[BaseRoute]:
    """Onboarding and the dashboard."""

    async def setup(request: Request) -> Response:
        if request.method == "GET":
            return await run_in_threadpool(_open, store, request)
        body = (await request.body()).decode("utf-8", "replace")
        answers = dict(parse_qsl(body, keep_blank_values=True))
        answer = await run_in_threadpool(_submit, store, config, request, answers)
        courier.wake()
        return answer

    async def dashboard(request: Request) -> Response:
        return await run_in_threadpool(_dashboard, store, request)

    return [
        Route("/setup/{account}/{nonce}", setup, methods=["GET", "POST"]),
        Route("/express/{account}/{nonce}", dashboard),
    ]


def _open(store: Store, request: Request) -> Response:
    with store.writing() as tx:
        link, account = _behind(tx, "account_link", request)
        if link is None or account is None:
            return show_page("over.html", 404)
        if link["_opened"] or link["expires_at"] <= tx.now():
            # As at Stripe: the platform makes a fresh link for whoever comes by an old one.
            return RedirectResponse(link["_refresh_url"], 303, headers=HEADERS)
        tx.save(link | {"_opened": True})
    return _form(account, onboarding.prefilled(account), "")


def _submit(store: Store, config: Config, request: Request, answers: dict[str, str]) -> Response:
    try:
        with store.writing() as tx:
            link, account = _behind(tx, "account_link", request)
            if link is None or account is None or not link["_opened"]:
                return show_page("over.html", 404)
            session = Session(tx=tx, config=config, now=tx.now())
            client = request.client.host if request.client else "127.0.0.1"
            browser = request.headers.get("user-agent", "")
            onboarding.submit(session, deepcopy(account), answers, browser=browser, ip=client)
            tx.remove(link["id"])
    except Problem as problem:
        assert account is not None
        return _form(account, answers, problem.message)
    return RedirectResponse(link["_return_url"], 303, headers=HEADERS)


def _dashboard(store: Store, request: Request) -> Response:
    with store.writing() as tx:
        link, account = _behind(tx, "login_link", request)
        if link is None or account is None:
            return show_page("over.html", 404)
        tx.remove(link["id"])
        with tx.acting_for(account["id"]):
            balances = tx.balances()
    rows = "".join(
        f"<li>{escape(price(amount, code))} {escape(status)}</li>" for (code, status), amount in balances.items()
    )
    standing = "Payouts are enabled." if account["payouts_enabled"] else "Payouts are not enabled yet."
    return show_page("express.html", 200, {"balances": rows or "<li>Nothing yet</li>"}, standing=standing)


def _behind(tx: Transaction, kind: str, request: Request) -> tuple[Document | None, Document | None]:
    account, nonce = request.path_params["account"], request.path_params["nonce"]
    return link_of(tx, kind, account, nonce), tx.find("account", account)


def _form(account: Document, values: dict[str, str], message: str) -> Response:
    shown: dict[str, Any] = {name: values.get(name, "") for name in _FIELDS}
    status = 422 if message else 200
    american = account["country"] == "US"
    markup = {"routing": _ROUTING.format(escape(shown.pop("routing_number"))) if american else ""}
    example = "000123456789 with the routing number 110000000" if american else "DE89370400440532013000"
    return show_page(
        "onboarding.html", status, markup, country=account["country"], message=message, example=example, **shown
    )
