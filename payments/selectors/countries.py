"""The countries in which payees can be paid, by their names."""

from payments import gateway

# ISO 3166-1 codes of the countries in which Stripe opens accounts or to which it pays, as people call them in English.
_NAMES = {
    "AE": "United Arab Emirates", "AT": "Austria", "AU": "Australia", "BE": "Belgium", "BG": "Bulgaria",
    "BR": "Brazil", "CA": "Canada", "CH": "Switzerland", "CY": "Cyprus", "CZ": "Czechia", "DE": "Germany",
    "DK": "Denmark", "EE": "Estonia", "ES": "Spain", "FI": "Finland", "FR": "France", "GB": "United Kingdom",
    "GI": "Gibraltar", "GR": "Greece", "HK": "Hong Kong", "HR": "Croatia", "HU": "Hungary", "ID": "Indonesia",
    "IE": "Ireland", "IN": "India", "IS": "Iceland", "IT": "Italy", "JP": "Japan", "LI": "Liechtenstein",
    "LT": "Lithuania", "LU": "Luxembourg", "LV": "Latvia", "MT": "Malta", "MX": "Mexico", "MY": "Malaysia",
    "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal", "RO": "Romania",
    "SE": "Sweden", "SG": "Singapore", "SI": "Slovenia", "SK": "Slovakia", "TH": "Thailand", "US": "United States",
}  # fmt: skip


def country_name(code: str) -> str:
    """As people call it; its code where we have no name for it."""
    return _NAMES.get(code, code)


def countries_to_be_paid_in() -> list[tuple[str, str]]:
    """Code and name of every country that the provider serves, by name. Raises GatewayUnavailable, GatewayRefused."""
    return sorted(((code, country_name(code)) for code in gateway.countries_served()), key=lambda pair: pair[1])
