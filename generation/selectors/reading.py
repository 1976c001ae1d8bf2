"""Sentences read as pictures: what they ask for, of the house's styles and of what artists offer."""

from collections.abc import Sequence

from django.utils.translation import gettext

from generation.engines.errors import NotUnderstood, TextModelMissing, UnknownEngine
from generation.engines.palettes import PALETTES
from generation.engines.registry import declaration
from generation.engines.stylist.anchors import PALETTE_WORDS
from generation.engines.stylist.declarations import LONGEST
from generation.engines.stylist.library import Described, house_styles
from generation.engines.stylist.suggestion import Suggestion
from generation.errors import LanguageNotUnderstood, ReadingUnavailable
from generation.models import Artwork
from marketplace.core.errors import InvalidInput


def read_sentence(sentence: str, offered: Sequence[Described] = ()) -> Suggestion:
    """What a sentence asks for. Raises InvalidInput, LanguageNotUnderstood, ReadingUnavailable."""
    # numpy and the tokenizer, once they are needed
    from generation.engines.stylist.answering import house_encoder, read_for_house
    from generation.selectors.directions import read_once

    sentence = sentence.strip()
    if not sentence:
        raise InvalidInput(
            gettext("There is no sentence."),
            errors={"sentence": [gettext("Say how the picture should look and feel.")]},
        )
    if len(sentence) > LONGEST:
        raise InvalidInput(
            gettext("The sentence is too long."),
            errors={"sentence": [gettext("At most %(longest)s characters.") % {"longest": LONGEST}]},
        )
    try:
        read_once(house_encoder(), [facet for one in offered for facet in one.facets])
        return read_for_house(sentence, offered)
    except NotUnderstood as error:
        raise LanguageNotUnderstood(error.detail, errors=error.errors) from error
    except TextModelMissing as error:
        raise ReadingUnavailable(error.detail) from error


def describe_work(artwork: Artwork) -> Described:
    """A work in words, as far as its title and its recipe tell: what a sentence can be held against."""
    try:
        engine = declaration(artwork.engine)
        made = f"{engine.title}: {engine.description}"
    except UnknownEngine:
        made = artwork.engine  # it was taken out of the house
    palette = artwork.recipe.get("parameters", {}).get("palette")
    # Where colours were chosen one by one, the palette is a list of them and has no name.
    colours = PALETTE_WORDS[palette] if isinstance(palette, str) and palette in PALETTES else ""
    return Described(slug=str(artwork.pk), title=artwork.display_title, looks=made, feels=colours)


def words_of(artwork: Artwork, colours: Sequence[str]) -> str:
    """All that a work says of itself: title, sentence and styles of its recipe, who and what made it, colours."""
    chosen = artwork.recipe.get("parameters", {})
    mixed = [str(part.get("style")) for part in chosen.get("mix") or [] if isinstance(part, dict)]
    styles = [house_styles()[slug] for slug in mixed if slug in house_styles()]
    described = describe_work(artwork)
    artists = [artist.name for artist in (artwork.artist, artwork.style_artist) if artist]
    said = [
        artwork.title, str(chosen.get("sentence") or ""), *(f"{style.title}: {style.looks}" for style in styles),
        *dict.fromkeys(artists), described.looks, described.feels, ", ".join(colours),
    ]  # fmt: skip
    return ". ".join(part.strip().rstrip(".") for part in said if part.strip())
