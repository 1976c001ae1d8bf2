"""What the provider still wants to know of a payee, as people read it."""

from collections.abc import Iterable

_WORDS = {
    "external_account": "a bank account",
    "tos_acceptance": "your consent to its terms",
    "business_type": "whether you are a person or a company",
    "business_profile": "what you do",
}


def requirements_in_words(requirements: Iterable[str]) -> list[str]:
    """The provider's names, such as individual.address.line1, in words, each thing once."""
    known = []
    for name in requirements:
        first, _, rest = name.partition(".")
        part = rest.partition(".")[0].replace("_", " ")
        known.append(_WORDS.get(first) or {"dob": "your date of birth"}.get(part) or f"your {part or first}")
    return list(dict.fromkeys(known))
