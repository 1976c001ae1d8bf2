"""Style transfer by regions: each style where its mask is white, and the photograph where none is."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generation.engines import registry
from generation.engines.errors import InvalidInputs, InvalidParameters
from tests.generation.engines.studio import difference, make, numbers, photograph

STYLE = "arbitrary-style"
SIDE = 256
UPPER, LOWER = (0, 0, SIDE, 100), (0, 140, SIDE, SIDE)


@cache
def content() -> Image.Image:
    return photograph("astronaut.png").resize((SIDE, SIDE), Image.Resampling.LANCZOS)


@cache
def mask(first: int = 0, last: int = SIDE) -> Image.Image:
    """White in some rows."""
    drawn = Image.new("L", (SIDE, SIDE), 0)
    drawn.paste(255, (0, first, SIDE, last))
    return drawn


def painted(*styles: str, masks: tuple[Image.Image, ...] = (), **parameters: Any) -> Image.Image:
    inputs = {"content": [content()], "style": [photograph(name) for name in styles], "mask": list(masks)}
    return make(STYLE, inputs=inputs, **({"size": SIDE} | parameters))


def apart(one: Image.Image, other: Image.Image, box: tuple[int, int, int, int]) -> float:
    return difference(one.crop(box), other.crop(box))


def test_outside_its_mask_a_style_leaves_the_photograph_as_it_is() -> None:
    sky = painted("coffee.png", masks=(mask(0, 120),))
    assert apart(sky, content(), UPPER) > 20
    assert sky.crop(LOWER).tobytes() == content().crop(LOWER).tobytes()


def test_a_soft_edge_leads_gently_from_the_painting_to_the_photograph() -> None:
    soft = Image.fromarray(np.repeat(np.linspace(255, 0, SIDE).astype(np.uint8)[:, None], SIDE, 1))
    bands = [apart(painted("coffee.png", masks=(soft,)), content(), (0, y, SIDE, y + 64)) for y in (0, 64, 128, 192)]
    assert bands == sorted(bands, reverse=True)


def test_a_white_mask_is_no_mask() -> None:
    assert difference(painted("coffee.png", masks=(mask(),)), painted("coffee.png")) < 1


def test_within_its_mask_each_style_paints_as_if_it_were_everywhere() -> None:
    one, other = "coffee.png", "hubble_deep_field.jpg"
    divided = painted(one, other, masks=(mask(0, 120), mask(120, SIDE)))
    # The network looks some 60 pixels far: that near to where the masks meet, it mixes.
    for box, style in (((0, 0, SIDE, 50), one), ((0, 190, SIDE, SIDE), other)):
        assert apart(divided, painted(style), box) < 1
    between = (0, 110, SIDE, 130)
    for style in (one, other):
        assert apart(divided, painted(style), between) > 3


def test_styles_whose_masks_overlap_blend_by_their_weights() -> None:
    styles = ("coffee.png", "hubble_deep_field.jpg")
    one_sided = painted(*styles, masks=(mask(), mask()), weights=(3, 1))
    alike, unlike = (difference(one_sided, painted(*styles, weights=weights)) for weights in ((3, 1), (1, 3)))
    assert alike < 0.3 * unlike


def test_a_style_without_weight_covers_nothing() -> None:
    half = painted("coffee.png", "chelsea.png", masks=(mask(0, 120), mask(120, SIDE)), weights=(1, 0))
    assert half.crop(LOWER).tobytes() == content().crop(LOWER).tobytes()


def test_outside_the_masks_all_styles_may_be_blended() -> None:
    everywhere = painted("coffee.png", masks=(mask(0, 120),), unmasked="styles")
    assert difference(everywhere, painted("coffee.png")) < 1


def test_a_mask_is_brought_to_the_size_of_the_picture() -> None:
    small = mask(0, 120).resize((64, 64), Image.Resampling.BOX)
    assert difference(painted("coffee.png", masks=(small,)), painted("coffee.png", masks=(mask(0, 120),))) < 3


@pytest.mark.parametrize(
    ("masks", "said"),
    [
        ((mask(), mask()), "2 given for 1 styles"),
        ((Image.new("L", (SIDE, 2 * SIDE), 255),), "another shape"),
        ((Image.new("L", (SIDE, SIDE), 0),), "all black"),
    ],
)
def test_masks_that_do_not_fit_are_refused(masks: tuple[Image.Image, ...], said: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        painted("coffee.png", masks=masks)
    assert said in caught.value.errors["mask"][0]


def test_what_counts_with_masks_alone_is_refused_without() -> None:
    with pytest.raises(InvalidParameters) as caught:
        painted("coffee.png", unmasked="styles")
    assert list(caught.value.errors) == ["unmasked"]


def test_luminance_only_leaves_every_colour_where_it_was() -> None:
    lit = numbers(painted("coffee.png", luminance_only=True))
    photo = numbers(content())
    weights = np.array([0.299, 0.587, 0.114])
    chroma, before = (pixels - (pixels @ weights)[..., None] for pixels in (lit, photo))
    assert np.abs(chroma - before).max() <= 1.01  # rounding of the pixel, and of its luma
    assert np.abs(lit @ weights - photo @ weights).mean() > 10


def test_matched_colours_come_nearer_to_the_photographs() -> None:
    def spread(image: Image.Image) -> np.ndarray[Any, Any]:
        pixels = numbers(image).reshape(-1, 3)
        return np.concatenate([pixels.mean(0), pixels.std(0)])

    plain, matched = painted("coffee.png"), painted("coffee.png", match_colours=True)
    assert np.abs(spread(matched) - spread(content())).sum() < np.abs(spread(plain) - spread(content())).sum()


@pytest.mark.parametrize(
    ("chosen", "field"),
    [({"size": 4096}, "size"), ({"luminance_only": True, "keep_colours": 0.5}, "keep_colours")],
)
def test_what_would_not_count_is_refused_by_name(chosen: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidParameters) as caught:
        registry.declaration(STYLE).validate_parameters(chosen)
    assert list(caught.value.errors) == [field]
