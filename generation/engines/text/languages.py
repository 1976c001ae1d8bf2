"""Whether the English model can make sense of a sentence: it answers any text, so one has to ask first."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence

from generation.engines.errors import NotUnderstood

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*", re.UNICODE)
_MOST_FOREIGN_LETTERS = 0.3
_PIECES_OF_THE_STRANGE = 3
_MOST_STRANGE_WORDS = 0.5
# Without those that other languages have too, such as "in", "an" and "no".
_LITTLE_WORDS = """
    the of at to for with and or but not like it is are be very too my your by from into we
    she they this that more less some its if make painted
"""
# Little words that no English sentence has, and that names seldom have (so no "van", "de" or "la"): German, French,
# Spanish, Italian, Portuguese, Dutch, Swedish, Polish.
_LITTLE_WORDS_ELSEWHERE = """
    der das und ein eine einen einer einem mit nicht wie ist im auf für sehr aber ohne zu dem
    les des une avec dans comme sur très mais et sans aux
    los las una con como muy pero por y un para
    gli della nel nella molto ma senza che di il
    com não uma mas sem muito da
    het een niet maar zonder heel
    och inte som ett på
    jak nie bardzo ale bez oraz
"""
_ENGLISH = frozenset(_LITTLE_WORDS.split())
_OTHERS = frozenset(_LITTLE_WORDS_ELSEWHERE.split()) - _ENGLISH


def require_english(sentence: str, pieces_of: Callable[[str], Sequence[str]], known: Collection[str] = ()) -> None:
    """Refuse a sentence that the English model would only guess at; raises NotUnderstood.

    `pieces_of` gives the parts that the model's tokenizer makes of a word: what it knows stays whole, or nearly. Names
    and the words in `known` may be as strange as they like.
    """
    letters = [letter for letter in sentence if letter.isalpha()]
    words = _WORD.findall(sentence)
    if not words or not letters:
        raise _refusal("There are no words in this sentence.")
    foreign = sum("LATIN" not in unicodedata.name(letter, "") for letter in letters) / len(letters)
    others, english = (sum(word.lower() in little for word in words) for little in (_OTHERS, _ENGLISH))
    strange = [
        word
        for word in words
        if word.islower() and word not in known and len(pieces_of(word)) >= _PIECES_OF_THE_STRANGE
    ]
    if foreign > _MOST_FOREIGN_LETTERS or others > english or len(strange) > _MOST_STRANGE_WORDS * len(words):
        raise _refusal("Only English is understood here; please say it in English.")


def _refusal(told: str) -> NotUnderstood:
    return NotUnderstood(told, {"sentence": [told]})
