"""The facets of the catalogue: by what one narrows a search, and how a card says which it has.

A facet is `group:value`. Values of one group are alternatives; groups narrow each other.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise

EVERYTHING = "all"  # the facet that every card has, kept as a count alone
WORD = "word"
GROUPS = (
    "medium", "engine", "artist", "colour", "orientation", "price", "currency", "edition", "licence", "year", "sale",
)  # fmt: skip
# Too many values to keep counts of each beside each other.
UNPAIRED = frozenset({"artist"})
# What one may have at most one of: counts of such values add up.
SINGLE = frozenset({"medium", "engine", "artist", "orientation", "price", "year", "sale"})
BANDS = (0, 25, 100, 500, 2500)  # where bands of price begin, in whole units of the house's currency


def band_names() -> list[str]:
    """The bands of price, the cheapest first: 0-25, 25-100 … 2500-up."""
    return [f"{low}-{high}" for low, high in pairwise(BANDS)] + [f"{BANDS[-1]}-up"]


def band_of(major: int) -> str:
    """In which band a price of so many whole units lies."""
    return band_names()[bisect_right(BANDS, major) - 1]


def facet(group: str, value: object) -> str:
    return f"{group}:{value}"


def group_of(name: str) -> str:
    return name.partition(":")[0]


def value_of(name: str) -> str:
    return name.partition(":")[2]


def named(values: Mapping[str, Sequence[object]]) -> list[str]:
    """All facets of one card, sorted; raises KeyError for a group that there is not."""
    unknown = set(values) - set(GROUPS)
    if unknown:
        raise KeyError(f"There is no group of facets “{unknown.pop()}”.")
    return sorted(
        {facet(group, value) for group, found in values.items() for value in found if value not in {"", None}}
    )


def values_in(group: str, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The values of a group with their counts: bands of price by price, years from the last one, others by count."""
    found = [(value_of(name), n) for name, n in counts.items() if group_of(name) == group and n > 0]
    if group == "price":
        known = band_names()
        return sorted(found, key=lambda one: known.index(one[0]) if one[0] in known else len(known))
    if group == "year":
        return sorted(found, reverse=True)
    return sorted(found, key=lambda one: (-one[1], one[0]))
