"""The payment provider: the one place that speaks Stripe. With STRIPE_API_BASE it is the sandbox, by the same calls.

What comes back is ours (`IntentSnapshot`, `IncomingEvent`), and so is what goes wrong: PaymentDeclined,
GatewayUnavailable (nobody knows whether it happened: ask again with the same key), GatewayBroken (the provider's own
500, which it would repeat under the same key for a day), GatewayRefused and IntentUnknown.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import stripe
from django.conf import settings
from django.core.cache import cache as django_cache

from marketplace.core.money import Money
from payments.errors import (
    GatewayBroken,
    GatewayRefused,
    GatewayUnavailable,
    IntentUnknown,
    PaymentDeclined,
    WebhookInvalid,
)

TIMEOUT = (3.0, 20.0)  # seconds to connect, and to wait for an answer


@dataclass(frozen=True, slots=True)
class IntentSnapshot:
    """A payment intent as it is at the provider now."""

    id: str
    status: str
    amount: int
    amount_received: int
    currency: str
    client_secret: str
    charge_id: str
    capture_before: datetime | None
    error_code: str
    error_message: str
    payment_id: str


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """A verified webhook."""

    id: str
    type: str
    payload: dict[str, Any]


@cache
def _client(api_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": api_base} if api_base else None,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
        max_network_retries=1,
    )


def _payment_intents() -> Any:
    return _stripe().v1.payment_intents


def _stripe() -> stripe.StripeClient:
    return _client(settings.ATELIER.stripe_api_key.get_secret_value(), settings.ATELIER.stripe_api_base)


def create_intent(*, key: str, amount: Money, payment_id: str, reference: str, is_held: bool) -> IntentSnapshot:
    """Make an intent whose money is held first and taken later (cards only: they can wait), or is taken at once."""
    held = {"capture_method": "manual", "payment_method_types": ["card"]}
    params = {
        "amount": amount.amount,
        "currency": amount.currency,
        **(held if is_held else {"automatic_payment_methods": {"enabled": True}}),
        "description": reference,
        "transfer_group": reference,
        "metadata": {"payment": payment_id, "reference": reference},
    }
    return _ask(lambda: _payment_intents().create(params, _options(key)))


def confirm_intent(*, key: str, intent_id: str, payment_method: str, return_url: str) -> IntentSnapshot:
    """Authorise the amount on a payment method. Raises PaymentDeclined."""
    params = {"payment_method": payment_method, "return_url": return_url}
    return _ask(lambda: _payment_intents().confirm(intent_id, params, _options(key)))


def capture_intent(*, key: str, intent_id: str) -> IntentSnapshot:
    """Take the whole amount that was authorised."""
    return _ask(lambda: _payment_intents().capture(intent_id, {"expand": ["latest_charge"]}, _options(key)))


def cancel_intent(*, key: str, intent_id: str) -> IntentSnapshot:
    """Let the authorised amount go."""
    return _ask(lambda: _payment_intents().cancel(intent_id, {}, _options(key)))


def retrieve_intent(intent_id: str) -> IntentSnapshot:
    """The intent as it is now."""
    return _ask(lambda: _payment_intents().retrieve(intent_id, {"expand": ["latest_charge"]}))


def find_intent(*, payment_id: str, since: datetime) -> IntentSnapshot | None:
    """Look for the intent of a payment among those made since; for when the answer to its making never came."""
    return next((seen for seen in intents_since(since) if seen.payment_id == payment_id), None)


def intents_since(since: datetime) -> Iterator[IntentSnapshot]:
    """Every intent that was made since, newest first, a page at a time; a clock may be a minute wrong."""
    with _faults():
        page = _payment_intents().list({"created": {"gte": int(since.timestamp()) - 60}, "limit": 100})
        for intent in page.auto_paging_iter():
            yield _snapshot(intent)


def read_webhook(body: bytes, signature: str) -> IncomingEvent:
    """Verify and read a webhook. Raises WebhookInvalid."""
    secret = settings.ATELIER.stripe_webhook_secret.get_secret_value()
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, secret, tolerance=300)
        payload = json.loads(body)
        return IncomingEvent(id=payload["id"], type=payload["type"], payload=payload)
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
        raise WebhookInvalid("The signature does not fit the body.") from error


def ping() -> None:
    """Does the provider answer? Asked at most twice a minute. Raises GatewayUnavailable, GatewayRefused."""
    if django_cache.get("payments:answers"):
        return
    with _faults():
        _payment_intents().list({"limit": 1})
    django_cache.set("payments:answers", True, 30)


def _options(key: str) -> dict[str, str]:
    return {"idempotency_key": key}


def _ask(call: Callable[[], Any]) -> IntentSnapshot:
    with _faults():
        return _snapshot(call())


@contextmanager
def _faults() -> Iterator[None]:
    """Turn Stripe's exceptions into ours, each typed by whether asking again can help."""
    try:
        yield
    except stripe.CardError as error:
        decline_code = getattr(error.error, "decline_code", None) or error.code or ""
        raise PaymentDeclined(error.user_message or "The card was declined.", decline_code=decline_code) from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewayUnavailable("The payment provider does not answer; nothing was lost.") from error
    except stripe.InvalidRequestError as error:
        raise _refusal(error) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise GatewayRefused("The payment provider does not accept our key.", provider_code=error.code or "") from error
    except stripe.IdempotencyError as error:
        if error.http_status == 409:  # the first call with this key is still running
            raise GatewayUnavailable("The payment provider is still at it.") from error
        raise GatewayRefused(str(error), provider_code="idempotency") from error
    except stripe.StripeError as error:
        raise GatewayBroken("The payment provider failed; nothing was lost.") from error


def _refusal(error: stripe.InvalidRequestError) -> PaymentDeclined | GatewayRefused:
    message, code = error.user_message or str(error), error.code or ""
    if error.param == "payment_method":  # the payer's to choose, so theirs to choose again
        return PaymentDeclined("This payment method cannot be used; please try another.", decline_code=code)
    if code == "resource_missing" and error.param == "intent":
        return IntentUnknown(message, provider_code=code)
    return GatewayRefused(message, provider_code=code)


def _snapshot(intent: Any) -> IntentSnapshot:
    seen: dict[str, Any] = intent.to_dict()
    error = seen.get("last_payment_error") or {}
    charge = seen.get("latest_charge") or {}
    if isinstance(charge, str):  # not expanded: only its id
        charge = {"id": charge}
    return IntentSnapshot(
        id=seen["id"],
        status=seen["status"],
        amount=seen["amount"],
        amount_received=seen.get("amount_received") or 0,
        currency=seen["currency"],
        client_secret=seen.get("client_secret") or "",
        charge_id=charge.get("id", ""),
        capture_before=_capture_before(charge),
        error_code=error.get("decline_code") or error.get("code") or "",
        error_message=error.get("message") or "",
        payment_id=(seen.get("metadata") or {}).get("payment") or "",
    )


def _capture_before(charge: dict[str, Any]) -> datetime | None:
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    moment = card.get("capture_before")
    return datetime.fromtimestamp(moment, UTC) if moment else None
