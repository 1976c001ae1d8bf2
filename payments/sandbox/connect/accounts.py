"""The endpoints of accounts and their capabilities."""

from copy import deepcopy
from typing import Any

from payments.sandbox.connect import banks
from payments.sandbox.connect.account_document import banks_of, new_account, show
from payments.sandbox.connect.requirements import capability, refresh
from payments.sandbox.currencies import OF_COUNTRY
from payments.sandbox.documents import merged, page
from payments.sandbox.parameters import merge_metadata
from payments.sandbox.problems import AccountForbidden, InvalidRequest, ParameterProblem, ResourceMissing
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

CAPABILITIES = ("card_payments", "transfers")
_TOLD = ("business_profile", "business_type", "company", "email", "individual", "settings", "tos_acceptance")
_CREATE = (*_TOLD, "capabilities", "controller", "country", "default_currency", "external_account", "metadata", "type")
_UPDATE = (*_TOLD, "capabilities", "default_currency", "external_account", "metadata")


def create(call: Call) -> Document:
    """``POST /v1/accounts``, by type or by controller."""
    sent = call.take(*_CREATE)
    if call.tx.account:
        raise InvalidRequest("You can only create new accounts if you've signed up for Connect.")
    if "type" in sent and "controller" in sent:
        raise ParameterProblem("You may only specify one of these parameters: type, controller.", param="type")
    if sent.get("country", "US") not in OF_COUNTRY:
        raise ParameterProblem(f"Country '{sent['country']}' is unknown.", code="country_unsupported", param="country")
    account = new_account(sent, call.now)
    _refuse_terms(account, sent)
    _request(call, account, sent.get("capabilities", {}))
    call.tx.add(account)
    if sent.get("external_account"):
        banks.add(call, account["id"], sent["external_account"])
    refresh(call, account)
    return show(call, account)


def retrieve(call: Call) -> Document:
    """``GET /v1/accounts/{id}``."""
    call.read({})
    return show(call, find(call, call.ids["id"]))


def retrieve_current(call: Call) -> Document:
    """``GET /v1/account``: the account of the `Stripe-Account` header."""
    call.read({})
    if not call.tx.account:
        raise InvalidRequest("The sandbox's platform has no account object of its own; send Stripe-Account.")
    return show(call, find(call, call.tx.account))


def update(call: Call) -> Document:
    """``POST /v1/accounts/{id}``: what is sent is merged into what is known."""
    sent = call.take(*_UPDATE)
    before = find(call, call.ids["id"])
    account = deepcopy(before)
    _refuse_terms(account, sent)
    if account["controller"]["requirement_collection"] == "stripe" and account["_onboarded"]:
        for name in ("individual", "company", "business_type"):
            if name in sent:
                raise InvalidRequest(
                    f"You cannot update the {name} of an account whose information Stripe collects, once it has "
                    "submitted its details.",
                    param=name,
                )
    account = merged(account, {name: sent[name] for name in _TOLD if name in sent})
    account["metadata"] = merge_metadata(account["metadata"], sent.get("metadata") or {})
    account["default_currency"] = sent.get("default_currency", account["default_currency"])
    _request(call, account, sent.get("capabilities", {}))
    before_shown = deepcopy(before)
    if sent.get("external_account"):
        banks.add(call, account["id"], sent["external_account"], default=True)
    refresh(call, account, before=before_shown)
    return show(call, account)


def delete(call: Call) -> Document:
    """``DELETE /v1/accounts/{id}``, once nothing is in it and nothing is owed."""
    call.read({})
    account = find(call, call.ids["id"])
    with call.tx.acting_for(account["id"]):
        if any(call.tx.balances().values()):
            raise InvalidRequest("This account cannot be deleted while it has a balance.", param="account")
    for bank in banks_of(call, account["id"]):
        call.tx.remove(bank["id"])
    call.tx.remove(account["id"])
    return {"id": account["id"], "object": "account", "deleted": True}


def listing(call: Call) -> Document:
    """``GET /v1/accounts``."""
    answer = page(call, "account", "/v1/accounts")
    answer["data"] = [show(call, find(call, account["id"])) for account in answer["data"]]
    return answer


def list_capabilities(call: Call) -> Document:
    """``GET /v1/accounts/{account}/capabilities``."""
    call.read({})
    account = find(call, call.ids["account"])
    url = f"/v1/accounts/{account['id']}/capabilities"
    data = [capability(account, name) for name in CAPABILITIES]
    return {"object": "list", "url": url, "has_more": False, "data": data}


def retrieve_capability(call: Call) -> Document:
    """``GET /v1/accounts/{account}/capabilities/{id}``."""
    call.read({})
    return capability(find(call, call.ids["account"]), _capability_name(call))


def update_capability(call: Call) -> Document:
    """``POST /v1/accounts/{account}/capabilities/{id}``: ask for it, or give it up."""
    sent = call.take("requested")
    before = find(call, call.ids["account"])
    account, name = deepcopy(before), _capability_name(call)
    _request(call, account, {name: {"requested": sent.get("requested", name in account["_requested"])}})
    refresh(call, account, before=before)
    return capability(account, name)


def find(session: Session, identifier: str) -> Document:
    """A connected account. Raises AccountForbidden."""
    with session.tx.acting_for(""):
        account = session.tx.find("account", identifier)
    if account is None:
        raise AccountForbidden(identifier)
    return account


def _capability_name(call: Call) -> str:
    if call.ids["id"] not in CAPABILITIES:
        raise ResourceMissing(f"No such capability: '{call.ids['id']}'", param="capability")
    return call.ids["id"]


def _request(session: Session, account: Document, wanted: dict[str, Any]) -> None:
    for name, choice in wanted.items():
        if name not in CAPABILITIES:
            raise ParameterProblem(f"The sandbox has no capability {name}.", param=f"capabilities[{name}]")
        if choice.get("requested"):
            account["_requested"].setdefault(name, session.now)
        elif choice.get("requested") is False:
            account["_requested"].pop(name, None)


def _refuse_terms(account: Document, sent: dict[str, Any]) -> None:
    if sent.get("tos_acceptance", {}).get("date") and account["controller"]["requirement_collection"] == "stripe":
        raise InvalidRequest(
            "You cannot accept the Terms of Service on behalf of accounts whose information Stripe collects.",
            param="tos_acceptance",
        )
