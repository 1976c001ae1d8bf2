"""Confirming: from a payment method to money held or taken, to the bank's authentication page, or to a decline."""

from typing import Any

from payments.sandbox import authentication, charges
from payments.sandbox.authentication import Wishes
from payments.sandbox.cards import DECLINES
from payments.sandbox.documents import public
from payments.sandbox.events import emit
from payments.sandbox.intents.states import require_confirmable, require_method
from payments.sandbox.problems import CardProblem, InvalidRequest
from payments.sandbox.saved_methods import keep, require_usable
from payments.sandbox.session import Session
from payments.sandbox.store import Document

_AUTHENTICATION_REQUIRED = "Your card was declined. This transaction requires authentication."


def confirm(session: Session, intent: Document, wishes: Wishes) -> None:
    """Try to take the money. Raises CardProblem when the card is refused; the attempt is kept all the same."""
    require_confirmable(intent)
    method = session.tx.get("payment_method", require_method(intent))
    _require_charges_enabled(session)
    require_usable(intent, method)
    _require_return_url(intent, wishes)
    intent |= {"next_action": None, "last_payment_error": None, "_authentication": None}
    if not authentication.wanted(intent, method, wishes):
        charge(session, intent, method)
    elif wishes.present:
        authentication.ask(session, intent, wishes)
    else:
        decline = ("authentication_required", "authentication_required", _AUTHENTICATION_REQUIRED)
        _refuse(session, intent, method, decline)


def charge(session: Session, intent: Document, method: Document) -> None:
    """Charge a card that needs no authentication, or has passed it."""
    if method["_decline"]:
        code, message = DECLINES[method["_decline"]]
        _refuse(session, intent, method, (code, method["_decline"], message))
    keep(session, intent, method)
    document = charges.attempt(session, intent, method, decline=None)
    intent |= {"latest_charge": document["id"], "next_action": None, "_authentication": None}
    if intent["capture_method"] == "manual":
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        session.tx.set_deadline(intent["id"], session.now + charges.AUTHORISATION_SECONDS)
        session.tx.save(intent)
        emit(session, "payment_intent.amount_capturable_updated", intent)
    else:
        intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        session.tx.save(intent)
        emit(session, "payment_intent.succeeded", intent)


def finish_authentication(session: Session, intent: Document, *, passed: bool) -> None:
    """The customer is back from the bank's page. A refusal by the card is kept on the intent, not raised."""
    method = session.tx.get("payment_method", intent["payment_method"])
    if not passed:
        error = {
            "code": "payment_intent_authentication_failure",
            "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
            "message": authentication.FAILED,
            "payment_method": public(method),
            "type": "invalid_request_error",
        }
        _fail(session, intent, error)
        return
    try:
        charge(session, intent, method)
    except CardProblem:
        # The bank page has nobody to answer with an error: `last_payment_error` says it.
        return


def _refuse(session: Session, intent: Document, method: Document, decline: tuple[str, str, str]) -> None:
    document = charges.attempt(session, intent, method, decline=decline)
    code, reason, message = decline
    problem = CardProblem(
        message,
        code=code,
        charge=document["id"],
        decline_code=reason if code in ("card_declined", "authentication_required") else None,
        payment_method=public(method),
    )
    intent["latest_charge"] = document["id"]
    _fail(session, intent, problem.body()["error"])
    problem.extra["payment_intent"] = public(intent)
    raise problem


def _fail(session: Session, intent: Document, error: dict[str, Any]) -> None:
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": error,
        "next_action": None,
        "_authentication": None,
    }
    session.tx.save(intent)
    emit(session, "payment_intent.payment_failed", intent)


def _require_return_url(intent: Document, wishes: Wishes) -> None:
    automatic = intent["automatic_payment_methods"]
    redirects = bool(automatic and automatic["enabled"] and automatic["allow_redirects"] == "always")
    if redirects and wishes.return_url is None and not wishes.uses_sdk:
        raise InvalidRequest(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of "
            "these payment methods might redirect your customer off of your page, you must provide a `return_url`. If "
            "you don't want to accept redirect-based payment methods, set "
            "`automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to "
            "`never` when creating Setup Intents and Payment Intents.",
        )


def _require_charges_enabled(session: Session) -> None:
    """A connected account that takes payments itself has to be allowed to."""
    merchant = session.tx.account
    with session.tx.acting_for(""):
        account = session.tx.find("account", merchant) if merchant else None
    if account is not None and not account["charges_enabled"]:
        raise InvalidRequest(
            "Your account cannot currently make charges: it has no active card_payments capability.",
            code="charge_not_allowed",
        )
