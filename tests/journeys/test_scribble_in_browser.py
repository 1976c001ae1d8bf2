"""A scribble, painted and bought: drawn by mouse, recognised, coloured, given to an artist's style, and paid."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import House
from tests.journeys.test_commission_in_browser import CHROMIUM, PATIENCE, chromium, enter_card, page, sign_in

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
HOUSE = (  # shares of the board; a hand that is not quite steady
    ((0.20, 0.46), (0.21, 0.84), (0.78, 0.85), (0.77, 0.47)),
    ((0.14, 0.50), (0.49, 0.16), (0.86, 0.49), (0.13, 0.51)),
    ((0.33, 0.84), (0.34, 0.62), (0.47, 0.61), (0.46, 0.85)),
)


def scribble(page: Page, strokes: tuple[tuple[tuple[float, float], ...], ...]) -> None:
    """Draw on the board with the mouse."""
    box = page.locator("[data-board]").bounding_box()
    assert box is not None
    for stroke in strokes:
        (x, y), *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y, steps=12)
        page.mouse.up()


def meant(page: Page, name: str) -> Locator:
    return page.locator("[data-meant]").get_by_role("button", name=name, exact=True).first  # both sets may have one


def test_a_scribble_is_recognised_painted_and_bought(page: Page, house: House) -> None:
    page.goto("/")
    page.get_by_label("Main").get_by_role("link", name="Scribble").click()
    scribble(page, HOUSE)
    expect(page.get_by_text("drawings that it may be")).to_be_visible()
    meant(page, "house").click()
    expect(page.get_by_text("OpenMoji (CC-BY-SA-4.0)")).to_be_visible()

    # Whoever signs in on the way finds what they drew and chose.
    page.get_by_role("link", name="Sign in to have it painted").click()
    page.get_by_label("Email").fill("collector@demo.test")
    page.get_by_label("Password").fill(house.password)
    page.get_by_role("main").get_by_role("button", name="Sign In").click()
    page.wait_for_url("**/scribble/")
    expect(meant(page, "house")).to_have_attribute("aria-pressed", "true")

    page.get_by_label("Palette").select_option("fresco")
    page.get_by_role("button", name="Make a picture of it").click()
    expect(page.get_by_text("Ready: now choose a style")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("img", name="house, coloured")).to_be_visible()
    page.locator("[data-style]").first.click()

    expect(page.get_by_text("Drawn after “house” by")).to_be_visible()
    page.get_by_label("Size").select_option("512")
    page.get_by_role("button", name="Order and pay").click()
    page.wait_for_url("**/pay/")
    enter_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name="Here it is")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Accept and pay").click()
    expect(page.get_by_role("heading", name="It is yours")).to_be_visible(timeout=PATIENCE)

    page.get_by_role("link", name="In my collection").click()
    page.locator("ul.wall a.hung").first.click()
    page.get_by_role("link", name="Its recipe and its origin").click()
    expect(page.locator("dl.facts").get_by_text("“house” by")).to_contain_text("shared on the same terms")


def test_own_lines_are_kept_and_the_keyboard_finds_drawings_too(page: Page, house: House) -> None:
    sign_in(page, house)
    page.goto("/scribble/")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    scribble(page, HOUSE[:1])
    meant(page, "My own lines, cleaned").click()
    expect(page.get_by_text("they are yours")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Take the SVG").click()
    assert download.value.path().read_text().startswith("<svg")
    page.get_by_role("button", name="Back to my lines").click()
    expect(page.get_by_role("button", name="Make a picture of it")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(undo).to_be_disabled()

    page.get_by_label("Draw it, or say what it is").focus()
    page.keyboard.type("sailboat")
    expect(meant(page, "sailboat")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Make a picture of it")).to_be_visible()
