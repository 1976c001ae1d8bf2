"""Trending: what counts, how much, and what no number of robots changes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gallery import services
from gallery.models import Attention, Card, Collection, CollectionItem, Seen
from gallery.services.trending import scoring, views
from gallery.services.trending.scoring import A_DAY, BID, HALF_LIFE, SALE, SAVE, VIEW, Signal, scores
from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.core.ids import uuid7
from marketplace.listings.models import Bid, Contributor
from marketplace.orders.models import Gift, Order
from payments.models import Customer, Payment, SavedCard
from tests.gallery import hanging
from tests.gallery.discovery.people import established, farm, hang, save
from tests.marketplace.orders.bidding import open_auction
from tests.marketplace.orders.market import put_on_sale

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOW = timezone.now()


def order() -> list[str]:
    """The titles by attention, the most first, as cards are sorted."""
    services.refresh_all_cards()
    services.count_attention()
    trending = Card.objects.filter(trend__gt=0).order_by("-trend")
    assert list(trending.values_list("pk", "trend")) == list(
        Attention.objects.order_by("-score").values_list("artwork", "score")
    )
    return list(trending.values_list("title", flat=True))


def sold(artist: Artist, title: str, buyer: User) -> Artwork:
    """A work of which one edition was bought: as rows, nothing is paid."""
    sale = put_on_sale(artist)
    work = Artwork.objects.get(release=sale.release)
    Artwork.objects.filter(pk=work.pk).update(title=title)
    edition = sale.issued.editions.create(number=1, state="sold")
    payment = Payment.objects.create(payer=buyer, amount=100, currency="eur", reference=f"order:{uuid7()}")
    Order.objects.create(
        buyer=buyer, seller=artist.user, sale=sale, edition=edition, licence_id="personal", price_amount=100,
        currency="eur", payment=payment, state="owned", reserved_until=timezone.now(), paid_at=timezone.now(),
    )  # fmt: skip
    return work


def bid_for(artist: Artist, title: str, bidder: User) -> Artwork:
    auction = open_auction(artist)
    work = Artwork.objects.get(release=auction.sale.edition.release)  # type: ignore[union-attr]  # of an edition
    Artwork.objects.filter(pk=work.pk).update(title=title)
    Bid.objects.create(auction=auction, bidder=bidder, most_amount=100, price_amount=100, leads=True)
    return work


@pytest.mark.django_db
def test_what_costs_more_weighs_more(painter: Artist) -> None:
    saved, seen = [hang(painter.user, title=title) for title in ("saved", "seen")]
    for _ in range(3):
        save(established(), saved)
        Seen.objects.create(person=established(), artwork=seen)
    bid_for(painter, "bid", established())
    sold(painter, "sold", established())
    assert order() == ["sold", "bid", "saved", "seen"]
    assert dict(Attention.objects.values_list("artwork__title", "people")) == {
        "sold": 1, "bid": 1, "saved": 3, "seen": 3,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_farm_of_a_thousand_accounts_moves_nothing(painter: Artist, weaver: Artist) -> None:
    first, second, pushed = [
        hang(artist.user, title=title)
        for artist, title in ((painter, "first"), (weaver, "second"), (hanging.artist("Pushed").user.artist, "pushed"))
    ]
    for work, collectors in ((first, 4), (second, 2)):
        for _ in range(collectors):
            save(established(), work)
    before = order()
    had = list(Attention.objects.order_by("pk").values_list("artwork", "score"))
    bots = farm(1_000)
    shelves = Collection.objects.bulk_create(
        Collection(owner=bot, kind="saved", slug=f"saved-{bot.pk}", title="Saved") for bot in bots
    )
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=shelf, artwork=work, place=-1) for shelf in shelves for work in (pushed, second)
    )
    Seen.objects.bulk_create(Seen(person=bot, artwork=work) for bot in bots for work in (pushed, second))
    assert order() == before == ["first", "second"]
    now = list(Attention.objects.order_by("pk").values_list("artwork", "score"))
    assert [work for work, _ in now] == [work for work, _ in had]
    assert [score for _, score in now] == pytest.approx([score for _, score in had], rel=1e-3)


@pytest.mark.django_db
def test_no_signals_of_unestablished_accounts_ever_change_the_order(painter: Artist, weaver: Artist) -> None:
    works = [hang(artist.user, title=f"{n}") for n, artist in enumerate((painter, weaver) * 2)]
    people = [established() for _ in range(3)]
    newcomers = [
        established(age=timedelta(days=13)), established(is_verified=False), established(age=timedelta()),
        User.objects.create(email="bare@example.org", date_joined=NOW - timedelta(days=400)),
    ]  # fmt: skip
    acts = st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=1, max_size=12)

    @hypothesis_settings(max_examples=12)
    @given(acts, st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), max_size=24))
    def try_it(real: list[tuple[bool, int]], feigned: list[tuple[bool, int, int]]) -> None:
        with transaction.atomic():
            for number, (is_view, work) in enumerate(real):
                act(people[number % 3], works[work], is_view)
            services.count_attention(now=NOW)
            expected = list(Attention.objects.order_by("pk").values_list("artwork", "score"))
            for is_view, person, work in feigned:
                act(newcomers[person], works[work], is_view)
            services.count_attention(now=NOW)
            assert list(Attention.objects.order_by("pk").values_list("artwork", "score")) == expected
            transaction.set_rollback(True)

    try_it()


def act(person: User, work: Artwork, is_view: bool) -> None:
    if is_view:
        Seen.objects.get_or_create(person=person, artwork=work, defaults={"first_at": NOW, "last_at": NOW})
    else:
        save(person, work)


@pytest.mark.django_db
def test_nobody_lifts_their_own(painter: Artist, weaver: Artist) -> None:
    """The artist, who lends the style, contributors, who has the artist's card, and whom they gave works to."""
    work = hang(painter.user, title="own", style_artist=weaver)
    release = put_on_sale(painter, state="ended").issued
    release.artwork = work
    release.save()
    for artist in (painter, weaver):
        User.objects.filter(pk=artist.user_id).update(date_joined=NOW - timedelta(days=400))
        EmailAddress.objects.create(user=artist.user, email=artist.user.email, verified=True, primary=True)
    helper, twin, friend = established(), established(), established()
    Contributor.objects.create(release=release, user=helper, share_bps=100)
    for person, card in ((painter.user, "pm_1"), (twin, "pm_2")):
        customer = Customer.objects.create(user=person, stripe_id=f"cus_{card}")
        SavedCard.objects.create(customer=customer, stripe_id=card, brand="visa", last4="1881", expires="2031-02")
    edition = release.editions.create(number=1, state="sold")
    Gift.objects.create(
        edition=edition, giver=painter.user, to_email=friend.email, recipient=friend, state="accepted", expires_at=NOW
    )
    for person in (painter.user, weaver.user, helper, twin, friend):
        save(person, work)
    assert order() == []
    save(established(), work)
    assert order() == ["own"]
    assert Attention.objects.get().people == 1


@pytest.mark.django_db
def test_what_does_not_hang_has_no_attention_and_what_is_old_has_none_left(painter: Artist) -> None:
    work = hang(painter.user, title="once")
    save(established(), work)
    assert order() == ["once"]
    services.count_attention(now=timezone.now() + 9 * HALF_LIFE)
    assert not Attention.objects.exists()
    Artwork.objects.filter(pk=work.pk).update(visibility=Visibility.HIDDEN, taken_down_at=NOW)
    assert order() == []


def test_one_person_counts_once_for_a_work_by_the_weightiest_thing_they_did() -> None:
    person, work = uuid7(), uuid7()
    acts = [Signal(person, work, kind, NOW) for kind in (VIEW, SAVE, SALE, BID, SALE)]
    assert scores(acts, NOW)[work] == (scoring.WEIGHTS[SALE], 1)


def test_attention_halves_and_the_tenth_collector_counts_less_than_the_first() -> None:
    work = uuid7()
    saves = [Signal(uuid7(), work, SAVE, NOW) for _ in range(10)]
    values = [scores(saves[:number], NOW)[work].value for number in (1, 2, 10)]
    assert values == sorted(values)
    assert values[1] - values[0] < values[0]
    [later] = scores(saves[:1], NOW + HALF_LIFE).values()
    assert later.value == pytest.approx(2 * 0.58496, rel=1e-4)  # 2 · log2(1 + ½)


def test_who_saves_everything_in_a_day_lifts_but_a_few() -> None:
    person = uuid7()
    works = [uuid7() for _ in range(100)]
    saves = [Signal(person, work, SAVE, NOW.replace(hour=12)) for work in works]
    assert list(scores(saves, NOW)) == works[:A_DAY]
    bought = Signal(person, uuid7(), SALE, NOW.replace(hour=12))
    assert bought.artwork in scores([*saves, bought], NOW)


@pytest.fixture
def looking(collector: User, painting: Artwork) -> Iterator[tuple[User, Artwork]]:
    yield collector, painting
    views._redis().close()


@pytest.mark.django_db
def test_views_are_kept_once_and_those_of_robots_are_not(looking: tuple[User, Artwork]) -> None:
    person, work = looking
    for agent in ("", "Googlebot/2.1", "python-requests/2.32", "HeadlessChrome/140.0", "curl/8.5.0"):
        assert not services.note_view(person=person, artwork_id=work.pk, user_agent=agent)
    assert services.keep_views() == 0
    noted = [services.note_view(person=person, artwork_id=work.pk, user_agent=BROWSER) for _ in range(3)]
    assert noted == [True, False, False]
    services.note_view(person=person, artwork_id=uuid7(), user_agent=BROWSER)  # there is no such work
    assert services.keep_views() == 2
    [seen] = Seen.objects.values_list("person", "artwork")
    assert seen == (person.pk, work.pk)


@pytest.mark.django_db
def test_of_one_person_and_day_so_many_views_are_noted(
    looking: tuple[User, Artwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _work = looking
    monkeypatch.setattr(views, "A_DAY", 2)
    assert [services.note_view(person=person, artwork_id=uuid7(), user_agent=BROWSER) for _ in range(3)] == [
        True, True, False,
    ]  # fmt: skip
    monkeypatch.setattr(views, "MOST_WAITING", 2)
    assert not services.note_view(person=established(), artwork_id=uuid7(), user_agent=BROWSER)
