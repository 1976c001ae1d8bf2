"""The table of API calls: method, path, what serves it, and the SDK's name for its parameters."""

from payments.sandbox import balance, charges, customers, events, payment_methods, payouts, refunds, saved_methods
from payments.sandbox.connect import accounts, country_specs, external_accounts, links, reversals, transfers
from payments.sandbox.disputes import calls as disputes
from payments.sandbox.endpoint import Endpoint
from payments.sandbox.intents import calls as intents
from payments.sandbox.setup_intents import calls as setups
from payments.sandbox.tax import calculations
from payments.sandbox.tax import listing as tax_lines
from payments.sandbox.tax import reversals as tax_reversals
from payments.sandbox.tax import transactions as tax_transactions

_PAYMENTS = (
    Endpoint("POST", "/v1/payment_intents", intents.create, "PaymentIntentCreateParams"),
    Endpoint("GET", "/v1/payment_intents", intents.listing, "PaymentIntentListParams"),
    Endpoint(
        "GET", "/v1/payment_intents/{id}", intents.retrieve, "PaymentIntentRetrieveParams", browsers_too=True
    ),
    Endpoint("POST", "/v1/payment_intents/{id}", intents.update, "PaymentIntentUpdateParams"),
    Endpoint(
        "POST", "/v1/payment_intents/{id}/confirm", intents.confirm_call, "PaymentIntentConfirmParams",
        browsers_too=True,
    ),
    Endpoint("POST", "/v1/payment_intents/{id}/capture", intents.capture_call, "PaymentIntentCaptureParams"),
    Endpoint("POST", "/v1/payment_intents/{id}/cancel", intents.cancel_call, "PaymentIntentCancelParams"),
    Endpoint("POST", "/v1/payment_methods", payment_methods.create, "PaymentMethodCreateParams", browsers_too=True),
    Endpoint("GET", "/v1/payment_methods", saved_methods.listing, "PaymentMethodListParams"),
    Endpoint("POST", "/v1/payment_methods/{id}/attach", saved_methods.attach_call, "PaymentMethodAttachParams"),
    Endpoint("POST", "/v1/payment_methods/{id}/detach", saved_methods.detach_call, "PaymentMethodDetachParams"),
    Endpoint("POST", "/v1/payment_methods/{id}", saved_methods.update, "PaymentMethodUpdateParams"),
    Endpoint(
        "GET", "/v1/customers/{customer}/payment_methods", saved_methods.list_of_customer,
        "CustomerPaymentMethodListParams",
    ),
    Endpoint("GET", "/v1/payment_methods/{id}", payment_methods.retrieve, "PaymentMethodRetrieveParams"),
    Endpoint("POST", "/v1/customers", customers.create, "CustomerCreateParams"),
    Endpoint("GET", "/v1/customers", customers.listing, "CustomerListParams"),
    Endpoint("GET", "/v1/customers/{id}", customers.retrieve, "CustomerRetrieveParams"),
    Endpoint("POST", "/v1/customers/{id}", customers.update, "CustomerUpdateParams"),
    Endpoint("GET", "/v1/charges", charges.listing, "ChargeListParams"),
    Endpoint("GET", "/v1/charges/{id}", charges.retrieve, "ChargeRetrieveParams"),
    Endpoint("POST", "/v1/refunds", refunds.create, "RefundCreateParams"),
    Endpoint("GET", "/v1/refunds", refunds.listing, "RefundListParams"),
    Endpoint("GET", "/v1/refunds/{id}", refunds.retrieve, "RefundRetrieveParams"),
    Endpoint("POST", "/v1/refunds/{id}", refunds.update, "RefundUpdateParams"),
)  # fmt: skip
_SETUPS = "/v1/setup_intents"
_SAVING = (
    Endpoint("POST", _SETUPS, setups.create, "SetupIntentCreateParams"),
    Endpoint("GET", _SETUPS, setups.listing, "SetupIntentListParams"),
    Endpoint("GET", f"{_SETUPS}/{{id}}", setups.retrieve, "SetupIntentRetrieveParams", browsers_too=True),
    Endpoint("POST", f"{_SETUPS}/{{id}}", setups.update, "SetupIntentUpdateParams"),
    Endpoint("POST", f"{_SETUPS}/{{id}}/confirm", setups.confirm_call, "SetupIntentConfirmParams", browsers_too=True),
    Endpoint("POST", f"{_SETUPS}/{{id}}/cancel", setups.cancel_call, "SetupIntentCancelParams"),
)
_ACCOUNT = "/v1/accounts/{account}"
_CONNECT = (
    Endpoint("GET", "/v1/account", accounts.retrieve_current, "AccountRetrieveCurrentParams"),
    Endpoint("POST", "/v1/accounts", accounts.create, "AccountCreateParams"),
    Endpoint("GET", "/v1/accounts", accounts.listing, "AccountListParams"),
    Endpoint("GET", "/v1/accounts/{id}", accounts.retrieve, "AccountRetrieveParams"),
    Endpoint("POST", "/v1/accounts/{id}", accounts.update, "AccountUpdateParams"),
    Endpoint("DELETE", "/v1/accounts/{id}", accounts.delete, "AccountDeleteParams"),
    Endpoint("GET", f"{_ACCOUNT}/capabilities", accounts.list_capabilities, "AccountCapabilityListParams"),
    Endpoint("GET", f"{_ACCOUNT}/capabilities/{{id}}", accounts.retrieve_capability, "AccountCapabilityRetrieveParams"),
    Endpoint("POST", f"{_ACCOUNT}/capabilities/{{id}}", accounts.update_capability, "AccountCapabilityUpdateParams"),
    Endpoint("POST", f"{_ACCOUNT}/login_links", links.create_login_link, "AccountLoginLinkCreateParams"),
    Endpoint("POST", "/v1/account_links", links.create, "AccountLinkCreateParams"),
    Endpoint("GET", "/v1/country_specs", country_specs.listing, "CountrySpecListParams"),
    Endpoint("GET", "/v1/country_specs/{country}", country_specs.retrieve, "CountrySpecRetrieveParams"),
    *(
        Endpoint(method, f"{_ACCOUNT}/external_accounts{rest}", work, f"AccountExternalAccount{name}Params")
        for method, rest, work, name in (
            ("POST", "", external_accounts.create, "Create"),
            ("GET", "", external_accounts.listing, "List"),
            ("GET", "/{id}", external_accounts.retrieve, "Retrieve"),
            ("POST", "/{id}", external_accounts.update, "Update"),
            ("DELETE", "/{id}", external_accounts.delete, "Delete"),
        )
    ),
)
_TRANSFER = "/v1/transfers/{transfer}/reversals"
_MONEY = (
    Endpoint("GET", "/v1/balance", balance.retrieve_balance, "BalanceRetrieveParams"),
    Endpoint("GET", "/v1/balance_transactions", balance.listing, "BalanceTransactionListParams"),
    Endpoint("GET", "/v1/balance_transactions/{id}", balance.retrieve, "BalanceTransactionRetrieveParams"),
    Endpoint("POST", "/v1/transfers", transfers.create, "TransferCreateParams"),
    Endpoint("GET", "/v1/transfers", transfers.listing, "TransferListParams"),
    Endpoint("GET", "/v1/transfers/{id}", transfers.retrieve, "TransferRetrieveParams"),
    Endpoint("POST", "/v1/transfers/{id}", transfers.update, "TransferUpdateParams"),
    Endpoint("POST", _TRANSFER, reversals.create, "TransferReversalCreateParams"),
    Endpoint("GET", _TRANSFER, reversals.listing, "TransferReversalListParams"),
    Endpoint("GET", f"{_TRANSFER}/{{id}}", reversals.retrieve, "TransferReversalRetrieveParams"),
    Endpoint("POST", f"{_TRANSFER}/{{id}}", reversals.update, "TransferReversalUpdateParams"),
    Endpoint("POST", "/v1/payouts", payouts.create, "PayoutCreateParams"),
    Endpoint("GET", "/v1/payouts", payouts.listing, "PayoutListParams"),
    Endpoint("GET", "/v1/payouts/{id}", payouts.retrieve, "PayoutRetrieveParams"),
    Endpoint("POST", "/v1/payouts/{id}", payouts.update, "PayoutUpdateParams"),
    Endpoint("POST", "/v1/payouts/{id}/cancel", payouts.cancel, "PayoutCancelParams"),
)
_WARNINGS = "/v1/radar/early_fraud_warnings"
_DISPUTES = (
    Endpoint("GET", "/v1/disputes", disputes.listing, "DisputeListParams"),
    Endpoint("GET", "/v1/disputes/{id}", disputes.retrieve, "DisputeRetrieveParams"),
    Endpoint("POST", "/v1/disputes/{id}", disputes.update, "DisputeUpdateParams"),
    Endpoint("POST", "/v1/disputes/{id}/close", disputes.close_call, "DisputeCloseParams"),
    Endpoint("GET", _WARNINGS, disputes.list_warnings, "radar.EarlyFraudWarningListParams"),
    Endpoint("GET", f"{_WARNINGS}/{{id}}", disputes.retrieve_warning, "radar.EarlyFraudWarningRetrieveParams"),
)
_CALCULATION, _TRANSACTION = "/v1/tax/calculations", "/v1/tax/transactions"
_TAX = (
    Endpoint("POST", _CALCULATION, calculations.create, "tax.CalculationCreateParams"),
    Endpoint("GET", f"{_CALCULATION}/{{calculation}}", calculations.retrieve, "tax.CalculationRetrieveParams"),
    Endpoint(
        "GET", f"{_CALCULATION}/{{calculation}}/line_items", tax_lines.of_calculation,
        "tax.CalculationLineItemListParams",
    ),
    Endpoint(
        "POST", f"{_TRANSACTION}/create_from_calculation", tax_transactions.create_from_calculation,
        "tax.TransactionCreateFromCalculationParams",
    ),
    Endpoint("POST", f"{_TRANSACTION}/create_reversal", tax_reversals.create, "tax.TransactionCreateReversalParams"),
    Endpoint("GET", f"{_TRANSACTION}/{{transaction}}", tax_transactions.retrieve, "tax.TransactionRetrieveParams"),
    Endpoint(
        "GET", f"{_TRANSACTION}/{{transaction}}/line_items", tax_lines.of_transaction,
        "tax.TransactionLineItemListParams",
    ),
)  # fmt: skip
_EVENTS = (
    Endpoint("GET", "/v1/events", events.listing, "EventListParams"),
    Endpoint("GET", "/v1/events/{id}", events.retrieve, "EventRetrieveParams"),
)

ENDPOINTS = (*_PAYMENTS, *_SAVING, *_CONNECT, *_MONEY, *_DISPUTES, *_TAX, *_EVENTS)
