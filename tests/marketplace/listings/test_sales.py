"""Selling at a price: drafted, published, paused, ended; to whom, from when, at which price."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import Error, transaction
from django.utils import timezone

from generation import services as generation
from generation.models import Artwork, TrainedModel, Visibility
from marketplace.accounts.models import Artist, Notification, User
from marketplace.core.errors import AtelierError, InvalidInput, NotFound
from marketplace.core.machine import NotNow
from marketplace.core.models import AuditEntry
from marketplace.core.periodic import run_due
from marketplace.listings import selectors, services
from marketplace.listings.errors import (
    AlreadyOnOffer,
    LimitReached,
    NotForSale,
    NotOnTheList,
    NotOpenYet,
    NotYourSale,
    OwnWork,
    SaleEnded,
    WorkHasOwner,
)
from marketplace.listings.models import Edition, Price, Sale
from marketplace.listings.services import AskedPrice, Series, Terms
from tests.gallery import hanging
from tests.marketplace.accounts.people import curator
from tests.marketplace.listings.selling import PRICE, drafted, edition_sold, issued, offered, on_sale, soon
from tests.marketplace.modelling import trained_model


def seen(sale: Sale) -> Sale:
    return Sale.objects.with_what_is_sold().get(pk=sale.pk)


def refused(sale: Sale, buyer: User, **more: Any) -> type[AtelierError] | None:
    try:
        selectors.buyable(seen(sale), buyer, timezone.now(), **more)
    except AtelierError as error:
        return type(error)
    return None


def test_a_sale_is_drafted_published_paused_and_cancelled(artwork: Artwork, seller: User, user: User) -> None:
    sale = drafted(issued(artwork))
    assert refused(sale, user) is NotForSale
    services.publish_sale(seller=seller, sale_id=sale.pk)
    assert refused(sale, user) is None
    services.pause_sale(seller=seller, sale_id=sale.pk)
    assert refused(sale, user) is NotForSale
    services.publish_sale(seller=seller, sale_id=sale.pk)
    ended = services.cancel_sale(by=seller, sale_id=sale.pk)
    assert (ended.state, ended.ended_at is not None, refused(sale, user)) == ("cancelled", True, NotForSale)
    with pytest.raises(NotNow, match="cancelled"):
        services.publish_sale(seller=seller, sale_id=sale.pk)
    states = [entry.after["state"] for entry in AuditEntry.objects.of(sale) if entry.after]
    assert states == ["draft", "open", "paused", "open", "cancelled"]


def test_the_database_refuses_moves_that_there_are_not(artwork: Artwork) -> None:
    sale = on_sale(artwork)
    with pytest.raises(Error, match="draft"):
        Sale.objects.filter(pk=sale.pk).update(state="draft")


def test_a_curator_may_end_what_an_artist_sells(artwork: Artwork, user: User) -> None:
    sale = on_sale(artwork)
    with pytest.raises(NotYourSale):
        services.cancel_sale(by=user, sale_id=sale.pk)
    assert services.cancel_sale(by=curator(), sale_id=sale.pk).state == "cancelled"


def test_nobody_changes_anothers_sale_nor_sees_their_draft(artwork: Artwork, user: User) -> None:
    sale = drafted(issued(artwork))
    with pytest.raises(NotFound):
        services.publish_sale(seller=user, sale_id=sale.pk)
    services.publish_sale(seller=sale.seller, sale_id=sale.pk)
    with pytest.raises(NotYourSale):
        services.pause_sale(seller=user, sale_id=sale.pk)
    with pytest.raises(NotFound):
        drafted_by_another = services.draft_sale(seller=user, release_id=sale.issued.pk, prices=[PRICE])
        assert drafted_by_another is None


def test_prices_are_per_licence_and_currency(artwork: Artwork) -> None:
    prices = [PRICE, AskedPrice("personal", "USD", 5600), AskedPrice("print", "eur", 15_000)]
    sale = on_sale(artwork, *prices)
    assert str(selectors.price_of(sale, licence="personal", currency="usd").money) == "$56.00"
    assert str(selectors.price_of(sale, licence="print", currency="eur").money) == "€150.00"
    for licence, currency, field in [("commercial", "eur", "licence"), ("print", "usd", "currency")]:
        with pytest.raises(InvalidInput) as caught:
            selectors.price_of(sale, licence=licence, currency=currency)
        assert list(caught.value.data["errors"]) == [field]


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [AskedPrice("personal", "chf", 5000)],
        [AskedPrice("mine", "eur", 5000)],
        [AskedPrice("personal", "eur", 99)],
        [AskedPrice("personal", "eur", 10_000_001)],
        [PRICE, AskedPrice("personal", "EUR", 6000)],
    ],
)
def test_prices_that_are_none_are_refused(artwork: Artwork, wrong: list[AskedPrice]) -> None:
    release = issued(artwork)
    with pytest.raises(InvalidInput) as caught:
        services.draft_sale(seller=release.artist.user, release_id=release.pk, prices=wrong)
    assert list(caught.value.data["errors"]) == ["prices"]
    assert not Price.objects.exists()
    assert not Sale.objects.exists()


def test_each_currency_has_its_bounds(artwork: Artwork, settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"currencies": {"jpy": (50, 1000)}})
    release = issued(artwork)
    assert drafted(release, AskedPrice("personal", "jpy", 50)).prices.count() == 1
    for amount, currency in [(1001, "jpy"), (5000, "eur")]:
        with pytest.raises(InvalidInput):
            drafted(release, AskedPrice("personal", currency, amount))


@pytest.mark.parametrize(
    ("size", "schedule", "field"),
    [
        (3, {"closes_at": -1}, "closes_at"),
        (3, {"opens_at": 2, "closes_at": 1}, "closes_at"),
        (None, {}, "closes_at"),
        (3, {"opens_at": 2, "allowlist_until": 1}, "allowlist_until"),
        (3, {"closes_at": 1, "allowlist_until": 2}, "allowlist_until"),
    ],
)
def test_a_schedule_is_in_order(artwork: Artwork, size: int | None, schedule: dict[str, int], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        drafted(issued(artwork, size), **{name: soon(hours=hours) for name, hours in schedule.items()})
    assert list(caught.value.data["errors"]) == [field]


def test_a_buyer_gets_so_many_and_no_more(artwork: Artwork, user: User) -> None:
    sale = on_sale(artwork, per_buyer=2)
    assert [refused(sale, user, bought=bought) for bought in (0, 1, 2)] == [None, None, LimitReached]
    with pytest.raises(InvalidInput):
        services.change_sale(
            seller=sale.seller,
            sale_id=services.pause_sale(seller=sale.seller, sale_id=sale.pk).pk,
            changes={"per_buyer": 0},
        )


def test_a_drop_opens_and_closes_by_the_clock(artwork: Artwork, user: User) -> None:
    sale = on_sale(artwork, opens_at=soon(hours=1), closes_at=soon(hours=2))
    assert refused(sale, user) is NotOpenYet
    assert sale.opens_at
    assert sale.closes_at
    selectors.buyable(seen(sale), user, sale.opens_at)
    selectors.buyable(seen(sale), user, sale.closes_at - timedelta(seconds=1))
    with pytest.raises(SaleEnded):
        selectors.buyable(seen(sale), user, sale.closes_at)


def test_nobody_buys_from_themselves(artwork: Artwork, seller: User) -> None:
    assert refused(on_sale(artwork), seller) is OwnWork


def test_those_on_the_list_buy_first_by_id_or_by_address(artwork: Artwork, make_user: Callable[..., User]) -> None:
    sale = on_sale(artwork, allowlist_until=soon(hours=1))
    known, later, other = make_user(), make_user(email="later@example.com"), make_user()
    people = [str(known.pk), "Later@Example.com", "nobody-yet@example.com"]
    assert services.allow(seller=sale.seller, sale_id=sale.pk, people=people) == 3
    assert services.allow(seller=sale.seller, sale_id=sale.pk, people=people) == 3
    assert [refused(sale, person) for person in (known, later, other)] == [None, None, NotOnTheList]
    assert services.disallow(seller=sale.seller, sale_id=sale.pk, people=["later@example.com"]) == 2
    assert refused(sale, later) is NotOnTheList
    assert sale.allowlist_until
    selectors.buyable(seen(sale), other, sale.allowlist_until)


def test_a_list_comes_as_csv(artwork: Artwork, user: User) -> None:
    data = f"\ufeffemail,name\r\na@example.com,Ada\r\n\r\n{user.pk},\r\n".encode()
    assert services.people_in_csv(data) == ["a@example.com", str(user.pk)]
    for broken in (b"\xff\xfe\x00", b'"open'):
        with pytest.raises(InvalidInput):
            services.people_in_csv(broken)
    sale = on_sale(artwork)
    for wrong in (["a@b@c"], ["Ada"], ["00000000-0000-7000-8000-000000000000"]):
        with pytest.raises(InvalidInput) as caught:
            services.allow(seller=sale.seller, sale_id=sale.pk, people=[*wrong, "fine@example.com"])
        assert list(caught.value.data["errors"]) == ["people"]
    assert sale.allowed.count() == 0


def test_the_list_is_told_once_when_a_drop_opens(artwork: Artwork, make_user: Callable[..., User]) -> None:
    sale = on_sale(artwork, opens_at=soon(hours=1), allowlist_until=soon(hours=3))
    one, two, _ = make_user(), make_user(), make_user()
    services.allow(seller=sale.seller, sale_id=sale.pk, people=[str(one.pk), two.email])
    assert services.announce_drops() == 0
    Sale.objects.update(opens_at=timezone.now())
    assert (services.announce_drops(), services.announce_drops()) == (1, 0)
    told = Notification.objects.filter(kind="drop.opened")
    assert {notification.person_id for notification in told} == {one.pk, two.pk}


@pytest.mark.parametrize("visibility", [Visibility.HELD, Visibility.HIDDEN])
def test_what_a_curator_holds_back_is_not_for_sale_meanwhile(artwork: Artwork, user: User, visibility: str) -> None:
    sale, draft = on_sale(artwork), drafted(issued(hanging.work(artwork.maker)))
    Artwork.objects.update(visibility=visibility, taken_down_at=timezone.now())
    assert refused(sale, user) is NotForSale
    with pytest.raises(NotForSale):
        services.publish_sale(seller=draft.seller, sale_id=draft.pk)


def test_a_withdrawn_models_series_is_not_for_sale(artist: Artist, user: User) -> None:
    model: TrainedModel = trained_model(artist)
    release = services.issue_series(
        artist_user=artist.user, series=Series(model.pk, "gan"), terms=Terms(size=5)
    )  # fmt: skip
    sale = services.publish_sale(seller=artist.user, sale_id=drafted(release).pk)
    assert refused(sale, user) is None
    generation.deprecate_model(model_id=model.pk, by=artist.user)
    assert refused(sale, user) is None  # what is on sale is made though no new commissions are taken
    generation.withdraw_model(model_id=model.pk, by=artist.user)
    assert refused(sale, user) is NotForSale


def test_one_thing_is_offered_in_one_place(artwork: Artwork, seller: User) -> None:
    sale = on_sale(artwork)
    again = drafted(sale.issued)
    single = services.draft_sale_of_edition(
        seller=seller, edition=Edition.objects.filter(release=sale.issued)[0], prices=[PRICE]
    )
    for other in (again, single):
        with pytest.raises(AlreadyOnOffer):
            services.publish_sale(seller=seller, sale_id=other.pk)
    services.cancel_sale(by=seller, sale_id=sale.pk)
    services.publish_sale(seller=seller, sale_id=single.pk)
    with pytest.raises(AlreadyOnOffer):
        services.publish_sale(seller=seller, sale_id=again.pk)


def test_a_sold_edition_is_its_owners_to_sell(artwork: Artwork, seller: User, user: User) -> None:
    release = issued(artwork)
    edition = edition_sold(release)
    resale = services.draft_sale_of_edition(seller=user, edition=edition, prices=[PRICE])
    assert services.publish_sale(seller=user, sale_id=resale.pk).is_resale
    by_artist = services.draft_sale_of_edition(seller=seller, edition=edition, prices=[PRICE])
    with pytest.raises((WorkHasOwner, AlreadyOnOffer)):
        services.publish_sale(seller=seller, sale_id=by_artist.pk)
    services.publish_sale(seller=seller, sale_id=drafted(release).pk)  # the others are not in its way


def test_an_edition_that_changes_hands_is_off_the_market(artwork: Artwork, user: User) -> None:
    edition = edition_sold(issued(artwork))
    resale = services.draft_sale_of_edition(seller=user, edition=edition, prices=[PRICE])
    draft = services.draft_sale_of_edition(seller=user, edition=edition, prices=[PRICE])
    services.publish_sale(seller=user, sale_id=resale.pk)
    with transaction.atomic():
        services.close_edition(edition_id=edition.pk)
    states = dict(Sale.objects.values_list("pk", "state"))
    assert (states[resale.pk], states[draft.pk]) == ("ended", "cancelled")


def test_what_is_on_offer_is_changed_only_while_it_is_paused(artwork: Artwork, seller: User) -> None:
    sale = on_sale(artwork, per_buyer=2)
    change: dict[str, Any] = {"seller": seller, "sale_id": sale.pk, "prices": [AskedPrice("personal", "eur", 7000)]}
    with pytest.raises(NotForSale):
        services.change_sale(**change)
    services.pause_sale(seller=seller, sale_id=sale.pk)
    services.change_sale(**change, changes={"takes_offers": True})
    sale.refresh_from_db()
    assert (sale.prices.get().amount, sale.per_buyer, sale.takes_offers) == (7000, 2, True)


def test_the_chores_end_what_is_over_or_sold_out(artwork: Artwork, seller: User, user: User) -> None:
    over = on_sale(artwork, closes_at=soon(hours=1), takes_offers=True)
    sold_out, going_on = (on_sale(hanging.work(seller), size=1) for _ in range(2))
    offer = offered(over, user)
    Sale.objects.filter(pk=over.pk).update(closes_at=timezone.now(), opens_at=None)
    edition_sold(sold_out.issued)
    run_due(everything=True)
    states = dict(Sale.objects.values_list("pk", "state"))
    assert [states[sale.pk] for sale in (over, sold_out, going_on)] == ["ended", "ended", "open"]
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("expired", "The sale has ended.")
    assert Notification.objects.get(kind="offer.lapsed").person == user


def test_the_last_edition_ends_the_sale(artwork: Artwork) -> None:
    sale = on_sale(artwork, size=2)
    for number, state in [(1, "open"), (2, "ended")]:
        services.end_if_sold_out(edition_id=edition_sold(sale.issued, number).pk)
        assert Sale.objects.get().state == state
    with pytest.raises(SaleEnded):
        services.publish_sale(seller=sale.seller, sale_id=drafted(sale.issued).pk)


def test_asking_whether_it_can_be_bought_costs_no_query(
    artwork: Artwork, user: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    sale, now = seen(on_sale(artwork)), timezone.now()
    with django_assert_num_queries(0):
        selectors.buyable(sale, user, now)
