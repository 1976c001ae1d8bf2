"""Sentences are taken apart at their pauses, and what is denied is kept apart."""

import pytest

from generation.engines.stylist.colour_words import named_colours, palette_around, without_colours
from generation.engines.stylist.phrases import Phrase, content_words, split_phrases, without_word


@pytest.mark.parametrize(
    ("sentence", "phrases"),
    [
        ("a stormy sea in deep blue", [("a stormy sea in deep blue", False)]),
        ("calm and old, with thick strokes", [("calm", False), ("old", False), ("thick strokes", False)]),
        ("bright, but not too dark", [("bright", False), ("dark", True)]),
        ("a forest without people, no rain", [("a forest", False), ("people", True), ("rain", True)]),
        ("Never gloomy", [("gloomy", True)]),
        ("nothing red", [("red", True)]),
        ("a knotty notebook", [("a knotty notebook", False)]),
        ("please, the picture", []),
    ],
)
def test_a_sentence_is_taken_apart(sentence: str, phrases: list[tuple[str, bool]]) -> None:
    assert split_phrases(sentence) == [Phrase(*phrase) for phrase in phrases]


def test_words_that_say_nothing_are_left_out() -> None:
    assert content_words("Please paint my photo like van Gogh's night") == ["van", "gogh's", "night"]
    assert without_word("the sea, the Sea and the seaside", "sea") == "the , the and the seaside"


def test_colours_are_found_with_their_shades() -> None:
    found = named_colours(split_phrases("in deep blue and gold, a little greenish, not red"))
    assert list(found) == ["deep blue", "gold", "greenish"]
    assert found["gold"] == "#d4a22f"
    plain = named_colours([Phrase("blue")])["blue"]
    assert int(found["deep blue"][1:], 16) != int(plain[1:], 16)
    assert without_colours("a stormy sea in deep blue") == "a stormy sea in"
    assert without_colours("a dark forest in dark green") == "a dark forest in"


def test_a_palette_has_light_and_dark_even_of_one_colour() -> None:
    palette = palette_around(["#2458a8"])
    assert len(palette) == 3
    assert "#2458a8" in palette
    lights = [sum(int(colour[at : at + 2], 16) for at in (1, 3, 5)) for colour in palette]
    assert lights[0] < lights[1] < lights[2]
