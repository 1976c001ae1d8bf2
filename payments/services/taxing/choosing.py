"""Who calculates taxes, as the settings say; and who did for a payment of earlier, whatever they say now."""

from django.conf import settings

from payments.services.taxing.port import Taxes
from payments.services.taxing.stripe_tax import StripeTax

_KNOWN: dict[str, Taxes] = {StripeTax.name: StripeTax()}


def chosen() -> Taxes | None:
    """None where no tax is collected."""
    return _KNOWN.get(settings.ATELIER.taxes)


def named(name: str) -> Taxes:
    """Who calculated the tax on a payment."""
    return _KNOWN[name]
