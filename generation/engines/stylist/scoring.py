"""How well described things answer to a sentence, by the directions that a text model gives to both.

Similarities of one phrase differ mostly by phrase: any style is nearer to "a painting" than to "not my cat". So what
counts is by how much a thing is nearer than the others are, phrase by phrase; phrases that tell the things apart weigh
more by themselves. What is denied pushes away.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.engines.stylist.library import Described
from generation.engines.stylist.phrases import Phrase
from generation.engines.text.encoder import SentenceEncoder
from generation.engines.text.stored import Array

_BEST, _MEAN = 0.7, 0.3  # of a thing's best facet and of all its facets
_WHOLE = 0.8  # of the whole sentence, against its phrases together
_PUSH = 0.8  # of a denied phrase against a wanted one


@dataclass(frozen=True)
class Scores:
    """Of n things: the whole (n,), and each phrase's part of it (phrases, n)."""

    total: Array
    parts: Array


def score(encoder: SentenceEncoder, phrases: Sequence[Phrase], things: Sequence[Described]) -> Scores:
    """Hold a sentence's phrases against described things."""
    wanted = [phrase.text for phrase in phrases if not phrase.negated]
    parts = nearness(encoder, phrases, things) / np.sqrt(max(1, len(wanted)))
    total = parts.sum(axis=0)
    if wanted:
        total = total + _WHOLE * nearness(encoder, [Phrase(" ".join(wanted))], things)[0]
    return Scores(total=total, parts=parts)


def nearness(encoder: SentenceEncoder, phrases: Sequence[Phrase], things: Sequence[Described]) -> Array:
    """By how much each phrase is nearer to each thing than to the others: (phrases, things), denied ones reversed."""
    ends = np.cumsum([len(thing.facets) for thing in things])[:-1]
    known = encoder.encode([facet for thing in things for facet in thing.facets])
    near = np.split(encoder.encode([phrase.text for phrase in phrases]) @ known.T, ends, axis=1)
    blend = np.stack([_BEST * part.max(axis=1) + _MEAN * part.mean(axis=1) for part in near], axis=1)
    signs = np.array([-_PUSH if phrase.negated else 1.0 for phrase in phrases])[:, None]
    apart: Array = signs * (blend - blend.mean(axis=1, keepdims=True))
    return apart
