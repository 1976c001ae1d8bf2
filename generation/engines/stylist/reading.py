"""Reads a sentence: which described styles it asks for, in what mixture, palette and mood, and by which words.

Every answer carries its reasons: the words without which it would have been weaker. The same sentence, model and
library give the same answer.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from generation.engines.palettes import PALETTES
from generation.engines.stylist.anchors import AXES, PALETTE_WORDS, Axis
from generation.engines.stylist.colour_words import named_colours, palette_around, without_colours
from generation.engines.stylist.library import Described
from generation.engines.stylist.phrases import Phrase, content_words, split_phrases, without_word
from generation.engines.stylist.scoring import nearness, score
from generation.engines.stylist.suggestion import Chosen, Reason, Suggestion
from generation.engines.text.encoder import SentenceEncoder
from generation.engines.text.stored import Array

_MOST_MIXED, _OTHERS, _MOST_OFFERED = 3, 6, 3
_TEMPERATURE = 0.11  # of scores: half as good again is half as much of the mix
_LEAST_SHARE = 0.12  # of the mix: less would not be seen
_WORTHY = 0.5  # of the best score: what answers less well is not mixed in
_MOST_REASONS = 3
_LEAST_PULL = 0.04
_LIKE_A_PALETTE = 0.5  # similarity from which a phrase means a palette's colours
_SURE, _CERTAIN = 0.46, 0.75  # similarity to an end of an axis: where it begins to count, and where it counts fully
_SPEAKS_OF = 0.6  # similarity from which a phrase is about the painting itself, not about its mood
_AHEAD = 0.06  # by how much one end has to be nearer than the other
_FAR, _LEAST_MOVE = 0.7, 0.1  # of the way to an end that words go at most, and what is too little to tell
_DENIED = 0.45  # "not too dark" is a little light, not blazing
_NAMED, _IMPLIED = 0.85, 0.55  # palette strength where colours are named, and where a phrase only smells of them

PALETTE_STRENGTH: Final = "palette_strength"


def read(
    encoder: SentenceEncoder, sentence: str, styles: Sequence[Described], offered: Sequence[Described] = ()
) -> Suggestion:
    """Answer a sentence with a mixture of `styles`, and with those of `offered` that answer as well beside it.

    What is offered changes nothing of the mixture.
    """
    phrases = split_phrases(sentence) or [Phrase(sentence)]
    ranked = _rank(encoder, phrases, styles, range(len(styles)), _MOST_MIXED + _OTHERS)
    kept = _shares([one.score for one in ranked[:_MOST_MIXED]])
    mix = [Chosen(one.slug, one.title, one.score, share, one.reasons) for one, share in zip(ranked, kept, strict=False)]
    palette, colours_because = _palette(encoder, phrases)
    values, because = _values(encoder, phrases)
    if palette:
        values[PALETTE_STRENGTH] = _NAMED if named_colours(phrases) else _IMPLIED
        because[PALETTE_STRENGTH] = colours_because
    others = tuple(ranked[len(mix) : len(mix) + _OTHERS])
    beside = range(len(styles), len(styles) + len(offered))
    best = _rank(encoder, phrases, [*styles, *offered], beside, _MOST_OFFERED) if offered else []
    worthy = tuple(one for one in best if ranked and one.score >= _WORTHY * ranked[0].score)
    return Suggestion(mix=tuple(mix), others=others, offered=worthy, palette=palette, values=values, because=because)


def _shares(scores: Sequence[float]) -> list[float]:
    """The shares of the mix that the best scores, in their order, come to: they amount to one, in hundredths."""
    if not scores:
        return []
    worthy = [score for score in scores if score >= _WORTHY * scores[0]] or [scores[0]]
    raw = np.exp((np.array(worthy) - worthy[0]) / _TEMPERATURE)
    raw = raw[raw / raw.sum() >= _LEAST_SHARE]
    hundredths = np.floor(raw / raw.sum() * 100)
    hundredths[0] += 100 - hundredths.sum()
    return [round(float(share) / 100, 2) for share in hundredths]


def _rank(
    encoder: SentenceEncoder, phrases: Sequence[Phrase], styles: Sequence[Described], among: range, most: int
) -> list[Chosen]:
    """The best of some of the styles, held against all of them, with the words that pulled each."""
    if not among:
        return []
    scores = score(encoder, phrases, styles)
    best = sorted(among, key=lambda at: -scores.total[at])[:most]
    reasons = _reasons(encoder, phrases, styles, scores.parts, best)
    return [Chosen(styles[at].slug, styles[at].title, float(scores.total[at]), 0.0, reasons[at]) for at in best]


def _reasons(
    encoder: SentenceEncoder, phrases: Sequence[Phrase], styles: Sequence[Described], parts: Array,
    looked_at: Sequence[int],
) -> Mapping[int, tuple[Reason, ...]]:  # fmt: skip
    """For each style that is looked at, its strongest words: those whose absence would lower it most."""
    shorter = [
        (number, word, Phrase(without_word(phrase.text, word), phrase.negated))
        for number, phrase in enumerate(phrases)
        for word in dict.fromkeys(phrase.words)
        if len(set(phrase.words)) > 1
    ]
    scale = np.sqrt(max(1, sum(not phrase.negated for phrase in phrases)))
    found = nearness(encoder, [phrase for _, _, phrase in shorter], styles) / scale if shorter else []
    left = {(number, word): row for (number, word, _), row in zip(shorter, found, strict=True)}
    reasons = {}
    for at in looked_at:
        pulls: list[Reason] = []
        for number, phrase in enumerate(phrases):
            pull = float(parts[number, at])
            if abs(pull) < _LEAST_PULL:
                continue
            lost = {word: pull - float(left[number, word][at]) for word in phrase.words if (number, word) in left}
            pulls.append(Reason(_tellings(phrase, lost, pull), round(pull, 3)))
        strongest = sorted(pulls, key=lambda reason: -abs(reason.pull))
        reasons[at] = tuple(strongest[:_MOST_REASONS])
    return reasons


def _tellings(phrase: Phrase, lost: Mapping[str, float], pull: float) -> str:
    """The words of a phrase that make most of its pull, in their order; all of them where none stands out."""
    towards = {word: loss * np.sign(pull) for word, loss in lost.items()}
    most = max(towards.values(), default=0.0)
    telling = [word for word in dict.fromkeys(phrase.words) if towards.get(word, 0.0) >= 0.4 * most > 0]
    words = " ".join(telling or phrase.words)
    return f"not {words}" if phrase.negated else words


def _palette(encoder: SentenceEncoder, phrases: Sequence[Phrase]) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The colours that are named, or the house palette that a phrase is like, or none."""
    if named := named_colours(phrases):
        return palette_around(list(named.values())), tuple(Reason(words, 1.0) for words in named)
    wanted = [phrase for phrase in phrases if not phrase.negated]
    if not wanted:
        return (), ()
    names = list(PALETTE_WORDS)
    near = encoder.encode([phrase.text for phrase in wanted]) @ encoder.encode(list(PALETTE_WORDS.values())).T
    number, name = np.unravel_index(int(near.argmax()), near.shape)
    if near[number, name] < _LIKE_A_PALETTE:
        return (), ()
    palette = PALETTES[names[int(name)]]
    colours = sorted({palette.ground, *palette.colours}, key=lambda colour: int(colour[3:5], 16))
    return tuple(colours[:6]), (Reason(" ".join(wanted[int(number)].words), round(float(near[number, name]), 3)),)


def _values(
    encoder: SentenceEncoder, phrases: Sequence[Phrase]
) -> tuple[dict[str, float], dict[str, tuple[Reason, ...]]]:
    """What the sentence moves on each axis, by its phrases and by their single words."""
    values: dict[str, float] = {}
    because: dict[str, tuple[Reason, ...]] = {}
    texts = _mood_texts(encoder, phrases)
    known = encoder.encode([text for text, _ in texts])
    for name, axis in AXES.items() if texts else ():
        low, high = ((known @ encoder.encode(end).T).max(axis=1) for end in (axis.low, axis.high))
        moved: dict[str, float] = {}
        for (text, negated), down, up in zip(texts, low, high, strict=True):
            words = " ".join(content_words(text))
            told = f"not {words}" if negated else words
            if (by := _step(float(down), float(up))) and told not in moved:
                moved[told] = -by * _DENIED if negated else by
        if moved:
            strongest = sorted(moved.items(), key=lambda item: -abs(item[1]))[:_MOST_REASONS]
            value = _placed(axis, sum(by for _, by in strongest) / max(1.0, sum(abs(by) for _, by in strongest)))
            if abs(value - axis.rest) >= _LEAST_MOVE:
                values[name] = value
                because[name] = tuple(Reason(text, round(by, 3)) for text, by in strongest)
    return values, because


def _mood_texts(encoder: SentenceEncoder, phrases: Sequence[Phrase]) -> list[tuple[str, bool]]:
    """What may set a mood: phrases and their single words without the colours they name, and whether denied.

    A phrase about what is to become of the photograph's colours or of the strength speaks of nothing else.
    """
    texts = []
    for phrase in phrases:
        bare = " ".join(without_colours(phrase.text).split())
        if not bare or not content_words(bare):
            continue
        texts.append((bare, phrase.negated))
        about = [*AXES["keep_colours"].high, *AXES["strength"].low]
        if (encoder.encode([bare]) @ encoder.encode(about).T).max() < _SPEAKS_OF:
            texts += [(word, phrase.negated) for word in content_words(bare) if word != bare]
    return texts


def _step(down: float, up: float) -> float:
    """How far a text goes to one end, -1 to 1; nothing where it is near to neither, or to both alike."""
    nearer = max(down, up)
    if nearer < _SURE or abs(up - down) < _AHEAD:
        return 0.0
    return float(np.sign(up - down)) * min(1.0, (nearer - _SURE) / (_CERTAIN - _SURE))


def _placed(axis: Axis, by: float) -> float:
    """A place on the axis: from where it rests, `by` (-1 to 1) of the way to an end."""
    end = axis.most if by > 0 else axis.least
    return round(axis.rest + abs(by) * (end - axis.rest) * _FAR, 2)
