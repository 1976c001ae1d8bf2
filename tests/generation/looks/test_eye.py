"""What is seen in pictures: styles whatever they show, colours as people tell them apart, and copies."""

import numpy as np
import pytest
import torch
from PIL import Image

from generation.engines.looks import memory
from generation.engines.looks.colours import colour_families, colour_vector
from generation.engines.looks.declarations import COLOUR_WIDTH, FAMILIES, STYLE_WIDTH
from generation.engines.looks.engine import Looking
from generation.engines.training.features import features_of

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def looking() -> Looking:
    return Looking.load(CPU)


def lines(seed: int) -> Image.Image:
    """Dark diagonal lines on paper, at places by chance."""
    rng = np.random.default_rng(seed)
    pixels = np.full((128, 128, 3), 240, np.uint8)
    rows, columns = np.indices((128, 128))
    for offset in rng.integers(0, 256, 14):
        pixels[np.abs(rows + columns - offset) < 2] = 30
    return Image.fromarray(pixels)


def clouds(seed: int) -> Image.Image:
    """Soft patches, nowhere an edge."""
    coarse = np.random.default_rng(seed).integers(60, 200, (4, 4, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((128, 128), Image.Resampling.BICUBIC)


def flat(*colours: str) -> Image.Image:
    """Fields of colours, side by side and as wide."""
    sheet = Image.new("RGB", (60 * len(colours), 60))
    for place, colour in enumerate(colours):
        sheet.paste(colour, (60 * place, 0, 60 * place + 60, 60))
    return sheet


def test_what_is_made_alike_lies_near_whatever_it_shows(looking: Looking) -> None:
    drawn, other, soft = (looking.eye.look(image) for image in (lines(1), lines(2), clouds(1)))
    assert drawn.shape == (STYLE_WIDTH,)
    assert float(drawn.norm()) == pytest.approx(1.0, abs=1e-5)
    assert float(drawn @ other) > 0.8 > 0.5 > float(drawn @ soft)


def test_a_picture_half_as_large_is_made_the_same_way(looking: Looking) -> None:
    large = clouds(3).resize((400, 300))
    assert float(looking.eye.look(large) @ looking.eye.look(large.resize((200, 150)))) > 0.95


def test_a_very_long_picture_and_a_tiny_one_are_looked_at_too(looking: Looking) -> None:
    for size in ((4000, 10), (1, 1), (9, 700)):
        found = looking.look(Image.new("RGB", size, "teal"))
        assert np.isfinite(found["style"]).all()
        assert found["colours"] == ["teal"]


def test_near_colours_are_near_and_others_are_not() -> None:
    red, other_red, blue = (colour_vector(flat(colour)) for colour in ("#c01818", "#c83020", "#1830c0"))
    assert red.shape == (COLOUR_WIDTH,)
    assert float(red.norm()) == pytest.approx(1.0, abs=1e-5)
    assert float(red.min()) >= 0.0
    assert float(red @ other_red) > 0.9
    assert float(red @ blue) < 0.1


def test_colours_count_by_how_much_they_cover_and_not_by_where_they_are() -> None:
    assert torch.allclose(
        colour_vector(flat("#102040", "#e0c090")), colour_vector(flat("#e0c090", "#102040")), atol=0.02
    )
    mostly_blue = colour_vector(flat("blue", "blue", "blue", "orange"))
    assert float(mostly_blue @ colour_vector(flat("blue"))) > float(mostly_blue @ colour_vector(flat("orange")))


@pytest.mark.parametrize(
    ("colour", "family"),
    [
        ("#000000", "black"), ("#808080", "grey"), ("#ffffff", "white"), ("#f5f0e6", "white"), ("#d01c1c", "red"),
        ("#8b4513", "brown"), ("#ff8c00", "orange"), ("#ffd700", "yellow"), ("#228b22", "green"), ("#00a0a0", "teal"),
        ("#1e3fae", "blue"), ("#87ceeb", "blue"), ("#7d26cd", "purple"), ("#ff69b4", "pink"), ("#0b1020", "black"),
    ],
)  # fmt: skip
def test_plain_colours_are_called_what_people_call_them(colour: str, family: str) -> None:
    assert colour_families(flat(colour)) == (family,)


def test_the_main_colours_are_named_most_first() -> None:
    assert colour_families(flat("#ffd700", "#ffd700", "#ffd700", "#1e3fae", "#1e3fae", "#228b22")) == (
        "yellow", "blue", "green",
    )  # fmt: skip
    assert set(colour_families(lines(1))) <= set(FAMILIES)


def test_a_copy_is_nearer_than_any_two_pictures_are_to_one_another(looking: Looking) -> None:
    shown = [*map(clouds, range(12)), *map(lines, range(12))]
    seen = torch.tensor([looking.features(image, 32) for image in shown])
    typical, threshold = memory.gauge(seen)
    faded = Image.blend(shown[0], Image.new("RGB", (128, 128), "grey"), 0.06)
    copied, new = (torch.tensor(looking.features(image, 32)) for image in (faded, clouds(99)))
    assert float(torch.dist(copied, seen[0])) < threshold < typical
    assert float(torch.cdist(new[None], seen).amin()) > threshold


def test_pictures_that_a_dataset_holds_twice_do_not_loosen_the_threshold() -> None:
    torch.manual_seed(0)
    once = torch.randn(50, 16)
    typical, threshold = memory.gauge(once)
    assert 0 < threshold <= 0.5 * typical
    assert memory.gauge(torch.cat([once, once[:4]]))[1] == pytest.approx(threshold, rel=0.2)
    assert memory.gauge(once[:1]) == (0.0, 0.0)


def test_features_are_those_by_which_trainings_are_measured(looking: Looking) -> None:
    image = clouds(5).resize((64, 64))
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None]
    assert torch.allclose(torch.tensor(looking.features(image, 64)), features_of(looking.judge, pixels)[0], atol=1e-3)
