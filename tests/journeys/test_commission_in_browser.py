"""A collector has a photograph painted in an artist's style, as a person would: in Chromium, by the pages alone."""

import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect, sync_playwright

from tests.journeys.conftest import House

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 90_000  # milliseconds for what is painted or paid
expect.set_options(timeout=30_000)  # and for everything else: a busy machine is not a broken page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, house: House, tmp_path: Path) -> Iterator[Page]:
    """A page of the house; anything its console complains of fails the test."""
    context = chromium.new_context(base_url=house.url, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # A declined card, a refused file: said to the person on the page. And what a page asked for as it was left.
    expected = ("status of 402", "status of 422", "htmx:sendAbort", "htmx:afterRequest")
    assert [line for line in complaints if not any(part in line for part in expected)] == []


def sign_in(page: Page, house: House, who: str = "collector") -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@demo.test")
    page.get_by_label("Password").fill(house.password)
    page.get_by_role("main").get_by_role("button", name="Sign In").click()
    page.wait_for_url("**/")


def visit(page: Page, address: str) -> None:
    """Go there, though the page may be on its way somewhere by itself."""
    try:
        page.goto(address)
    except Error as interrupted:
        if "ERR_ABORTED" not in str(interrupted):
            raise
        page.goto(address)


def quiet(page: Page) -> None:
    """Wait until htmx has put in whatever it had asked for: what is replaced under one's hand hears no click."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def enter_card(page: Page, number: str) -> None:
    form = page.frame_locator("#payment iframe")
    form.get_by_label("Card number").fill(number)
    form.get_by_label("Expir").fill("12 / 40")
    form.get_by_label("CVC").fill("123")
    page.locator("form[data-payment]").get_by_role("button", name="Authorise").click()


def choose_photograph(page: Page, name: str) -> None:
    page.locator("[data-drop] input[type=file]").set_input_files(str(files("skimage") / "data" / name))
    expect(page.get_by_text("Ready:")).to_be_visible(timeout=PATIENCE)


def order(page: Page, photograph: str) -> None:
    page.goto("/")
    page.locator("ul.wall a.hung").first.click()
    page.get_by_role("link", name="Commission in this style").click()
    choose_photograph(page, photograph)
    page.get_by_label("Strength").fill("0.9")
    page.get_by_label("Size").select_option("512")
    page.get_by_role("button", name="Order and pay").click()
    page.wait_for_url("**/pay/")


def test_from_the_wall_to_the_collection(page: Page, house: House) -> None:
    sign_in(page, house)
    order(page, "hubble_deep_field.jpg")

    enter_card(page, "4000 0000 0000 0002")
    expect(page.locator("[data-payment-errors]")).to_contain_text("declined", timeout=PATIENCE)
    page.get_by_label("Keep this card").check()
    enter_card(page, "4242 4242 4242 4242")
    page.wait_for_url("**/commissions/*/?paid=1")

    expect(page.get_by_role("heading", name="Here it is")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Ask for another").click()
    page.get_by_role("button", name="Paint another").click()
    expect(page.get_by_text("It would be the same picture")).to_be_visible()
    page.get_by_label("Strength").fill("0.4")
    page.get_by_role("button", name="Paint another").click()
    second = page.get_by_role("button", name="Accept number 2")
    expect(second).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("list", name="The pictures you asked for").get_by_role("listitem")).to_have_count(2)
    second.click()
    expect(page.get_by_role("heading", name="It is yours")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the original").click()
    assert Path(download.value.path()).stat().st_size > 50_000

    expect(page.get_by_role("heading", name="What else was painted")).to_be_visible()
    page.get_by_role("link", name="In my collection").click()
    expect(page.get_by_role("heading", name="My collection")).to_be_visible()
    newest = page.locator("ul.wall a.hung").first
    expect(newest).to_contain_text("After “")
    newest.click()
    page.get_by_role("link", name="Its recipe and its origin").click()
    expect(page.get_by_text("in the style of")).to_contain_text("Inès Moreau")
    page.goto("/accounts/cards/")
    expect(page.get_by_text("4242").first).to_be_visible()


def test_a_photograph_chosen_before_the_page_is_ready_is_taken_up(page: Page, house: House) -> None:
    sign_in(page, house)
    page.locator("ul.wall a.hung").first.click()
    address = page.get_by_role("link", name="Commission in this style").get_attribute("href")
    on_their_way: list[Route] = []
    page.route("**/js/upload*.js", lambda route: on_their_way.append(route))
    page.goto(str(address), wait_until="commit")
    page.locator("[data-drop] input[type=file]").set_input_files(str(files("skimage") / "data" / "ihc.png"))
    page.wait_for_timeout(200)
    for route in on_their_way:
        route.continue_()
    expect(page.get_by_text("Ready:")).to_be_visible(timeout=PATIENCE)


def test_a_proof_is_declined_and_the_card_released(page: Page, house: House) -> None:
    sign_in(page, house)
    order(page, "ihc.png")
    enter_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name="Here it is")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Decline").click()
    page.get_by_role("dialog").get_by_role("button", name="Decline it").click()
    expect(page.get_by_text("nothing was charged")).to_be_visible(timeout=PATIENCE)


def test_a_file_that_is_no_picture_is_refused_with_a_reason(page: Page, house: House, tmp_path: Path) -> None:
    sign_in(page, house)
    page.goto("/")
    page.locator("ul.wall a.hung").first.click()
    page.get_by_role("link", name="Commission in this style").click()
    (tmp_path / "fake.png").write_text("<html>not a picture</html>")
    page.locator("[data-drop] input[type=file]").set_input_files(str(tmp_path / "fake.png"))
    expect(page.locator("[data-upload-status]")).to_contain_text("picture", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Order and pay")).to_be_disabled()


def test_the_wall_can_be_walked_by_keyboard_alone(page: Page, house: House) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("ul.wall a.hung").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/works/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_curator_takes_a_work_down_and_undoes_it(page: Page, house: House) -> None:
    sign_in(page, house, "curator")
    page.goto("/")
    page.locator("ul.wall a.hung").first.click()
    page.get_by_text("Take it down …").click()
    page.get_by_label("Reason").select_option("quality")
    page.get_by_role("button", name="Take down").click()
    expect(page.get_by_text("You can undo this.")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.get_by_text("Take it down …")).to_be_visible()
