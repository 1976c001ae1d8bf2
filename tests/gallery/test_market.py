"""What is for sale on pages: tags on the wall, cards, the market, the seller's forms, offers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.listings import services
from marketplace.listings.models import Offer, Release, Sale
from marketplace.listings.services import AskedPrice, Series, Terms
from marketplace.orders.models import Ownership
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.marketplace.listings.selling import drafted, edition_sold, issued, offered, on_sale, soon
from tests.marketplace.modelling import trained_model

SignedIn = Callable[[User], Client]
PRINT = AskedPrice("print", "eur", 15_000)
PERSONAL = AskedPrice("personal", "eur", 5000)
SOLD = {"title": "Ink River", "editions": "limited", "size": "5", "royalty": "7.5", "price_personal_eur": "40.00"}


def test_a_work_on_the_wall_says_what_it_costs(client: Client, artwork: Artwork, artist: Artist) -> None:
    on_sale(artwork, PRINT, PERSONAL)
    drop = hanging.work(artist.user)
    on_sale(drop, opens_at=soon(days=2))
    hanging.work(artist.user)
    hanging.draw_cards()
    page = read(client.get("/"))
    assert len([tag for tag in page.all("span") if tag.get("class") == "price-tag"]) == 2
    assert "€50.00" in page.html
    assert "Opens " in page.html


@pytest.mark.parametrize("sales", [2, 8])
def test_the_market_needs_no_more_queries_for_more_sales(
    client: Client, artist: Artist, sales: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(sales):
        on_sale(hanging.work(artist.user), PERSONAL, PRINT)
    with django_assert_max_num_queries(6):
        page = read(client.get("/market/"))
    assert len([link for link in page.all("a") if link["href"].startswith("/sales/")]) == sales


def test_the_market_goes_on_behind_the_last_sale_shown(
    client: Client, artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.pages.sales.PAGE", 2)
    sales = [on_sale(hanging.work(artist.user)) for _ in range(5)]
    shown, address = [], "/market/?before=nonsense"
    while address:
        page = read(client.get(address))
        shown += [link["href"].split("/")[2] for link in page.all("a") if link["href"].startswith("/sales/")]
        on = [link["href"] for link in page.all("a") if "before=" in link["href"]]
        address = f"/market/{on[0]}" if on else ""
    assert shown == [str(sale.pk) for sale in reversed(sales)]


def test_a_works_page_offers_each_licence_and_says_how_many_are_left(
    client: Client, visitor: Client, artwork: Artwork
) -> None:
    sale = on_sale(artwork, PERSONAL, PRINT, AskedPrice("personal", "usd", 5600), size=25, takes_offers=True)
    edition_sold(sale.issued)
    page = read(visitor.get(f"/works/{artwork.pk}/"))
    assert [radio["value"] for radio in page.all("input", name="licence")] == ["personal", "print"]
    assert "€50.00 · $56.00" in page.html
    assert "24 of 25 left" in page.html
    assert page.all("a", href=f"/sales/{sale.pk}/offer/")
    assert "Sign in to buy" in read(client.get(f"/works/{artwork.pk}/")).html


def test_a_drop_counts_down_and_cannot_be_bought(visitor: Client, artwork: Artwork) -> None:
    sale = on_sale(artwork, opens_at=soon(hours=5))
    page = read(visitor.get(f"/sales/{sale.pk}/"))
    [countdown] = [found for found in page.all("time") if "data-countdown" in found]
    assert countdown["data-countdown"] == "Opens in"
    assert not [button for button in page.all("button") if button.get("class") == "button"]


def test_what_is_for_a_list_says_so(visitor: Client, user: User, artwork: Artwork) -> None:
    sale = on_sale(artwork, allowlist_until=soon(hours=5))
    assert "For everybody in" in read(visitor.get(f"/sales/{sale.pk}/")).html
    services.allow(seller=sale.seller, sale_id=sale.pk, people=[user.email])
    assert "For everybody in" not in read(visitor.get(f"/sales/{sale.pk}/")).html


def test_drafts_and_private_sales_are_not_shown(client: Client, visitor: Client, artwork: Artwork) -> None:
    draft = drafted(issued(artwork))
    read(client.get(f"/sales/{draft.pk}/"), 404)
    read(visitor.get(f"/sales/{draft.pk}/"), 404)
    services.publish_sale(seller=draft.seller, sale_id=draft.pk)
    Artwork.objects.update(visibility=Visibility.HELD)
    assert not read(client.get("/market/")).all("a", href=f"/sales/{draft.pk}/")


def test_the_market_is_filtered_by_kind(client: Client, artwork: Artwork, artist: Artist) -> None:
    single = on_sale(hanging.work(artist.user), size=1)
    editions, drop = on_sale(artwork), on_sale(hanging.work(artist.user), opens_at=soon(days=1))
    release = services.issue_series(
        artist_user=artist.user, series=Series(trained_model(artist).pk, "gan"), terms=Terms(size=9)
    )
    series = services.publish_sale(seller=artist.user, sale_id=drafted(release).pk)
    for kind, expected in [
        ("single", {single}), ("edition", {editions, drop}), ("series", {series}), ("drop", {drop}), ("resale", set()),
        ("", {single, editions, drop, series}),
    ]:  # fmt: skip
        page = read(client.get(f"/market/?kind={kind}"))
        shown = {link["href"].split("/")[2] for link in page.all("a") if link["href"].startswith("/sales/")}
        assert shown == {str(sale.pk) for sale in expected}, kind


def test_an_artist_issues_and_sells_in_one_go(artist: Artist, artwork: Artwork, signed_in: SignedIn) -> None:
    browser = signed_in(artist.user)
    assert read(browser.get(f"/works/{artwork.pk}/")).all("a", href=f"/works/{artwork.pk}/sell/")
    read(browser.get(f"/works/{artwork.pk}/sell/"))
    friend = hanging.artist("Friend").user
    form = SOLD | {"contributors": f"{friend.email} 10\n", "price_print_usd": "99", "per_buyer": "2"}
    answer = browser.post(f"/works/{artwork.pk}/sell/", form)
    sale, release = Sale.objects.get(), Release.objects.get()
    assert answer["Location"] == f"/sales/{sale.pk}/"
    assert (sale.state, sale.per_buyer, release.size, release.royalty_bps) == ("open", 2, 5, 750)
    assert set(sale.prices.values_list("licence", "currency", "amount")) == {
        ("personal", "eur", 4000), ("print", "usd", 9900),
    }  # fmt: skip
    assert release.contributors.get().share_bps == 1000
    assert browser.get(f"/works/{artwork.pk}/sell/")["Location"] == f"/releases/{release.pk}/sell/"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"size": ""}, "size"),
        ({"editions": "timed"}, "closes_at"),
        ({"contributors": "somebody"}, "contributors"),
        ({"contributors": "nobody@example.com 10"}, "contributors"),
        ({"price_personal_eur": "0.10"}, "price_personal_eur"),
        ({"royalty": "30"}, "royalty"),
    ],
)
def test_a_form_says_what_is_wrong_and_issues_nothing(
    artist: Artist, artwork: Artwork, signed_in: SignedIn, wrong: dict[str, str], field: str
) -> None:
    page = read(signed_in(artist.user).post(f"/works/{artwork.pk}/sell/", SOLD | wrong), 422)
    assert page.all("ul", id=f"id_{field}_error")
    assert not Release.objects.exists()


def test_a_sale_that_cannot_be_leaves_no_release(artist: Artist, artwork: Artwork, signed_in: SignedIn) -> None:
    wrong = SOLD | {"people": "no address"}
    read(signed_in(artist.user).post(f"/works/{artwork.pk}/sell/", wrong), 422)
    assert not Release.objects.exists()


def test_a_draft_is_published_paused_and_taken_off(artist: Artist, artwork: Artwork, signed_in: SignedIn) -> None:
    browser = signed_in(artist.user)
    browser.post(f"/works/{artwork.pk}/sell/", SOLD | {"draft": "yes"})
    sale = Sale.objects.get()
    for act, state in [("publish", "open"), ("pause", "paused"), ("publish", "open"), ("cancel", "cancelled")]:
        browser.post(f"/sales/{sale.pk}/{act}/")
        sale.refresh_from_db()
        assert sale.state == state
    assert "Taken off" in read(browser.get("/selling/")).html


def test_a_paused_sale_is_changed(artist: Artist, artwork: Artwork, signed_in: SignedIn, visitor: Client) -> None:
    browser, sale = signed_in(artist.user), on_sale(artwork, PERSONAL, per_buyer=2)
    address = f"/sales/{sale.pk}/change/"
    read(browser.get(address), 404)  # pause it first
    services.pause_sale(seller=artist.user, sale_id=sale.pk)
    page = read(browser.get(address))
    assert (page.value_of("price_personal_eur"), page.value_of("per_buyer")) == ("50.00", "2")
    browser.post(address, {"price_personal_eur": "70", "people": "ada@example.com"})
    sale.refresh_from_db()
    assert (sale.prices.get().amount, sale.per_buyer, sale.allowed.count()) == (7000, None, 1)
    read(visitor.get(address), 404)


def test_the_list_of_a_sale_is_changed_on_its_page(
    artist: Artist, artwork: Artwork, signed_in: SignedIn, visitor: Client, user: User
) -> None:
    browser = signed_in(artist.user)
    sale = on_sale(artwork, opens_at=soon(hours=1), allowlist_until=soon(hours=5))
    address = f"/sales/{sale.pk}/list/"
    assert read(browser.get("/selling/")).all("a", href=address)
    browser.post(address, {"people": f"ada@example.com\n{user.pk}"})
    page = read(browser.get(address))
    assert "2 on the list" in page.html
    assert "ada@example.com" in page.html
    wrong = read(browser.post(address, {"people": "nobody"}), 422)
    assert "neither an address nor an id" in wrong.html
    ada = sale.allowed.get(email="ada@example.com")
    browser.post(address, {"one": [str(ada.pk)], "remove": "yes"})
    assert [one.user for one in sale.allowed.all()] == [user]
    read(visitor.get(address), 404)
    services.cancel_sale(by=artist.user, sale_id=sale.pk)
    read(browser.get(address), 404)


def test_a_licence_is_paid_in_the_currencies_that_it_has_a_price_in(artwork: Artwork, visitor: Client) -> None:
    sale = on_sale(artwork, PERSONAL, AskedPrice("personal", "usd", 5500), AskedPrice("print", "usd", 9900))
    page = read(visitor.get(f"/sales/{sale.pk}/"))
    assert [one["value"] for one in page.all("option")] == ["eur", "usd"]
    assert page.value_of("currency-print") == "usd"


def test_nobody_sells_anothers_work(visitor: Client, artwork: Artwork) -> None:
    read(visitor.get(f"/works/{artwork.pk}/sell/"), 404)
    sale = on_sale(artwork)
    read(visitor.get(f"/releases/{sale.issued.pk}/sell/"), 404)
    assert visitor.post(f"/sales/{sale.pk}/pause/").status_code == 403
    assert Sale.objects.get().state == "open"


def test_a_models_series_is_sold(artist: Artist, signed_in: SignedIn, client: Client) -> None:
    model, browser = trained_model(artist), signed_in(artist.user)
    assert read(browser.get(f"/models/{model.pk}/")).all("a", href=f"/models/{model.pk}/sell/")
    browser.post(f"/models/{model.pk}/sell/", SOLD | {"title": "Tides"})
    sale = Sale.objects.get()
    assert (sale.issued.engine, sale.issued.size) == ("gan", 5)
    assert "each of its own" in read(client.get(f"/sales/{sale.pk}/")).html


@pytest.fixture
def owned(artwork: Artwork, user: User) -> Ownership:
    edition = edition_sold(issued(artwork))
    return Ownership.objects.create(edition=edition, owner=user, licence_id="personal", source="test:1")


def test_an_owner_sells_on(owned: Ownership, visitor: Client, client: Client) -> None:
    address = f"/editions/{owned.edition.pk}/sell/"
    assert "Of the price 10 % go to" in read(visitor.get(address)).html
    visitor.post(address, {"price_personal_eur": "80"})
    sale = Sale.objects.get()
    page = read(client.get(f"/sales/{sale.pk}/"))
    assert "10 % of the price, €8.00, goes to" in page.html
    assert "Edition 1 of 3" in page.html
    read(visitor.get(f"/editions/{issued(hanging.work(sale.issued.artist.user)).editions.first().pk}/sell/"), 404)  # type: ignore[union-attr]  # there is one


BID = {"currency": "eur", "amount": "30", "licence": "personal", "days": "3", "message": "Please.", "request_key": "k"}


def test_an_offer_is_made_answered_and_agreed(
    visitor: Client, artwork: Artwork, artist: Artist, signed_in: SignedIn
) -> None:
    sale, seller = on_sale(artwork, takes_offers=True), signed_in(artist.user)
    read(visitor.get(f"/sales/{sale.pk}/offer/"))
    for _ in range(2):  # a double click
        assert visitor.post(f"/sales/{sale.pk}/offer/", BID)["Location"] == "/offers/"
    offer = Offer.objects.get()
    assert (offer.amount, offer.message) == (3000, "Please.")
    assert "Accept €30.00" in read(seller.get("/offers/")).html
    seller.post(f"/offers/{offer.pk}/counter/", {"amount": "45", "message": ""})
    answer = Offer.objects.get(answers=offer)
    page = read(visitor.get("/offers/"))
    assert "Accept €45.00" in page.html
    assert "€30.00" in page.html
    visitor.post(f"/offers/{answer.pk}/accept/")
    answer.refresh_from_db()
    assert answer.state == "accepted"


@pytest.mark.parametrize("talks", [1, 3])
def test_more_talks_need_no_more_queries(
    artist: Artist,
    user: User,
    visitor: Client,
    talks: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(talks):
        first = offered(on_sale(hanging.work(artist.user), PERSONAL, takes_offers=True), user)
        services.counter_offer(by=artist.user, offer_id=first.pk, amount=4500)
    with django_assert_max_num_queries(11):  # one of them rings the bell
        assert visitor.get("/offers/").content.count(b"45.00") >= talks


def test_a_bad_offer_says_what_is_wrong(visitor: Client, artwork: Artwork, user: User) -> None:
    sale = on_sale(artwork, takes_offers=True)
    page = read(visitor.post(f"/sales/{sale.pk}/offer/", BID | {"amount": "0.20"}), 422)
    assert page.all("ul", id="id_amount_error")
    offered(sale, user)
    assert "waiting for its answer" in read(visitor.post(f"/sales/{sale.pk}/offer/", BID), 422).html


def test_an_owner_is_offered_a_price(owned: Ownership, artist: Artist, signed_in: SignedIn, visitor: Client) -> None:
    buyer = signed_in(hanging.artist("Buyer").user)
    given: dict[str, Any] = BID
    read(buyer.get(f"/editions/{owned.edition.pk}/offer/"))
    buyer.post(f"/editions/{owned.edition.pk}/offer/", given)
    assert "Accept €30.00" in read(visitor.get("/offers/")).html
    visitor.post(f"/offers/{Offer.objects.get().pk}/decline/")
    assert Offer.objects.get().state == "declined"
