"""A collector has the sky of a photograph painted, and nothing but the sky: marked with one tap on the page."""

import io
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from generation.provenance import read
from generation.services.cleaning import clean_picture
from tests.journeys.conftest import House
from tests.journeys.test_commission_in_browser import (
    CHROMIUM,
    PATIENCE,
    choose_photograph,
    chromium,
    enter_card,
    page,
    sign_in,
)

__all__ = ["chromium", "page"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
PHOTOGRAPH = "rocket.jpg"  # a blue evening sky; below it, at night, the ground


def test_a_style_masked_to_the_sky_only(page: Page, house: House) -> None:
    sign_in(page, house)
    page.goto("/")
    page.locator("ul.wall a.hung").first.click()
    page.get_by_role("link", name="Commission in this style").click()
    choose_photograph(page, PHOTOGRAPH)

    page.get_by_text("Paint only a part of it").click()
    sheet = page.get_by_role("img", name="Your photograph, with what is to be painted marked in colour")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    # One tap into the sky, and what it ran into below the horizon is erased with a rectangle.
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.2 * box["height"])
    expect(page.locator("[data-mask-status]")).to_contain_text("% of it will be painted")
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("button", name="Rectangle").click()
    page.mouse.move(box["x"], box["y"] + 0.8 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + box["height"] + 1, steps=3)  # pulled a little beyond the edge
    page.mouse.up()

    # What only a masterpiece asks for is asked beside it alone.
    expect(page.get_by_label("Steps")).to_be_hidden()
    page.get_by_label("Quality").select_option("masterpiece")
    expect(page.get_by_label("Steps")).to_be_visible()
    page.get_by_label("Quality").select_option("draft")
    page.get_by_label("Size").select_option("512")
    page.get_by_role("button", name="Order and pay").click()
    page.wait_for_url("**/pay/")
    enter_card(page, "4242 4242 4242 4242")
    page.wait_for_url("**/commissions/*/?paid=1")
    expect(page.get_by_role("heading", name="Here it is")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Accept and pay").click()
    expect(page.get_by_role("heading", name="It is yours")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the original").click()
    original = download.value.path().read_bytes()

    manifest = read(original, "image/png")
    assert manifest is not None
    assert [given.name for given in manifest.ingredients] == ["content", "style", "mask"]
    painted = Image.open(io.BytesIO(original)).convert("RGB")
    apart = difference(painted)
    height = painted.height
    assert apart[: height // 2].mean() > 10  # the sky is another
    assert apart[round(0.85 * height) :].max() <= 3  # the ground is what it was


def difference(painted: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """How far each pixel is from the photograph's own at that size, in levels."""
    photograph = clean_picture((files("skimage") / "data" / PHOTOGRAPH).read_bytes()).image  # in sRGB, as it was kept
    same = photograph.resize(painted.size, Image.Resampling.LANCZOS)
    apart: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    apart = np.abs(np.asarray(painted, np.float64) - np.asarray(same, np.float64)).max(-1)
    return apart
