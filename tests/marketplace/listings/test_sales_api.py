"""Releases, sales, lists and offers over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from generation.models import Artwork
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.listings import services
from marketplace.listings.models import Offer, Release, Sale, sales
from marketplace.listings.services import AskedPrice
from tests.gallery import hanging
from tests.marketplace.accounts import people
from tests.marketplace.listings.selling import PRICE, drafted, edition_sold, issued, on_sale, soon
from tests.marketplace.modelling import trained_model

ClientOf = Callable[[User], APIClient]
PRICES = [{"licence": "personal", "currency": "eur", "amount": 5000}]
RELEASES, SALES, OFFERS = "/api/v1/releases/", "/api/v1/sales/", "/api/v1/offers/"


@pytest.fixture
def selling(seller: User, client_of: ClientOf) -> APIClient:
    return client_of(seller)


def titles(query: str = "") -> list[str]:
    return sorted(found["title"] for found in APIClient().get(f"{SALES}?{query}").json()["results"])


def with_scopes(person: User, *scopes: str) -> APIClient:
    _, secret = accounts.create_token(user=person, name="t", scopes=scopes, expires_in=None)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_a_work_is_issued_drafted_published_and_found(selling: APIClient, artwork: Artwork, artist: Artist) -> None:
    body = {"artwork": str(artwork.pk), "size": 25, "royalty_bps": 500, "description": "Ink."}
    release = selling.post(RELEASES, body, format="json")
    assert (release.status_code, release.json()["title"], release.json()["size"]) == (201, "Ink River", 25)
    draft = selling.post(SALES, {"release": release.json()["id"], "prices": PRICES, "per_buyer": 2}, format="json")
    assert (draft.status_code, draft.json()["state"], draft.json()["left"]) == (201, "draft", 25)
    assert titles() == []
    address = f"{SALES}{draft.json()['id']}/"
    assert APIClient().get(address).status_code == 404
    told = selling.post(f"{address}publish/").json()
    assert told | {"state": "open", "is_open": True, "per_buyer": 2, "artist": artist.slug} == told
    assert told["prices"][0]["text"] == "€50.00"
    assert titles() == ["Ink River"]
    editions = APIClient().get(f"{RELEASES}{release.json()['id']}/editions/?page_size=3").json()
    assert [one["number"] for one in editions["results"]] == [25, 24, 23]
    assert [one["number"] for one in APIClient().get(editions["next"]).json()["results"]] == [22, 21, 20]


def test_a_series_is_issued(selling: APIClient, artist: Artist) -> None:
    model = trained_model(artist)
    body = {"model": str(model.pk), "engine": "gan", "parameters": {"truncation": 0.5}, "size": None}
    release = selling.post(RELEASES, body, format="json")
    assert (release.status_code, release.json()["parameters"]["truncation"]) == (201, 0.5)
    wrong = selling.post(RELEASES, body | {"parameters": {"truncation": 9}}, format="json")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["parameters.truncation"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"size": 1}, "artwork"),
        ({"size": 1, "artwork": "0190b5e2-0000-7000-8000-000000000000", "engine": "gan"}, "engine"),
        ({"size": 0, "artwork": "0190b5e2-0000-7000-8000-000000000000"}, "size"),
        ({"artwork": "0190b5e2-0000-7000-8000-000000000000"}, "size"),
    ],
)
def test_a_release_that_is_none_is_refused_by_field(selling: APIClient, body: dict[str, Any], field: str) -> None:
    refused = selling.post(RELEASES, body, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])


def test_a_release_is_taken_back_while_nothing_was_offered(selling: APIClient, artwork: Artwork) -> None:
    release = issued(artwork)
    assert selling.delete(f"{RELEASES}{release.pk}/").status_code == 204
    assert not Release.objects.exists()
    sale = on_sale(artwork)
    refused = selling.delete(f"{RELEASES}{sale.issued.pk}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("many", [sales.MANY, 0])
def test_sales_are_found_by_artist_kind_price_currency_and_time(
    artist: Artist, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sales, "MANY", many)
    other = hanging.artist("Anni Albers")
    on_sale(hanging.work(artist.user, title="Cheap"), AskedPrice("personal", "eur", 1000))
    on_sale(hanging.work(artist.user, title="Dear"), AskedPrice("personal", "usd", 90_000))
    on_sale(hanging.work(other.user, title="Soon"), PRICE, opens_at=soon(days=1))
    assert titles() == ["Cheap", "Dear", "Soon"]
    assert titles(f"artist={other.slug}") == ["Soon"]
    assert titles("currency=usd") == ["Dear"]
    assert titles("at_most=5000") == ["Cheap", "Soon"]
    assert titles("at_least=2000&currency=eur") == ["Soon"]
    assert titles("open_now=true") == ["Cheap", "Dear"]
    assert titles("open_now=false") == ["Soon"]
    assert titles("kind=english") == []
    assert APIClient().get(f"{SALES}?kind=raffle").status_code == 422


@pytest.mark.parametrize("many", [sales.MANY, 0])
def test_resold_editions_are_told_apart(
    artwork: Artwork, user: User, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sales, "MANY", many)
    edition = edition_sold(on_sale(artwork).issued)
    resale = services.draft_sale_of_edition(seller=user, edition=edition, prices=[PRICE])
    services.publish_sale(seller=user, sale_id=resale.pk)
    found = APIClient().get(f"{SALES}?resale=true").json()["results"]
    assert [(one["id"], one["edition"], one["is_resale"]) for one in found] == [(str(resale.pk), 1, True)]
    assert len(titles("resale=false")) == 1


@pytest.mark.parametrize("sales", [2, 6])
def test_more_sales_need_no_more_queries(
    artist: Artist, sales: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(sales):
        on_sale(hanging.work(artist.user))
    with django_assert_max_num_queries(4):
        assert len(titles()) == sales


def test_a_sale_is_changed_while_it_is_paused(selling: APIClient, artwork: Artwork) -> None:
    address = f"{SALES}{on_sale(artwork).pk}/"
    change = {"prices": [{"licence": "print", "currency": "usd", "amount": 7000}], "takes_offers": True}
    refused = selling.patch(address, change, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "not-for-sale")
    selling.post(f"{address}pause/")
    changed = selling.patch(address, change, format="json").json()
    assert (changed["prices"][0]["text"], changed["takes_offers"]) == ("$70.00", True)
    assert selling.post(f"{address}cancel/").json()["state"] == "cancelled"
    again = selling.post(f"{address}publish/")
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (409, "not-now", "cancelled")


def test_strangers_and_tokens_without_the_scope_change_nothing(
    artwork: Artwork, seller: User, api: APIClient
) -> None:  # fmt: skip
    address = f"{SALES}{on_sale(artwork).pk}/"
    assert api.post(f"{address}pause/").status_code == 403
    assert with_scopes(seller, "read", "trade").post(f"{address}pause/").status_code == 403
    assert APIClient().post(f"{address}pause/").status_code == 401
    assert Sale.objects.get().state == "open"
    assert with_scopes(seller, "publish").post(f"{address}pause/").status_code == 200


def test_a_list_is_sent_as_json_or_as_csv(selling: APIClient, artwork: Artwork, user: User, api: APIClient) -> None:
    address = f"{SALES}{on_sale(artwork, allowlist_until=soon(hours=1)).pk}/allowlist/"
    assert selling.post(address, {"people": [str(user.pk)]}, format="json").json()["count"] == 1
    csv = selling.post(address, "email\nada@example.com\nbob@example.com\n", content_type="text/csv")
    assert csv.json() == {"count": 3, "people": [str(user.pk), "ada@example.com", "bob@example.com"]} or (
        set(csv.json()["people"]) == {str(user.pk), "ada@example.com", "bob@example.com"}
    )
    assert selling.delete(address, {"people": ["bob@example.com"]}, format="json").json()["count"] == 2
    assert selling.post(address, {"people": ["nobody"]}, format="json").status_code == 422
    assert selling.post(address, b"\xff\xfe", content_type="text/csv").status_code == 422
    assert api.get(address).status_code == 404


def test_an_offer_is_made_answered_and_accepted(
    selling: APIClient, artwork: Artwork, user: User, api: APIClient
) -> None:
    sale = on_sale(artwork, takes_offers=True)
    body = {"sale": str(sale.pk), "amount": 4000, "currency": "eur", "licence": "personal", "message": "Please."}
    made = [api.post(OFFERS, body, format="json", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert Offer.objects.count() == 1
    address = f"{OFFERS}{made[0].json()['id']}/"
    assert (selling.get(address).json()["is_yours"], api.get(address).json()["is_yours"]) == (False, True)
    counter = selling.post(f"{address}counter/", {"amount": 4500}, format="json")
    assert (counter.status_code, counter.json()["answers"]) == (201, made[0].json()["id"])
    accepted = api.post(f"{OFFERS}{counter.json()['id']}/accept/")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert [one["state"] for one in selling.get(f"{OFFERS}?state=accepted").json()["results"]] == ["accepted"]


def test_offers_need_the_scope_to_trade(artwork: Artwork, user: User) -> None:
    sale = on_sale(artwork, takes_offers=True)
    body = {"sale": str(sale.pk), "amount": 4000, "currency": "eur", "licence": "personal"}
    assert with_scopes(user, "read").post(OFFERS, body, format="json").status_code == 403
    made = with_scopes(user, "trade").post(OFFERS, body, format="json")
    assert made.status_code == 201
    assert with_scopes(user, "trade").post(f"{OFFERS}{made.json()['id']}/withdraw/").json()["state"] == "withdrawn"


def test_licences_and_their_terms_are_public(db: None) -> None:
    told = APIClient().get("/api/v1/licences/").json()
    assert {"personal", "commercial", "print"} <= {one["code"] for one in told}
    assert all(one["terms"] for one in told)


def test_ones_own_sales_have_the_drafts_too(selling: APIClient, artwork: Artwork) -> None:
    drafted(issued(artwork))
    assert [one["state"] for one in selling.get(f"{SALES}mine/").json()["results"]] == ["draft"]


def test_a_sale_of_a_work_that_is_taken_down_is_seen_by_its_seller_and_curators_alone(
    selling: APIClient, artwork: Artwork, client_of: ClientOf, make_user: Callable[..., User]
) -> None:
    address = f"{SALES}{on_sale(artwork).pk}/"
    assert APIClient().get(address).status_code == 200
    Artwork.objects.filter(pk=artwork.pk).update(visibility="hidden", taken_down_at="2026-01-01T00:00Z")
    for nobody in (APIClient(), client_of(make_user())):
        assert nobody.get(address).status_code == 404
    for seeing in (selling, client_of(people.curator())):
        assert seeing.get(address).json()["state"] == "open"
