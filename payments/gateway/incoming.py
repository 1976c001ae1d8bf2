"""What the provider sends by itself: webhooks, verified before they are read."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext

from payments.errors import WebhookInvalid


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """A verified webhook."""

    id: str
    type: str
    payload: dict[str, Any]


def read_webhook(body: bytes, signature: str) -> IncomingEvent:
    """Verify and read a webhook, of the house's own account or of payees'. Raises WebhookInvalid."""
    try:
        _verify(body.decode(), signature)
        payload = json.loads(body)
        return IncomingEvent(id=payload["id"], type=payload["type"], payload=payload)
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
        raise WebhookInvalid(gettext("The signature does not fit the body.")) from error


def _verify(body: str, signature: str) -> None:
    """The provider signs what concerns payees' accounts as another endpoint, at the same address of ours."""
    own, payees = settings.ATELIER.stripe_webhook_secret, settings.ATELIER.stripe_connect_webhook_secret
    secrets = [secret.get_secret_value() for secret in (own, payees) if secret.get_secret_value()]
    for secret in secrets[:-1]:
        with suppress(stripe.SignatureVerificationError):
            stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=300)
            return
    stripe.WebhookSignature.verify_header(body, signature, secrets[-1], tolerance=300)
