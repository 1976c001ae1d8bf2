"""Account links, which lead a person to the hosted onboarding page once, and login links to the Express dashboard."""

import hmac
from urllib.parse import urlsplit

from payments.sandbox.connect.accounts import find
from payments.sandbox.documents import public
from payments.sandbox.identifiers import new_id
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Call
from payments.sandbox.store import Document, Transaction

LASTS = 300
"""How long a link works, in seconds."""


def create(call: Call) -> Document:
    """``POST /v1/account_links``."""
    sent = call.take("account", "collect", "collection_options", "refresh_url", "return_url", "type")
    account = find(call, sent["account"])
    if sent["type"] == "account_update" and account["controller"]["requirement_collection"] == "stripe":
        raise InvalidRequest(
            "You cannot create `account_update` type Account Links for accounts whose information Stripe collects. "
            "Use `account_onboarding`, or a Login Link.",
            param="type",
        )
    for name in ("refresh_url", "return_url"):
        if urlsplit(sent.get(name) or "").scheme not in ("http", "https"):
            raise ParameterProblem("Not a valid URL", code="url_invalid", param=name)
    nonce = new_id("setup")
    link: Document = {
        "id": new_id("alink"),
        "object": "account_link",
        "created": call.now,
        "expires_at": call.now + LASTS,
        "url": f"{call.config.public_url}/setup/{account['id']}/{nonce}",
        "_account": account["id"],
        "_refresh_url": sent["refresh_url"],
        "_return_url": sent["return_url"],
        "_opened": False,
    }
    call.tx.add(link | {"id": nonce})
    return {name: value for name, value in public(link).items() if name != "id"}


def create_login_link(call: Call) -> Document:
    """``POST /v1/accounts/{account}/login_links``."""
    call.read({})
    account = find(call, call.ids["account"])
    if account["controller"]["stripe_dashboard"]["type"] != "express":
        raise InvalidRequest(
            f"Cannot create a login link for an account without the Express dashboard: {account['id']}"
        )
    if not account["details_submitted"]:
        raise InvalidRequest("Cannot create a login link for an account that has not completed onboarding.")
    nonce = new_id("login")
    url = f"{call.config.public_url}/express/{account['id']}/{nonce}"
    link: Document = {"object": "login_link", "created": call.now, "url": url}
    call.tx.add(link | {"id": nonce, "_account": account["id"]})
    return link


def link_of(tx: Transaction, kind: str, account: str, nonce: str) -> Document | None:
    """The link behind a page's address."""
    link = tx.find(kind, nonce)
    return link if link is not None and hmac.compare_digest(link["_account"], account) else None
