"""Payment intents: what one person pays once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marketplace.core.money import Money
from payments.gateway.client import api, faults, under

# What the provider kept of a charge is said by its balance transaction.
_WHOLE = {"expand": ["latest_charge.balance_transaction"]}


@dataclass(frozen=True, slots=True)
class Fee:
    """What the provider kept, in minor units of the currency in which it settled, and what was settled before that."""

    amount: int
    currency: str
    settled: int


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
    action_url: str = ""  # where the payer authenticates, while that is asked of them
    customer_id: str = ""
    paid_with: str = ""  # for people, such as Visa ·4242
    fee: Fee | None = None  # not known before the charge is booked


def create_intent(
    *, key: str, amount: Money, payment_id: str, reference: str, is_held: bool, customer: str = ""
) -> IntentSnapshot:
    """Make an intent whose money is held first and taken later (cards only: they can wait), or is taken at once."""
    held = {"capture_method": "manual", "payment_method_types": ["card"]}
    params = {
        "amount": amount.amount,
        "currency": amount.currency,
        **(held if is_held else {"automatic_payment_methods": {"enabled": True}}),
        **({"customer": customer} if customer else {}),
        "description": reference,
        "transfer_group": reference,
        "metadata": {"payment": payment_id, "reference": reference},
    }
    return _ask(lambda: _intents().create(params, under(key)))


def confirm_intent(
    *, key: str, intent_id: str, payment_method: str, return_url: str, off_session: bool = False
) -> IntentSnapshot:
    """Hold or take the amount on a payment method; `off_session` says that the payer is not there to authenticate.

    Raises PaymentDeclined, and AuthenticationNeeded where the payer would have to be there.
    """
    params: dict[str, Any] = {"payment_method": payment_method, "return_url": return_url, **_WHOLE}
    if off_session:
        params["off_session"] = True
    return _ask(lambda: _intents().confirm(intent_id, params, under(key)))


def name_customer(*, key: str, intent_id: str, customer: str) -> IntentSnapshot:
    """Say whose intent it is, so that a card which this customer keeps can pay it."""
    return _ask(lambda: _intents().update(intent_id, {"customer": customer}, under(key)))


def wish_to_keep(*, key: str, intent_id: str, customer: str, is_wished: bool) -> IntentSnapshot:
    """Say that the card which pays is to be kept for its owner, for payments at which they may not be there; or not."""
    wish: Any = {"customer": customer, "setup_future_usage": "off_session" if is_wished else ""}
    return _ask(lambda: _intents().update(intent_id, wish, under(key)))


def capture_intent(*, key: str, intent_id: str) -> IntentSnapshot:
    """Take the whole amount that was authorised."""
    return _ask(lambda: _intents().capture(intent_id, _WHOLE, under(key)))


def cancel_intent(*, key: str, intent_id: str) -> IntentSnapshot:
    """Let the authorised amount go."""
    return _ask(lambda: _intents().cancel(intent_id, {}, under(key)))


def retrieve_intent(intent_id: str) -> IntentSnapshot:
    """The intent as it is now."""
    return _ask(lambda: _intents().retrieve(intent_id, _WHOLE))


def find_intent(*, payment_id: str, since: datetime) -> IntentSnapshot | None:
    """Look for the intent of a payment among those made since; for when the answer to its making never came."""
    return next((seen for seen in intents_since(since) if seen.payment_id == payment_id), None)


def intents_since(since: datetime) -> Iterator[IntentSnapshot]:
    """Every intent that was made since, newest first, a page at a time; a clock may be a minute wrong."""
    with faults():
        page = _intents().list({"created": {"gte": int(since.timestamp()) - 60}, "limit": 100})
        for intent in page.auto_paging_iter():
            yield _snapshot(intent)


def _intents() -> Any:
    return api().v1.payment_intents


def _ask(call: Callable[[], Any]) -> IntentSnapshot:
    with faults():
        return _snapshot(call())


def _snapshot(intent: Any) -> IntentSnapshot:
    seen: dict[str, Any] = intent.to_dict()
    error = seen.get("last_payment_error") or {}
    charge = seen.get("latest_charge") or {}
    if isinstance(charge, str):  # not expanded: only its id
        charge = {"id": charge}
    action = (seen.get("next_action") or {}).get("redirect_to_url") or {}
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
        action_url=action.get("url") or "",
        customer_id=seen.get("customer") or "",
        paid_with=_paid_with(charge),
        fee=_fee(charge.get("balance_transaction")),
    )


def _capture_before(charge: dict[str, Any]) -> datetime | None:
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    moment = card.get("capture_before")
    return datetime.fromtimestamp(moment, UTC) if moment else None


def _paid_with(charge: dict[str, Any]) -> str:
    """A card by its brand and last digits, anything else by its kind."""
    details = charge.get("payment_method_details") or {}
    card = details.get("card")
    if card:
        return f"{str(card.get('brand') or 'card').capitalize()} ·{card.get('last4') or ''}".rstrip(" ·")
    return str(details.get("type") or "").replace("_", " ")


def _fee(booked: Any) -> Fee | None:
    """From a balance transaction; none where it is not expanded or not there yet."""
    return Fee(booked["fee"], booked["currency"], booked["amount"]) if isinstance(booked, dict) else None
