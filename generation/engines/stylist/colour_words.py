"""Colours that a sentence names, as #rrggbb: "deep blue and a little gold"."""

from collections.abc import Sequence

from generation.engines.stylist.anchors import COLOURS, SHADES
from generation.engines.stylist.oklab import from_oklab, to_oklab
from generation.engines.stylist.phrases import Phrase, content_words

_LIGHT_OF, _DARK_OF = (0.24, 0.45), (-0.26, 0.7)  # the lighter and darker companions of a lone colour


def named_colours(phrases: Sequence[Phrase]) -> dict[str, str]:
    """The colours that the phrases ask for, by the words that name them; denied ones are left out.

    >>> named_colours([Phrase("a stormy sea in deep blue"), Phrase("red", negated=True)])
    {'deep blue': '#003289'}
    """
    found: dict[str, str] = {}
    for phrase in phrases:
        if phrase.negated:
            continue
        words = content_words(phrase.text)
        for at, word in enumerate(words):
            colour = _colour(word)
            if colour is None or (word in SHADES and at + 1 < len(words) and words[at + 1] in COLOURS):
                continue
            shade = words[at - 1] if at and words[at - 1] in SHADES else ""
            found[f"{shade} {word}".strip()] = _shaded(colour, *SHADES[shade]) if shade else colour
    return found


def without_colours(text: str) -> str:
    """The text without the colours that it names, and without their shades."""
    words = text.split()
    bare = [word.strip(".,;").lower() for word in words]
    is_colour = [_colour(word) is not None for word in bare] + [False]
    kept = [
        word for at, word in enumerate(words) if not is_colour[at] and not (bare[at] in SHADES and is_colour[at + 1])
    ]
    return " ".join(kept)


def palette_around(colours: Sequence[str]) -> tuple[str, ...]:
    """A palette of the named colours, with light and dark companions, so that a picture can be drawn in it."""
    whole = list(dict.fromkeys(colours))[:4]
    first = whole[0]
    return tuple(dict.fromkeys([_shaded(whole[-1], *_DARK_OF), *whole, _shaded(first, *_LIGHT_OF)]))[:6]


def _colour(word: str) -> str | None:
    """A colour by its name, also as "bluish" or "greens"."""
    stems = (word, word.removesuffix("ish"), word.removesuffix("s"), word.removesuffix("ish") + "e")
    return next((COLOURS[stem] for stem in stems if stem in COLOURS), None)


def _shaded(colour: str, lighter: float, more: float) -> str:
    light, along, across = to_oklab(colour)
    return from_oklab((min(0.97, max(0.16, light + lighter)), along * more, across * more))
