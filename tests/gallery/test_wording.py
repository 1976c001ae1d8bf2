"""The page for a picture and a sentence: what was read, why, and what may be changed before it is ordered."""

from typing import Any

import pytest
from django.test import Client

from marketplace.accounts.models import Artist, User
from marketplace.commissions.models import Commission
from marketplace.listings import services as listings
from marketplace.listings.models import Listing
from payments.models import Payment
from tests.gallery import hanging
from tests.gallery.markup import Page, read
from tests.marketplace.accounts.people import curator
from tests.payments.provider import Provider

SENTENCE = "a frozen morning in silver"


@pytest.fixture
def house(artist: Artist) -> Listing:
    return listings.publish_engine_listing(curator=curator(), artist=artist, engine="stylist", price_amount=1900)


def page_of(browser: Client, sentence: str = SENTENCE) -> Page:
    return read(browser.get("/words/", {"sentence": sentence}))


def filled(page: Page, **changes: Any) -> dict[str, Any]:
    """The form as it stands on the page, with some changes."""
    fields = {found["name"]: found.get("value", "") for found in page.all("input") if "name" in found}
    radios = {found["name"] for found in page.all("input", type="radio")}
    return {name: value for name, value in fields.items() if name not in radios} | {"size": "512", **changes}


@pytest.mark.django_db
def test_without_a_sentence_the_page_shows_examples_and_the_styles(client: Client) -> None:
    page = read(client.get("/words/"))
    assert "Stained Glass" in page.html
    assert page.all("a", **{"class": "chip"})
    assert not page.all("input", name="use_palette")


def test_the_chosen_styles_stand_with_their_words_and_weights(client: Client, house: Listing) -> None:
    page = page_of(client)
    assert float(page.value_of("weight_frost")) > 0.5
    assert "frozen" in page.html
    assert "€19.00" in page.html
    assert page.all("input", name="use_palette", checked="")
    sizes = [int(option["value"]) for option in page.all("option")]
    assert (min(sizes), max(sizes)) == (512, 2048)  # and no print's, which this engine cannot paint
    assert "Sign in to order" in page.html


def test_words_are_struck_out_where_they_pulled_the_other_way_alone(client: Client, house: Listing) -> None:
    page = page_of(client, "a stormy sea in deep blue, calm and old")
    assert float(page.value_of("vividness")) < 0 < float(page.value_of("contrast"))
    _, _, contrast = page.html.partition('id="id_contrast_helptext"')
    contrast, _, vividness = contrast.partition('id="id_vividness_helptext"')
    assert '<li class="chip small ">old</li>' in vividness  # it is what made it less vivid
    assert '<li class="chip small against">calm</li>' in contrast
    assert '<li class="chip small ">stormy sea</li>' in contrast  # not "a stormy sea in"


def test_another_language_is_answered_on_the_page(client: Client, house: Listing) -> None:
    page = read(client.get("/words/", {"sentence": "ein Wintermorgen mit Schnee"}), status=422)
    assert "Only English is understood here" in page.html
    assert page.value_of("sentence") == "ein Wintermorgen mit Schnee"


def test_what_is_adjusted_is_what_is_ordered(visitor: Client, user: User, house: Listing, provider: Provider) -> None:
    photograph = hanging.photograph(user)
    changed = filled(page_of(visitor), photograph=str(photograph.pk), weight_frost="0.25", strength="0.8", light="-0.3")
    del changed["use_palette"]
    answer = visitor.post("/words/order/", changed)
    commission = Commission.objects.get()
    assert answer.headers["Location"] == f"/commissions/{commission.pk}/pay/"
    chosen = commission.parameters
    assert {"style": "frost", "weight": 0.25} in chosen["mix"]
    assert (chosen["strength"], chosen["light"], chosen["palette"], chosen["size"]) == (0.8, -0.3, [], 512)
    assert (commission.engine, commission.photograph, commission.price_amount) == ("stylist", photograph, 1900)
    visitor.post("/words/order/", changed)
    assert Commission.objects.count() == Payment.objects.count() == 1


def test_an_artists_style_is_ordered_from_the_artist(
    visitor: Client, user: User, listing: Listing, house: Listing, provider: Provider
) -> None:
    page = page_of(visitor, "an ink river, flowing lines")
    assert page.all("input", type="radio", value=str(listing.pk))
    changed = filled(page, photograph=str(hanging.photograph(user).pk), listing=str(listing.pk), listed="0.6")
    visitor.post("/words/order/", changed)
    commission = Commission.objects.get()
    assert (commission.listing, commission.price_amount) == (listing, listing.price_amount)
    assert {"style": "listed", "weight": 0.6} in commission.parameters["mix"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Choose a photograph first"),
        ({"photograph": "this", "strength": "3"}, "Choose a photograph first"),
        ({"all weights": "0"}, "Choose at least one style"),
        ({"size": "4096"}, "Size: Select a valid choice"),
    ],
)
def test_a_bad_order_says_why_and_keeps_what_was_chosen(
    visitor: Client, user: User, house: Listing, changes: dict[str, str], told: str
) -> None:
    form = filled(page_of(visitor), light="0.35", **{k: v for k, v in changes.items() if " " not in k})
    if "all weights" in changes:
        form |= {name: "0" for name in form if name.startswith("weight_")}
        form["photograph"] = str(hanging.photograph(user).pk)
    page = read(visitor.post("/words/order/", form), status=422)
    assert told in page.html
    assert page.value_of("light") == "0.35"
    assert not Commission.objects.exists()


def test_whoever_is_not_signed_in_orders_nothing(client: Client, house: Listing) -> None:
    assert client.post("/words/order/", {"sentence": SENTENCE}).status_code == 302
