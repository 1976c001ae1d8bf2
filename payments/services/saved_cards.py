"""Cards that people keep, so as to pay again without typing: begun here, given in the browser, then written down."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from payments import gateway, selectors
from payments.errors import CardNotKept, GatewayRefused, PaymentDeclined, PaymentStateConflict
from payments.gateway import CardSnapshot, SetupSnapshot
from payments.models import Customer, Payment, SavedCard
from payments.services.calling import call_provider


def begin_saving_card(*, user: User) -> str:
    """The client secret for the provider's form, in which the person gives a card to keep; nothing is charged.

    Not inside a transaction. Raises GatewayUnavailable, GatewayRefused.
    """
    customer = _customer_of(user)
    return call_provider(customer, "setup", gateway.begin_setup, customer=customer.stripe_id).client_secret


def save_card(*, user: User, setup_id: str) -> SavedCard:
    """Write down the card that a person has given in the provider's form; a webhook does the same.

    Raises NotFound for what is not theirs, CardNotKept where they have not finished, GatewayUnavailable,
    GatewayRefused.
    """
    customer = Customer.objects.filter(user=user, stripe_id__isnull=False).first()
    seen = _setup_named(setup_id) if customer else None
    if customer is None or seen is None or seen.customer_id != customer.stripe_id:
        raise NotFound(gettext("No such card was given."))
    if seen.status != "succeeded" or seen.card is None:
        raise CardNotKept(gettext("The card was not kept: please try again, or another one."))
    return _write_down(customer, seen.card)


def _setup_named(setup_id: str) -> SetupSnapshot | None:
    """What the provider has under an id that somebody sent, or None where it has no such thing."""
    try:
        return gateway.retrieve_setup(setup_id)
    except GatewayRefused as error:
        if error.data.get("provider_code") == "resource_missing":
            return None
        raise


def agree_to_keep(*, user: User, payment_id: UUID, is_agreed: bool) -> Payment:
    """Have the card that pays kept for later payments, with its owner's consent, which is dated; or take that back.

    To be called before the payment is confirmed, and not inside a transaction. The card is written down when the
    provider tells of it. Raises NotFound, PaymentStateConflict where nothing is to be paid any more,
    GatewayUnavailable, GatewayRefused.
    """
    payment = selectors.payment_of(user, payment_id)
    if (payment.keep_agreed_at is not None) == is_agreed:
        return payment
    if not payment.is_payable or payment.intent_id is None:
        raise PaymentStateConflict(gettext("The payment is %(state)s.") % {"state": payment.state}, state=payment.state)
    call_provider(
        payment,
        "keep",
        gateway.wish_to_keep,
        intent_id=payment.intent_id,
        customer=_customer_of(user).stripe_id,
        is_wished=is_agreed,
    )
    payment.keep_agreed_at = timezone.now() if is_agreed else None
    payment.save(update_fields=["keep_agreed_at", "updated_at"])
    return payment


def apply_card(seen: CardSnapshot) -> bool:
    """Bring what we know of a card to what the provider shows; whether it is somebody's of ours."""
    if not seen.customer_id:
        known = SavedCard.objects.filter(stripe_id=seen.id).first()
        if known is not None:
            _erase(known)
        return known is not None
    customer = Customer.objects.filter(stripe_id=seen.customer_id).first()
    if customer is not None:
        _write_down(customer, seen)
    return customer is not None


@transaction.atomic
def prefer_card(*, user: User, card_id: UUID) -> SavedCard:
    """Pay with this card from now on. Raises NotFound."""
    card = selectors.saved_card_of(user, card_id)
    _locked(card.customer_id)
    SavedCard.objects.filter(customer=card.customer_id, is_default=True).update(is_default=False)
    SavedCard.objects.filter(pk=card.pk).update(is_default=True)
    card.is_default = True
    return card


def forget_card(*, user: User, card_id: UUID) -> None:
    """Forget a card, here and at the provider; not inside a transaction.

    Raises NotFound, GatewayUnavailable, GatewayRefused.
    """
    card = selectors.saved_card_of(user, card_id)
    try:
        call_provider(card.customer, "forget", gateway.forget_card, card=card.stripe_id)
    except (GatewayRefused, PaymentDeclined):
        if gateway.retrieve_card(card.stripe_id).customer_id:
            raise
    _erase(card)


def _customer_of(user: User) -> Customer:
    customer, _ = Customer.objects.get_or_create(user=user)
    if customer.stripe_id is None:
        made = call_provider(
            customer,
            "create",
            gateway.create_customer,
            email=user.email,
            name=user.display_name,
            user_id=str(user.pk),
        )
        # Of two that asked at once, both got the same answer; a customer that was lost with its key owns nothing.
        Customer.objects.filter(pk=customer.pk, stripe_id=None).update(stripe_id=made.id)
        customer.refresh_from_db()
    return customer


@transaction.atomic
def _write_down(customer: Customer, seen: CardSnapshot) -> SavedCard:
    """The first card that somebody keeps is the one that they prefer."""
    _locked(customer.pk)
    is_first = not customer.cards.exists()
    shown = {"brand": seen.brand, "last4": seen.last4, "expires": seen.expires}
    card, _ = SavedCard.objects.update_or_create(
        stripe_id=seen.id,
        customer=customer,
        defaults=shown,
        create_defaults={**shown, "is_default": is_first},
    )
    return card


@transaction.atomic
def _erase(card: SavedCard) -> None:
    """The newest of the others is preferred from now on."""
    _locked(card.customer_id)
    SavedCard.objects.filter(pk=card.pk).delete()
    others = SavedCard.objects.filter(customer=card.customer_id)
    newest = others.order_by("-pk").first()
    if newest is not None and not others.filter(is_default=True).exists():
        others.filter(pk=newest.pk).update(is_default=True)


def _locked(customer_id: UUID) -> Customer:
    return Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer_id)
