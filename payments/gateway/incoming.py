"""What the provider sends by itself: webhooks, verified before they are read."""

import json
from dataclasses import dataclass
from typing import Any

import stripe
from django.conf import settings

from payments.errors import WebhookInvalid


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """A verified webhook."""

    id: str
    type: str
    payload: dict[str, Any]


def read_webhook(body: bytes, signature: str) -> IncomingEvent:
    """Verify and read a webhook. Raises WebhookInvalid."""
    secret = settings.ATELIER.stripe_webhook_secret.get_secret_value()
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, secret, tolerance=300)
        payload = json.loads(body)
        return IncomingEvent(id=payload["id"], type=payload["type"], payload=payload)
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
        raise WebhookInvalid("The signature does not fit the body.") from error
