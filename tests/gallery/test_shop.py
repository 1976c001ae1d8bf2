"""An artist's shop and profile: every option has an effect that others see."""

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from generation.models import Artwork, Upload
from marketplace.accounts.models import Artist
from marketplace.core import storage
from marketplace.core.storage import Bucket
from payments.models import PayoutAccount
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.generation.conftest import encoded
from tests.marketplace.listings.selling import on_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def artist() -> Artist:
    return hanging.artist()


@pytest.fixture
def shop(artist: Artist, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("payments.gateway.countries_served", lambda: frozenset({"FR", "PT", "US"}))
    client = Client()
    client.force_login(artist.user)
    return client


def own(artist: Artist) -> Any:
    client = APIClient()
    client.force_login(artist.user)
    return client.get("/api/v1/shop/").json()


def test_the_door_is_opened_and_everybody_sees_on_which_terms(shop: Client, artist: Artist) -> None:
    work = hanging.work(artist.user)
    hanging.draw_cards()
    said = {
        "terms-is_open": "on", "terms-queue_limit": "3", "terms-min_price_amount": "40", "terms-licences": ["print"],
        "terms-text": "Harbours only.",
    }  # fmt: skip
    assert shop.post("/shop/commissions/", said).status_code == 302
    page = Client().get(f"/artists/{artist.slug}/").content.decode()
    for words in ("Takes commissions", "€40.00", "Print licence", "0 of 3 places taken", "Harbours only.", work.title):
        assert words in page
    shown = APIClient().get(f"/api/v1/artists/{artist.slug}/").json()["commissions"]
    assert (shown["queue_limit"], shown["min_price_amount"], shown["licences"]) == (3, 4000, ["print"])
    shop.post("/shop/commissions/", {name: value for name, value in said.items() if name != "terms-is_open"})
    assert "Takes commissions" not in Client().get(f"/artists/{artist.slug}/").content.decode()
    assert read(shop.post("/shop/commissions/", said | {"terms-queue_limit": "1000"}), 422).all(
        "ul", id="id_terms-queue_limit_error"
    )


def test_usual_prices_are_where_a_new_sale_begins(shop: Client, artist: Artist) -> None:
    work = hanging.work(artist.user)
    assert shop.post("/shop/prices/", {"price_personal_eur": "48", "price_print_usd": "95.50"}).status_code == 302
    form = read(shop.get(f"/works/{work.pk}/sell/"))
    asked = {
        field["name"]: field.get("value") for field in form.all("input") if field.get("name", "").startswith("price_")
    }
    assert {name: value for name, value in asked.items() if value} == {
        "price_personal_eur": "48.00", "price_print_usd": "95.50",
    }  # fmt: skip
    assert [(one["licence"], one["amount"]) for one in own(artist)["usual_prices"]] == [
        ("personal", 4800),
        ("print", 9550),
    ]
    assert read(shop.post("/shop/prices/", {"price_personal_eur": "0.01"}), 422).all(
        "ul", id="id_price_personal_eur_error"
    )
    assert len(own(artist)["usual_prices"]) == 2
    shop.post("/shop/prices/", {})
    assert own(artist)["usual_prices"] == []


def test_a_style_is_lent_and_taken_back(shop: Client, artist: Artist) -> None:
    work = hanging.work(artist.user, title="Low Tide")
    shop.post("/shop/styles/", {"artwork": str(work.pk), "share": "12.5"})
    [lent] = APIClient().get("/api/v1/style-terms/").json()["results"]
    assert (lent["artwork"], lent["share_bps"]) == (str(work.pk), 1250)
    assert "12.5 % of what the seller gets" in shop.get("/shop/").content.decode()
    others = hanging.work(hanging.artist().user)
    assert shop.post("/shop/styles/", {"artwork": str(others.pk), "share": "10"}).status_code == 422
    shop.post(f"/shop/styles/{lent['id']}/withdraw/")
    assert APIClient().get("/api/v1/style-terms/").json()["results"] == []


def test_the_tax_country_is_chosen_until_the_payout_account_has_one(shop: Client, artist: Artist) -> None:
    page = shop.get("/shop/").content.decode()
    assert "You cannot be paid yet." in page
    assert own(artist)["missing"] == ["an account at the payment provider"]
    shop.post("/shop/country/", {"tax_country": "PT"})
    assert own(artist)["tax_country"] == "PT"
    for address in ("/shop/", "/earnings/"):  # where one is taxed is where one will be paid
        assert '<option value="PT" selected>' in shop.get(address).content.decode()
    account = PayoutAccount.objects.create(
        user=artist.user, country="PT", stripe_id="acct_1", details_submitted=True,
        requirements=["individual.dob.day", "external_account"],
    )  # fmt: skip
    assert shop.post("/shop/country/", {"tax_country": "FR"}).status_code == 422
    assert own(artist)["tax_country"] == "PT"
    assert own(artist)["missing"] == ["your date of birth", "a bank account"]
    assert "your date of birth" in shop.get("/shop/").content.decode()
    assert not APIClient().get(f"/api/v1/artists/{artist.slug}/").json()["is_verified"]
    account.transfers_active = account.payouts_enabled = True
    account.requirements = []
    account.save()
    assert (own(artist)["is_payable"], own(artist)["missing"]) == (True, [])
    assert "You cannot be paid yet." not in shop.get("/shop/").content.decode()
    assert "Verified" in Client().get(f"/artists/{artist.slug}/").content.decode()
    assert APIClient().get("/api/v1/artists/").json()["results"][0]["is_verified"]


def test_a_portrait_is_cut_from_an_upload_and_taken_away(shop: Client, artist: Artist) -> None:
    upload = hanging.photograph(artist.user)
    storage.put(Bucket.PRIVATE, upload.key, encoded(Image.new("RGB", (90, 60), "teal")), media_type="image/png")
    said = {"name": "Vera M.", "bio": "Rules.", "links": "https://are.na/vera", "input_portrait": str(upload.pk)}
    assert shop.post("/shop/profile/", said).status_code == 302
    key = artist.portrait.key
    with Image.open(io.BytesIO(storage.get(Bucket.PUBLIC, key))) as cut:
        assert (cut.format, cut.size) == ("WEBP", (480, 480))
    shown = APIClient().get(f"/api/v1/artists/{artist.slug}/").json()
    assert (shown["name"], shown["links"], key in shown["portrait"]) == ("Vera M.", ["https://are.na/vera"], True)
    assert "Are.na" in Client().get(f"/artists/{artist.slug}/").content.decode()
    others = hanging.photograph(hanging.artist().user)
    client = APIClient()
    client.force_login(artist.user)
    refused = client.patch(f"/api/v1/artists/{artist.slug}/", {"portrait": str(others.pk)}, format="json")
    assert refused.json()["code"] == "portrait-unusable"
    held = Upload.objects.get(pk=upload.pk)
    assert client.patch(f"/api/v1/artists/{artist.slug}/", {"portrait": None}, format="json").json()["portrait"] is None
    assert storage.head(Bucket.PUBLIC, key) is None
    assert held.state == "ready"
    bad = shop.post("/shop/profile/", said | {"links": "https://10.0.0.1/"})
    assert read(bad, 422).all("ul", id="id_links_error")


def test_the_page_shows_what_is_for_sale_and_a_suspension(shop: Client, artist: Artist) -> None:
    work: Artwork = hanging.work(artist.user, title="Ink River")
    sale = on_sale(work)
    address = f"/artists/{artist.slug}/"
    assert f"/sales/{sale.pk}/" in Client().get(address).content.decode()
    assert APIClient().get(f"/api/v1{address}").json()["sales"][0]["id"] == str(sale.pk)
    Artist.objects.filter(pk=artist.pk).update(state="suspended", suspended_for="Copies.")
    page = Client().get(address).content.decode()
    assert "Not taking part at present" in page
    assert f"/sales/{sale.pk}/" not in page
    assert "Copies." not in page
    assert "Copies." in shop.get("/shop/").content.decode()
    assert shop.post("/shop/prices/", {"price_personal_eur": "48"}).status_code == 403


def test_a_shop_is_an_artists_alone(client: Client, visitor: Client) -> None:
    assert client.get("/shop/").headers["Location"].startswith("/accounts/login/")
    assert visitor.post("/shop/prices/", {}).status_code == 403
    assert visitor.get("/shop/profile/").status_code == 403
