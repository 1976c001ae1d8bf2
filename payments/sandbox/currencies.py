"""Currencies: which there are, how many minor units they have, the least and the most that can be charged."""

from typing import Any

from payments.sandbox.parameters import text
from payments.sandbox.problems import InvalidRequest, ParameterProblem

# Stripe's minimum charge, in minor units.
_LEAST = {
    "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400,
    "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200, "ron": 200,
    "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
_MOST = 99_999_999
_WITHOUT_CENTS = ("jpy",)

OF_COUNTRY = {
    "AE": "aed", "AU": "aud", "BR": "brl", "CA": "cad", "CH": "chf", "CZ": "czk", "DK": "dkk", "GB": "gbp",
    "HK": "hkd", "HU": "huf", "IN": "inr", "JP": "jpy", "MX": "mxn", "MY": "myr", "NO": "nok", "NZ": "nzd",
    "PL": "pln", "RO": "ron", "SE": "sek", "SG": "sgd", "TH": "thb", "US": "usd",
    **dict.fromkeys(("AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT",
                     "NL", "PT", "SI", "SK"), "eur"),
}  # fmt: skip
"""A country's currency; these are the countries in which an account may be."""


def currency(value: Any, param: str) -> str:
    """A currency that Stripe takes, in lower case."""
    written = str(text(value, param) or "").lower()
    if written not in _LEAST:
        supported = ", ".join(sorted(_LEAST))
        raise ParameterProblem(
            f"Invalid currency: {written}. Stripe currently supports these currencies: {supported}", param=param
        )
    return written


def check_amount(amount: int, code: str) -> None:
    """Raise Stripe's error unless the amount can be charged in this currency."""
    if amount < _LEAST[code]:
        raise InvalidRequest(
            f"Amount must be at least {_LEAST[code]} {code} in minor units.", code="amount_too_small", param="amount"
        )
    if amount > _MOST:
        raise InvalidRequest(
            f"Amount must be no more than {_MOST} {code} in minor units.", code="amount_too_large", param="amount"
        )


def minor(major: int, code: str) -> int:
    """A whole amount in minor units."""
    return major if code in _WITHOUT_CENTS else major * 100


def price(amount: int, code: str) -> str:
    """An amount as people read it."""
    if code in _WITHOUT_CENTS:
        return f"{amount} {code.upper()}"
    sign, (whole, cents) = "-" if amount < 0 else "", divmod(abs(amount), 100)
    return f"{sign}{whole}.{cents:02} {code.upper()}"
