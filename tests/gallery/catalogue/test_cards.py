"""A card is drawn from the truth, becomes stale by itself, and goes with the work that leaves the wall."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gallery import services
from gallery.models import Card, FacetCount
from gallery.selectors import catalogue_version
from gallery.selectors.catalogue import facets
from generation.models import Artwork, Visibility
from generation.services import take_down_artwork
from marketplace.accounts.models import Artist, ArtistState
from marketplace.core import outbox
from marketplace.core.models import OutboxEvent
from marketplace.listings.models import Edition, EditionState, Price, Sale, SaleState
from tests.gallery import hanging
from tests.gallery.catalogue import selling
from tests.marketplace.accounts.people import curator


def stale() -> list[str]:
    """The works whose cards are to be drawn anew."""
    events = OutboxEvent.objects.filter(topic="card.stale", done_at=None)
    return sorted(events.values_list("subject_id", flat=True))


def deliver() -> None:
    """Tell what is to be told of cards, as the relay and a worker would."""
    outbox.deliver(list(OutboxEvent.objects.filter(topic="card.stale", done_at=None).values_list("pk", flat=True)))


def test_a_card_says_all_that_a_list_shows(artwork: Artwork) -> None:
    selling.at(artwork, 4800, licence="personal")
    deliver()
    card = Card.objects.get()
    assert (card.title, card.artist_name, card.engine, card.orientation) == (
        "Ink River", "Vera Molnár", "flow-field", "landscape",
    )  # fmt: skip
    assert (card.price, card.prices, card.on_sale, card.editions_left) == (4800, {"eur": 4800}, True, 5)
    assert card.facets == [
        "artist:vera-molnar", "currency:eur", "edition:left", "engine:flow-field", "licence:personal", "medium:image",
        "orientation:landscape", "price:25-100", "sale:fixed", f"year:{artwork.created_at.year}",
    ]  # fmt: skip
    assert card.shown["sale"]["amount"] == 4800
    assert card.shown["picture"]["webp"].count("w") >= 2
    assert "molnár" in card.words


def test_a_work_that_is_hung_gets_its_card_by_an_event(artist: Artist) -> None:
    work = hanging.work(artist.user)
    assert stale() == [str(work.pk)]  # once, though seven files came with it
    deliver()
    assert Card.objects.filter(pk=work.pk).exists()
    assert stale() == []


def test_a_work_that_hangs_nowhere_tells_nothing(artist: Artist) -> None:
    hanging.work(artist.user, visibility=Visibility.PRIVATE, hung_at=None)
    assert stale() == []
    assert services.refresh_cards(Artwork.objects.values_list("pk", flat=True)) == 0


def test_what_changes_how_it_is_shown_makes_a_card_stale(artwork: Artwork) -> None:
    sale = selling.at(artwork, 4800)
    changes: list[Callable[[], object]] = [
        lambda: Artwork.objects.filter(pk=artwork.pk).update(title="Sea"),
        lambda: artwork.files.first().delete(),  # type: ignore[union-attr]  # it has files
        lambda: Artist.objects.update(name="Vera"),
        lambda: Price.objects.filter(sale=sale).update(amount=5000),
        lambda: Edition.objects.filter(release=sale.release, number=1).update(state=EditionState.SOLD),
        lambda: Sale.objects.filter(pk=sale.pk).update(closes_at=timezone.now() + timedelta(days=1)),
        lambda: Sale.objects.filter(pk=sale.pk).update(state=SaleState.PAUSED),
    ]
    for change in changes:
        deliver()
        assert stale() == []
        change()
        assert stale() == [str(artwork.pk)]


def test_what_does_not_change_it_does_not(artwork: Artwork) -> None:
    deliver()
    artwork.save()
    Artwork.objects.update(phash=5)
    Artist.objects.update(bio="Draws.")
    assert stale() == []


def test_a_work_that_is_taken_down_loses_its_card_at_once(artwork: Artwork) -> None:
    deliver()
    before = catalogue_version()
    take_down_artwork(artwork_id=artwork.pk, curator=curator())
    assert not Card.objects.exists()
    assert catalogue_version() != before


def test_what_opens_by_the_clock_is_drawn_anew(artwork: Artwork) -> None:
    sale = selling.at(artwork, 4800, opens_at=timezone.now() + timedelta(days=1))
    deliver()
    assert Card.objects.get().shown["sale"]["opens_at"]
    assert services.refresh_timed_cards() == 0
    Sale.objects.filter(pk=sale.pk).update(opens_at=timezone.now() - timedelta(seconds=1))
    Card.objects.update(opens_at=timezone.now() - timedelta(seconds=1))
    assert services.refresh_timed_cards() == 1
    assert Card.objects.get().shown["sale"]["opens_at"] is None
    assert services.refresh_timed_cards() == 0


def test_drawing_it_again_changes_nothing(artwork: Artwork) -> None:
    deliver()
    [card], before = list(Card.objects.all()), catalogue_version()
    Card.objects.update(trend=3.0)
    after_trend = catalogue_version()
    assert after_trend != before
    assert services.refresh_all_cards() == 1
    again = Card.objects.get()
    assert (again.refreshed_at, again.trend, catalogue_version()) == (card.refreshed_at, 3.0, after_trend)


def test_a_suspended_artist_sells_nothing(artwork: Artwork) -> None:
    selling.at(artwork, 4800)
    deliver()
    Artist.objects.update(state=ArtistState.SUSPENDED, suspended_for="Copies.")
    deliver()
    card = Card.objects.get()
    assert (card.on_sale, card.price, card.shown["sale"]) == (False, None, None)


@pytest.mark.parametrize("works", [1, 9])
def test_more_cards_need_no_more_queries(
    artist: Artist, works: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(works):
        selling.at(hanging.work(artist.user), 4800)
    with django_assert_max_num_queries(11):
        services.refresh_cards(Artwork.objects.values_list("pk", flat=True))


def counts() -> dict[tuple[str, str], int]:
    return {(row.facet, row.beside): row.count for row in FacetCount.objects.exclude(count=0)}


def test_counts_follow_the_cards(artist: Artist) -> None:
    works = [hanging.work(artist.user, engine=engine) for engine in ("flow-field", "flow-field", "texture")]
    deliver()
    services.fold_changes()
    found = counts()
    assert (found[facets.EVERYTHING, ""], found["engine:flow-field", ""]) == (3, 2)
    assert found["engine:texture", "medium:image"] == 1
    assert found["artist:vera-molnar", ""] == 3
    assert not [pair for pair in found if pair[1].startswith("artist:")]
    Artwork.objects.filter(pk=works[2].pk).update(engine="flow-field")
    deliver()
    take_down_artwork(artwork_id=works[0].pk, curator=curator())
    services.fold_changes()
    found = counts()
    assert (found["engine:flow-field", ""], "engine:texture" not in {facet for facet, _ in found}) == (2, True)
    services.recount_facets()
    assert counts() == found
