"""What is seen of a work until its picture has come, and how wide its pictures are."""

import io
from base64 import b64decode

import pytest
from PIL import Image

from generation import services
from generation.worker.studio.encoding import preview_widths


def seen(placeholder: str) -> Image.Image:
    return Image.open(io.BytesIO(b64decode(placeholder))).convert("RGB")


def test_a_placeholder_is_the_picture_made_tiny() -> None:
    drawn = Image.new("RGB", (600, 300), "white")
    drawn.paste((200, 30, 30), (300, 0, 600, 300))
    placeholder = services.placeholder_of(drawn)
    tiny = seen(placeholder)
    assert tiny.size == (16, 8)
    assert min(tiny.getpixel((2, 4))) > 235  # type: ignore[arg-type]  # a pixel is three numbers
    red, green, _ = tiny.getpixel((13, 4))  # type: ignore[misc]
    assert red > 150 > 90 > green
    assert len(placeholder) < 300
    assert services.placeholder_of(drawn) == placeholder


def test_the_placeholder_of_a_very_long_picture_has_a_pixel_at_least() -> None:
    assert seen(services.placeholder_of(Image.new("RGB", (2000, 3), "teal"))).size == (16, 1)
    assert seen(services.placeholder_of(Image.new("RGB", (1, 1), "teal"))).size == (16, 16)


@pytest.mark.parametrize(
    ("width", "previews"),
    [(64, [64]), (320, [320]), (700, [320, 700]), (1024, [320, 640, 1024]), (2048, [320, 640, 1280, 2048]),
     (2300, [320, 640, 1280, 2048]), (8000, [320, 640, 1280, 2048])],
)  # fmt: skip
def test_previews_are_never_wider_than_the_picture_nor_nearly_as_wide(width: int, previews: list[int]) -> None:
    assert preview_widths(width) == previews
