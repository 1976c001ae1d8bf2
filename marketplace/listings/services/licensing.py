"""The licences under which works are sold."""

from marketplace.listings.models import Licence
from marketplace.listings.models.licences import LICENCES


def offer_licences() -> None:
    """Write down those of the house's licences that are not there; others, and changed ones, stay as they are."""
    Licence.objects.bulk_create(
        [Licence(code=code, title=title, summary=summary, terms=terms) for code, title, summary, terms in LICENCES],
        ignore_conflicts=True,
    )
