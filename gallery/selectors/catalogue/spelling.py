"""Words that nobody wrote, and the known ones most like them: by the three-letter parts they share, or by one slip."""

import re
from collections.abc import Iterable
from itertools import pairwise
from string import ascii_lowercase
from typing import Any

from django.db import connection

from gallery.selectors.catalogue import spacing
from gallery.selectors.catalogue.lexicon import folded, trigrams
from gallery.selectors.catalogue.spacing import cards_of_words

LOOKED_AT = 20
SHORT = 6
SHORTEST, SHORTEST_BY_PARTS = 3, 4  # letters: of what is corrected at all, and the longest that is not by its parts
# Only known words of about the same length are looked at that share two neighbouring parts, or, where a word is short,
# any part: some hundreds of a hundred thousand.
_LIKE = """
    SELECT word FROM (
        SELECT substr(facet, 6) AS word, count, length(grams) AS parts,
            length(grams) - length(ts_delete(grams, %(grams)s::text[])) AS shared
        FROM gallery_facetcount
        WHERE beside = '' AND grams @@ %(near)s::tsquery AND count > 0
            AND length(facet) BETWEEN 5 + %(length)s - 2 AND 5 + %(length)s + 2) AS near
    ORDER BY shared::float / (cardinality(%(grams)s::text[]) + parts - shared) DESC, count DESC, word
    LIMIT %(most)s
"""


def correct(text: str, unknown: Iterable[str]) -> str:
    """The text with its unknown words put right, or nothing where none is like a known one.

    A space too much or too few is put right first, then letters. Accents are no mistakes.
    """
    wrong = list(unknown)
    corrected = spacing.correct(text, wrong)
    for word in wrong if corrected == text else ():
        if (better := nearest(word)) and better != folded(word):
            corrected = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", better, corrected, flags=re.IGNORECASE)
    return "" if corrected == text else corrected


def nearest(word: str) -> str:
    """The known word that is fewest slips away, of several the one that shares most, or nothing.

    One slip is forgiven for each four letters, and one in three or four; fewer are taken as they were written.
    """
    plain = folded(word)
    if len(plain) <= SHORTEST_BY_PARTS:
        return _one_slip_away(plain) if len(plain) >= SHORTEST else ""
    along = [f"'{one}'" for one in _in_order(word)]
    near = along if len(word) <= SHORT else [f"({one} & {other})" for one, other in pairwise(along)]
    asked: dict[str, Any] = {"grams": trigrams(word), "near": " | ".join(near), "length": len(word), "most": LOOKED_AT}
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, asked)
        known = [str(one) for (one,) in cursor.fetchall()]
    best = min(known, key=lambda one: slips(plain, folded(one)), default="")
    return best if best and slips(plain, folded(best)) <= len(word) // 4 else ""


def _one_slip_away(plain: str) -> str:
    """A short word shares too few parts with what was meant, but what is one slip away can be written out.

    Letters that changed places are likeliest, then a wrong beginning is least likely; then what most cards have.
    """
    cuts = [(plain[:at], plain[at:]) for at in range(len(plain) + 1)]
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    shorter = {left + right[1:] for left, right in cuts if right and len(plain) > SHORTEST}
    other = {left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase}
    longer = {left + letter + right for left, right in cuts for letter in ascii_lowercase}
    known = cards_of_words((swapped | shorter | other | longer) - {plain})
    return max(known, key=lambda one: (one in swapped, one[0] == plain[0], known[one], one), default="")


def slips(one: str, other: str) -> int:
    """How many letters were left out, put in, mistaken or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _in_order(word: str) -> list[str]:
    padded = f"__{folded(word)}_"
    return [padded[at : at + 3] for at in range(len(padded) - 2)]
