"""A stateful stand-in for Stripe's API: a server on loopback, spoken to by the real stripe SDK and by a browser.

    __main__, server    the command, and the uvicorn protocol it runs on
    app, routes         the ASGI application and its table of calls
    endpoint            the way of one API call: key, fault, idempotency, transaction, answer, log
    store, schema.sql   its own durable storage, one SQLite file; upgrading reads those of earlier sandboxes
    parameters          form-encoded nested parameters in, checked values out
    typed               what the stripe SDK types of them, which every call is checked against
    problems            Stripe's errors
    intents/            payment intents and their state machine
    setup_intents/      cards that are kept for later; saved_methods attaches and detaches them
    authentication      when a card wants it, and the bank's page
    cards, payment_methods, customers, charges, refunds, currencies, descriptors
    disputes/           what payers and their banks take back
    connect/            accounts, onboarding, transfers and their reversals
    balance, payouts, payout_schedule    what accounts have, and how it gets to their banks
    tax/                calculations, transactions and the table of rates
    events, webhooks    what happened, and telling it to the product, signed and retried
    faults, calls, control    what tests and the operator may do to it, under /_sandbox/
    browser/            the stand-in for Stripe.js, the card form and the bank's authentication page

Nothing here imports Django, and the product never imports this package: it reaches it as it would reach Stripe.
"""
