"""Setting a card up: asked of the bank, authenticated if need be, kept for the customer."""

from typing import Any

from payments.sandbox import authentication, saved_methods
from payments.sandbox.authentication import Wishes
from payments.sandbox.documents import public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.problems import CardProblem, InvalidRequest
from payments.sandbox.session import Session
from payments.sandbox.store import Document

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def new_setup(sent: dict[str, Any], now: int) -> Document:
    """A setup intent from checked parameters, before any payment method."""
    identifier = new_id("seti")
    automatic = sent.get("automatic_payment_methods")
    if automatic is None and "payment_method_types" not in sent:
        automatic = {"allow_redirects": "always", "enabled": True}
    return {
        "id": identifier,
        "object": "setup_intent",
        "application": None,
        "automatic_payment_methods": automatic,
        "cancellation_reason": None,
        "client_secret": f"{identifier}_{new_id('secret', 25)}",
        "created": now,
        "customer": sent.get("customer"),
        "customer_account": None,
        "description": sent.get("description"),
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": sent.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": sent.get("payment_method_options", {"card": {"request_three_d_secure": "automatic"}}),
        "payment_method_types": sent.get("payment_method_types", ["card"]),
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": sent.get("usage", "off_session"),
    }


def confirm(session: Session, setup: Document, wishes: Wishes) -> None:
    """Set the card up. Raises CardProblem when the bank refuses it, and keeps the failure all the same."""
    require_open(setup, "confirm")
    if setup["payment_method"] is None:
        raise InvalidRequest(
            "You cannot confirm this SetupIntent because it's missing a payment method.",
            code="setup_intent_unexpected_state",
        )
    method = session.tx.get("payment_method", setup["payment_method"])
    saved_methods.require_usable(setup, method)
    setup |= {"next_action": None, "last_setup_error": None, "_authentication": None}
    try:
        saved_methods.check_with_bank(method)
    except CardProblem as problem:
        fail(session, setup, problem.body()["error"])
        problem.extra["setup_intent"] = public(setup)
        raise
    if authentication.wanted(setup, method, wishes):
        authentication.ask(session, setup, wishes)
    else:
        _succeed(session, setup, method)


def finish_authentication(session: Session, setup: Document, *, passed: bool) -> None:
    """The customer is back from the bank's page."""
    method = session.tx.get("payment_method", setup["payment_method"])
    if passed:
        _succeed(session, setup, method)
        return
    error = {
        "code": "setup_intent_authentication_failure",
        "message": authentication.FAILED,
        "payment_method": public(method),
        "type": "invalid_request_error",
    }
    fail(session, setup, error)


def fail(session: Session, setup: Document, error: dict[str, Any]) -> None:
    """The card was not set up; another may be."""
    setup |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_setup_error": error,
        "next_action": None,
        "_authentication": None,
    }
    session.tx.save(setup)
    emit(session, "setup_intent.setup_failed", setup)


def require_open(setup: Document, verb: str) -> None:
    """Refuse to touch what is over."""
    if setup["status"] not in OPEN:
        raise InvalidRequest(
            f"You cannot {verb} this SetupIntent because it has a status of {setup['status']}.",
            code="setup_intent_unexpected_state",
            setup_intent=public(setup),
        )


def _succeed(session: Session, setup: Document, method: Document) -> None:
    saved_methods.keep(session, setup, method)
    setup |= {"status": "succeeded", "next_action": None, "_authentication": None}
    session.tx.save(setup)
    emit(session, "setup_intent.succeeded", setup)
