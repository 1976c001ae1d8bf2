"""A commission by brief between two browsers: bargained, paid, changed once, disputed, and decided by staff."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import House
from tests.journeys.test_commission_in_browser import CHROMIUM, PATIENCE, chromium, sign_in, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
chromium = chromium  # the fixture is this module's too


@pytest.fixture
def people(chromium: Browser, house: House) -> Iterator[dict[str, Page]]:
    """A collector, an artist and a curator, each signed in in a browser of their own."""
    pages, complaints = {}, []
    for who in ("collector", "artist", "curator"):
        page = chromium.new_context(base_url=house.url, viewport={"width": 1440, "height": 900}).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(page, house, who)
        pages[who] = page
    yield pages
    for page in pages.values():
        page.context.close()
    assert complaints == []


def open_the_door(artist: Page) -> None:
    artist.goto("/briefs/terms/")
    artist.get_by_label("Take commissions by brief").check()
    artist.get_by_label("From which price on").fill("40")
    artist.get_by_label("Personal").check()
    artist.get_by_label("What to know").fill("Landscapes and machines; no portraits of real people.")
    artist.get_by_role("button", name="Keep").click()
    expect(artist.get_by_text("Kept.")).to_be_visible()


def send_a_brief(collector: Page, slug: str) -> None:
    collector.goto(f"/artists/{slug}/")
    collector.get_by_role("link", name="Commission a work").click()
    collector.get_by_label("What shall it be called").fill("A harbour at dawn")
    collector.get_by_label("What do you have in mind?").fill("Boats in fog, blue and grey.\nNo people.")
    collector.get_by_label("Your budget, from").fill("60")
    collector.get_by_label("to", exact=True).fill("120")
    photograph = str(files("skimage") / "data" / "rocket.jpg")
    collector.locator("[data-pictures=input_references] input[type=file]").set_input_files(photograph)
    expect(collector.locator("[data-pictures=input_references] input[type=hidden]")).to_have_count(1, timeout=PATIENCE)
    collector.get_by_role("button", name="Send the brief").click()
    collector.wait_for_url("**/briefs/*/")


def quote(artist: Page, address: str) -> None:
    artist.goto("/briefs/")
    artist.get_by_role("link", name="A harbour at dawn").first.click()
    artist.get_by_label("Price", exact=True).fill("90")
    artist.get_by_label("Deposit, in percent").fill("50")
    artist.get_by_label("An extra revision costs").fill("15")
    artist.get_by_role("button", name="Offer it").click()
    expect(artist.get_by_text("The other side has it now.")).to_be_visible()


def pay_the_deposit(collector: Page) -> None:
    collector.get_by_role("button", name="Agree to €90.00").click()
    form = collector.frame_locator("#payment iframe")
    form.get_by_label("Card number").fill("4242 4242 4242 4242")
    form.get_by_label("Expir").fill("12 / 40")
    form.get_by_label("CVC").fill("123")
    collector.get_by_role("button", name="Pay €45.00").click()
    collector.wait_for_url("**/?paid=1")
    expect(collector.get_by_role("heading", name="Being made")).to_be_visible(timeout=PATIENCE)


def make_and_show(artist: Page, address: str, seed: str, count: int) -> None:
    visit(artist, address)
    artist.get_by_label("Size in pixels").fill("512")
    artist.get_by_label("Seed").fill(seed)
    artist.get_by_label("By", exact=True).select_option("flow-field")
    artist.get_by_role("button", name="Make a candidate").click()
    expect(artist.get_by_role("button", name="Show it")).to_have_count(count, timeout=PATIENCE)
    artist.get_by_role("button", name="Show it").last.click()
    expect(artist.get_by_text("The collector looks at your proof.")).to_be_visible()


def test_a_brief_with_a_change_and_a_dispute_that_staff_decide(people: dict[str, Page], house: House) -> None:
    collector, artist, curator = people["collector"], people["artist"], people["curator"]
    [(slug,)] = house.query(
        "SELECT slug FROM accounts_artist a JOIN accounts_user u ON u.id = a.user_id WHERE u.email = 'artist@demo.test'"
    )
    open_the_door(artist)
    send_a_brief(collector, str(slug))
    address = collector.url
    quote(artist, address)
    expect(collector.get_by_role("button", name="Agree to €90.00")).to_be_visible()  # the page follows by itself
    pay_the_deposit(collector)
    make_and_show(artist, address, "5", 1)

    visit(collector, address)
    expect(collector.locator(".canvas img")).to_be_visible()
    collector.get_by_label("What should change?").fill("More fog, and the horizon lower.")
    collector.get_by_role("button", name="Ask for the change").click()
    expect(collector.get_by_role("heading", name="Being made")).to_be_visible()
    make_and_show(artist, address, "6", 2)

    visit(collector, address)
    collector.get_by_text("It goes wrong").click()
    collector.get_by_label("What went wrong?").fill("There is still no fog in it.")
    collector.get_by_role("button", name="Have staff decide").click()
    expect(collector.get_by_role("heading", name="Disputed")).to_be_visible()
    visit(artist, address)
    artist.get_by_label("What speaks for you").fill("The fog is at the horizon, as you asked.")
    artist.get_by_role("button", name="Bring it forward").click()

    curator.goto("/briefs/")
    curator.get_by_role("link", name="A harbour at dawn").first.click()
    expect(curator.get_by_text("The fog is at the horizon")).to_be_visible()
    curator.get_by_label("Back to the collector").fill("20")
    curator.get_by_label("The collector has it").check()
    curator.get_by_label("Why").fill("There is some fog, and less than was agreed.")
    with curator.expect_download() as packed:
        curator.get_by_role("link", name="The whole case as a file").click()
    assert Path(packed.value.path()).stat().st_size > 100_000
    curator.get_by_role("button", name="Decide it").click()
    expect(curator.get_by_role("heading", name="Delivered")).to_be_visible()

    visit(collector, address)
    expect(collector.get_by_text("20 % of what was paid go back")).to_be_visible()
    with collector.expect_download() as download:
        collector.get_by_role("link", name="Download the original").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    collector.goto("/briefs/")
