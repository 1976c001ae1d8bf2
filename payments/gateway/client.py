"""The one client of the provider's SDK; its exceptions turned into ours, typed by whether asking again can help."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

import stripe
from django.conf import settings
from django.core.cache import cache as django_cache
from django.utils.translation import gettext

from payments.errors import (
    AccountUnknown,
    AuthenticationNeeded,
    GatewayBroken,
    GatewayRefused,
    GatewayUnavailable,
    IntentUnknown,
    KeyRefused,
    PaymentDeclined,
)

TIMEOUT = (3.0, 20.0)  # seconds to connect, and to wait for an answer


def api() -> stripe.StripeClient:
    """The provider's client, as the settings say."""
    return _client(settings.ATELIER.stripe_api_key.get_secret_value(), settings.ATELIER.stripe_api_base)


def under(key: str) -> dict[str, str]:
    """The options of a call that is done at most once under its key."""
    return {"idempotency_key": key}


def since_moment(since: datetime) -> int:
    """From when on to list; a clock may be a minute wrong."""
    return int(since.timestamp()) - 60


def ping() -> None:
    """Does the provider answer? Asked at most twice a minute. Raises GatewayUnavailable, GatewayRefused."""
    if django_cache.get("payments:answers"):
        return
    with faults():
        api().v1.payment_intents.list({"limit": 1})
    django_cache.set("payments:answers", True, 30)


@contextmanager
def faults() -> Iterator[None]:
    """Within, Stripe's exceptions are ours."""
    try:
        yield
    except stripe.CardError as error:
        raise _decline(error) from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewayUnavailable(gettext("The payment provider does not answer; nothing was lost.")) from error
    except stripe.InvalidRequestError as error:
        raise _refusal(error) from error
    except stripe.PermissionError as error:
        code = getattr(error.error, "code", None)  # the SDK leaves `error.code` empty
        if code == "account_invalid":
            raise AccountUnknown(error.user_message or str(error), provider_code=code) from error
        raise KeyRefused(
            gettext("The payment provider does not accept our key."), provider_code=error.code or ""
        ) from error
    except stripe.AuthenticationError as error:
        raise KeyRefused(
            gettext("The payment provider does not accept our key."), provider_code=error.code or ""
        ) from error
    except stripe.IdempotencyError as error:
        if error.http_status == 409:  # the first call with this key is still running
            raise GatewayUnavailable(gettext("The payment provider is still at it.")) from error
        raise GatewayRefused(str(error), provider_code="idempotency") from error
    except stripe.StripeError as error:
        raise GatewayBroken(gettext("The payment provider failed; nothing was lost.")) from error


@cache
def _client(api_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": api_base} if api_base else None,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
        max_network_retries=1,
    )


def _decline(error: stripe.CardError) -> PaymentDeclined:
    code = getattr(error.error, "decline_code", None) or error.code or ""
    message = error.user_message or gettext("The card was declined.")
    if "authentication_required" in {code, error.code}:
        return AuthenticationNeeded(message, decline_code=code)
    return PaymentDeclined(message, decline_code=code)


def _refusal(error: stripe.InvalidRequestError) -> PaymentDeclined | GatewayRefused:
    message, code = error.user_message or str(error), error.code or ""
    if error.param == "payment_method":  # the payer's to choose, so theirs to choose again
        return PaymentDeclined(gettext("This payment method cannot be used; please try another."), decline_code=code)
    if code == "resource_missing" and error.param == "intent":
        return IntentUnknown(message, provider_code=code)
    return GatewayRefused(message, provider_code=code)
