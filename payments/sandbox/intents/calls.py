"""The payment intent endpoints."""

import hmac
from typing import Any

from payments.sandbox import payment_methods
from payments.sandbox.authentication import Wishes
from payments.sandbox.connect import destination_charges
from payments.sandbox.currencies import check_amount
from payments.sandbox.descriptors import check_descriptor
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.intents import shapes
from payments.sandbox.intents.confirming import confirm
from payments.sandbox.intents.document import browser_view, new_intent
from payments.sandbox.intents.settling import cancel, capture
from payments.sandbox.intents.states import require_confirmable, require_updatable
from payments.sandbox.parameters import merge_metadata, text
from payments.sandbox.problems import KeyForbidden, ParameterProblem, ResourceMissing
from payments.sandbox.session import Call
from payments.sandbox.store import Document

# May be changed in any state; everything else only until the intent is confirmed.
_ALWAYS_UPDATABLE = {"description", "metadata", "receipt_email", "transfer_group"}
_METHOD = ("payment_method", "payment_method_data")
_ONLY_WITH_CONFIRM = ("error_on_requires_action", "off_session", "return_url", "use_stripe_sdk")


def create(call: Call) -> Document:
    """``POST /v1/payment_intents``."""
    sent = call.read(shapes.CREATE_INTENT, required=("amount", "currency"))
    if not sent.get("confirm"):
        for name in _ONLY_WITH_CONFIRM:
            if name in sent:
                raise ParameterProblem(f"The parameter `{name}` can only be used with `confirm=true`.", param=name)
    if sent.get("automatic_payment_methods", {}).get("enabled") and "payment_method_types" in sent:
        raise ParameterProblem(
            "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.",
            param="automatic_payment_methods",
        )
    _check(call, sent)
    if sent.get("customer"):
        call.tx.get("customer", sent["customer"], param="customer")
    intent = new_intent(sent, call.now)
    _take_method(call, intent, sent)
    call.tx.add(intent)
    emit(call, "payment_intent.created", intent)
    if sent.get("confirm"):
        confirm(call, intent, _wishes(sent))
    return public(intent)


def retrieve(call: Call) -> Document:
    """``GET /v1/payment_intents/{id}``, by secret key or by client secret."""
    sent = call.read({"client_secret": text})
    intent = call.tx.get("payment_intent", call.ids["id"], param="intent")
    if call.publishable or "client_secret" in sent:
        _require_client_secret(intent, sent)
    return browser_view(intent) if call.publishable else public(intent)


def update(call: Call) -> Document:
    """``POST /v1/payment_intents/{id}``."""
    sent = call.read(shapes.UPDATE)
    intent = call.tx.get("payment_intent", call.ids["id"], param="intent")
    for name in sent:
        if name not in _ALWAYS_UPDATABLE:
            require_updatable(intent, name)
    if sent.get("transfer_data"):
        sent["transfer_data"] = {**(intent["transfer_data"] or {}), **sent["transfer_data"]}
    agreed = {**intent, **sent}
    _check(call, agreed)
    if sent.get("customer"):
        call.tx.get("customer", sent["customer"], param="customer")
    sent["metadata"] = merge_metadata(intent["metadata"], sent.get("metadata", {}))
    options = sent.pop("payment_method_options", {}).get("card", {})
    intent["payment_method_options"]["card"].update(options)
    if intent["status"] == "requires_action" and {"amount", "currency"} & sent.keys():
        # What the customer was asked to authenticate is no longer what will be charged.
        intent |= {"status": "requires_confirmation", "next_action": None, "_authentication": None}
    _take_method(call, intent, sent)
    intent |= {name: value for name, value in sent.items() if name not in _METHOD}
    call.tx.save(intent)
    return public(intent)


def confirm_call(call: Call) -> Document:
    """``POST /v1/payment_intents/{id}/confirm``, from the server or from a browser with the client secret."""
    sent = call.read(shapes.BROWSER_CONFIRM if call.publishable else shapes.CONFIRM)
    intent = call.tx.get("payment_intent", call.ids["id"], param="intent")
    if call.publishable:
        _require_client_secret(intent, sent)
    require_confirmable(intent)
    _take_method(call, intent, sent)
    intent |= {
        name: sent[name]
        for name in ("capture_method", "receipt_email", "setup_future_usage", "shipping")
        if name in sent
    }
    confirm(call, intent, _wishes(sent))
    return browser_view(intent) if call.publishable else public(intent)


def capture_call(call: Call) -> Document:
    """``POST /v1/payment_intents/{id}/capture``."""
    sent = call.read(shapes.CAPTURE)
    intent = call.tx.get("payment_intent", call.ids["id"], param="intent")
    capture(call, intent, sent)
    return public(intent)


def cancel_call(call: Call) -> Document:
    """``POST /v1/payment_intents/{id}/cancel``."""
    sent = call.read(shapes.CANCEL)
    intent = call.tx.get("payment_intent", call.ids["id"], param="intent")
    cancel(call, intent, sent.get("cancellation_reason"))
    return public(intent)


def listing(call: Call) -> Document:
    """``GET /v1/payment_intents``."""
    return page(call, "payment_intent", "/v1/payment_intents", filters={"customer": text})


def _check(call: Call, agreed: dict[str, Any]) -> None:
    check_amount(agreed["amount"], agreed["currency"])
    destination_charges.check(call, agreed)
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        check_descriptor(agreed.get(name), name)


def _take_method(call: Call, intent: Document, sent: dict[str, Any]) -> None:
    if "payment_method_data" in sent:
        intent["payment_method"] = payment_methods.make(call, sent["payment_method_data"])["id"]
    elif sent.get("payment_method"):
        intent["payment_method"] = payment_methods.resolve(call, sent["payment_method"])["id"]
    else:
        return
    intent |= {"status": "requires_confirmation", "next_action": None, "_authentication": None}


def _wishes(sent: dict[str, Any]) -> Wishes:
    return Wishes(
        return_url=sent.get("return_url"),
        uses_sdk=sent.get("use_stripe_sdk", False),
        present=not (sent.get("off_session") or sent.get("error_on_requires_action")),
        off_session=bool(sent.get("off_session")),
    )


def _require_client_secret(intent: Document, sent: dict[str, Any]) -> None:
    shown = sent.get("client_secret")
    if shown is None:
        raise KeyForbidden(
            "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a "
            "list of your API keys at https://dashboard.stripe.com/account/apikeys."
        )
    if not hmac.compare_digest(shown.encode(), intent["client_secret"].encode()):
        raise ResourceMissing(f"No such payment_intent: '{intent['id']}'", param="intent")
