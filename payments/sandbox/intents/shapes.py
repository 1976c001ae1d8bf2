"""The parameters of the payment intent endpoints."""

from payments.sandbox.currencies import currency
from payments.sandbox.parameters import Shape, array, boolean, choice, choice_or_none, metadata, nested, text, whole
from payments.sandbox.payment_methods import ADDRESS, CREATE

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
    "transfer_data": nested({"amount": whole(minimum=1, maximum=10**12), "destination": text}),
    "transfer_group": text,
}
UPDATE: Shape = {**FIELDS, "setup_future_usage": choice_or_none("off_session", "on_session")}
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
    "on_behalf_of": text,
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
