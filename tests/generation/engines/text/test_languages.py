"""A sentence in another language gets a clear answer, unless the operator's model reads it."""

from collections.abc import Iterator

import pytest

from generation.engines.errors import NotUnderstood
from generation.engines.text import choosing
from generation.engines.text.encoder import english_folder


@pytest.fixture(autouse=True)
def _with_the_english_model() -> Iterator[None]:
    choosing.use_model(None)
    yield
    choosing.use_model(None)


@pytest.mark.parametrize(
    "sentence",
    [
        "a stormy sea in deep blue", "stormy sea", "van Gogh's sunflowers", "café in Paris", "Klimt", "art nouveau",
        "sin city at night", "IN THE STYLE OF LE CORBUSIER",
    ],
)  # fmt: skip
def test_english_is_understood(sentence: str) -> None:
    choosing.require_understood(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "eine stürmische See in tiefem Blau", "une mer calme et bleue", "un mar tranquilo con muy poco color",
        "un mare calmo e molto blu", "een rustige zee met niet veel kleur", "бурное море", "嵐の海", "بحر هائج",
    ],
)  # fmt: skip
def test_other_languages_are_refused_and_told_why(sentence: str) -> None:
    with pytest.raises(NotUnderstood, match="Only English") as refused:
        choosing.require_understood(sentence)
    assert list(refused.value.errors) == ["sentence"]


@pytest.mark.parametrize("sentence", ["???", "12 34", " "])
def test_what_has_no_words_is_refused(sentence: str) -> None:
    with pytest.raises(NotUnderstood, match="no words"):
        choosing.require_understood(sentence)


def test_strange_words_may_be_known_all_the_same() -> None:
    with pytest.raises(NotUnderstood):
        choosing.require_understood("chiaroscuro")
    choosing.require_understood("chiaroscuro", known={"chiaroscuro"})


def test_an_operators_own_model_is_taken_at_its_word() -> None:
    choosing.use_model(english_folder())
    choosing.require_understood("бурное море")


@pytest.mark.parametrize("sentence", ["", "?", "1984", "?\x1d\u00b3", "\u00bd"])
def test_what_has_no_letters_says_nothing(sentence: str) -> None:
    with pytest.raises(NotUnderstood):
        choosing.require_understood(sentence)
