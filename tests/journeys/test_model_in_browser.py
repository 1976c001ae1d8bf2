"""From an artist's pictures to a collector's own, by the pages alone: a dataset, a training, a model, its seed 42."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.generation.learning.conftest import painted, zipped
from tests.journeys.conftest import House
from tests.journeys.test_commission_in_browser import CHROMIUM, PATIENCE, chromium, enter_card, page, sign_in

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]
PICTURES, SEED = 200, 42
FAR = 8.0  # steps of 1/255
TRAINING = 300_000  # milliseconds, on a busy machine without a GPU; a minute at most on a quiet one


@pytest.fixture
def collector(chromium: Browser, house: House) -> Iterator[Page]:
    """Another person's browser."""
    context = chromium.new_context(base_url=house.url, viewport={"width": 1280, "height": 860})
    other = context.new_page()
    sign_in(other, house)
    yield other
    context.close()


def fill_dataset(page: Page, name: str, archive: Path) -> None:
    """Two hundred pictures, vouched for and closed for learning."""
    page.goto("/datasets/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Begin it").click()
    page.wait_for_url("**/datasets/*/")
    page.get_by_label("I made it myself").check()
    page.get_by_label("Choose a zip file").set_input_files(str(archive))
    expect(page.get_by_text("1 file sent.")).to_be_visible(timeout=PATIENCE)
    state = page.get_by_label("What is in it")
    expect(state).to_contain_text(f"{PICTURES} pictures to learn from", timeout=TRAINING)
    close = page.get_by_role("button", name="Close it for learning")
    expect(close).to_be_enabled(timeout=PATIENCE)
    close.click()
    expect(state).to_contain_text("Ready to learn from", timeout=PATIENCE)


def train(page: Page, dataset: str, model: str) -> None:
    """A small budget, watched until the model is there."""
    page.goto("/trainings/new/")
    page.get_by_role("link", name=dataset).click()
    page.get_by_role("link", name="Train a GAN").click()
    page.get_by_label("Name of the model").fill(model)
    page.get_by_label("Resolution").select_option("32")
    page.get_by_text("More", exact=True).click()
    for label, value in {"Images": "320", "Width": "8", "Latent size": "16", "Validate every": "320"}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/trainings/*/")
    expect(page.get_by_role("heading", name="The model is there")).to_be_visible(timeout=TRAINING)
    page.get_by_role("link", name=f"Look at {model}").click()
    page.wait_for_url("**/models/*/")


def publish(page: Page, price: str) -> None:
    """Open to all, at a price."""
    page.get_by_role("button", name="Open it to all").click()
    page.get_by_label("Price of a picture").fill(price)
    page.get_by_role("button", name="Offer it", exact=True).click()
    expect(page.get_by_text("It can be commissioned now.")).to_be_visible()


def cells(page: Page) -> dict[int, Image.Image]:
    """The pictures on the model's sheet, by their seeds."""
    address = page.locator(".sheet img").get_attribute("src")
    assert address is not None
    sheet = Image.open(io.BytesIO(httpx.get(address).content)).convert("RGB")
    side = sheet.width // 8
    return {
        seed: sheet.crop((x := (seed - 1) % 8 * side, y := (seed - 1) // 8 * side, x + side, y + side))
        for seed in range(1, 65)
    }


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures differ, in steps of 1/255 a colour."""
    smaller = one.convert("RGB").resize(other.size, Image.Resampling.LANCZOS)
    return float(np.abs(np.asarray(smaller, dtype=float) - np.asarray(other, dtype=float)).mean())


def test_an_artist_trains_a_model_and_a_collector_commissions_seed_42(
    page: Page, collector: Page, house: House, tmp_path: Path
) -> None:
    name = f"Patterns {tmp_path.name}"[-40:]
    archive = tmp_path / "works.zip"
    archive.write_bytes(zipped({f"{number}.png": painted(number) for number in range(PICTURES)}))
    sign_in(page, house, "artist")
    fill_dataset(page, name, archive)
    train(page, name, name)
    publish(page, "30")

    collector.goto(page.url)
    shown = cells(collector)
    collector.locator(f'.sheet a[href^="?seed={SEED}#"]').click()
    collector.get_by_role("link", name="Commission this seed").click()
    expect(collector.get_by_label("Seed", exact=True)).to_have_value(str(SEED))
    collector.get_by_role("button", name="Order and pay").click()
    collector.wait_for_url("**/pay/")
    enter_card(collector, "4242 4242 4242 4242")
    expect(collector.get_by_role("heading", name="Here it is")).to_be_visible(timeout=PATIENCE)
    collector.get_by_role("button", name="Accept and pay").click()
    expect(collector.get_by_role("heading", name="It is yours")).to_be_visible(timeout=PATIENCE)
    with collector.expect_download() as download:
        collector.get_by_role("link", name="Download the original").click()
    picture = Image.open(download.value.path())

    # What they own is what they saw on the sheet, and is not what any other seed would have given.
    differences = {seed: apart(picture, cell) for seed, cell in shown.items()}
    assert min(differences, key=lambda seed: differences[seed]) == SEED
    assert differences[SEED] < FAR  # the sheet is smaller and lossy; measured: 4.1

    collector.get_by_role("link", name="In my collection").click()
    collector.locator("ul.wall a.hung").first.click()
    expect(collector.get_by_role("heading", level=1)).to_contain_text(f"Seed {SEED} of {name}")
    collector.get_by_role("link", name="Its recipe and its origin").click()
    collector.get_by_role("main").get_by_role("link", name=name).first.click()
    collector.locator(f'.sheet a[href^="?seed={SEED}#"]').click()
    expect(collector.get_by_text(f"Seed {SEED} has its collector already.")).to_be_visible()
    assert_one_of_each(house, name)


def assert_one_of_each(house: House, name: str) -> None:
    """One artwork by the model, one charge, and what the artist is owed for it, whatever was clicked."""
    [(model_hash,)] = house.query("SELECT model_hash FROM generation_trainedmodel WHERE name = %s", name)
    works = house.query("SELECT id, seed, engine FROM generation_artwork WHERE model_hash = %s", model_hash)
    assert [work[1:] for work in works] == [(SEED, "gan")]
    [(state, payment, reference)] = house.query(
        "SELECT c.state, p.intent_id, p.reference FROM commissions_commission c"
        " JOIN payments_payment p ON p.id = c.payment_id WHERE c.artwork_id = %s", works[0][0],
    )  # fmt: skip
    assert state == "delivered"
    intent: dict[str, Any] = house.sandbox.get(f"/v1/payment_intents/{payment}").json()
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 3000)
    posted = house.query(
        "SELECT p.amount FROM payments_posting p JOIN payments_entry e ON e.id = p.entry_id"
        " JOIN payments_account a ON a.id = p.account_id JOIN payments_payment y ON y.id = e.payment_id"
        " WHERE y.reference = %s AND a.code LIKE 'payee:%%'", reference,
    )  # fmt: skip
    assert posted == [(-2100,)]
