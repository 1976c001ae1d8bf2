"""A collector brings a picture and a sentence, adjusts what it chose, and has it painted: in Chromium."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import House
from tests.journeys.test_commission_in_browser import (  # noqa: F401  # fixtures
    PATIENCE,
    choose_photograph,
    chromium,
    enter_card,
    page,
    pytestmark,
    sign_in,
)

SENTENCE = "a stormy sea in deep blue with thick strokes, calm and old"


def test_a_picture_and_a_sentence_become_a_work(page: Page, house: House) -> None:  # noqa: F811
    sign_in(page, house)
    page.get_by_role("link", name="In words").first.click()
    page.get_by_label("In words").fill("ein stürmisches Meer mit Wolken")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("alert")).to_contain_text("Only English is understood here")

    # How much of an artist's style is asked where one is chosen alone, and the price is then the artist's.
    page.get_by_label("In words").fill("an ink river, flowing lines, waves at low tide")
    page.get_by_role("button", name="Read it").click()
    much, price = page.get_by_label("Of the artist's style"), page.locator("[data-price-shown]")
    of_the_house = price.inner_text()
    expect(much).to_be_hidden()
    page.locator("ul.offers input[type=radio]").nth(1).check()
    expect(much).to_be_visible()
    expect(price).not_to_have_text(of_the_house)

    page.get_by_label("In words").fill(SENTENCE)
    page.get_by_role("button", name="Read it").click()
    chosen = page.locator("fieldset", has=page.get_by_text("What the sentence chose"))
    expect(chosen.get_by_label("Storm in Oil")).to_be_visible()
    expect(chosen.locator(".reasons").first).to_contain_text("stormy")
    expect(page.get_by_label("Use these colours")).to_be_checked()

    choose_photograph(page, "hubble_deep_field.jpg")
    preview = page.locator("[data-preview] img")
    expect(preview).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("A preview; change what you like.")).to_be_visible(timeout=PATIENCE)
    before = preview.get_attribute("src")
    chosen.get_by_label("Storm in Oil").fill("0.1")
    page.get_by_role("slider", name="Light").fill("0.3")
    expect(preview).not_to_have_attribute("src", str(before), timeout=PATIENCE)
    page.get_by_label("Size").select_option("512")
    page.get_by_role("button", name="Order and pay").click()
    page.wait_for_url("**/pay/")

    enter_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name="Here it is")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Accept and pay").click()
    expect(page.get_by_role("heading", name="It is yours")).to_be_visible(timeout=PATIENCE)
    assert house.query("SELECT count(*) FROM commissions_commission WHERE engine = 'stylist' AND state = 'delivered'")[
        0
    ] == (1,)
