"""The endpoints of an account's external accounts."""

from payments.sandbox.connect import banks
from payments.sandbox.connect.account_document import banks_of
from payments.sandbox.connect.accounts import find as find_account
from payments.sandbox.connect.requirements import refresh
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.parameters import merge_metadata
from payments.sandbox.problems import InvalidRequest, ParameterProblem, ResourceMissing
from payments.sandbox.session import Call
from payments.sandbox.store import Document


def create(call: Call) -> Document:
    """``POST /v1/accounts/{account}/external_accounts``: details, or a test token."""
    sent = call.take("default_for_currency", "external_account", "metadata")
    account = find_account(call, call.ids["account"])
    bank = banks.add(call, account["id"], sent["external_account"], default=sent.get("default_for_currency", False))
    bank["metadata"] = sent.get("metadata", {})
    call.tx.save(bank)
    _tell(call, "created", bank)
    refresh(call, account, before=account)
    return public(bank)


def retrieve(call: Call) -> Document:
    """``GET /v1/accounts/{account}/external_accounts/{id}``."""
    call.read({})
    return public(_find(call))


def update(call: Call) -> Document:
    """``POST /v1/accounts/{account}/external_accounts/{id}``: metadata, and whether it is the default."""
    sent = call.take("account_holder_name", "default_for_currency", "metadata")
    bank = _find(call)
    if sent.get("default_for_currency"):
        for other in banks_of(call, bank["account"]):
            if other["currency"] == bank["currency"]:
                call.tx.save(other | {"default_for_currency": False})
        bank["default_for_currency"] = True
    bank["metadata"] = merge_metadata(bank["metadata"], sent.get("metadata") or {})
    bank["account_holder_name"] = sent.get("account_holder_name", bank["account_holder_name"])
    call.tx.save(bank)
    _tell(call, "updated", bank)
    return public(bank)


def delete(call: Call) -> Document:
    """``DELETE /v1/accounts/{account}/external_accounts/{id}``; a default goes last."""
    call.read({})
    bank = _find(call)
    alike = [other for other in banks_of(call, bank["account"]) if other["currency"] == bank["currency"]]
    if bank["default_for_currency"] and len(alike) > 1:
        raise InvalidRequest(
            "You cannot delete the default external account for a currency. Please make another external account the "
            "default using the `default_for_currency` param.",
            param="id",
        )
    call.tx.remove(bank["id"])
    _tell(call, "deleted", bank)
    account = find_account(call, bank["account"])
    refresh(call, account, before=account)
    return {"id": bank["id"], "object": "bank_account", "deleted": True}


def listing(call: Call) -> Document:
    """``GET /v1/accounts/{account}/external_accounts``."""
    account = find_account(call, call.ids["account"])
    if call.raw.pop("object", "bank_account") != "bank_account":
        raise ParameterProblem("The sandbox's external accounts are bank accounts.", param="object")
    url = f"/v1/accounts/{account['id']}/external_accounts"
    return page(call, "bank_account", url, within={"account": account["id"]})


def _find(call: Call) -> Document:
    bank = call.tx.find("bank_account", call.ids["id"])
    if bank is None or bank["account"] != call.ids["account"]:
        raise ResourceMissing(f"No such external account: '{call.ids['id']}'", param="id")
    return bank


def _tell(call: Call, what: str, bank: Document) -> None:
    with call.tx.acting_for(bank["account"]):
        emit(call, f"account.external_account.{what}", bank)
