"""Calls to the provider: written down with their key before they are made, so that a lost answer loses nothing.

A call without an answer is made again under the same key and with the same parameters, and so is one that another
process has just finished. The provider forgets keys after a day and keeps its own 500s until then; so where a key can
no longer be used a new one is taken, and whoever calls must first look whether the thing was done after all.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol, TypeVar

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from marketplace.core.errors import AtelierError
from marketplace.core.money import Money
from payments.errors import GatewayBroken, GatewayRefused, GatewayUnavailable, PaymentDeclined
from payments.models import (
    Customer,
    Dispute,
    GatewayCall,
    Payment,
    PayoutAccount,
    Refund,
    Reversal,
    SaleTax,
    TaxReversal,
    Transfer,
)

log = structlog.get_logger(__name__)
KEYS_LIVE = timedelta(hours=23)
# Done once in the life of what they are made for.
ONCE = {"create", "capture", "cancel", "refund", "transfer", "reverse", "open", "tax", "record_tax", "reverse_tax"}
State = GatewayCall.State
Subject = Payment | Refund | Transfer | Reversal | PayoutAccount | Customer | Dispute | SaleTax | TaxReversal


class Answered(Protocol):
    """What every answer of the gateway says of itself."""

    @property
    def id(self) -> str: ...

    @property
    def status(self) -> str: ...


Snapshot = TypeVar("Snapshot", bound=Answered)


def was_tried(subject: Subject, operation: str) -> bool:
    """Whether this was ever asked of the provider."""
    return _calls(subject, operation).exists()


def call_provider(subject: Subject, operation: str, make: Callable[..., Snapshot], **parameters: Any) -> Snapshot:
    """Make one changing call for one of our rows, outside any transaction; `parameters` are plain values or Money.

    Raises PaymentDeclined, GatewayUnavailable, GatewayBroken, GatewayRefused.
    """
    call = _write_down(subject, operation, _stored(parameters))
    try:
        snapshot = make(key=call.key, **parameters)
    except GatewayBroken as error:
        _fail(call, State.BROKEN, error)
        raise
    except GatewayUnavailable as error:
        _fail(call, State.PENDING, error)
        raise
    except (PaymentDeclined, GatewayRefused) as error:
        _fail(call, State.REFUSED, error)
        raise
    _of(call).update(state=State.DONE, answer=f"{snapshot.id} {snapshot.status}", error="", updated_at=timezone.now())
    return snapshot


def _stored(parameters: dict[str, Any]) -> dict[str, Any]:
    """What is asked, as it is written down: plain values only."""
    plain = {name: value for name, value in parameters.items() if not isinstance(value, Money)}
    for value in parameters.values():
        if isinstance(value, Money):
            plain |= {"amount": value.amount, "currency": value.currency}
    return plain


def _calls(subject: Subject, operation: str) -> QuerySet[GatewayCall]:
    return GatewayCall.objects.filter(subject=_name(subject), operation=operation)


def _name(subject: Subject) -> str:
    return f"{subject._meta.model_name}:{subject.pk}"


def _payment_of(subject: Subject) -> Payment | None:
    """The payment that it is about, if it is about one."""
    match subject:
        case Payment():
            return subject
        case Refund() | Dispute() | SaleTax():
            return subject.payment
        case TaxReversal():
            return subject.tax.payment
        case Transfer():
            return subject.share.payment
        case Reversal():
            return subject.transfer.share.payment
        case _:
            return None


def _write_down(subject: Subject, operation: str, stored: dict[str, Any]) -> GatewayCall:
    # durable: a call that were written down inside another transaction could be rolled back after it was made.
    with transaction.atomic(durable=True):
        type(subject)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=subject.pk)
        last = _calls(subject, operation).order_by("-number").first()
        if last is not None and last.parameters == stored and _key_serves(last):
            call = last
            GatewayCall.objects.filter(pk=call.pk).update(tries=F("tries") + 1)
        else:
            number = last.number + 1 if last else 1
            call = GatewayCall.objects.create(
                subject=_name(subject),
                payment=_payment_of(subject),
                operation=operation,
                number=number,
                key=f"{subject.pk}:{operation}:{number}",
                parameters=stored,
                tries=1,
            )
    return call


def _key_serves(call: GatewayCall) -> bool:
    """Whether the same key asks the same thing again, so that it cannot be done twice.

    Who asks at the same time as another may come when the other's call is already done: the key then gives the same
    answer. Not so for a payment method, which may be tried again on purpose.
    """
    waits = call.state == State.PENDING
    done_once = call.state == State.DONE and call.operation in ONCE
    return (waits or done_once) and timezone.now() - call.created_at < KEYS_LIVE


def _of(call: GatewayCall) -> QuerySet[GatewayCall]:
    return GatewayCall.objects.filter(pk=call.pk)


def _fail(call: GatewayCall, state: str, error: AtelierError) -> None:
    # Of two that made the same call at once, the one that got the answer is right.
    _of(call).exclude(state=State.DONE).update(state=state, error=str(error)[:300], updated_at=timezone.now())
    log.warning("provider.call", operation=call.operation, key=call.key, state=state, error=str(error)[:300])
