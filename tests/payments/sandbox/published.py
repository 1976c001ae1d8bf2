"""The members of Stripe's published example objects (its OpenAPI repository, August 2026): the names alone."""

MEMBERS = {
    "account": (
        "business_profile business_type capabilities charges_enabled controller country created default_currency "
        "details_submitted email external_accounts future_requirements id metadata object payouts_enabled "
        "requirements settings tos_acceptance type"
    ),
    "account_link": ("created expires_at object url"),
    "balance": ("available connect_reserved livemode object pending"),
    "balance_transaction": (
        "amount available_on balance_type created currency description exchange_rate fee fee_details id net "
        "object reporting_category source status type"
    ),
    "bank_account": (
        "account_holder_name account_holder_type account_type bank_name country currency customer fingerprint id "
        "last4 metadata object routing_number status"
    ),
    "capability": ("account future_requirements id object requested requested_at requirements status"),
    "charge": (
        "amount amount_captured amount_refunded application application_fee application_fee_amount "
        "balance_transaction billing_details calculated_statement_descriptor captured created currency customer "
        "description disputed failure_balance_transaction failure_code failure_message fraud_details id livemode "
        "metadata object on_behalf_of outcome paid payment_intent payment_method payment_method_details "
        "receipt_email receipt_number receipt_url refunded refunds review shipping source source_transfer "
        "statement_descriptor statement_descriptor_suffix status transfer_data transfer_group"
    ),
    "country_spec": (
        "default_currency id object supported_bank_account_currencies supported_payment_currencies "
        "supported_payment_methods supported_transfer_countries verification_fields"
    ),
    "customer": (
        "address balance created currency default_source delinquent description discount email id invoice_prefix "
        "invoice_settings livemode metadata name next_invoice_sequence object phone preferred_locales shipping "
        "tax_exempt test_clock"
    ),
    "dispute": (
        "amount balance_transactions charge created currency enhanced_eligibility_types evidence evidence_details "
        "id is_charge_refundable livemode metadata object payment_intent payment_method_details reason status"
    ),
    "event": ("api_version created data id livemode object pending_webhooks request type"),
    "login_link": ("created object url"),
    "payment_intent": (
        "amount amount_capturable amount_details amount_received application application_fee_amount "
        "automatic_payment_methods canceled_at cancellation_reason capture_method client_secret "
        "confirmation_method created currency customer customer_account description excluded_payment_method_types "
        "id last_payment_error latest_charge livemode managed_payments metadata next_action object on_behalf_of "
        "payment_method payment_method_configuration_details payment_method_options payment_method_types "
        "processing receipt_email review setup_future_usage shipping source statement_descriptor "
        "statement_descriptor_suffix status transfer_data transfer_group"
    ),
    "payment_method": (
        "allow_redisplay billing_details card created customer customer_account id livemode metadata object type"
    ),
    "payout": (
        "amount application_fee application_fee_amount arrival_date automatic balance_transaction created "
        "currency description destination failure_balance_transaction failure_code failure_message id livemode "
        "metadata method object original_payout payout_method reconciliation_status reversed_by source_type "
        "statement_descriptor status trace_id type"
    ),
    "radar.early_fraud_warning": ("actionable charge created fraud_type id livemode object"),
    "refund": (
        "amount balance_transaction charge created currency customer customer_account destination_details id "
        "metadata object payment_intent payment_method reason receipt_number source_transfer_reversal status "
        "transfer_reversal"
    ),
    "setup_intent": (
        "application automatic_payment_methods cancellation_reason client_secret created customer description "
        "excluded_payment_method_types flow_directions id last_setup_error latest_attempt livemode mandate "
        "metadata next_action object on_behalf_of payment_method payment_method_configuration_details "
        "payment_method_options payment_method_types single_use_mandate status usage"
    ),
    "tax.calculation": (
        "amount_total currency customer customer_details expires_at id livemode object ship_from_details "
        "shipping_cost tax_amount_exclusive tax_amount_inclusive tax_breakdown tax_date"
    ),
    "tax.calculation_line_item": (
        "amount amount_tax id livemode metadata object product quantity reference tax_behavior tax_code"
    ),
    "tax.transaction": (
        "created currency customer customer_details id line_items livemode metadata object posted_at reference "
        "reversal ship_from_details shipping_cost tax_date type"
    ),
    "tax.transaction_line_item": (
        "amount amount_tax id livemode metadata object product quantity reference reversal tax_behavior tax_code type"
    ),
    "transfer": (
        "amount amount_reversed balance_transaction created currency description destination destination_payment "
        "id livemode metadata object reversals reversed source_transaction source_type transfer_group"
    ),
    "transfer_reversal": (
        "amount balance_transaction created currency destination_payment_refund id metadata object source_refund "
        "transfer"
    ),
}
"""Kind of object to its members, between blanks."""
