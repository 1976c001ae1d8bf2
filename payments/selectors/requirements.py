"""What the provider still wants to know of a payee, as people read it."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# By the first part of the provider's name, or by the part that says which of a person's or a company's.
_WORDS = {
    "external_account": _("a bank account"),
    "tos_acceptance": _("your consent to its terms"),
    "business_type": _("whether you are a person or a company"),
    "business_profile": _("what you do"),
    "dob": _("your date of birth"),
    "first_name": _("your first name"),
    "last_name": _("your last name"),
    "address": _("your address"),
    "email": _("your e-mail address"),
    "phone": _("your telephone number"),
    "id_number": _("your identity number"),
    "ssn_last_4": _("the last four digits of your social security number"),
    "verification": _("a proof of who you are"),
    "tax_id": _("your tax number"),
    "name": _("your company's name"),
}


def requirements_in_words(requirements: Iterable[str]) -> list[str]:
    """The provider's names, such as individual.address.line1, in words, each thing once."""
    return list(dict.fromkeys(_in_words(name) for name in requirements))


def _in_words(name: str) -> str:
    first, _, rest = name.partition(".")
    part = rest.partition(".")[0]
    if said := _WORDS.get(first) or _WORDS.get(part):
        return str(said)
    return gettext("your %(what)s") % {"what": (part or first).replace("_", " ")}
