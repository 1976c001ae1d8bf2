"""Somebody applies, is approved in the back room, tells the provider who they are, sells a work, and is paid out."""

from collections.abc import Iterator
from importlib.resources import files
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import House, eventually
from tests.journeys.test_commission_in_browser import CHROMIUM, PATIENCE, chromium, sign_in

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
WHO = "newcomer"
NAME = "Nadia Benali"
TWO_WEEKS = 14 * 86_400  # longer than any holding period and any bank takes


def join(house: House) -> None:
    """Somebody signed up, with the demo's password and a confirmed address."""
    house.query(
        "INSERT INTO accounts_user (id, password, is_superuser, email, display_name, tax_country, language, is_staff,"
        " is_active, date_joined) SELECT %s, password, false, %s, %s, '', '', false, true, now() FROM accounts_user"
        " WHERE email = 'collector@demo.test' RETURNING 1",
        uuid4(), f"{WHO}@demo.test", NAME,
    )  # fmt: skip
    house.query(
        'INSERT INTO account_emailaddress (email, verified, "primary", user_id)'
        " SELECT email, true, true, id FROM accounts_user WHERE email = %s RETURNING 1",
        f"{WHO}@demo.test",
    )


@pytest.fixture
def people(chromium: Browser, house: House) -> Iterator[dict[str, Page]]:
    """The newcomer, a collector and a curator, each signed in in a browser of their own."""
    join(house)
    pages, complaints = {}, list[str]()
    for who in (WHO, "collector", "curator"):
        page = chromium.new_context(base_url=house.url, viewport={"width": 1440, "height": 900}).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(page, house, who)
        pages[who] = page
    yield pages
    for page in pages.values():
        page.context.close()
    assert complaints == []


def have_a_work_made(house: House, seed: int) -> str:
    """A work of the newcomer's own by the house's machines; returns its title."""
    client = house.client(WHO)
    title = f"Salt Pans {seed}"
    asked = {"engine": "flow-field", "parameters": {"size": 512}, "seed": seed, "title": title}
    job = client.post("/jobs/", json=asked).raise_for_status().json()
    eventually(lambda: client.get(f"/jobs/{job['id']}/").json()["state"] == "succeeded" or None)
    return title


def apply(newcomer: Page, title: str) -> None:
    newcomer.goto("/")
    newcomer.locator(".top details.menu summary").click()
    newcomer.get_by_role("link", name="Become an artist").click()
    newcomer.get_by_label("Your name as an artist").fill(NAME)
    newcomer.get_by_label("What do you make, and how?").fill("Fields of salt, drawn by rules of wind.")
    newcomer.get_by_label("Where more of it can be seen").fill("https://nadia.example.org/salt")
    newcomer.get_by_label("Where you are taxed").select_option("DE")
    photograph = str(files("skimage") / "data" / "gravel.png")
    newcomer.locator("[data-pictures=input_portfolio] input[type=file]").set_input_files(photograph)
    expect(newcomer.locator("[data-pictures=input_portfolio] input[type=hidden]")).to_have_count(1, timeout=PATIENCE)
    newcomer.get_by_label(title).check()
    newcomer.get_by_role("button", name="Hand it in").click()
    expect(newcomer.get_by_text("agree to the present terms")).to_be_visible()
    newcomer.get_by_label("I have read this, and agree").check()
    newcomer.get_by_role("button", name="Hand it in").click()
    expect(newcomer.get_by_text("The curators have your application")).to_be_visible()


def approve(curator: Page) -> None:
    curator.goto("/notifications/")
    curator.get_by_role("link", name=f"{NAME} applies to be an artist").first.click()
    expect(curator.get_by_text("drawn by rules of wind").first).to_be_visible()
    curator.get_by_label("Decision").select_option("approve")
    curator.get_by_label("In your words").fill("Welcome.")
    curator.get_by_role("button", name="Save", exact=True).click()
    curator.wait_for_url("**/admin/artists/application/")


def tell_the_provider(newcomer: Page) -> None:
    """From the shop's page, which says what is missing, to the provider's hosted page and back."""
    newcomer.goto("/shop/")
    expect(newcomer.get_by_text("You cannot be paid yet.")).to_be_visible()
    newcomer.get_by_role("button", name="Set up payouts").click()  # the country is the application's
    for label, value in (
        ("First name", "Nadia"), ("Last name", "Benali"), ("Date of birth", "1987-05-02"),
        ("Street and number", "Salzstr. 1"), ("Postal code", "10115"), ("City", "Berlin"),
        ("IBAN or account number", "DE89370400440532013000"),
    ):  # fmt: skip
        newcomer.get_by_label(label, exact=True).fill(value)
    newcomer.get_by_role("button", name="Agree and submit").click()
    newcomer.wait_for_url("**/earnings/")
    eventually(lambda: _is_ready(newcomer))
    newcomer.goto("/shop/")
    expect(newcomer.get_by_text("You cannot be paid yet.")).to_have_count(0)


def _is_ready(page: Page) -> bool | None:
    page.goto("/earnings/returned/")
    return page.get_by_text("Ready", exact=True).is_visible() or None


def open_the_shop(newcomer: Page) -> None:
    form = newcomer.locator("section", has=newcomer.get_by_role("heading", name="Commissions by brief"))
    form.get_by_label("Take commissions by brief").check()
    form.get_by_label("From which price on").fill("60")
    form.get_by_label("Personal").check()
    form.get_by_role("button", name="Keep these terms").click()
    expect(newcomer.get_by_text("Kept.")).to_be_visible()
    newcomer.get_by_label("EUR, Personal").fill("48")
    newcomer.get_by_role("button", name="Keep these prices").click()
    expect(newcomer.get_by_label("EUR, Personal")).to_have_value("48.00")


def sell(newcomer: Page, title: str) -> str:
    """The work goes on sale at the usual price, without its being typed again; returns the sale's address."""
    newcomer.goto("/selling/")
    newcomer.locator(".unsold a.hung", has_text=title).click()
    expect(newcomer.get_by_label("EUR, Personal")).to_have_value("48.00")
    newcomer.get_by_role("button", name="Put on sale").click()
    newcomer.wait_for_url("**/sales/*/")
    return newcomer.url


def buy(collector: Page, title: str) -> None:
    collector.goto("/artists/nadia-benali/")
    expect(collector.get_by_text("Takes commissions")).to_be_visible()
    expect(collector.get_by_text("Verified")).to_be_visible()
    collector.locator(".goods a", has_text=title).click()
    collector.get_by_role("button", name="Buy for €48.00").click()
    form = collector.frame_locator("#payment iframe")
    form.get_by_label("Card number").fill("4242 4242 4242 4242")
    form.get_by_label("Expir").fill("12 / 40")
    form.get_by_label("CVC").fill("123")
    collector.locator("form[data-payment]").get_by_role("button").first.click()
    collector.wait_for_url("**/orders/*/?*")


def test_from_the_application_to_the_payout(people: dict[str, Page], house: House) -> None:
    newcomer, collector, curator = people[WHO], people["collector"], people["curator"]
    shown, sold = have_a_work_made(house, 3), have_a_work_made(house, 4)
    apply(newcomer, shown)
    approve(curator)
    tell_the_provider(newcomer)
    open_the_shop(newcomer)
    newcomer.goto("/artists/nadia-benali/")
    expect(newcomer.get_by_role("heading", name=NAME)).to_be_visible()
    sell(newcomer, shown)
    assert sold not in newcomer.locator("body").inner_text()  # what was not shown is not an artist's work
    buy(collector, shown)

    share = (
        "SELECT s.amount FROM payments_share s JOIN accounts_user u ON u.id = s.payee_id"
        " WHERE u.email = %s AND s.release_at IS NOT NULL"
    )
    [(amount,)] = eventually(lambda: house.query(share, f"{WHO}@demo.test") or None)
    newcomer.goto("/earnings/")
    expect(newcomer.locator(".balance")).to_contain_text("On hold")
    # The holding period passes for us, and the provider's days for the provider.
    house.query(
        "UPDATE payments_share SET release_at = now() - interval '1 second' WHERE payee_id ="
        " (SELECT id FROM accounts_user WHERE email = %s) RETURNING 1",
        f"{WHO}@demo.test",
    )
    made = (
        "SELECT t.amount FROM payments_transfer t JOIN payments_share s ON s.id = t.share_id"
        " JOIN accounts_user u ON u.id = s.payee_id WHERE u.email = %s AND t.state = 'made'"
    )
    assert eventually(lambda: house.query(made, f"{WHO}@demo.test") or None, within=150) == [(amount,)]
    # What was sent becomes available, is paid out by the account's schedule, and arrives: each after some days.
    for _ in range(3):
        house.sandbox.post("/_sandbox/clock", json={"advance": TWO_WEEKS}).raise_for_status()
    newcomer.goto("/earnings/")
    paid = (
        "SELECT sum(p.amount) FROM payments_payout p JOIN payments_payoutaccount a ON a.id = p.account_id"
        " JOIN accounts_user u ON u.id = a.user_id WHERE u.email = %s AND p.status = 'paid' HAVING sum(p.amount) > 0"
    )
    assert eventually(lambda: house.query(paid, f"{WHO}@demo.test") or None) == [(amount,)]
    newcomer.goto("/earnings/")
    expect(newcomer.get_by_role("heading", name="To your bank")).to_be_visible()
    newcomer.goto("/notifications/")
    for told in ("You are an artist of the house", "You can be paid"):
        expect(newcomer.get_by_text(told).first).to_be_visible()
