"""The table of API calls."""

from payments.sandbox import balance, charges, customers, events, payment_methods, refunds
from payments.sandbox.endpoint import Endpoint
from payments.sandbox.intents import calls as intents

ENDPOINTS = (
    Endpoint("POST", "/v1/payment_intents", intents.create),
    Endpoint("GET", "/v1/payment_intents", intents.listing),
    Endpoint("GET", "/v1/payment_intents/{id}", intents.retrieve, browsers_too=True),
    Endpoint("POST", "/v1/payment_intents/{id}", intents.update),
    Endpoint("POST", "/v1/payment_intents/{id}/confirm", intents.confirm_call, browsers_too=True),
    Endpoint("POST", "/v1/payment_intents/{id}/capture", intents.capture_call),
    Endpoint("POST", "/v1/payment_intents/{id}/cancel", intents.cancel_call),
    Endpoint("POST", "/v1/payment_methods", payment_methods.create, browsers_too=True),
    Endpoint("GET", "/v1/payment_methods/{id}", payment_methods.retrieve),
    Endpoint("POST", "/v1/customers", customers.create),
    Endpoint("GET", "/v1/customers", customers.listing),
    Endpoint("GET", "/v1/customers/{id}", customers.retrieve),
    Endpoint("POST", "/v1/customers/{id}", customers.update),
    Endpoint("GET", "/v1/charges", charges.listing),
    Endpoint("GET", "/v1/charges/{id}", charges.retrieve),
    Endpoint("POST", "/v1/refunds", refunds.create),
    Endpoint("GET", "/v1/refunds", refunds.listing),
    Endpoint("GET", "/v1/refunds/{id}", refunds.retrieve),
    Endpoint("POST", "/v1/refunds/{id}", refunds.update),
    Endpoint("GET", "/v1/balance_transactions", balance.listing),
    Endpoint("GET", "/v1/balance_transactions/{id}", balance.retrieve),
    Endpoint("GET", "/v1/events", events.listing),
    Endpoint("GET", "/v1/events/{id}", events.retrieve),
)
