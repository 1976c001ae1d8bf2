"""Calls to the provider: written down with their key before they are made, so that a lost answer loses nothing.

A call without an answer is made again under the same key and with the same parameters. The provider forgets keys
after a day and keeps its own 500s until then; so where a key can no longer be used a new one is taken, and whoever
calls must first look whether the thing was done after all.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.core.errors import AtelierError
from payments.errors import GatewayRefused, GatewayUnavailable, PaymentDeclined
from payments.gateway import GatewayBroken, IntentSnapshot
from payments.models import GatewayCall, Payment

log = structlog.get_logger(__name__)
KEYS_LIVE = timedelta(hours=23)
State = GatewayCall.State


def was_tried(payment: Payment, operation: str) -> bool:
    """Whether this was ever asked of the provider."""
    return payment.calls.filter(operation=operation).exists()


def call_provider(
    payment: Payment, operation: str, make: Callable[..., IntentSnapshot], **parameters: Any
) -> IntentSnapshot:
    """Make one changing call, outside any transaction.

    Raises PaymentDeclined, GatewayUnavailable, GatewayRefused.
    """
    call = _write_down(payment, operation, parameters)
    try:
        snapshot = make(key=call.key, **parameters)
    except GatewayBroken as error:
        _close(call, State.BROKEN, error)
        raise
    except GatewayUnavailable as error:
        _close(call, State.PENDING, error)
        raise
    except (PaymentDeclined, GatewayRefused) as error:
        _close(call, State.REFUSED, error)
        raise
    _close(call, State.DONE)
    return snapshot


def _write_down(payment: Payment, operation: str, parameters: dict[str, Any]) -> GatewayCall:
    # durable: a call that were written down inside another transaction could be rolled back after it was made.
    with transaction.atomic(durable=True):
        Payment.objects.select_for_update().get(pk=payment.pk)
        last = payment.calls.filter(operation=operation).order_by("-number").first()
        stored = {name: value for name, value in parameters.items() if isinstance(value, str)}
        if last is not None and last.state == State.PENDING and last.parameters == stored and _key_lives(last):
            call = last
        else:
            number = last.number + 1 if last else 1
            call = GatewayCall.objects.create(
                payment=payment,
                operation=operation,
                number=number,
                key=f"{payment.pk}:{operation}:{number}",
                parameters=stored,
            )
        GatewayCall.objects.filter(pk=call.pk).update(tries=F("tries") + 1)
    return call


def _key_lives(call: GatewayCall) -> bool:
    return timezone.now() - call.created_at < KEYS_LIVE


def _close(call: GatewayCall, state: str, error: AtelierError | None = None) -> None:
    message = str(error)[:300] if error else ""
    GatewayCall.objects.filter(pk=call.pk).update(state=state, error=message, updated_at=timezone.now())
    if error:
        log.warning("provider.call", operation=call.operation, key=call.key, state=state, error=message)
