"""Whether everybody can use the pages: what axe finds, room on a phone, headings and landmarks, in both lights."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import House
from tests.journeys.test_commission_in_browser import CHROMIUM, chromium, sign_in

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
PAGES = (
    "/", "/market/", "/market/?kind=auction", "/models/", "/scribble/", "/words/", "/commissions/", "/briefs/",
    "/briefs/terms/", "/collection/", "/collection/gifts/", "/orders/", "/offers/", "/selling/", "/earnings/",
    "/notifications/", "/accounts/cards/", "/accounts/tokens/", "/accounts/webhooks/", "/datasets/", "/trainings/",
    "/search/?q=ink&medium=image", "/search/meaning/?q=a+quiet+river", "/search/picture/", "/feed/", "/for-you/",
    "/saved-searches/", "/following/", "/exhibitions/", "/ending/", "/problems/", "/no-such-page/",
)  # fmt: skip
LEADING = ("/sales/", "/works/", "/artists/")  # the first of each that these lead to is looked at too
WEIGHTY = {"serious", "critical"}
# What a page must have besides what axe looks for; what it lacks.
LACKS = """() => [
  document.querySelectorAll("h1").length !== 1 && "exactly one h1",
  document.querySelectorAll("main").length !== 1 && "exactly one main",
  !document.querySelector("nav[aria-label]") && "a named navigation",
  !document.title.includes("Atelier") && "the house's name in its title",
].filter(Boolean)"""
IS_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WIDTHS = (320, 768, 1024, 390)


@pytest.fixture
def phone(chromium: Browser, house: House) -> Iterator[Page]:
    """A phone of the artist's, who sees the most."""
    context = chromium.new_context(base_url=house.url, viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, house, "artist")
    yield page
    context.close()


def test_the_main_pages_are_for_everybody(phone: Page) -> None:
    found: dict[str, list[str]] = {}
    addresses = list(PAGES)
    while addresses:
        address = addresses.pop(0)
        phone.goto(address)
        known = [*found, *addresses, address]
        addresses += [new for kind, new in led_to(phone) if not any(old.startswith(kind) for old in known)]
        found[address] = [f"lacks {what}" for what in phone.evaluate(LACKS)]
        for width in WIDTHS:
            phone.set_viewport_size({"width": width, "height": 844})
            found[address] += [f"wider than {width} pixels"] * phone.evaluate(IS_WIDER)
        for light in ("light", "dark"):
            phone.emulate_media(color_scheme=light)
            found[address] += [f"{light}: {what}" for what in barriers(phone)]
    assert {address: what for address, what in found.items() if what} == {}
    assert all(any(address.startswith(kind) for address in found) for kind in LEADING)


def led_to(page: Page) -> list[tuple[str, str]]:
    """The first sale, work and artist that a page leads to, each after its kind."""
    links = page.eval_on_selector_all("main a[href]", "links => links.map((link) => link.getAttribute('href'))")
    kinds = ((kind, [link for link in links if re.fullmatch(rf"{kind}[\w-]+/", link)]) for kind in LEADING)
    return [(kind, found[0]) for kind, found in kinds if found]


def barriers(page: Page) -> list[str]:
    """What axe finds serious or worse."""
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in violations if one["impact"] in WEIGHTY for node in one["nodes"]]


def test_a_page_in_the_language_of_its_address_is_so_to_its_last_piece(chromium: Browser, house: House) -> None:
    context = chromium.new_context(base_url=house.url, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    work = dict(led_to(page))["/works/"]
    page.goto(f"{work}?lang=zh-hans")
    page.locator("#alike").scroll_into_view_if_needed()
    expect(page.locator(".chips").get_by_role("link", name="色彩相同")).to_be_visible()
    expect(page.locator("#origin")).to_contain_text("登录")
    page.goto("/search/?lang=zh-hans")
    page.get_by_role("searchbox").press_sequentially("ink")
    page.wait_for_url("**q=ink**")
    expect(page.locator("#found")).to_contain_text("件作品")
    context.close()
