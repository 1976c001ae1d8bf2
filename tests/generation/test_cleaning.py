"""Cleaning pictures: every kind of pixel becomes plain sRGB."""

import io
from typing import Any

import pytest
from PIL import Image, ImageCms

from generation.services.cleaning import clean_picture
from tests.generation.conftest import encoded


def cleaned(image: Image.Image, media_format: str = "PNG", **options: Any) -> Image.Image:
    result = clean_picture(encoded(image, media_format, **options))
    kept = Image.open(io.BytesIO(result.data))
    assert (kept.mode, kept.size) == ("RGB", (result.width, result.height))
    return kept


def test_colours_of_another_profile_are_converted() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A profile whose red is sRGB's blue: the two primaries' names are exchanged in its table.
    exchanged = srgb.replace(b"rXYZ", b"____").replace(b"bXYZ", b"rXYZ").replace(b"____", b"bXYZ")

    kept = cleaned(Image.new("RGB", (4, 4), (255, 0, 0)), icc_profile=exchanged)

    assert kept.getpixel((0, 0)) == (0, 0, 255)
    assert "icc_profile" not in kept.info


def test_the_srgb_profile_changes_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    assert cleaned(Image.new("RGB", (4, 4), (12, 200, 90)), icc_profile=srgb.tobytes()).getpixel((0, 0)) == (
        12,
        200,
        90,
    )


def test_a_broken_profile_is_passed_over() -> None:
    assert cleaned(Image.new("RGB", (4, 4), "teal"), icc_profile=b"nonsense").getpixel((0, 0)) == (0, 128, 128)


def test_transparency_lies_on_white_paper() -> None:
    assert cleaned(Image.new("RGBA", (4, 4), (255, 0, 0, 0))).getpixel((0, 0)) == (255, 255, 255)


def test_transparency_survives_a_profile() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert cleaned(image, icc_profile=srgb.tobytes()).getpixel((0, 0)) == (255, 255, 255)


def test_sixteen_bits_of_grey_are_scaled_not_clipped() -> None:
    assert cleaned(Image.new("I;16", (4, 4), 128 * 256)).getpixel((0, 0)) == (128, 128, 128)


def test_printers_colours_become_screen_colours() -> None:
    kept = cleaned(Image.new("CMYK", (8, 8), (0, 0, 0, 0)), "JPEG", quality=95)
    assert kept.getpixel((4, 4)) == (255, 255, 255)


def test_an_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    kept = cleaned(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert kept.getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA"])
def test_every_other_mode_is_taken(mode: str) -> None:
    cleaned(Image.new("RGB", (6, 6), "white").convert(mode))
