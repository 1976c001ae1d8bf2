"""Perceptual hashes: copies stay near, other pictures are far."""

import io
from collections.abc import Callable
from itertools import combinations

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from generation.moderation import HASH_BITS, hamming_distance, perceptual_hash
from marketplace.environment import Environment
from tests.generation.moderation.pictures import PHOTOGRAPHS, photograph, waves

Change = Callable[[Image.Image], Image.Image]
NEAR = Environment.model_fields["similar_distance"].default
FAR = 12


def as_jpeg(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=20)
    return Image.open(out).convert("RGB")


def trimmed(image: Image.Image) -> Image.Image:
    """A hundredth of it cut off on every side."""
    width, height = image.size
    return image.crop((width // 100, height // 100, width - width // 100, height - height // 100))


COPIES: dict[str, Change] = {
    "half the size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "another shape": lambda image: image.resize((image.width, image.height * 9 // 10)),
    "compressed": as_jpeg,
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.2),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(3)),
    "without colour": lambda image: image.convert("L"),
    "trimmed": trimmed,
}


def hash_of(image: Image.Image) -> int:
    found = perceptual_hash(image)
    assert found is not None
    return found


@pytest.mark.parametrize("change", COPIES.values(), ids=COPIES)
def test_a_copy_is_known_again(change: Change) -> None:
    originals = [photograph(name) for name in PHOTOGRAPHS] + [waves(seed) for seed in range(8)]
    distances = [hamming_distance(hash_of(image), hash_of(change(image))) for image in originals]
    assert max(distances) <= NEAR


def test_other_pictures_are_far_from_each_other() -> None:
    hashes = [hash_of(photograph(name)) for name in PHOTOGRAPHS] + [hash_of(waves(seed)) for seed in range(40)]
    assert min(hamming_distance(one, other) for one, other in combinations(hashes, 2)) >= FAR


def test_a_hash_fits_into_a_signed_number_of_64_bits() -> None:
    hashes = [hash_of(waves(seed)) for seed in range(20)]
    assert all(-(2**63) <= value < 2**63 for value in hashes)
    assert min(hashes) < 0 < max(hashes)
    assert (hamming_distance(0, -1), hamming_distance(-(2**63), 2**63 - 1)) == (HASH_BITS, HASH_BITS)


@pytest.mark.parametrize("colour", ["black", "white", "teal", (200, 160, 140)])
def test_one_flat_colour_shows_nothing_to_go_by(colour: str) -> None:
    assert perceptual_hash(Image.new("RGB", (300, 200), colour)) is None


def test_almost_one_flat_colour_does_not_either() -> None:
    image = Image.new("RGB", (300, 200), (120, 120, 120))
    image.putpixel((3, 3), (121, 120, 120))
    assert perceptual_hash(image) is None
