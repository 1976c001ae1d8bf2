"""A sentence taken apart: its phrases, and which of them say what is not wanted."""

import re
from dataclasses import dataclass

_BREAKS = re.compile(r"[,;:.!?()\n\u2013\u2014]+|\s(?:and|but|or|with|like|as if|yet|then|while|plus)\s", re.IGNORECASE)
# What follows one of these, up to the next break, is not wanted.
_NOT = re.compile(
    r"(?:^|\s)(?:not|no|never|without|nothing|less|don't|do not|avoid|isn't|neither|nor|hardly|anything but)\s+"
    r"(?:be\s|make it\s|want\s)?(?:any(?:thing)?\s|too\s|so\s|very\s|much\s|more\s|at all\s|overly\s|really\s)*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*", re.UNICODE)
_SAYS_NOTHING = """
    a an the of in on at to for from by into onto is are be it its this that these those my your our his her their
    i me we you please make paint painted painting picture photo photograph image style want would some something as
    if very quite rather bit little lot more most so such too just really should could can will let give put do does
    and or but with like
"""
_EMPTY = frozenset(_SAYS_NOTHING.split())


@dataclass(frozen=True)
class Phrase:
    """A piece of the sentence that stands for itself."""

    text: str
    negated: bool = False

    @property
    def words(self) -> list[str]:
        """The words that carry meaning."""
        return content_words(self.text)


def content_words(text: str) -> list[str]:
    """The words of a text that carry meaning, in their order, lower-cased."""
    return [word for word in (found.lower() for found in _WORD.findall(text)) if word not in _EMPTY]


def split_phrases(sentence: str) -> list[Phrase]:
    """Take a sentence apart at its pauses and conjunctions, and before what is denied.

    >>> split_phrases("a stormy sea in deep blue, not too dark")
    [Phrase(text='a stormy sea in deep blue', negated=False), Phrase(text='dark', negated=True)]
    """
    phrases = []
    for piece in _BREAKS.split(f" {sentence} "):
        wanted, *denied = _NOT.split(f" {piece.strip()}")
        phrases += [Phrase(wanted.strip())] + [Phrase(text.strip(), negated=True) for text in denied]
    return [phrase for phrase in phrases if phrase.words]


def without_word(text: str, word: str) -> str:
    """The text with every occurrence of one word left out."""
    return " ".join(
        re.sub(rf"(?<![\w'\u2019-]){re.escape(word)}(?![\w'\u2019-])", " ", text, flags=re.IGNORECASE).split()
    )
