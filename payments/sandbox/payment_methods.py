"""Payment methods: cards, made from a number or from one of Stripe's ready-made test names."""

import time
from typing import Any

from payments.sandbox.cards import BY_NAME, TestCard, card_of, check, fingerprint
from payments.sandbox.documents import public
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import Shape, choice, metadata, nested, text, whole
from payments.sandbox.problems import ResourceMissing
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

ADDRESS: Shape = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), text)
_BILLING: Shape = {"address": nested(ADDRESS), "email": text, "name": text, "phone": text, "tax_id": text}
_CARD: Shape = {
    "number": text,
    "exp_month": whole(maximum=99),
    "exp_year": whole(maximum=9999),
    "cvc": text,
}
CREATE: Shape = {
    "type": choice("card"),
    "card": nested(_CARD, required=("number", "exp_month", "exp_year")),
    "billing_details": nested(_BILLING),
    "metadata": metadata,
    "allow_redisplay": choice("always", "limited", "unspecified"),
}


def create(call: Call) -> Document:
    """``POST /v1/payment_methods``."""
    return public(make(call, call.read(CREATE, required=("type", "card"))))


def retrieve(call: Call) -> Document:
    """``GET /v1/payment_methods/{id}``."""
    call.read({})
    return public(call.tx.get("payment_method", call.ids["id"]))


def make(session: Session, sent: dict[str, Any]) -> Document:
    """Keep a payment method made from checked parameters. The number itself is not kept."""
    card = sent["card"]
    number = str(card["number"] or "").replace(" ", "")
    year = card["exp_year"] + (2000 if card["exp_year"] < 100 else 0)
    check(number, card["exp_month"], year, card.get("cvc"))
    checked = "pass" if card.get("cvc") else None
    document = _document(session.now, card_of(number), card["exp_month"], year, cvc_check=checked)
    billing = sent.get("billing_details", {})
    document["billing_details"].update({name: value for name, value in billing.items() if name != "address"})
    document["billing_details"]["address"].update(billing.get("address", {}))
    document["metadata"] = sent.get("metadata", {})
    document["allow_redisplay"] = sent.get("allow_redisplay", "unspecified")
    session.tx.add(document)
    return document


def resolve(session: Session, identifier: str) -> Document:
    """The payment method a call names; a ready-made test name becomes a fresh one, as at Stripe."""
    if identifier in BY_NAME:
        document = _document(session.now, BY_NAME[identifier], 12, time.gmtime().tm_year + 4, cvc_check=None)
        session.tx.add(document)
        return document
    document_found = session.tx.find("payment_method", identifier)
    if document_found is None:
        raise ResourceMissing(f"No such PaymentMethod: '{identifier}'", param="payment_method")
    return document_found


def _document(now: int, card: TestCard, month: int, year: int, *, cvc_check: str | None) -> Document:
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": dict.fromkeys(ADDRESS),
            "email": None,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        "card": {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": cvc_check},
            "country": "US",
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": fingerprint(card.number),
            "funding": "credit",
            "generated_from": None,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
        "_decline": card.decline,
        "_authenticate": card.authenticate,
        "_fate": card.fate,
    }
