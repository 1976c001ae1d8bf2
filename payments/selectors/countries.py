"""The countries in which payees can be paid, by their names."""

from marketplace.core.countries import country_name
from payments import gateway


def countries_to_be_paid_in() -> list[tuple[str, str]]:
    """Code and name of every country that the provider serves, by name. Raises GatewayUnavailable, GatewayRefused."""
    return sorted(((code, country_name(code)) for code in gateway.countries_served()), key=lambda pair: pair[1])
