"""From a price to a held amount, or to one that is taken at once."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import gateway
from payments.errors import GatewayRefused, PaymentDeclined
from payments.gateway import IntentSnapshot
from payments.models import Customer, Payment, SavedCard
from payments.services.applying import OPEN, apply_snapshot
from payments.services.calling import call_provider, was_tried
from payments.services.reading import refresh
from payments.services.splitting import Hold, Split, settle_splits
from payments.services.taxing import settle_tax

State = Payment.State


def create_payment(
    *,
    payer: User,
    amount: Money,
    reference: str,
    splits: Sequence[Split] = (),
    hold: Hold = Hold.USUAL,
    is_taxable: bool = True,
) -> Payment:
    """Write down that `payer` is to pay `amount` once; nothing is asked of the provider yet.

    With `splits` it is taken as soon as it is paid, and credited as they say; without, it is held until
    `request_capture`. Where tax is collected it is found out when the payer comes to pay (`authorise`): what is in the
    price then comes out of everybody's part, what comes on top makes the amount larger. To be called in the
    transaction that makes the thing that is paid for. Raises ValueError when the parts are not the whole.
    """
    payment = Payment(
        payer=payer,
        amount=amount.amount,
        currency=amount.currency,
        reference=reference,
        is_taxable=is_taxable,
    )
    if splits:
        payment.capture_method = Payment.Capture.AUTOMATIC
        settle_splits(payment, splits, hold)
    payment.save(force_insert=True)
    return payment


def authorise(
    *, payment_id: UUID, payment_method: str | None = None, saved_card: bool = False, off_session: bool = False
) -> Payment:
    """Make the intent, and with a payment method hold or take the amount; asking again continues where it stopped.

    Without one the payer confirms with `client_secret` in the browser. `saved_card` is the card that they prefer of
    those they keep (another of them is given as `payment_method`). While the payer is there, a bank that wants to hear
    them leaves the payment open, with `action_url`; `off_session` says that they are not. Talks to the provider, so it
    must not be called inside a transaction. Raises PaymentDeclined, AuthenticationNeeded (off session alone),
    TaxPlaceNeeded (nobody knows yet where the payer is taxed), GatewayUnavailable, GatewayRefused.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.intent_id is None and payment.state == State.CREATED:
        payment = _prepare(payment)
    if payment.state not in OPEN or payment.intent_id is None:
        return payment
    if saved_card:
        payment_method = _preferred_card(payment)
    if payment_method is None:
        return payment
    return _confirm(payment, payment.intent_id, payment_method, off_session)


def _prepare(payment: Payment) -> Payment:
    if was_tried(payment, "create"):
        # An earlier call may have made it though its answer never came: look before making a second one.
        payment = refresh(payment_id=payment.pk)
        if payment.intent_id is not None:
            return payment
    payment = settle_tax(payment)
    if payment.state != State.CREATED:  # given up meanwhile
        return payment
    customer = Customer.objects.filter(user=payment.payer_id).values_list("stripe_id", flat=True).first()
    made = call_provider(
        payment,
        "create",
        _unconnected(gateway.create_intent),
        amount=payment.price,
        payment_id=str(payment.pk),
        reference=payment.reference,
        is_held=payment.capture_method == Payment.Capture.MANUAL,
        **({"customer": customer} if customer else {}),
    )
    return apply_snapshot(payment.pk, made)


def _unconnected(make: Callable[..., IntentSnapshot]) -> Callable[..., IntentSnapshot]:
    """Make the call with the database connection back in its pool.

    The provider takes its time, and whoever else asks something of this process meanwhile needs a connection.
    """

    def call(**parameters: Any) -> IntentSnapshot:
        if not connection.in_atomic_block:  # in a test's transaction it is kept
            connection.close()
        return make(**parameters)

    return call


def _preferred_card(payment: Payment) -> str:
    card = SavedCard.objects.filter(customer__user=payment.payer_id).order_by("-is_default", "-pk").first()
    if card is None:
        raise PaymentDeclined(
            gettext("There is no saved card; please pay with the form."), decline_code="no_saved_card"
        )
    return card.stripe_id


def _confirm(payment: Payment, intent_id: str, payment_method: str, off_session: bool) -> Payment:
    if was_tried(payment, "confirm"):
        payment = refresh(payment_id=payment.pk)
        if payment.state not in OPEN:
            return payment
    _name_owner(payment, intent_id, payment_method)
    try:
        seen = call_provider(
            payment,
            "confirm",
            _unconnected(gateway.confirm_intent),
            intent_id=intent_id,
            payment_method=payment_method,
            return_url=f"{settings.ATELIER.public_url}/payments/{payment.pk}/",
            **({"off_session": True} if off_session else {}),
        )
    except GatewayRefused:
        # Most likely the payer was quicker, in the browser; then the payment is no longer open.
        payment = refresh(payment_id=payment.pk)
        if payment.state in OPEN:
            raise
        return payment
    except PaymentDeclined:
        Payment.objects.filter(pk=payment.pk).update(confirmations=F("confirmations") + 1)
        refresh(payment_id=payment.pk)
        raise
    return apply_snapshot(payment.pk, seen)


def _name_owner(payment: Payment, intent_id: str, payment_method: str) -> None:
    """A kept card pays only what its owner is to pay; an intent that is older than its payer's first card learns it."""
    card = SavedCard.objects.select_related("customer").filter(stripe_id=payment_method).first()
    if card is None:
        return
    if card.customer.user_id != payment.payer_id or card.customer.stripe_id is None:
        raise PaymentDeclined(gettext("This card is not yours to pay with."), decline_code="not_your_card")
    customer = card.customer.stripe_id
    if gateway.retrieve_intent(intent_id).customer_id != customer:
        call_provider(payment, "customer", gateway.name_customer, intent_id=intent_id, customer=customer)
