"""An auction between two browsers: a card kept by each, bids against each other, the close, the work, the money."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import House, eventually
from tests.journeys.test_commission_in_browser import CHROMIUM, PATIENCE, chromium, sign_in

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@pytest.fixture
def people(chromium: Browser, house: House) -> Iterator[dict[str, Page]]:
    """The artist and two bidders, each signed in in a browser of their own."""
    pages, complaints = {}, list[str]()
    for who in ("artist", "collector", "curator"):
        page = chromium.new_context(base_url=house.url, viewport={"width": 1280, "height": 860}).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(page, house, who)
        pages[who] = page
    yield pages
    for page in pages.values():
        page.context.close()
    assert complaints == []


def keep_a_card(page: Page) -> None:
    page.goto("/accounts/cards/")
    page.get_by_role("button", name="Keep a card").click()
    form = page.frame_locator("#payment iframe")
    form.get_by_label("Card number").fill("4242 4242 4242 4242")
    form.get_by_label("Expir").fill("12 / 40")
    form.get_by_label("CVC").fill("123")
    page.get_by_role("button", name="Keep this card").click()
    expect(page.get_by_text("preferred")).to_be_visible(timeout=PATIENCE)


def open_the_bidding(artist: Page) -> str:
    """The artist's first work that is not for sale, issued as one alone; returns the auction's address."""
    artist.goto("/selling/")
    artist.locator(".unsold a.hung").first.click()
    artist.get_by_role("button", name="Rather one alone, by auction").click()
    artist.get_by_label("Bidding starts at").fill("100")
    artist.get_by_label("Closes").fill((datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    artist.get_by_role("button", name="Open the bidding").click()
    artist.wait_for_url("**/auction/")
    expect(artist.get_by_text("Nobody has bid yet.")).to_be_visible()
    return artist.url


def bid(page: Page, most: str) -> None:
    page.get_by_label("The most you would pay").fill(most)
    page.get_by_role("button", name="Bid", exact=True).click()
    question = page.get_by_role("dialog", name=f"Bid up to EUR {most}?")
    question.get_by_role("button", name="Bid").click()


def test_two_bid_against_each_other_and_the_higher_has_it(people: dict[str, Page], house: House) -> None:
    artist, one, other = people["artist"], people["collector"], people["curator"]
    keep_a_card(one)
    keep_a_card(other)
    address = open_the_bidding(artist)
    one.goto(address)
    other.goto(address)

    bid(one, "150")
    expect(one.get_by_text("You lead. The most you would pay is €150.00.")).to_be_visible()
    expect(other.get_by_label("How it stands")).to_contain_text("Bidder 1")  # the page follows by itself
    other.get_by_label("The most you would pay").fill("99")
    other.get_by_role("button", name="Bid", exact=True).click()
    expect(other.get_by_text("or more").first).to_be_visible()
    bid(other, "400")
    expect(other.get_by_text("You lead. The most you would pay is €400.00.")).to_be_visible()
    expect(one.get_by_text("Somebody bid more than your €150.00.")).to_be_visible()

    sale = address.rstrip("/").split("/")[-2]
    house.query("UPDATE listings_sale SET closes_at = now() - interval '1 second' WHERE id = %s RETURNING 1", sale)
    expect(other.get_by_text("You won it.")).to_be_visible(timeout=PATIENCE)
    paid = "SELECT price_amount, state FROM orders_order WHERE sale_id = %s AND state = 'owned'"
    [(price, _)] = eventually(lambda: house.query(paid, sale) or None)
    assert price == 16_000  # the second's most, and a step
    other.goto("/collection/")
    expect(other.locator("ul.wall a.hung").first).to_be_visible()
    one.goto("/notifications/")
    expect(one.get_by_text("went to somebody else")).to_be_visible()
