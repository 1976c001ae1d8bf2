"""The countries in which an account may be, and what it may be paid in there."""

from payments.sandbox.currencies import OF_COUNTRY
from payments.sandbox.parameters import text, whole
from payments.sandbox.problems import ResourceMissing
from payments.sandbox.session import Call
from payments.sandbox.store import Document


def listing(call: Call) -> Document:
    """``GET /v1/country_specs``, in the order of their codes."""
    sent = call.read({"limit": whole(minimum=1, maximum=100), "starting_after": text, "ending_before": text})
    codes = sorted(OF_COUNTRY)
    after, before = sent.get("starting_after"), sent.get("ending_before")
    left = [code for code in codes if (not after or code > after) and (not before or code < before)]
    limit = sent.get("limit", 10)
    page = left[-limit:] if before else left[:limit]
    return {
        "object": "list",
        "url": "/v1/country_specs",
        "has_more": len(left) > len(page),
        "data": [_spec(code) for code in page],
    }


def retrieve(call: Call) -> Document:
    """``GET /v1/country_specs/{country}``."""
    call.read({})
    code = call.ids["country"]
    if code not in OF_COUNTRY:
        raise ResourceMissing(f"No such country spec: '{code}'", param="country")
    return _spec(code)


def _spec(code: str) -> Document:
    currency = OF_COUNTRY[code]
    minimum = ["external_account", "individual.dob.day", "individual.first_name", "individual.last_name"]
    return {
        "id": code,
        "object": "country_spec",
        "default_currency": currency,
        "supported_bank_account_currencies": {currency: [code]},
        "supported_payment_currencies": sorted(set(OF_COUNTRY.values())),
        "supported_payment_methods": ["card", "stripe"],
        "supported_transfer_countries": sorted(OF_COUNTRY),
        "verification_fields": {
            kind: {"additional": [], "minimum": ["business_type", *minimum]} for kind in ("company", "individual")
        },
    }
