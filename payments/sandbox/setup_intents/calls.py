"""The setup intent endpoints."""

import hmac
from typing import Any

from payments.sandbox import payment_methods
from payments.sandbox.authentication import Wishes
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.intents.shapes import FIELDS
from payments.sandbox.parameters import Shape, boolean, merge_metadata, text
from payments.sandbox.problems import KeyForbidden, ParameterProblem, ResourceMissing
from payments.sandbox.session import Call
from payments.sandbox.setup_intents.setting_up import confirm, new_setup, require_open
from payments.sandbox.store import Document

_BROWSER_CONFIRM: Shape = {
    "client_secret": text,
    "payment_method": text,
    "payment_method_data": FIELDS["payment_method_data"],
    "return_url": text,
    "use_stripe_sdk": boolean,
}
_BROWSER_SEES = (
    "id", "object", "automatic_payment_methods", "cancellation_reason", "client_secret", "created", "description",
    "last_setup_error", "livemode", "next_action", "payment_method", "payment_method_types", "status", "usage",
)  # fmt: skip


def create(call: Call) -> Document:
    """``POST /v1/setup_intents``."""
    sent = call.take(
        "automatic_payment_methods", "confirm", "customer", "description", "metadata", "payment_method",
        "payment_method_options", "payment_method_types", "return_url", "usage", "use_stripe_sdk",
    )  # fmt: skip
    if sent.get("return_url") and not sent.get("confirm"):
        raise ParameterProblem("The parameter `return_url` can only be used with `confirm=true`.", param="return_url")
    if sent.get("customer"):
        call.tx.get("customer", sent["customer"], param="customer")
    setup = new_setup(sent, call.now)
    _take_method(call, setup, sent)
    call.tx.add(setup)
    emit(call, "setup_intent.created", setup)
    if sent.get("confirm"):
        confirm(call, setup, _wishes(sent))
    return public(setup)


def retrieve(call: Call) -> Document:
    """``GET /v1/setup_intents/{id}``, by secret key or by client secret."""
    sent = call.read({"client_secret": text})
    setup = _find(call)
    if call.publishable or "client_secret" in sent:
        _require_client_secret(setup, sent)
    return _shown(call, setup)


def update(call: Call) -> Document:
    """``POST /v1/setup_intents/{id}``."""
    sent = call.take("customer", "description", "metadata", "payment_method", "payment_method_options")
    setup = _find(call)
    require_open(setup, "update")
    if sent.get("customer"):
        call.tx.get("customer", sent["customer"], param="customer")
    _take_method(call, setup, sent)
    setup["metadata"] = merge_metadata(setup["metadata"], sent.get("metadata") or {})
    setup |= {name: sent[name] for name in ("customer", "description", "payment_method_options") if name in sent}
    call.tx.save(setup)
    return public(setup)


def confirm_call(call: Call) -> Document:
    """``POST /v1/setup_intents/{id}/confirm``, from the server or from a browser with the client secret."""
    if call.publishable:
        sent = call.read(_BROWSER_CONFIRM)
        setup = _find(call)
        _require_client_secret(setup, sent)
    else:
        sent = call.take("payment_method", "return_url", "use_stripe_sdk")
        setup = _find(call)
    require_open(setup, "confirm")
    _take_method(call, setup, sent)
    confirm(call, setup, _wishes(sent))
    return _shown(call, setup)


def cancel_call(call: Call) -> Document:
    """``POST /v1/setup_intents/{id}/cancel``."""
    sent = call.take("cancellation_reason")
    setup = _find(call)
    require_open(setup, "cancel")
    setup |= {"status": "canceled", "next_action": None, "_authentication": None, **sent}
    call.tx.save(setup)
    emit(call, "setup_intent.canceled", setup)
    return public(setup)


def listing(call: Call) -> Document:
    """``GET /v1/setup_intents``."""
    return page(call, "setup_intent", "/v1/setup_intents", filters={"customer": text, "payment_method": text})


def _find(call: Call) -> Document:
    return call.tx.get("setup_intent", call.ids["id"], param="intent")


def _take_method(call: Call, setup: Document, sent: dict[str, Any]) -> None:
    if "payment_method_data" in sent:
        setup["payment_method"] = payment_methods.make(call, sent["payment_method_data"])["id"]
    elif sent.get("payment_method"):
        setup["payment_method"] = payment_methods.resolve(call, sent["payment_method"])["id"]
    else:
        return
    setup |= {"status": "requires_confirmation", "next_action": None, "_authentication": None}


def _wishes(sent: dict[str, Any]) -> Wishes:
    return Wishes(return_url=sent.get("return_url"), uses_sdk=sent.get("use_stripe_sdk", False))


def _shown(call: Call, setup: Document) -> Document:
    return {name: setup[name] for name in _BROWSER_SEES} if call.publishable else public(setup)


def _require_client_secret(setup: Document, sent: dict[str, Any]) -> None:
    shown = sent.get("client_secret")
    if shown is None:
        raise KeyForbidden("A publishable API key needs the SetupIntent's client_secret.")
    if not hmac.compare_digest(shown.encode(), setup["client_secret"].encode()):
        raise ResourceMissing(f"No such setup_intent: '{setup['id']}'", param="intent")
