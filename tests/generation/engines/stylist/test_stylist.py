"""What the stylist paints: told in words or part by part, the same each time, and each choice makes a difference."""

import hashlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generation.engines.errors import InvalidInputs, InvalidParameters, NotUnderstood
from generation.engines.stylist.declarations import LIBRARY_HASH, STYLIST, StylistParameters
from generation.engines.stylist.library import LIBRARY_FILE, house_styles
from tests.generation.engines.studio import difference, make, numbers, photograph

WAVE = [{"style": "great-wave", "weight": 1.0}]


def paint(**parameters: Any) -> Image.Image:
    inputs = {"content": [photograph("coffee.png").resize((120, 80))], **parameters.pop("inputs", {})}
    return make("stylist", inputs=inputs, size=256, **parameters)


def lightness(image: Image.Image) -> float:
    return float(numbers(image).mean())


def test_a_sentence_paints_what_its_mixture_paints() -> None:
    told = StylistParameters(sentence="a queen in gold").settled({"content": 1})
    assert told.mix
    assert told.palette
    written = told.model_dump(mode="json", exclude={"size"})
    assert paint(sentence="a queen in gold").tobytes() == paint(**written).tobytes()
    assert told.settled({"content": 1}) == told


def test_what_was_changed_by_hand_stays() -> None:
    told = StylistParameters(sentence="just a hint of gold, very dark", strength=0.9, light=0.5).settled({})
    assert (told.strength, told.light) == (0.9, 0.5)
    whole = StylistParameters.model_validate({"sentence": "very dark", "mix": WAVE}).settled({})
    assert (whole.light, [part.style for part in whole.mix]) == (0.0, ["great-wave"])


def test_a_listed_style_has_half_of_what_a_sentence_mixes() -> None:
    told = StylistParameters(sentence="a queen in gold").settled({"content": 1, "style": 1})
    assert told.mix[-1].style == "listed"
    assert told.mix[-1].weight == pytest.approx(sum(part.weight for part in told.mix) / 2)


@pytest.mark.parametrize(
    "change",
    [
        {"strength": 0.4}, {"keep_colours": 1.0}, {"light": 0.6}, {"light": -0.6}, {"warmth": 0.8}, {"contrast": 0.8},
        {"vividness": -0.9}, {"palette": ("#102030", "#d4a22f"), "palette_strength": 0.9},
        {"mix": [*WAVE, {"style": "neon-night", "weight": 1.0}]},
    ],
    ids=str,
)  # fmt: skip
def test_every_choice_makes_a_difference(change: dict[str, Any]) -> None:
    assert difference(paint(mix=WAVE), paint(**{"mix": WAVE, **change})) > 2


def test_moods_go_the_way_they_say() -> None:
    plain = paint(mix=WAVE)
    assert lightness(paint(mix=WAVE, light=-0.7)) < lightness(plain) < lightness(paint(mix=WAVE, light=0.7))
    red, _, blue = numbers(paint(mix=WAVE, warmth=0.9)).mean((0, 1)) - numbers(plain).mean((0, 1))
    assert red > blue
    assert numbers(paint(mix=WAVE, contrast=0.8)).std() > numbers(plain).std()
    grey = numbers(paint(mix=WAVE, vividness=-1.0))
    assert np.ptp(grey, axis=2).mean() < np.ptp(numbers(plain), axis=2).mean() / 2


def test_a_palette_takes_the_colours_over() -> None:
    painted = numbers(paint(mix=WAVE, palette=("#300808", "#c02020", "#f0b0a0"), palette_strength=1.0))
    assert (painted[..., 0] >= painted[..., 2] - 2).mean() > 0.98


def test_a_listed_style_is_mixed_in() -> None:
    mix = [*WAVE, {"style": "listed", "weight": 1.0}]
    tinted = paint(mix=mix, inputs={"style": [photograph("astronaut.png")]})
    assert difference(tinted, paint(mix=WAVE)) > 2


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"mix": [{"style": "no-such"}]}, "mix"), ({"mix": [*WAVE, *WAVE]}, "mix"),
        ({"mix": [{"style": "frost", "weight": 0}]}, "mix"), ({"sentence": " "}, "parameters"),
        ({"sentence": "x" * 301}, "sentence"), ({"palette": ["red"]}, "palette.0"), ({"light": 2}, "light"),
        ({"mix": [{"style": "frost", "weight": -1}]}, "mix.0.weight"),
    ],
)  # fmt: skip
def test_what_cannot_be_painted_is_refused_by_its_field(parameters: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidParameters) as refused:
        STYLIST.validate_parameters(parameters)
    assert list(refused.value.errors) == [field]


def test_a_listed_style_is_used_exactly_where_one_is_given() -> None:
    house, listed = (STYLIST.validate_parameters({"mix": mix}) for mix in (WAVE, [{"style": "listed"}]))
    for parameters, counts in ((house, {"content": 1, "style": 1}), (listed, {"content": 1})):
        with pytest.raises(InvalidParameters) as refused:
            STYLIST.check_inputs(parameters, counts)
        assert list(refused.value.errors) == ["mix"]
    STYLIST.check_inputs(listed, {"content": 1, "style": 1})


def test_a_sentence_in_another_language_paints_nothing() -> None:
    with pytest.raises(NotUnderstood):
        paint(sentence="ein Bild mit Schnee")


def test_a_picture_too_long_and_narrow_is_refused() -> None:
    with pytest.raises(InvalidInputs):
        make("stylist", inputs={"content": [Image.new("RGB", (1700, 100))]}, mix=WAVE)


def test_the_library_is_the_one_that_recipes_mean() -> None:
    # A library drawn anew paints otherwise: raise the engine's version, and write its hash down.
    assert hashlib.sha256(LIBRARY_FILE.read_bytes()).hexdigest() == LIBRARY_HASH


def test_every_style_of_the_house_is_described_and_differs_from_all_others() -> None:
    styles = list(house_styles().values())
    assert len(styles) >= 24
    for style in styles:
        assert all([style.title, style.looks, style.feels, style.fits, style.credit, style.licence]), style.slug
        assert (len(style.vector), len(style.palette)) == (100, 5)
    vectors = np.array([style.vector for style in styles])
    apart = np.linalg.norm(vectors[:, None] - vectors[None], axis=-1) + np.eye(len(styles)) * 1e9
    assert apart.min() > 0.2 * np.median(apart)
