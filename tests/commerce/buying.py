"""Reserving, paying with all kinds of cards, giving up, bidding."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from marketplace.accounts.models import User
from marketplace.listings import services as listings
from marketplace.listings.models import Auction, Falling, Price, Sale
from marketplace.orders import services as orders
from marketplace.orders.models import Order
from payments.models import Customer, Payment
from tests.commerce.world import World, deaths, people, picks
from tests.marketplace.orders.bidding import save_card

CARDS = (
    "pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_bypassPending", "pm_card_chargeDeclined",
    "pm_card_authenticationRequired", "pm_card_refundFail", "pm_card_pendingRefund", "pm_card_createDispute",
    "pm_card_createDisputeInquiry",
)  # fmt: skip
cards = st.sampled_from(CARDS)


class Buying(World):
    """What buyers do."""

    @precondition(lambda self: Sale.objects.filter(state="open").exclude(kind="english").exists())
    @rule(which=picks, who=people)
    def somebody_reserves(self, which: int, who: int) -> None:
        self._reserve(which, who)

    @precondition(lambda self: Sale.objects.filter(state="open").exclude(kind="english").exists())
    @rule(which=picks, who=people, card=cards)
    def somebody_buys(self, which: int, who: int, card: str) -> None:
        order = self._reserve(which, who)
        if order is not None:
            self.do("payments tried", orders.pay, order=order, payment_method=card)

    @precondition(lambda self: Sale.objects.filter(state="open").exclude(kind="english").exists())
    @rule(
        orders=st.lists(st.tuples(picks, people, st.sampled_from(CARDS[:6])), min_size=2, max_size=5),
        told=st.booleans(),
        dies=deaths,
    )
    def a_crowd_comes(self, orders: list[tuple[int, int, str]], told: bool, dies: int | None) -> None:
        self.dies_after = dies
        for which, who, card in orders:
            self.somebody_buys(which, who, card)
        if told:
            self.tell()

    def _reserve(self, which: int, who: int) -> Order | None:
        sale = self.one_of(Sale.objects.filter(state="open").exclude(kind="english"), which)
        if sale is None:
            return None
        price = Price.objects.filter(sale=sale).first() or Falling.objects.get(sale=sale)
        return self.do(
            "reservations", orders.place_order, buyer=self.people[who], sale_id=sale.pk, licence="personal",
            currency=price.currency,
        )  # fmt: skip

    @precondition(lambda self: Order.objects.filter(state="reserved").exists())
    @rule(which=picks, card=cards)
    def somebody_pays(self, which: int, card: str) -> None:
        order = self.one_of(Order.objects.filter(state="reserved"), which)
        if order is not None:
            self.do("payments tried", orders.pay, order=order, payment_method=card)

    @precondition(lambda self: Order.objects.filter(state__in=["reserved", "lapsed", "cancelled"]).exists())
    @rule(which=picks, card=cards, is_late=st.booleans())
    def somebody_pays_in_the_browser(self, which: int, card: str, is_late: bool) -> None:
        """The provider alone knows; perhaps the reservation has ended meanwhile."""
        states = ["reserved", "lapsed", "cancelled"] if is_late else ["reserved"]
        open_ones = Order.objects.filter(state__in=states, payment__state__in=["requires_payment", "releasing"])
        order = self.one_of(open_ones, which)
        if order is None:
            order = self.one_of(Order.objects.filter(state="reserved"), which)
            if order is not None:
                self.do("payments prepared", orders.pay, order=order)
            return
        if order.payment.intent_id:
            self.provider.confirm(order.payment, card)
            self.counts["paid in the browser"] += 1

    @precondition(lambda self: Payment.objects.exclude(action_url="").exists())
    @rule(which=picks, outcome=st.sampled_from(["complete", "complete", "fail"]))
    def somebody_answers_their_bank(self, which: int, outcome: str) -> None:
        payment = self.one_of(Payment.objects.exclude(action_url=""), which)
        if payment is not None:
            self.provider.http.post(payment.action_url, data={"outcome": outcome})
            self.counts[f"3-D Secure: {outcome}"] += 1

    @precondition(lambda self: Order.objects.filter(state="reserved").exists())
    @rule(which=picks)
    def somebody_comes_back_from_the_form(self, which: int) -> None:
        order = self.one_of(Order.objects.filter(state="reserved"), which)
        if order is not None:
            self.do("payments checked", orders.check_payment, order=order)

    @precondition(lambda self: Order.objects.filter(state="reserved").exists())
    @rule(which=picks)
    def somebody_gives_up(self, which: int) -> None:
        order = self.one_of(Order.objects.filter(state="reserved"), which)
        if order is not None:
            self.do("orders cancelled", orders.cancel, order_id=order.pk, buyer=order.buyer)

    @precondition(lambda self: Auction.objects.filter(sale__state="open").exists())
    @rule(which=picks, bids=st.lists(st.tuples(people, st.integers(0, 9_000)), min_size=1, max_size=4))
    def somebody_bids(self, which: int, bids: list[tuple[int, int]]) -> None:
        auction = self.one_of(Auction.objects.filter(sale__state="open"), which)
        if auction is None:
            return
        for who, more in bids:
            auction.refresh_from_db()
            self.keep_a_card(self.people[who])
            most = (auction.price_amount or auction.start_amount) + more
            self.do("bids", listings.place_bid, bidder=self.people[who], sale_id=auction.sale_id, most_amount=most)

    def keep_a_card(self, person: User, card: str = "pm_card_visa") -> None:
        """With which they may bid, and are charged while they are away."""
        if not Customer.objects.filter(user=person).exists():
            save_card(person, self.provider, card)
            self.counts["cards kept"] += 1
