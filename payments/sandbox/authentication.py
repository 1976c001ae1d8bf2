"""Authentication: when a card wants it (3-D Secure), and how the payer is asked for it."""

from dataclasses import dataclass
from typing import Any

from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.session import Session
from payments.sandbox.store import Document

FAILED = "We are unable to authenticate your payment method. Please choose a different payment method and try again."
_FORCED = ("any", "challenge")


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How the caller wants a confirmation to go."""

    return_url: str | None = None
    uses_sdk: bool = False
    """Stripe.js is there to show what the customer has to do."""
    present: bool = True
    """The customer is there to authenticate (not off_session, not error_on_requires_action)."""
    off_session: bool = False


def wanted(intent: Document, method: Document, wishes: Wishes) -> bool:
    """Whether the card has to be authenticated for this payment or setup."""
    options = (intent["payment_method_options"] or {}).get("card") or {}
    if options.get("request_three_d_secure") in _FORCED and wishes.present:
        return True
    when = method["_authenticate"]
    if when == "unless_set_up":
        return not method.get("_set_up")
    if when == "on_session":
        return not wishes.off_session
    return bool(when == "always")


def ask(session: Session, intent: Document, wishes: Wishes) -> None:
    """Send the payer to the bank's page; the intent waits until they are back."""
    nonce = new_id("auth")
    url = f"{session.config.public_url}/authenticate/{intent['id']}/{nonce}"
    if wishes.uses_sdk:
        action: dict[str, Any] = {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url, "source": nonce},
        }
    else:
        action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": wishes.return_url, "url": url}}
    intent |= {
        "status": "requires_action",
        "next_action": action,
        "_authentication": {"nonce": nonce, "return_url": wishes.return_url},
    }
    session.tx.save(intent)
    emit(session, f"{intent['object']}.requires_action", intent)
