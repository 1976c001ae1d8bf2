"""A curator works through the queue with the keyboard alone, an artist answers, and an exhibition is put together."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import House
from tests.journeys.test_commission_in_browser import CHROMIUM, chromium, page, sign_in
from tests.journeys.test_everybody_in_browser import IS_WIDER, LACKS, barriers

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
WORKS = 5
QUEUE = "/curator/queue/?cause=reported"


@pytest.fixture
def reported(house: House) -> Iterator[list[str]]:
    """Works that a collector has reported for the first time, oldest on the wall first; kept on it when all is over."""
    collector, curator = house.client("collector"), house.client("curator")
    works: list[str] = []
    for work in reversed(curator.get("/artworks/?page_size=100").json()["results"]):
        said = {"reason": "stolen", "words": "I know another."}
        if collector.post(f"/artworks/{work['id']}/reports/", json=said).status_code == 201:
            works.append(work["id"])
        if len(works) == WORKS:
            break
    yield works
    waiting = [case["artwork"] for case in curator.get("/curator/cases/").json()]
    for work in {*works} & {*waiting}:
        assert curator.post(f"/artworks/{work}/decide/", json={"verdict": "approve"}).status_code == 200


def press(page: Page, *keys: str) -> None:
    """Press keys one after another, once the page's script listens: then it shows its own button for them."""
    expect(page.locator("[data-keys-open]")).to_be_visible()
    for key in keys:
        page.keyboard.press(key)


def decided(page: Page, keys: str, verdict: str) -> str:
    """Press keys; the title of the work, once the page says what was done with it."""
    title = page.locator("h1").inner_text()
    press(page, *keys.split())
    expect(page.get_by_text(f"“{title}”: {verdict}. You can undo this.")).to_be_visible()
    return title


def test_a_day_at_the_queue_by_keyboard(page: Page, chromium: Browser, house: House, reported: list[str]) -> None:
    sign_in(page, house, "curator")
    page.goto(QUEUE)
    press(page, "b")
    page.wait_for_url(re.compile(r"/curator/queue/[0-9a-f-]{36}/"))
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    kept = decided(page, "f", "Feature")
    expect(page.locator("h1")).to_have_text(kept)  # what is featured still waits for an answer
    decided(page, "a", "Approve")
    expect(page.locator("h1")).not_to_have_text(kept)
    decided(page, "c 4 Enter", "Ask for changes")  # a reason by its number, then Enter
    hidden = decided(page, "h 2 Enter", "Hide")
    press(page, "u")
    expect(page.get_by_text("It is as it was before.")).to_be_visible()
    expect(page.locator("h1")).to_have_text(hidden)
    address = page.locator("h1 a").get_attribute("href") or ""

    press(page, "r")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    page.keyboard.type("A raven, and no key of this page.")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"“{hidden}”: Reject. You can undo this.")).to_be_visible()

    press(page, "q")
    page.wait_for_url("**/curator/queue/?cause=reported")
    press(page, "j", "x", "j", "x")
    expect(page.get_by_text("Ticked: 2")).to_be_visible()
    page.get_by_role("button", name="Approve", exact=True).press("Enter")
    expect(page.get_by_text("Done with 2 works.")).to_be_visible()
    page.get_by_role("button", name="Undo all 2").first.press("Enter")
    expect(page.get_by_text("All of it is undone.")).to_be_visible()

    appeal(chromium, house, address)
    page.goto("/curator/queue/?cause=appealed")
    press(page, "b")
    expect(page.get_by_text("It is my own bird.")).to_be_visible()
    press(page, "?")
    page.get_by_label("Keys are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("h1")).to_have_text(hidden)  # keys are off
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text(f"“{hidden}”: Approve. You can undo this.")).to_be_visible()
    assert house.client("curator").get(f"/artworks/{address.split('/')[2]}/").json()["visibility"] == "wall"


def appeal(chromium: Browser, house: House, address: str) -> None:
    """The artist reads why their work was taken down, and objects."""
    context = chromium.new_context(base_url=house.url)
    home = context.new_page()
    sign_in(home, house, "artist")
    home.goto(address)
    expect(home.get_by_text("It uses what is somebody else's. A raven, and no key of this page.")).to_be_visible()
    home.get_by_label("Why the decision is wrong").fill("It is my own bird.")
    home.get_by_role("button", name="Appeal").click()
    expect(home.get_by_text("Your appeal waits for a curator.")).to_be_visible()
    context.close()


def test_an_exhibition_is_put_together_and_visited(page: Page, house: House) -> None:
    works = [work["id"] for work in house.client("curator").get("/artworks/").json()["results"][:3]]
    sign_in(page, house, "curator")
    page.goto("/curator/exhibitions/")
    page.get_by_label("Title of a new one").fill("Water and light")
    page.get_by_role("button", name="Begin it").click()
    for work in works:
        page.get_by_label(re.compile("^A work.s address")).fill(f"{house.url}/works/{work}/")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text("It hangs at the end.")).to_be_visible()
    rows = page.locator("[data-hanging]")
    expect(rows).to_have_count(3)
    last = rows.nth(2).locator("a.title").inner_text()
    for place in (1, 0):  # twice by keyboard: the focus goes with the work
        page.keyboard.press("Enter") if place == 0 else rows.nth(2).get_by_role("button", name="up").press("Enter")
        expect(rows.nth(place).locator("a.title")).to_have_text(last)
        expect(rows.nth(place).get_by_role("button", name="up")).to_be_focused()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published").first).to_be_visible()
    page.goto(page.url.split("?")[0].replace("/curator", ""))
    expect(page.get_by_role("heading", name="Water and light")).to_be_visible()
    expect(page.locator(".hung-large")).to_have_count(3)
    expect(page.locator(".hung-large a.sheet").first).to_have_attribute("href", f"/works/{works[2]}/")


def test_the_curators_pages_are_for_everybody(page: Page, house: House, reported: list[str]) -> None:
    sign_in(page, house, "curator")
    page.goto(QUEUE)
    case = page.locator("[data-cases] a.thumb").first.get_attribute("href") or ""
    page.goto("/curator/exhibitions/")
    easel = page.locator(".desk-list a.title").first.get_attribute("href") or ""
    work = f"/works/{reported[0]}/"
    found: dict[str, list[str]] = {}
    for address in (
        "/curator/queue/", case, "/curator/decisions/", "/curator/exhibitions/", easel, "/exhibitions/",
        easel.replace("/curator", ""), work, f"{work}report/", "/review/",
    ):  # fmt: skip
        page.goto(address)
        found[address] = [f"lacks {what}" for what in page.evaluate(LACKS)]
        for width in (320, 1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            found[address] += [f"wider than {width} pixels"] * page.evaluate(IS_WIDER)
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light, reduced_motion="reduce")
            found[address] += [f"{light}: {what}" for what in barriers(page)]
    assert {address: what for address, what in found.items() if what} == {}
