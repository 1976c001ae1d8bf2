"""What a sentence is read as: styles by meaning, with reasons, palette, mood and what is denied."""

import pytest

from generation.engines.errors import NotUnderstood
from generation.engines.stylist.answering import read_for_house
from generation.engines.stylist.library import Described, house_styles
from generation.engines.stylist.suggestion import Suggestion


def best(sentence: str) -> str:
    return read_for_house(sentence).mix[0].slug


def weights(suggestion: Suggestion) -> list[float]:
    return [one.weight for one in suggestion.mix]


@pytest.mark.parametrize(
    ("sentence", "slug"),
    [
        ("like sunlight through a church window", "stained-glass"),
        ("the fury of the ocean off Japan", "great-wave"),
        ("as the first frozen day of January", "frost"),
        ("what my grandmother made with needle and yarn", "embroidery"),
        ("lost among the stars", "veil-of-light"),
        ("the eighties in an amusement arcade", "pixel-blocks"),
    ],
)
def test_styles_are_found_by_what_is_meant(sentence: str, slug: str) -> None:
    assert slug in [one.slug for one in read_for_house(sentence).mix]


def test_a_mixture_amounts_to_one_and_each_part_has_its_reasons() -> None:
    found = read_for_house("a stormy sea with golden ornaments")
    assert len(found.mix) > 1
    assert sum(weights(found)) == pytest.approx(1)
    assert weights(found) == sorted(weights(found), reverse=True)
    told = {one.slug: " ".join(reason.words for reason in one.reasons) for one in found.mix}
    assert all(told.values())
    assert {"stormy", "sea"} & set(" ".join(told.values()).split())
    assert not {one.slug for one in found.others} & {one.slug for one in found.mix}


def test_the_same_sentence_is_read_the_same() -> None:
    assert read_for_house("soft rain over the hills") == read_for_house("soft rain over the hills")


def test_what_is_denied_pushes_away() -> None:
    wanted = read_for_house("a winter landscape, ice and snow")
    denied = read_for_house("a winter landscape, no ice, no snow")

    def of(found: Suggestion) -> dict[str, float]:
        return {one.slug: one.score for one in (*found.mix, *found.others)}

    assert of(denied).get("frost", -1) < of(wanted)["frost"]
    dark, not_dark = read_for_house("a dark room"), read_for_house("a room, not too dark")
    assert dark.values["light"] < 0 < not_dark.values["light"] < -dark.values["light"]
    assert [reason.words for reason in not_dark.because["light"]] == ["not dark"]


@pytest.mark.parametrize(
    ("sentence", "axis", "sign"),
    [
        ("a gloomy cellar", "light", -1), ("radiant and sunny", "light", 1), ("icy and cold", "warmth", -1),
        ("warm and cosy", "warmth", 1), ("gentle, calm, misty", "contrast", -1), ("dramatic and wild", "contrast", 1),
        ("faded and grey", "vividness", -1), ("vivid, colourful", "vividness", 1), ("a hint of ink", "strength", -1),
        ("a market, but keep the colours of my photo", "keep_colours", 1),
    ],
)  # fmt: skip
def test_moods_move_what_they_name(sentence: str, axis: str, sign: int) -> None:
    found = read_for_house(sentence)
    rest = {"strength": 1.0}.get(axis, 0.0)
    assert (found.values[axis] - rest) * sign > 0.1
    assert found.because[axis]


def test_named_colours_become_the_palette_and_a_fire_has_its_own() -> None:
    assert "#d4a22f" in read_for_house("a queen in gold").palette
    named, implied = read_for_house("roses in wine red"), read_for_house("like a burning fire")
    assert named.values["palette_strength"] > implied.values["palette_strength"] > 0
    plain = read_for_house("a pencil sketch")
    assert plain.palette == ()
    assert "palette_strength" not in plain.values


def test_colours_say_nothing_of_the_light() -> None:
    assert "light" not in read_for_house("in white and black").values


def test_what_artists_offer_is_named_beside_and_changes_nothing() -> None:
    offered = [
        Described("one", "Tigers at Noon", "a print of a tiger in the jungle, orange stripes", "wild"),
        Described("two", "Tax Return", "a form with many boxes"),
    ]
    alone, beside = read_for_house("a tiger in the jungle"), read_for_house("a tiger in the jungle", offered)
    assert beside.mix == alone.mix
    assert [one.slug for one in beside.offered] == ["one"]
    assert "tiger" in beside.offered[0].reasons[0].words


def test_another_language_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        read_for_house("ein Wintermorgen mit Schnee")


def test_every_style_answers_to_its_own_words() -> None:
    for style in house_styles().values():
        named = read_for_house(f"{style.title}. {style.looks}")
        assert style.slug in [one.slug for one in (*named.mix, *named.others)], style.slug
