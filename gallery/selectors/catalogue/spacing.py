"""Spaces that are missing or too many: `lowtide` for low tide, `sun rise` for sunrise."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from django.db import connection

from gallery.selectors.catalogue.facets import WORD, value_of
from gallery.selectors.catalogue.lexicon import folded, words

SHORTEST_PART = 3  # letters: shorter ones are found at the edge of nearly every word
MOST_WORDS = 12
_CARDS = """
    SELECT facet, count FROM gallery_facetcount WHERE beside = '' AND count > 0 AND facet = ANY (%s::text[])
"""


def correct(text: str, unknown: Collection[str]) -> str:
    """The text with unknown words parted into two known ones, or joined with a neighbour to one; else as it is."""
    joined = {
        f"{one} {other}": folded(one + other)
        for one, other in pairwise([*words(text)][:MOST_WORDS])
        if {one, other} & set(unknown)
    }
    known = cards_of_words({part for word in unknown for parts in _parted(word) for part in parts} | {*joined.values()})
    for apart, together in joined.items():
        if together in known:
            return _replaced(text, r"\s+".join(map(re.escape, apart.split())), together)
    for word in unknown:
        whole = [parts for parts in _parted(word) if parts[0] in known and parts[1] in known]
        if whole:
            best = max(whole, key=lambda parts: min(known[parts[0]], known[parts[1]]))
            text = _replaced(text, re.escape(word), " ".join(best))
    return text


def cards_of_words(asked: Collection[str]) -> dict[str, int]:
    """How many cards have each of these words, without those that none has; found by their keys."""
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, [[f"{WORD}:{word}" for word in asked]])
        return {value_of(facet): int(count) for facet, count in cursor.fetchall()}


def _parted(word: str) -> Iterator[tuple[str, str]]:
    plain = folded(word)
    for at in range(SHORTEST_PART, len(plain) - SHORTEST_PART + 1):
        yield plain[:at], plain[at:]


def _replaced(text: str, pattern: str, better: str) -> str:
    return re.sub(rf"(?<!\w){pattern}(?!\w)", better, text, flags=re.IGNORECASE)
