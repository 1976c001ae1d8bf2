"""Customers: who pays."""

from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import Shape, merge_metadata, metadata, nested, text
from payments.sandbox.payment_methods import ADDRESS
from payments.sandbox.session import Call
from payments.sandbox.store import Document

_FIELDS: Shape = {
    "address": nested(ADDRESS),
    "description": text,
    "email": text,
    "metadata": metadata,
    "name": text,
    "phone": text,
}


def create(call: Call) -> Document:
    """``POST /v1/customers``."""
    sent = call.read(_FIELDS)
    identifier = new_id("cus", 14)
    customer: Document = {
        "id": identifier,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": call.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": identifier[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
        **sent,
    }
    call.tx.add(customer)
    emit(call, "customer.created", customer)
    return public(customer)


def retrieve(call: Call) -> Document:
    """``GET /v1/customers/{id}``."""
    call.read({})
    return public(call.tx.get("customer", call.ids["id"]))


def update(call: Call) -> Document:
    """``POST /v1/customers/{id}``."""
    sent = call.read(_FIELDS)
    customer = call.tx.get("customer", call.ids["id"])
    sent["metadata"] = merge_metadata(customer["metadata"], sent.get("metadata", {}))
    previous = {name: customer[name] for name, value in sent.items() if customer[name] != value}
    customer.update(sent)
    call.tx.save(customer)
    emit(call, "customer.updated", customer, previous=previous)
    return public(customer)


def listing(call: Call) -> Document:
    """``GET /v1/customers``."""
    return page(call, "customer", "/v1/customers", filters={"email": text})
