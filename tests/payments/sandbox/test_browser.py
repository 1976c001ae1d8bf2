"""The browser's side in headless Chromium: the card form in its frame, declines, the bank's page."""

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.payments.sandbox.running import PUBLISHABLE_KEY, RunningSandbox

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]

SHOP = """<!doctype html>
<html lang="en"><title>Shop</title>
<script src="{sandbox}/v3/"></script>
<div id="payment"></div>
<button id="pay">Pay</button>
<p id="said" role="status"></p>
<script>
  const query = new URLSearchParams(location.search);
  const stripe = Stripe("{key}");
  const elements = stripe.elements({{
    clientSecret: query.get("secret"), appearance: {{ theme: query.get("theme") || "stripe" }},
  }});
  elements.create("payment", {{}}).mount("#payment");
  document.getElementById("pay").addEventListener("click", async () => {{
    const confirm = query.get("secret").startsWith("seti_") ? stripe.confirmSetup : stripe.confirmPayment;
    const {{ error, paymentIntent, setupIntent }} = await confirm({{
      elements, confirmParams: {{ return_url: location.origin + "/back" }},
      redirect: query.get("redirect") || "if_required",
    }});
    const said = error ? `${{error.code}}: ${{error.message}}` : (paymentIntent || setupIntent).status;
    document.getElementById("said").textContent = said;
  }});
</script>
</html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab; nothing may go wrong in its scripts."""
    page = browser.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda failure: failures.append(str(failure)))
    yield page
    page.close()
    assert failures == []


@pytest.fixture(scope="module")
def shop(sandbox: RunningSandbox) -> Iterator[str]:
    """A shop on an origin of its own."""
    content = SHOP.format(sandbox=sandbox.url, key=PUBLISHABLE_KEY).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            # As strict as our own pages: Stripe.js must do with these.
            self.send_header(
                "Content-Security-Policy",
                f"default-src 'none'; script-src 'unsafe-inline' {sandbox.url}; frame-src {sandbox.url}; "
                f"connect-src {sandbox.url}; style-src 'self'",
            )
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class names it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def intent(client: stripe.StripeClient) -> stripe.PaymentIntent:
    """An intent that waits for a card."""
    return client.v1.payment_intents.create({"amount": 2500, "currency": "eur", "capture_method": "manual"})


def pay(page: Page, number: str, *, expiry: str = "12 / 40", cvc: str = "123") -> None:
    """Fill the card form as a person would, and press Pay."""
    card = page.frame_locator("iframe[title='Secure payment input frame']")
    card.get_by_label("Card number").fill("")
    card.get_by_label("Card number").press_sequentially(number)
    card.get_by_label("Expiration date").fill(expiry)
    card.get_by_label("Security code").fill(cvc)
    page.get_by_role("button", name="Pay").click()


def test_a_card_is_typed_into_the_frame_and_the_money_is_held(
    page: Page, shop: str, client: stripe.StripeClient, intent: stripe.PaymentIntent
) -> None:
    page.goto(f"{shop}/?secret={intent.client_secret}")
    card = page.frame_locator("iframe[title='Secure payment input frame']")
    expect(card.get_by_text("Test mode: use 4242 4242 4242 4242")).to_be_visible()
    pay(page, "4242424242424242")
    expect(page.get_by_role("status")).to_have_text("requires_capture")
    expect(card.get_by_label("Card number")).to_have_value("4242 4242 4242 4242")
    assert client.v1.payment_intents.retrieve(intent.id).amount_capturable == 2500


def test_a_decline_is_handed_to_the_page_and_another_card_works(
    page: Page, shop: str, intent: stripe.PaymentIntent
) -> None:
    page.goto(f"{shop}/?secret={intent.client_secret}")
    pay(page, "4000000000009995")
    expect(page.get_by_role("status")).to_have_text("card_declined: Your card has insufficient funds.")
    pay(page, "5555555555554444")
    expect(page.get_by_role("status")).to_have_text("requires_capture")


def test_a_mistyped_card_is_said_beside_its_field(page: Page, shop: str, intent: stripe.PaymentIntent) -> None:
    page.goto(f"{shop}/?secret={intent.client_secret}&theme=night")
    pay(page, "4242424242424241", expiry="12 / 20", cvc="1")
    card = page.frame_locator("iframe[title='Secure payment input frame']")
    expect(card.get_by_text("Your card number is invalid.")).to_be_visible()
    expect(card.get_by_text("Your card's expiration date is in the past.")).to_be_visible()
    expect(card.get_by_text("Your card's security code is incomplete.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("invalid_number: Your card number is invalid.")
    expect(card.locator("html")).to_have_css("color-scheme", "dark")


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("Complete authentication", "requires_capture"),
        ("Fail authentication", "payment_intent_authentication_failure: We are unable to authenticate"),
    ],
)
def test_the_bank_asks_in_a_dialog(page: Page, shop: str, intent: stripe.PaymentIntent, button: str, said: str) -> None:
    page.goto(f"{shop}/?secret={intent.client_secret}")
    pay(page, "4000002500003155")
    bank = page.frame_locator("iframe[title='Bank authentication']")
    bank.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_contain_text(said)
    expect(page.locator("dialog")).to_have_count(0)


def test_the_page_is_left_for_the_return_address(page: Page, shop: str, intent: stripe.PaymentIntent) -> None:
    page.goto(f"{shop}/?secret={intent.client_secret}&redirect=always")
    pay(page, "4242424242424242")
    page.wait_for_url(
        f"{shop}/back?payment_intent={intent.id}&payment_intent_client_secret=*&redirect_status=succeeded"
    )


def test_a_card_is_set_up_for_later(page: Page, shop: str, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Collector"}).id
    setup = client.v1.setup_intents.create({"customer": customer})
    page.goto(f"{shop}/?secret={setup.client_secret}")
    pay(page, "4000002500003155")
    bank = page.frame_locator("iframe[title='Bank authentication']")
    bank.get_by_role("button", name="Complete authentication").click()
    expect(page.get_by_role("status")).to_have_text("succeeded")
    (kept,) = client.v1.payment_methods.list({"customer": customer, "type": "card"}).data
    assert kept.card is not None
    assert kept.card.last4 == "3155"


def test_an_artist_fills_in_the_onboarding_page(page: Page, shop: str, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create(
        {"type": "express", "country": "DE", "capabilities": {"transfers": {"requested": True}}}
    )
    link = client.v1.account_links.create(
        {
            "account": account.id,
            "type": "account_onboarding",
            "return_url": f"{shop}/welcome",
            "refresh_url": f"{shop}/again",
        }
    )
    page.goto(link.url)
    answers = {"First name": "Ada", "Last name": "Painter", "Date of birth": "1990-03-02"}
    answers |= {"Street and number": "Hauptstrasse 1", "Postal code": "10115", "City": "Berlin"}
    for label, answer in answers.items():
        page.get_by_label(label).fill(answer)
    number = page.get_by_label("IBAN or account number")
    number.fill("DE12")
    page.get_by_role("button", name="Agree and submit").click()
    expect(page.get_by_role("alert")).to_contain_text("valid IBAN")
    expect(page.get_by_label("Date of birth")).to_have_value("1990-03-02")
    number.fill("DE89370400440532013000")
    page.get_by_role("button", name="Agree and submit").click()
    page.wait_for_url(f"{shop}/welcome")
    assert client.v1.accounts.retrieve(account.id).payouts_enabled
