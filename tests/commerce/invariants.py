"""What is true after every step, whatever has happened: a handful of questions to the database."""

from fractions import Fraction

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from hypothesis.stateful import invariant

from marketplace.listings.models import Auction, Award, Bid
from marketplace.orders.models import Order
from payments.models import Posting
from tests.commerce.world import World

WHOLE = 10_000
# Each finds rows that must not be, with what is wrong with them.
NEVER = {
    "an edition is sold and has no owner, or is free and has one": """
        SELECT e.id FROM listings_edition e LEFT JOIN orders_ownership o ON o.edition_id = e.id
        WHERE (e.state = 'sold') > (o.id IS NOT NULL) OR (e.state IN ('free', 'void') AND o.id IS NOT NULL)""",
    "an edition has two owners": "SELECT edition_id FROM orders_ownership GROUP BY edition_id HAVING count(*) > 1",
    "more editions are owned than there are": """
        SELECT r.id FROM listings_release r JOIN listings_edition e ON e.release_id = r.id
        JOIN orders_ownership o ON o.edition_id = e.id WHERE r.size IS NOT NULL
        GROUP BY r.id, r.size HAVING count(*) > r.size""",
    "the last acquisition of an edition does not name its owner": """
        SELECT e.id FROM listings_edition e LEFT JOIN orders_ownership o ON o.edition_id = e.id
        JOIN LATERAL (SELECT a.owner_id FROM orders_acquisition a WHERE a.edition_id = e.id
                      ORDER BY a.step DESC LIMIT 1) last ON true
        WHERE last.owner_id IS DISTINCT FROM o.owner_id""",
    "an edition went from somebody who did not have it": """
        SELECT a.id FROM orders_acquisition a JOIN orders_acquisition b ON b.edition_id = a.edition_id
        AND b.step = a.step - 1 WHERE a.giver_id IS DISTINCT FROM b.owner_id""",
    "the same deed handed an edition over twice": """
        SELECT edition_id FROM orders_acquisition GROUP BY edition_id, source HAVING count(*) > 1""",
    "an order is beyond payment and was not paid": """
        SELECT o.id FROM orders_order o JOIN payments_payment p ON p.id = o.payment_id
        WHERE o.state NOT IN ('reserved', 'lapsed', 'cancelled') AND p.state <> 'captured'""",
    "money was taken for an order, and nobody will hear of it": """
        SELECT o.id FROM orders_order o JOIN payments_payment p ON p.id = o.payment_id
        WHERE o.state IN ('reserved', 'lapsed', 'cancelled') AND p.state = 'captured' AND NOT EXISTS (
            SELECT 1 FROM core_outboxevent e WHERE e.topic = 'payment.captured' AND e.subject_id = p.id::text
            AND e.done_at IS NULL)""",
    "an edition is reserved, and nobody buys it or is given it": """
        SELECT e.id FROM listings_edition e WHERE e.state = 'reserved' AND NOT EXISTS (
            SELECT 1 FROM orders_order o WHERE o.edition_id = e.id AND o.state IN ('reserved', 'paid', 'making'))
        AND NOT EXISTS (SELECT 1 FROM orders_gift g WHERE g.edition_id = e.id AND g.state = 'offered')""",
    "a refund and its parts are not the same": """
        SELECT r.id FROM payments_refund r WHERE r.amount <> (
            SELECT sum((part->>1)::bigint) FROM jsonb_array_elements(r.parts) part)""",
    "more goes back than was paid": """
        SELECT p.id FROM payments_payment p JOIN payments_refund r ON r.payment_id = p.id AND r.state <> 'failed'
        GROUP BY p.id, p.amount HAVING sum(r.amount) > p.amount""",
    "somebody has the picture and all of the money": """
        SELECT b.id FROM commissions_brief b JOIN commissions_instalment i ON i.brief_id = b.id AND i.kind <> 'tip'
        JOIN payments_payment p ON p.id = i.payment_id AND p.state = 'captured'
        LEFT JOIN LATERAL (SELECT sum(r.amount) AS back FROM payments_refund r
                           WHERE r.payment_id = p.id AND r.state <> 'failed') r ON true
        WHERE b.state = 'delivered' GROUP BY b.id HAVING sum(coalesce(r.back, 0)) >= sum(p.amount)""",
}
_ALL = " UNION ALL ".join(
    f"(SELECT '{what}' AS what, id::text FROM ({sql}) AS found(id))" for what, sql in NEVER.items()
)


class Invariants(World):
    """Never broken, not for a moment."""

    @invariant()
    def all_is_well(self) -> None:
        self.counts["steps"] += 1
        self._nothing_is_that_must_not_be()
        self._the_ledger_adds_up_in_every_currency()
        self._the_highest_bid_leads_and_wins()
        self._every_new_order_is_divided_to_the_cent()

    def _nothing_is_that_must_not_be(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_ALL)
            assert not (found := cursor.fetchall()), found

    def _the_ledger_adds_up_in_every_currency(self) -> None:
        totals = Posting.objects.values_list("account__currency").annotate(total=Sum("amount")).order_by()
        assert {total for _, total in totals} <= {0}

    def _the_highest_bid_leads_and_wins(self) -> None:
        for auction in Auction.objects.select_related("leader"):
            standing = Bid.objects.filter(auction=auction, struck_at=None).order_by("-most_amount", "pk")
            best = standing.values_list("bidder_id", flat=True).first()
            assert (auction.leader.bidder_id if auction.leader else None) == best
        for award in Award.objects.filter(state__in=["offered", "bought"]).select_related("bid", "auction"):
            rivals = Bid.objects.filter(auction=award.auction, struck_at=None).exclude(bidder=award.bid.bidder_id)
            second = rivals.order_by("-most_amount").values_list("most_amount", flat=True).first()
            assert award.bid.most_amount >= award.amount >= max(award.auction.start_amount, second or 0)

    def _every_new_order_is_divided_to_the_cent(self) -> None:
        """Each part is what it should be, less or more than a cent; all of them are the price."""
        seen = self.__dict__.setdefault("divided", set())
        for order in Order.objects.exclude(pk__in=seen).select_related("payment", "sale", "edition__release__artist"):
            seen.add(order.pk)
            assert sum(amount for *_, amount in order.payment.splits) == order.payment.amount == order.price_amount
            for who, role, amount in order.payment.splits:
                assert abs(amount - exact_part(order, who, role)) < 1, order.payment.splits


def exact_part(order: Order, who: str, role: str) -> Fraction:
    """What somebody's part of a price is before it is rounded, reckoned anew from the house's promises."""
    release, atelier, price = order.edition.release, settings.ATELIER, Fraction(order.price_amount, WHOLE)
    bps = {str(one.user_id): one.share_bps for one in release.contributors.all()}
    own = WHOLE - sum(bps.values())
    if order.sale.is_resale:
        royalty = min(release.royalty_bps, WHOLE - atelier.resale_fee_bps)
        if role == "royalty":
            is_artist, given = who == str(release.artist.user_id), bps.get(who, 0)
            return price * royalty * ((own if is_artist else 0) + given) / WHOLE
        return price * {"house": atelier.resale_fee_bps, "seller": WHOLE - atelier.resale_fee_bps - royalty}[role]
    if role == "house":
        return price * (WHOLE - atelier.artist_share_bps)
    return price * atelier.artist_share_bps * (own if role == "artist" else bps[who]) / WHOLE
