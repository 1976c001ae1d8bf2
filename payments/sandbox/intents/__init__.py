"""Payment intents: the state machine that every payment goes through.

    requires_payment_method ─confirm─▶ succeeded            (automatic capture)
            │    ▲          ─confirm─▶ requires_capture     (manual capture) ─capture─▶ succeeded
            │    │          ─confirm─▶ requires_action ─authenticate─▶ either of these
            │    └── declined, or authentication failed
            └─payment method given─▶ requires_confirmation ─confirm─▶ as above

Cancelling leads from every state but `succeeded` to `canceled`; an authorisation that is not captured within seven
days lapses to `canceled` by itself. `processing` belongs to payment methods that settle later; cards never enter it.

    calls       the endpoints
    shapes      their parameters
    document    what a payment intent looks like
    states      which status allows what
    confirming  from a payment method to money held or taken, or a decline
    settling    capture, cancellation, lapse
"""
