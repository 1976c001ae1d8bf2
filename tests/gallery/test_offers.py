"""A model's offer on its page, and the order form that it leads to."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from generation.models import Job, TrainedModel, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.commissions.models import Commission
from marketplace.commissions.services import order_commission
from marketplace.listings.models import Listing
from tests.gallery import hanging
from tests.gallery.markup import Page, read
from tests.marketplace.modelling import offer_model, trained_model

SignedIn = Callable[[User], Client]


@pytest.fixture
def offered(artist: Artist) -> Listing:
    return offer_model(artist, price=3000)


@pytest.fixture
def model(offered: Listing) -> TrainedModel:
    assert offered.trained_model is not None
    return offered.trained_model


@pytest.fixture
def address(model: TrainedModel) -> str:
    return f"/models/{model.pk}/commission/"


def filled(page: Page, **more: Any) -> dict[str, Any]:
    """What a browser would send from this form."""
    names = ("truncation", "size", "class_name", "seed")
    sent = {"request_key": page.value_of("request_key"), "truncation": "0.8", "size": "512", "class_name": ""}
    return sent | {name: more[name] for name in names if name in more}


def test_the_model_page_offers_the_chosen_seed_any_seed_and_a_portrait(
    client: Client, model: TrainedModel, address: str
) -> None:
    page = read(client.get(f"/models/{model.pk}/?seed=42"))
    assert "€30.00" in page.html
    for query in ("?seed=42", "", "?engine=gan-project"):
        assert page.all("a", href=f"{address}{query}")
    assert not page.all("form", action=f"/models/{model.pk}/offer/")


def test_a_taken_seed_is_said_where_it_hangs(client: Client, user: User, offered: Listing, model: TrainedModel) -> None:
    order_commission(collector=user, listing_id=offered.pk, seed=42, parameters={})
    page = read(client.get(f"/models/{model.pk}/?seed=42"))
    assert "Seed 42 has its collector already." in page.html
    assert not page.all("a", href=f"/models/{model.pk}/commission/?seed=42")
    [square] = [link for link in page.all("a") if link["href"].startswith("?seed=42#")]
    assert square["class"] == "taken"


def test_what_is_not_open_is_not_offered(client: Client, model: TrainedModel, address: str, visitor: Client) -> None:
    Listing.objects.update(state=Listing.State.PAUSED)
    assert not read(client.get(f"/models/{model.pk}/")).all("a", href=f"{address}?seed=1")
    read(visitor.get(address), 404)
    read(visitor.get(f"/models/{uuid4()}/commission/"), 404)


def test_an_artist_sets_the_price_changes_it_and_pauses(artist: Artist, signed_in: SignedIn) -> None:
    model, browser = trained_model(artist, name="Rivers"), signed_in(artist.user)
    address = f"/models/{model.pk}/"
    assert "Sell what it paints" in read(browser.get(address)).html
    page = read(browser.post(f"{address}offer/", {"price": "12.50"}, follow=True))
    assert page.value_of("price") == "12.50"
    listing = Listing.objects.get(trained_model=model)
    assert (listing.price_amount, listing.state) == (1250, "published")
    browser.post(f"{address}offer/", {"price": "20"})
    listing.refresh_from_db()
    assert listing.price_amount == 2000
    terms = {"included_rerolls": "1", "most_rerolls": "3", "percent": "25"}
    browser.post(f"{address}offer/rerolls/", terms)
    refused = read(browser.post(f"{address}offer/rerolls/", terms | {"included_rerolls": "4"}, follow=True))
    assert "No more than there are in all." in refused.html
    listing.refresh_from_db()
    assert (listing.included_rerolls, listing.most_rerolls, listing.reroll_bps) == (1, 3, 2500)
    assert "Not for sale at present" in read(browser.post(f"{address}offer/pause/", follow=True)).html
    assert "Change the price" in read(browser.post(f"{address}offer/", {"price": "20"}, follow=True)).html


@pytest.mark.parametrize("price", ["0.5", "much", "", "1000000", "1.234"])
def test_a_price_that_is_none_is_refused(artist: Artist, signed_in: SignedIn, price: str) -> None:
    model = trained_model(artist)
    page = read(signed_in(artist.user).post(f"/models/{model.pk}/offer/", {"price": price}, follow=True))
    assert page.all("li", **{"class": "alert bad"})
    assert not Listing.objects.exists()


def test_nobody_else_sets_a_price(visitor: Client, model: TrainedModel) -> None:
    read(visitor.post(f"/models/{model.pk}/offer/", {"price": "1"}), 403)
    read(visitor.post(f"/models/{model.pk}/offer/pause/"), 403)
    terms = {"included_rerolls": "1", "most_rerolls": "3", "percent": "25"}
    read(visitor.post(f"/models/{model.pk}/offer/rerolls/", terms), 403)
    assert Listing.objects.get(trained_model=model).price_amount == 3000


def test_a_draft_has_no_price_yet(artist: Artist, signed_in: SignedIn) -> None:
    model = trained_model(artist, state="draft")
    page = read(signed_in(artist.user).get(f"/models/{model.pk}/"))
    assert not page.all("form", action=f"/models/{model.pk}/offer/")


def test_the_form_asks_what_the_engine_and_the_model_know(visitor: Client, model: TrainedModel, address: str) -> None:
    TrainedModel.objects.filter(pk=model.pk).update(directions=[{"number": 2, "name": "Waves"}])
    page = read(visitor.get(f"{address}?seed=42"))
    [seed] = page.all("input", name="seed")
    assert seed["value"] == "42"
    [truncation] = page.all("input", name="truncation")
    assert (truncation["type"], truncation["max"], truncation["value"]) == ("range", "1.5", "0.8")
    assert page.all("select", name="class_name")
    assert [option["value"] for option in page.all("option")] == [
        "",
        "dawn",
        "dusk",
        "512",
        "768",
        "1024",
        "1536",
        "2048",
    ]
    assert page.all("input", name="direction_2", type="range")
    assert "Waves" in page.html
    assert not page.all("input", name="photograph")
    assert "Vera Molnár is credited €21.00" in page.html


def test_an_order_of_a_seed_goes_on_to_its_payment(
    visitor: Client, user: User, model: TrainedModel, address: str
) -> None:
    TrainedModel.objects.filter(pk=model.pk).update(directions=[{"number": 2, "name": "Waves"}])
    sent = filled(read(visitor.get(f"{address}?seed=42")), seed="42", class_name="dusk") | {"direction_2": "1.5"}
    answer = visitor.post(f"{address}?seed=42", sent)
    commission = Commission.objects.get()
    assert answer.headers["Location"] == f"/commissions/{commission.pk}/pay/"
    assert (commission.collector, commission.trained_model, commission.seed) == (user, model, 42)
    assert commission.parameters == {
        "truncation": 0.8, "class_name": "dusk", "directions": [0.0, 0.0, 1.5], "size": 512,
    }  # fmt: skip
    # A double click, or the browser's way back, is the same order.
    assert visitor.post(f"{address}?seed=42", sent).headers["Location"] == answer.headers["Location"]


def test_left_empty_the_seed_is_drawn(visitor: Client, address: str) -> None:
    visitor.post(address, filled(read(visitor.get(address)), seed=""))
    assert Commission.objects.get().seed is not None


def test_a_seed_that_is_taken_is_said_before_and_after(
    visitor: Client, artist: Artist, offered: Listing, address: str
) -> None:
    order_commission(collector=artist.user, listing_id=offered.pk, seed=42, parameters={})
    page = read(visitor.get(f"{address}?seed=42"))
    assert "Seed 42 is taken." in page.html
    again = read(visitor.post(address, filled(page, seed="42")), 422)
    assert "It is taken: choose another seed." in again.html
    assert Commission.objects.count() == 1


@pytest.mark.parametrize("seed", ["-1", "x", str(2**53), "²"])
def test_a_seed_that_is_none_is_refused(visitor: Client, address: str, seed: str) -> None:
    page = read(visitor.get(f"{address}?seed={seed}"))
    again = read(visitor.post(address, filled(page, seed=seed)), 422)
    assert again.all("ul", id="id_seed_error")
    assert not Commission.objects.exists()


def test_a_portrait_takes_a_photograph(visitor: Client, user: User, address: str) -> None:
    page = read(visitor.get(f"{address}?engine=gan-project"))
    assert page.all("form", **{"data-uploads-url": "/api/v1/uploads/"})
    assert not page.all("input", name="seed")
    sent = {
        "request_key": page.value_of("request_key"), "photograph": str(hanging.photograph(user).pk), "steps": "20",
        "freedom": "0.5", "size": "512",
    }  # fmt: skip
    visitor.post(f"{address}?engine=gan-project", sent)
    commission = Commission.objects.get()
    assert (commission.engine, commission.parameters) == ("gan-project", {"steps": 20, "freedom": 0.5, "size": 512})
    shown = read(visitor.get(f"/commissions/{commission.pk}/"))
    assert "A portrait in Tides" in shown.html
    assert shown.all("figure")


def test_a_commission_names_its_model_everywhere(
    visitor: Client, user: User, offered: Listing, model: TrainedModel, artist: Artist
) -> None:
    commission = order_commission(collector=user, listing_id=offered.pk, seed=42, parameters={})
    for path in ("", f"{commission.pk}/", f"{commission.pk}/state/"):
        assert "Seed 42 of Tides" in read(visitor.get(f"/commissions/{path}")).html or path.endswith("state/")
    page = read(visitor.get(f"/commissions/{commission.pk}/"))
    assert page.all("a", href=f"/models/{model.pk}/")
    assert page.all("a", href=f"/artists/{artist.slug}/")


def test_a_work_by_a_model_links_to_it_as_long_as_one_may_see_it(
    client: Client, user: User, model: TrainedModel, artist: Artist
) -> None:
    work = hanging.work(user, engine="gan", style_artist=artist, visibility=Visibility.WALL, seed=42)
    Job.objects.filter(pk=work.job_id).update(trained_model=model)
    page = read(client.get(f"/works/{work.pk}/"))
    assert page.all("a", href=f"/models/{model.pk}/")
    assert "a model by" in page.html
    TrainedModel.objects.filter(pk=model.pk).update(state="withdrawn", state_before="published")
    page = read(client.get(f"/works/{work.pk}/"))
    assert not page.all("a", href=f"/models/{model.pk}/")
    assert "in the style of" in page.html
