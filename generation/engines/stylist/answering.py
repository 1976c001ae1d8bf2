"""A sentence answered from the styles of this house, with the text model of this installation."""

from collections.abc import Sequence

from generation.engines.stylist.library import Described, house_styles, known_words
from generation.engines.stylist.reading import read
from generation.engines.stylist.remembering import prepared
from generation.engines.stylist.suggestion import Suggestion
from generation.engines.text.choosing import require_understood, the_encoder
from generation.engines.text.encoder import SentenceEncoder


def house_encoder() -> SentenceEncoder:
    """The text model of this installation, with all that was kept of it. Raises TextModelMissing."""
    return prepared(the_encoder())


def read_for_house(sentence: str, offered: Sequence[Described] = ()) -> Suggestion:
    """Read a sentence; `offered` are styles of artists that are named beside the mixture.

    Raises NotUnderstood, TextModelMissing.
    """
    require_understood(sentence, known_words())
    return read(house_encoder(), sentence, list(house_styles().values()), offered)
