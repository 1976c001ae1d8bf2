"""The table of rates. The sandbox is registered everywhere in it; elsewhere it collects nothing.

Tax codes are read by their prefix, as Stripe orders them: ``txcd_10…`` digital goods and electronically supplied
services, ``txcd_20…`` services, ``txcd_92…`` shipping, ``txcd_00000000`` not taxable, everything else tangible goods.
"""

import re
from dataclasses import dataclass

DIGITAL, SERVICES, GOODS, NOTHING = "digital", "services", "goods", "nothing"
HOME = "DE"
"""Where the platform is: businesses in other EU countries pay their own VAT (reverse charge)."""
_VAT = {
    "AT": "20.0", "BE": "21.0", "BG": "20.0", "CY": "19.0", "CZ": "21.0", "DE": "19.0", "DK": "25.0", "EE": "24.0",
    "ES": "21.0", "FI": "25.5", "FR": "20.0", "GR": "24.0", "HR": "25.0", "HU": "27.0", "IE": "23.0", "IT": "22.0",
    "LT": "21.0", "LU": "17.0", "LV": "21.0", "MT": "18.0", "NL": "21.0", "PL": "23.0", "PT": "23.0", "RO": "21.0",
    "SE": "25.0", "SI": "22.0", "SK": "23.0",
}  # fmt: skip
_ELSEWHERE = {
    "AU": ("10.0", "gst"), "CA": ("5.0", "gst"), "CH": ("8.1", "vat"), "GB": ("20.0", "vat"), "JP": ("10.0", "jct"),
    "NO": ("25.0", "vat"), "NZ": ("15.0", "gst"), "SG": ("9.0", "gst"),
}  # fmt: skip
# Goods, digital goods; a state that does not tax a kind says 0. Services are taxed in none of them.
_STATES = {
    "CA": ("7.25", "0.0"), "FL": ("6.0", "0.0"), "IL": ("6.25", "0.0"), "NJ": ("6.625", "6.625"),
    "NY": ("4.0", "0.0"), "PA": ("6.0", "6.0"), "TX": ("6.25", "6.25"), "WA": ("6.5", "6.5"),
}  # fmt: skip
_CODE = re.compile(r"^txcd_\d{8}$")


@dataclass(frozen=True)
class Rate:
    """A percentage and why it is that."""

    percentage: str
    reason: str
    country: str
    state: str | None
    tax_type: str | None


def is_code(code: str) -> bool:
    """Whether this is written like a tax code."""
    return bool(_CODE.match(code))


def rate_for(country: str, state: str | None, code: str, *, override: str = "none", vat_id: bool = False) -> Rate:
    """What is due on goods of this tax code, for a customer there."""
    kind = _kind(code)
    percentage, tax_type = _percentage(country, state, kind)
    if tax_type is None:
        return Rate("0.0", "not_collecting", country, state, None)
    if override == "customer_exempt":
        return Rate("0.0", "customer_exempt", country, state, tax_type)
    if override == "reverse_charge" or (vat_id and country in _VAT and country != HOME):
        return Rate("0.0", "reverse_charge", country, state, tax_type)
    if kind == NOTHING or percentage == "0.0":
        return Rate("0.0", "product_exempt", country, state, tax_type)
    return Rate(percentage, "standard_rated", country, state, tax_type)


def _kind(code: str) -> str:
    if code == "txcd_00000000":
        return NOTHING
    return {"10": DIGITAL, "20": SERVICES}.get(code[5:7], GOODS)


def _percentage(country: str, state: str | None, kind: str) -> tuple[str, str | None]:
    if country in _VAT:
        return _VAT[country], "vat"
    if country == "US":
        if state not in _STATES:
            return "0.0", None
        goods, digital = _STATES[state]
        return {DIGITAL: digital, GOODS: goods}.get(kind, "0.0"), "sales_tax"
    return _ELSEWHERE.get(country, ("0.0", None))
