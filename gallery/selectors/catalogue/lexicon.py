"""How text becomes words to be found by: the same for what is stored and for what is asked.

Chinese, Japanese and Korean are written without spaces, so their runs become pairs of neighbouring characters
(bigrams), as in Lucene's CJKBigramFilter. Accents are folded beside the word as written. Stems are PostgreSQL's.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST_WORD, LONGEST_NUMBER = 60, 4
# Han, Hiragana, Katakana, Hangul, and the Han of compatibility and of the second plane.
_CJK = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_CJK}]+")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def is_cjk(word: str) -> bool:
    """Whether a word is written in characters that are found by pairs."""
    return bool(_RUN.match(word))


def pairs(run: str) -> list[str]:
    """The pairs of neighbouring characters of a run, and its last one alone; of one character: that one.

    So any part of the run is found: by its pairs if it has two characters or more, else by what begins with it.
    """
    return [run[at : at + 2] for at in range(len(run))]


def folded(text: str) -> str:
    """In small letters and without accents: Molnár as molnar, Straße as strasse."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))


def words(text: str) -> Iterator[str]:
    """The words of a text in small letters; of runs without spaces their pairs, in their order."""
    for found in _WORD.finditer(unicodedata.normalize("NFKC", text)):
        word = found.group()
        at = 0
        for run in _RUN.finditer(word):
            if run.start() > at:
                yield word[at : run.start()].lower()[:LONGEST_WORD]
            yield from pairs(run.group())
            at = run.end()
        if at < len(word):
            yield word[at:].lower()[:LONGEST_WORD]


def searchable(text: str) -> str:
    """A text as it is given to PostgreSQL: its words, then those without accents that have some."""
    found = list(words(text))
    plain = [bare for word in found if not is_cjk(word) and (bare := folded(word)) != word]
    return " ".join([*found, *plain])


def vocabulary(texts: Iterable[str]) -> list[str]:
    """Every word of some texts once, sorted, with and without its accents: what is counted and corrected to.

    Single characters and long numbers are left out.
    """
    found = {word for text in texts for word in words(text)}
    found |= {folded(word) for word in found}
    return sorted(word for word in found if len(word) > 1 and not (word.isdecimal() and len(word) > LONGEST_NUMBER))


def trigrams(word: str) -> list[str]:
    """The three-letter parts of a word, with two blanks before it and one behind, sorted (as pg_trgm cuts them)."""
    padded = f"__{folded(word)}_"
    return sorted({padded[at : at + 3] for at in range(len(padded) - 2)})
