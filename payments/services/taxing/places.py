"""Where a payer is taxed, and how invoices name them: as they told us."""

import re

from django.db import transaction
from django.utils.translation import gettext

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput
from payments.errors import TaxPlaceNeeded
from payments.models import BillingDetails
from payments.selectors.taxes import billing_of
from payments.services.taxing.choosing import chosen
from payments.services.taxing.port import Place

EU = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip
HAVE_STATES = {"US", "CA"}  # where the tax is the state's, or the province's
_VAT_PREFIX = {"GR": "EL", "CH": "CHE", "NO": ""}
_VAT_COUNTRIES = EU | {"GB", "CH", "NO"}
_LONG = {"name": 120, "line1": 200, "postal_code": 20, "city": 100}


@transaction.atomic
def keep_billing(
    *,
    user: User,
    country: str,
    name: str = "",
    line1: str = "",
    postal_code: str = "",
    city: str = "",
    region: str = "",
    vat_id: str = "",
) -> BillingDetails:
    """Write down where somebody is taxed and how their invoices name them; what was paid before stays as it was.

    Raises InvalidInput.
    """
    country, region = country.strip().upper(), region.strip().upper()
    vat_id = re.sub(r"[\s.\-]", "", vat_id).upper()
    given = {"name": name, "line1": line1, "postal_code": postal_code, "city": city}
    given = {field: " ".join(value.split()) for field, value in given.items()}
    errors = {
        field: [gettext("At most %(value)s characters.") % {"value": _LONG[field]}]
        for field in given
        if len(given[field]) > _LONG[field]
    }
    errors |= _errors_of_place(country, region, given["postal_code"], vat_id)
    if errors:
        raise InvalidInput(gettext("Some of the address is missing or not valid."), errors=errors)
    accounts.update_profile(user=user, tax_country=country)
    details, _ = BillingDetails.objects.update_or_create(
        user=user, defaults={**given, "region": region if country in HAVE_STATES else "", "vat_id": vat_id}
    )
    return details


def require_tax_place(*, user: User) -> None:
    """Where tax is collected, somebody who buys has to say where they are taxed. Raises TaxPlaceNeeded."""
    if chosen() is not None:
        place_of(user)


def place_of(user: User) -> Place:
    """Raises TaxPlaceNeeded."""
    details = billing_of(user)
    if not user.tax_country or _errors_of_place(user.tax_country, details.region, details.postal_code, details.vat_id):
        raise TaxPlaceNeeded(gettext("Tell us where you are taxed first: the price has the tax of your country."))
    return Place(user.tax_country, details.region, details.postal_code, details.city, details.line1, details.vat_id)


def _errors_of_place(country: str, region: str, postal_code: str, vat_id: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not country:
        errors["country"] = [gettext("Say in which country you are taxed.")]
    if country in HAVE_STATES and not re.fullmatch(r"[A-Z]{2}", region):
        errors["region"] = [gettext("Two letters, such as NY.")]
    if country in HAVE_STATES and not postal_code:
        errors["postal_code"] = [gettext("It decides the tax there.")]
    if len(postal_code) > 20:
        errors["postal_code"] = [gettext("At most 20 characters.")]
    prefix = _VAT_PREFIX.get(country, country)
    if vat_id and country not in _VAT_COUNTRIES:
        errors["vat_id"] = [gettext("Leave it out: it changes nothing there.")]
    elif vat_id and not re.fullmatch(rf"{prefix}[0-9A-Z]{{8,15}}", vat_id):
        errors["vat_id"] = [
            gettext("It begins with %(prefix)s, as on your own invoices.") % {"prefix": prefix}
            if prefix
            else gettext("Nine digits and MVA.")
        ]
    return errors
