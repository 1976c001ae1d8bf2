"""Private offers: another price, an answer, an order that is asked for; whatever both sides try."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from generation.models import Artwork
from marketplace.accounts.models import Notification, User
from marketplace.core.errors import AtelierError, InvalidInput, NotFound
from marketplace.core.machine import NotNow
from marketplace.core.models import OutboxEvent
from marketplace.listings import selectors, services
from marketplace.listings.errors import AlreadyOnOffer, NotForSale, NotOpenYet, OfferPending, OwnWork, WorkHasOwner
from marketplace.listings.models import Offer, Sale
from marketplace.listings.services import Bid
from tests.gallery import hanging
from tests.marketplace.listings.selling import PRICE, edition_sold, issued, offered, on_sale, soon


@pytest.fixture
def sale(artwork: Artwork) -> Sale:
    return on_sale(artwork, takes_offers=True)


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_an_accepted_offer_asks_for_an_order_once(sale: Sale, user: User) -> None:
    offer = offered(sale, user, message="It hangs well.")
    assert told(sale.seller) == ["offer.received"]
    for _ in range(2):
        services.accept_offer(by=sale.seller, offer_id=offer.pk)
    offer.refresh_from_db()
    assert (offer.state, offer.sale) == ("accepted", sale)
    assert OutboxEvent.objects.filter(topic="offer.accepted").values_list("subject_id", flat=True).get() == str(
        offer.pk
    )
    assert told(user) == ["offer.answered"]


def test_both_sides_go_on_until_one_agrees(sale: Sale, user: User) -> None:
    offer = offered(sale, user, 3000)
    counter = services.counter_offer(by=sale.seller, offer_id=offer.pk, amount=4500)
    assert (counter.by_seller, counter.answers, counter.licence_id, counter.recipient) == (
        True,
        offer,
        "personal",
        user,
    )
    with pytest.raises(NotNow):
        services.accept_offer(by=sale.seller, offer_id=counter.pk)
    last = services.counter_offer(by=user, offer_id=counter.pk, amount=4000, message="Meet me.")
    services.accept_offer(by=sale.seller, offer_id=last.pk)
    assert list(Offer.objects.order_by("pk").values_list("state", "amount")) == [
        ("countered", 3000), ("countered", 4500), ("accepted", 4000),
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="what was offered"):
        services.counter_offer(by=sale.seller, offer_id=offered(sale, user).pk, amount=4000)


def test_an_offer_is_declined_or_withdrawn_by_its_own_side(sale: Sale, user: User) -> None:
    for act, right, wrong in [
        (services.decline_offer, sale.seller, user),
        (services.withdraw_offer, user, sale.seller),
    ]:
        offer = offered(sale, user)
        with pytest.raises(NotNow):
            act(by=wrong, offer_id=offer.pk)
        act(by=right, offer_id=offer.pk)
        with pytest.raises(NotNow):
            services.accept_offer(by=sale.seller, offer_id=offer.pk)
    assert not OutboxEvent.objects.filter(topic="offer.accepted").exists()


def test_strangers_see_no_offer(sale: Sale, user: User, make_user: Callable[..., User]) -> None:
    offer, stranger = offered(sale, user), make_user()
    for act in (services.accept_offer, services.decline_offer, services.withdraw_offer):
        with pytest.raises(NotFound):
            act(by=stranger, offer_id=offer.pk)
    assert list(selectors.offers_of(stranger)) == []


def test_one_offers_once_at_a_time(sale: Sale, user: User) -> None:
    first = services.offer_on_sale(
        buyer=user, sale_id=sale.pk, bid=Bid(4000, "eur", "personal"), request_key="k"
    )  # fmt: skip
    again = services.offer_on_sale(
        buyer=user, sale_id=sale.pk, bid=Bid(4000, "eur", "personal"), request_key="k"
    )  # fmt: skip
    assert first == again
    with pytest.raises(OfferPending):
        offered(sale, user, 4500)


@pytest.mark.parametrize(
    ("bid", "field"),
    [
        (Bid(99, "eur", "personal"), "amount"),
        (Bid(4000, "chf", "personal"), "amount"),
        (Bid(4000, "eur", "print"), "licence"),
        (Bid(4000, "eur", "personal", days=0), "days"),
        (Bid(4000, "eur", "personal", days=31), "days"),
        (Bid(4000, "eur", "personal", message="x" * 501), "message"),
    ],
)
def test_an_offer_that_is_none_is_refused_by_field(sale: Sale, user: User, bid: Bid, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        services.offer_on_sale(buyer=user, sale_id=sale.pk, bid=bid)
    assert list(caught.value.data["errors"]) == [field]
    assert not Offer.objects.exists()


def test_offers_are_made_where_they_are_taken(artwork: Artwork, seller: User, user: User) -> None:
    fixed = on_sale(artwork)
    with pytest.raises(NotForSale, match="No offers"):
        offered(fixed, user)
    drop = on_sale(hanging.work(seller), takes_offers=True, opens_at=soon(hours=1))
    with pytest.raises(NotOpenYet):
        offered(drop, user)
    with pytest.raises(OwnWork):
        offered(on_sale(hanging.work(seller), takes_offers=True), seller)


def test_an_offer_lapses_with_notice(sale: Sale, user: User) -> None:
    offer = offered(sale, user, days=1)
    Offer.objects.update(expires_at=timezone.now())
    with pytest.raises(NotNow, match="time is over"):
        services.accept_offer(by=sale.seller, offer_id=offer.pk)
    assert (services.expire_offers(), services.expire_offers()) == (1, 0)
    offer.refresh_from_db()
    assert (offer.state, told(user)) == ("expired", ["offer.lapsed"])


def test_an_accepted_offer_for_an_edition_is_a_sale_to_its_buyer_alone(
    artwork: Artwork, user: User, make_user: Callable[..., User]
) -> None:
    edition, owner, other = edition_sold(issued(artwork)), make_user(), make_user()
    ask: dict[str, Any] = {"owner": owner, "edition": edition}
    offer = services.offer_on_edition(buyer=user, bid=Bid(9000, "usd", "personal"), **ask)
    rival = services.offer_on_edition(buyer=other, bid=Bid(9500, "usd", "personal"), **ask)
    services.accept_offer(by=owner, offer_id=offer.pk)
    sale = Sale.objects.get()
    assert (sale.is_private, sale.is_resale, sale.edition, sale.seller) == (True, True, edition, owner)
    assert str(sale.prices.get().money) == "$90.00"
    selectors.buyable(sale, user, timezone.now())
    with pytest.raises(AtelierError, match="somebody else"):
        selectors.buyable(sale, other, timezone.now())
    assert list(selectors.sales_shown()) == []
    with pytest.raises(AlreadyOnOffer):
        services.accept_offer(by=owner, offer_id=rival.pk)
    services.close_edition(edition_id=edition.pk)
    rival.refresh_from_db()
    assert (rival.state, rival.reason) == ("expired", "It has another owner now.")


def test_an_edition_that_was_sold_meanwhile_is_said_to_both(artwork: Artwork, user: User, seller: User) -> None:
    owner, edition = hanging.artist("Owner").user, edition_sold(issued(artwork))
    offer = services.offer_on_edition(buyer=user, owner=owner, edition=edition, bid=Bid(9000, "usd", "personal"))
    edition.state = "reserved"
    edition.save()
    with pytest.raises(WorkHasOwner):
        services.accept_offer(by=owner, offer_id=offer.pk)
    edition.state = "sold"
    edition.save()
    services.accept_offer(by=owner, offer_id=offer.pk)
    for _ in range(2):
        services.fail_offer(offer_id=offer.pk, reason="It was sold meanwhile.")
    offer.refresh_from_db()
    assert (offer.state, Sale.objects.get().state) == ("expired", "ended")
    assert (told(owner), told(user)) == (["offer.received", "offer.lapsed"], ["offer.answered", "offer.lapsed"])


def test_what_is_on_sale_is_bought_there(artwork: Artwork, user: User, make_user: Callable[..., User]) -> None:
    owner, edition = make_user(), edition_sold(issued(artwork))
    resale = services.draft_sale_of_edition(seller=owner, edition=edition, prices=[PRICE])
    services.publish_sale(seller=owner, sale_id=resale.pk)
    with pytest.raises(AlreadyOnOffer):
        services.offer_on_edition(buyer=user, owner=owner, edition=edition, bid=Bid(9000, "eur", "personal"))
    with pytest.raises(OwnWork):
        services.offer_on_edition(buyer=owner, owner=owner, edition=edition, bid=Bid(9000, "eur", "personal"))


def test_the_database_refuses_moves_that_there_are_not(sale: Sale, user: User) -> None:
    offer = offered(sale, user)
    services.decline_offer(by=sale.seller, offer_id=offer.pk)
    with pytest.raises(Error, match="accepted"):
        Offer.objects.filter(pk=offer.pk).update(state="accepted")


class Haggling(RuleBasedStateMachine):
    """Two people who press every button in any order."""

    def __init__(self) -> None:
        super().__init__()
        artist = hanging.artist()
        self.sale = on_sale(hanging.work(artist.user), takes_offers=True)
        self.people = [hanging.artist("Buyer").user, artist.user]
        self.accepted: set[object] = set()

    @rule(amount=st.integers(50, 10_000))
    def offer(self, amount: int) -> None:
        self._try(lambda: offered(self.sale, self.people[0], amount))

    @rule(who=st.integers(0, 1), amount=st.integers(50, 10_000))
    def counter(self, who: int, amount: int) -> None:
        self._on_last(services.counter_offer, who, amount=amount)

    @rule(who=st.integers(0, 1), act=st.sampled_from(["accept_offer", "decline_offer", "withdraw_offer"]))
    def answer(self, who: int, act: str) -> None:
        self._on_last(getattr(services, act), who)

    @rule()
    def time_passes(self) -> None:
        Offer.objects.filter(sale=self.sale).update(expires_at=timezone.now())
        services.expire_offers()

    @rule(move=st.sampled_from(["pause_sale", "publish_sale"]))
    def seller_moves(self, move: str) -> None:
        self._try(lambda: getattr(services, move)(seller=self.people[1], sale_id=self.sale.pk))

    @invariant()
    def one_offer_waits_at_most_and_each_acceptance_asks_for_one_order(self) -> None:
        offers = Offer.objects.filter(sale=self.sale)
        assert offers.filter(state="pending").count() <= 1
        asked = OutboxEvent.objects.filter(
            topic="offer.accepted", subject_id__in=map(str, offers.values_list("pk", flat=True))
        )
        assert asked.count() == offers.filter(state="accepted").count()
        for offer in offers.filter(state="countered"):
            assert Offer.objects.get(answers=offer).by_seller != offer.by_seller

    def _on_last(self, act: Callable[..., object], who: int, **more: Any) -> None:
        if last := Offer.objects.filter(sale=self.sale).order_by("-pk").first():
            self._try(lambda: act(by=self.people[who], offer_id=last.pk, **more))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except AtelierError:
            return


def test_whatever_two_people_press_one_offer_waits_and_one_order_is_asked_for(db: None) -> None:
    run_state_machine_as_test(Haggling, settings=settings(max_examples=15, stateful_step_count=12))
