"""Taxes behind one small port, so that who calculates them can be another one.

port        what is asked of whoever calculates and records taxes
choosing    who that is, as the settings say: with `none`, nobody
stripe_tax  Stripe Tax
places      where a payer is taxed, as they told us
calculating the tax on a payment, before it is paid
recording   the sale on the provider's record once it is paid, and what went back
"""

from payments.services.taxing.calculating import settle_tax
from payments.services.taxing.places import keep_billing, require_tax_place
from payments.services.taxing.recording import perform_tax_record, perform_tax_reversal, reverse_tax_of

__all__ = [
    "keep_billing",
    "perform_tax_record",
    "perform_tax_reversal",
    "require_tax_place",
    "reverse_tax_of",
    "settle_tax",
]
