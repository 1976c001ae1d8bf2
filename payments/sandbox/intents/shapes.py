"""The parameters of the payment intent endpoints."""

from typing import Any

from payments.sandbox.parameters import Shape, array, boolean, choice, metadata, nested, text, whole
from payments.sandbox.payment_methods import ADDRESS, CREATE
from payments.sandbox.problems import InvalidRequest, ParameterProblem

# The least and the most that Stripe charges, in minor units; the rest of its currencies follow the dollar.
_LEAST = {
    "aud": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500,
    "jpy": 50, "mxn": 1000, "nok": 300, "nzd": 50, "pln": 200, "sek": 300, "sgd": 50, "usd": 50,
}  # fmt: skip
_MOST = 99_999_999


def currency(value: Any, param: str) -> str:
    """A currency that Stripe takes, in lower case."""
    written = str(text(value, param) or "").lower()
    if written not in _LEAST:
        supported = ", ".join(sorted(_LEAST))
        raise ParameterProblem(
            f"Invalid currency: {written}. Stripe currently supports these currencies: {supported}", param=param
        )
    return written


def check_amount(amount: int, code: str) -> None:
    """Raise Stripe's error unless the amount can be charged in this currency."""
    if amount < _LEAST[code]:
        raise InvalidRequest(
            f"Amount must be at least {_LEAST[code]} {code} in minor units.", code="amount_too_small", param="amount"
        )
    if amount > _MOST:
        raise InvalidRequest(
            f"Amount must be no more than {_MOST} {code} in minor units.", code="amount_too_large", param="amount"
        )


_SHIPPING: Shape = {
    "address": nested(ADDRESS),
    "carrier": text,
    "name": text,
    "phone": text,
    "tracking_number": text,
}
_AUTOMATIC: Shape = {"enabled": boolean, "allow_redirects": choice("always", "never")}
_CARD_OPTIONS: Shape = {
    "capture_method": choice("manual"),
    "request_three_d_secure": choice("any", "automatic", "challenge"),
    "setup_future_usage": choice("none", "off_session", "on_session"),
}

# What may be set when the intent is made and changed until it is confirmed.
FIELDS: Shape = {
    "amount": whole(minimum=0, maximum=10**12),
    "currency": currency,
    "capture_method": choice("automatic", "automatic_async", "manual"),
    "customer": text,
    "description": text,
    "metadata": metadata,
    "payment_method": text,
    "payment_method_data": nested(CREATE, required=("type", "card")),
    "payment_method_options": nested({"card": nested(_CARD_OPTIONS)}),
    "payment_method_types": array(choice("card")),
    "receipt_email": text,
    "setup_future_usage": choice("off_session", "on_session"),
    "shipping": nested(_SHIPPING),
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
    "transfer_group": text,
}
CONFIRM: Shape = {
    "capture_method": FIELDS["capture_method"],
    "error_on_requires_action": boolean,
    "off_session": boolean,
    "payment_method": text,
    "payment_method_data": FIELDS["payment_method_data"],
    "payment_method_options": FIELDS["payment_method_options"],
    "receipt_email": text,
    "return_url": text,
    "setup_future_usage": FIELDS["setup_future_usage"],
    "shipping": FIELDS["shipping"],
    "use_stripe_sdk": boolean,
}
CREATE_INTENT: Shape = {
    **FIELDS,
    "automatic_payment_methods": nested(_AUTOMATIC, required=("enabled",)),
    "confirm": boolean,
    "confirmation_method": choice("automatic"),
    "error_on_requires_action": boolean,
    "off_session": boolean,
    "return_url": text,
    "use_stripe_sdk": boolean,
}
BROWSER_CONFIRM: Shape = {
    "client_secret": text,
    "payment_method": text,
    "payment_method_data": FIELDS["payment_method_data"],
    "receipt_email": text,
    "return_url": text,
    "shipping": FIELDS["shipping"],
    "use_stripe_sdk": boolean,
}
CAPTURE: Shape = {
    "amount_to_capture": whole(minimum=1, maximum=10**12),
    "final_capture": boolean,
    "metadata": metadata,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
}
CANCEL: Shape = {
    "cancellation_reason": choice("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
}
