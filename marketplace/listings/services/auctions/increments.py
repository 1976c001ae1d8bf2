"""By how much a bid must exceed another: steps as auction houses use them, as data."""

from django.conf import settings

# From this price on (in units of the currency's least sale price, such as 1.00), so much more at least.
_STEPS = ((0, 1), (25, 2), (50, 5), (100, 10), (500, 25), (1_000, 50), (5_000, 100), (10_000, 250), (50_000, 1_000))


def increment(price: int, currency: str) -> int:
    """Minor units by which a bid must exceed `price`."""
    unit: int = settings.ATELIER.currencies[currency][0]
    return max(step * unit for floor, step in _STEPS if price >= floor * unit)
