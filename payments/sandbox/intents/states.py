"""Which status of a payment intent allows what, and how Stripe refuses the rest."""

from payments.sandbox.documents import public
from payments.sandbox.problems import UnexpectedState
from payments.sandbox.store import Document

STATUSES = (
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "requires_capture",
    "canceled",
    "succeeded",
)
UNCONFIRMED = ("requires_payment_method", "requires_confirmation", "requires_action")
CAPTURABLE = ("requires_capture",)
CANCELLABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing")


def require_confirmable(intent: Document) -> None:
    """Refuse to confirm what has been confirmed or is over."""
    if intent["status"] in UNCONFIRMED:
        return
    if intent["status"] in ("succeeded", "requires_capture"):
        raise _refusal(
            intent,
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
        )
    raise _refusal(intent, f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}.")


def require_capturable(intent: Document) -> None:
    """Refuse to capture what holds no authorised money."""
    if intent["status"] in CAPTURABLE:
        return
    if intent["status"] == "succeeded":
        raise _refusal(intent, "This PaymentIntent could not be captured because it has already been captured.")
    raise _refusal(
        intent,
        f"This PaymentIntent could not be captured because it has a status of {intent['status']}. "
        f"Only a PaymentIntent with one of the following statuses may be captured: {', '.join(CAPTURABLE)}.",
    )


def require_cancellable(intent: Document) -> None:
    """Refuse to cancel what is over."""
    if intent["status"] not in CANCELLABLE:
        raise _refusal(
            intent,
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. "
            f"Only a PaymentIntent with one of the following statuses may be canceled: {', '.join(CANCELLABLE)}.",
        )


def require_updatable(intent: Document, field: str) -> None:
    """Refuse to change what was agreed once money is held."""
    if intent["status"] not in UNCONFIRMED:
        raise _refusal(
            intent,
            f"This PaymentIntent's {field} could not be updated because it has a status of {intent['status']}. "
            f"You may only update the {field} of a PaymentIntent with one of the following statuses: "
            f"{', '.join(UNCONFIRMED)}.",
        )


def require_method(intent: Document) -> str:
    """The intent's payment method, or Stripe's refusal to confirm without one."""
    if intent["payment_method"] is None:
        raise _refusal(
            intent,
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
            "payment method or ConfirmationToken.",
        )
    return str(intent["payment_method"])


def _refusal(intent: Document, message: str) -> UnexpectedState:
    return UnexpectedState(message, payment_intent=public(intent))
