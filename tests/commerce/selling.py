"""What is put on sale: at a price, as a drop, by auction; and what owners do with what they have."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from marketplace.accounts.models import Artist
from marketplace.listings import services as listings
from marketplace.listings.models import Edition, Offer, Release, Sale
from marketplace.listings.services import AskedPrice, Bid, Contribution, DutchTerms, EnglishTerms, Schedule, Terms
from marketplace.orders import services as orders
from marketplace.orders.models import Gift, Ownership
from tests.commerce.world import World, artists, people, picks
from tests.marketplace.orders.market import make_work

PERSONAL = "personal"
prices = st.integers(301, 50_000)
currencies = st.sampled_from(["eur", "eur", "usd"])
sizes = st.sampled_from([1, 1, 2, 3, None])
hours = st.integers(1, 72)


class Selling(World):
    """Sales as artists and owners make them."""

    @initialize(amounts=st.lists(prices, min_size=2, max_size=4), size=sizes, royalty=st.integers(0, 2_500))
    def there_is_something_to_buy(self, amounts: list[int], size: int | None, royalty: int) -> None:
        """Rules are tried in any selection; without a first sale most worlds would stay idle."""
        for number, amount in enumerate(amounts):
            self.an_artist_sells(number % 2, size, amount, "eur", royalty, 1_000 * number, None, offers=True)

    @rule(
        who=artists, size=sizes, amount=prices, currency=currencies, royalty=st.integers(0, 2_500),
        given=st.integers(0, 9_000), per_buyer=st.sampled_from([None, None, 1]), offers=st.booleans(),
    )  # fmt: skip
    def an_artist_sells(
        self, who: int, size: int | None, amount: int, currency: str, royalty: int, given: int, per_buyer: int | None,
        offers: bool,
    ) -> None:  # fmt: skip
        closes_at = timezone.now() + timedelta(days=2) if size is None else None
        schedule = Schedule(closes_at=closes_at, per_buyer=per_buyer, takes_offers=offers)
        self._sell(self.artists[who], size, AskedPrice(PERSONAL, currency, amount), royalty, given, schedule)

    @rule(who=artists, size=st.integers(1, 3), amount=prices, opens=hours, guest=people)
    def an_artist_announces_a_drop(self, who: int, size: int, amount: int, opens: int, guest: int) -> None:
        opens_at = timezone.now() + timedelta(hours=opens)
        schedule = Schedule(opens_at=opens_at, allowlist_until=opens_at + timedelta(hours=2), per_buyer=1)
        price = AskedPrice(PERSONAL, "eur", amount)
        self._sell(self.artists[who], size, price, 1_000, 0, schedule, guests=[self.people[guest].email])

    def _sell(
        self, artist: Artist, size: int | None, price: AskedPrice, royalty: int, given: int, schedule: Schedule,
        guests: list[str] | None = None,
    ) -> None:  # fmt: skip
        friend = self.people[4]
        contributors = [Contribution(friend.email, given)] if given else []
        self.do(
            "sales opened", listings.put_on_sale, artist_user=artist.user, what=make_work(artist).pk,
            terms=Terms(size=size, royalty_bps=royalty, contributors=contributors), prices=[price], schedule=schedule,
            people=guests or [],
        )  # fmt: skip

    def _issue(self, artist: Artist, size: int) -> Release | None:
        work = make_work(artist)
        return self.do(
            "releases", listings.issue_release, artist_user=artist.user, artwork_id=work.pk, terms=Terms(size=size)
        )

    @rule(who=artists, start=prices, reserve=st.sampled_from([0, 0, 5_000]), length=hours)
    def an_artist_auctions(self, who: int, start: int, reserve: int, length: int) -> None:
        seller, release = self.artists[who].user, self._issue(self.artists[who], 1)
        if release is None:
            return
        terms = EnglishTerms(PERSONAL, "eur", start, reserve_amount=start + reserve if reserve else None)
        ends = Schedule(closes_at=timezone.now() + timedelta(hours=length))
        self.do(
            "auctions", listings.publish_drafted, seller=seller,
            draft=lambda: listings.draft_auction(
                artist_user=seller, release_id=release.pk, number=1, terms=terms, schedule=ends
            ),
        )  # fmt: skip

    @rule(who=artists, size=st.integers(1, 3), start=st.integers(2_000, 50_000), rebates=st.booleans(), long=hours)
    def an_artist_lets_the_price_fall(self, who: int, size: int, start: int, rebates: bool, long: int) -> None:
        seller, release = self.artists[who].user, self._issue(self.artists[who], size)
        if release is None:
            return
        terms = DutchTerms(PERSONAL, "eur", start, start // 3, 4, long * 900, rebates)
        opens = timezone.now() + timedelta(seconds=1)
        schedule = Schedule(opens_at=opens, closes_at=opens + timedelta(hours=2 * long))
        self.do(
            "dutch auctions", listings.publish_drafted, seller=seller,
            draft=lambda: listings.draft_dutch_auction(
                artist_user=seller, release_id=release.pk, terms=terms, schedule=schedule
            ),
        )  # fmt: skip

    @precondition(lambda self: Sale.objects.filter(state__in=["open", "paused"]).exists())
    @rule(which=picks, how=st.sampled_from(["pause", "publish", "publish", "cancel"]))
    def a_seller_thinks_again(self, which: int, how: str) -> None:
        sale = self.one_of(Sale.objects.filter(state__in=["open", "paused"]), which)
        if sale is None:
            return
        if how == "cancel":
            self.do("sales cancelled", listings.cancel_sale, by=sale.seller, sale_id=sale.pk)
        else:
            done, change = ("paused", listings.pause_sale) if how == "pause" else ("published", listings.publish_sale)
            self.do(f"sales {done}", change, seller=sale.seller, sale_id=sale.pk)

    @precondition(lambda self: Ownership.objects.filter(edition__state="sold").exists())
    @rule(which=picks, amount=prices, currency=currencies)
    def an_owner_resells(self, which: int, amount: int, currency: str) -> None:
        owned = self._owned(which)
        if owned is not None:
            self.do(
                "resales opened", orders.offer_for_resale, owner=owned.owner, edition_id=owned.edition_id,
                prices=[AskedPrice(PERSONAL, currency, amount)],
            )  # fmt: skip

    @precondition(lambda self: Ownership.objects.filter(edition__state="sold").exists())
    @rule(which=picks, start=prices, length=hours)
    def an_owner_auctions(self, which: int, start: int, length: int) -> None:
        owned = self._owned(which)
        if owned is not None:
            self.do(
                "auctions", orders.auction_owned, owner=owned.owner, edition_id=owned.edition_id,
                terms=EnglishTerms(PERSONAL, "eur", start),
                schedule=Schedule(closes_at=timezone.now() + timedelta(hours=length)),
            )  # fmt: skip

    @precondition(lambda self: Ownership.objects.filter(edition__state="sold").exists())
    @rule(which=picks, to=people)
    def an_owner_gives(self, which: int, to: int) -> None:
        owned = self._owned(which)
        if owned is not None:
            self.do(
                "gifts", orders.give_edition, owner=owned.owner, edition_id=owned.edition_id, to=self.people[to].email
            )

    @precondition(lambda self: Gift.objects.filter(state="offered").exists())
    @rule(which=picks, how=st.sampled_from(["accept", "accept", "decline", "withdraw"]))
    def a_gift_is_answered(self, which: int, how: str) -> None:
        gift = self.one_of(Gift.objects.filter(state="offered"), which)
        if gift is None:
            return
        answer = {"accept": orders.accept_gift, "decline": orders.decline_gift, "withdraw": orders.withdraw_gift}[how]
        by = gift.giver if how == "withdraw" else next(one for one in self.people if one.email == gift.to_email)
        self.do(f"gifts: {how}", answer, gift_id=gift.pk, by=by)

    @precondition(lambda self: Sale.objects.filter(state="open", kind="fixed", takes_offers=True).exists())
    @rule(which=picks, who=people, amount=prices)
    def somebody_offers_for_a_sale(self, which: int, who: int, amount: int) -> None:
        sale = self.one_of(Sale.objects.filter(state="open", kind="fixed", takes_offers=True), which)
        if sale is not None:
            bid = Bid(amount, "eur", PERSONAL)
            self.do("offers", listings.offer_on_sale, buyer=self.people[who], sale_id=sale.pk, bid=bid)

    @precondition(lambda self: Edition.objects.filter(state="sold").exists())
    @rule(which=picks, who=people, amount=prices)
    def somebody_offers_for_an_edition(self, which: int, who: int, amount: int) -> None:
        edition = self.one_of(Edition.objects.filter(state="sold"), which)
        if edition is not None:
            bid = Bid(amount, "eur", PERSONAL)
            self.do("offers", orders.offer_for_edition, buyer=self.people[who], edition_id=edition.pk, bid=bid)

    @precondition(lambda self: Offer.objects.filter(state="pending").exists())
    @rule(which=picks, how=st.sampled_from(["accept", "accept", "decline", "withdraw", "counter"]), amount=prices)
    def an_offer_is_answered(self, which: int, how: str, amount: int) -> None:
        offer = self.one_of(Offer.objects.filter(state="pending"), which)
        if offer is None:
            return
        by = offer.maker if how == "withdraw" else offer.recipient
        if how == "counter":
            self.do("offers: counter", listings.counter_offer, by=by, offer_id=offer.pk, amount=amount)
            return
        answer = {
            "accept": listings.accept_offer, "decline": listings.decline_offer, "withdraw": listings.withdraw_offer,
        }[how]  # fmt: skip
        self.do(f"offers: {how}", answer, by=by, offer_id=offer.pk)

    def _owned(self, which: int) -> Ownership | None:
        keys = list(Ownership.objects.order_by("acquired_at", "pk").values_list("pk", flat=True))
        found = Ownership.objects.select_related("owner")
        return found.get(pk=keys[which % len(keys)]) if keys else None
