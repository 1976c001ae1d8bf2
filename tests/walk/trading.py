"""What is traded in the world: sales, orders, editions, offers, commissions, briefs, and the papers of it all."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from generation.models import Artwork, TrainedModel
from generation.selectors import search_drawings
from marketplace.accounts import services as accounts
from marketplace.accounts.models import GROUPS, Artist, Notification, WebhookDelivery
from marketplace.commissions import services as commissions
from marketplace.commissions.models import Reroll
from marketplace.commissions.selectors import due_instalment
from marketplace.commissions.services import briefs
from marketplace.core import outbox
from marketplace.core.models import OutboxEvent
from marketplace.listings import services as listings
from marketplace.listings.models import Listing, Release
from marketplace.orders import services as orders
from marketplace.orders.models import Certificate
from payments import services as payments
from payments.models import SavedCard
from tests.gallery import hanging
from tests.generation import checking
from tests.marketplace.artists.applying import handed_in
from tests.marketplace.listings.selling import drafted, issued, offered
from tests.marketplace.orders import bidding
from tests.marketplace.orders.market import buy, make_work, order, put_on_sale
from tests.payments.provider import VISA, Provider
from tests.walk.world import HOUSE, World

BOTH_SIDES = {"collector", "artist"}


def tell() -> None:
    """What waits in the outbox is told, as long as anything does; nothing is painted."""
    for _ in range(20):
        waiting = OutboxEvent.objects.filter(done_at=None, actor="").order_by("pk").values_list("pk", flat=True)
        if not (known := list(waiting)):
            return
        outbox.deliver(known)


def selling(world: World, provider: Provider) -> None:
    """A sale that is open, one that is a draft, an auction with a bid, a falling price; an offer."""
    sale = put_on_sale(world.artist, release=_of_a_stored_file(world.artist), takes_offers=True)
    world.add("open sale", sale_id=sale.pk)
    world.add("release", release_id=sale.release_id)
    draft = drafted(issued(make_work(world.artist, "Draft")))
    world.add("draft sale", {"artist"}, sale_id=draft.pk)
    offer = offered(sale, world.collector)
    world.add("offer", BOTH_SIDES, offer_id=offer.pk)
    for person in (world.collector, world.stranger, world.rival.user, world.curator, world.staff):
        bidding.save_card(person, provider)  # or all of them would be asked for one before anything else
    card = SavedCard.objects.get(customer__user=world.collector)
    world.add("card", {"collector"}, card_id=card.pk)
    auction = bidding.open_auction(world.artist)
    bid = listings.place_bid(bidder=world.collector, sale_id=auction.sale_id, most_amount=12_000)
    world.add("auction", sale_id=auction.sale_id)
    world.add("bid", bid_id=bid.pk)
    buying(world, sale)


def _of_a_stored_file(artist: Artist) -> Release:
    """Editions of a work whose original is there, and signed: their owners are handed its bundle."""
    signed = checking.work(artist.user, title="Ink", artist=artist, visibility="wall", hung_at=timezone.now())
    return Release.objects.create(artist=artist, artwork=signed, title="Ink", size=5)


def series(world: World, model: TrainedModel) -> None:
    """A series that an open model makes, and its sale."""
    made = Release.objects.create(
        artist=world.artist, trained_model=model, engine="gan", parameters={"size": 64}, title="Tides", size=3
    )
    world.add("series", release_id=made.pk)
    world.add("sale of a series", sale_id=put_on_sale(world.artist, release=made).pk)


def buying(world: World, sale: Any) -> None:
    """An order that waits for its payment; two editions that are owned, one of them on its way as a gift."""
    owned = buy(sale, world.collector)
    given = buy(sale, world.collector)
    tell()
    waiting = order(sale, world.collector)
    world.add("order", {"collector"}, order_id=waiting.pk)
    world.add("payment", {"collector"}, payment_id=waiting.payment_id)
    owned.refresh_from_db()
    given.refresh_from_db()
    assert owned.edition is not None
    assert given.edition is not None
    world.add("owned edition", edition_id=owned.edition.pk)
    certificate = Certificate.objects.get(edition=owned.edition)
    world.add("certificate", certificate_id=certificate.pk)
    gift = orders.give_edition(owner=world.collector, edition_id=given.edition.pk, to="guest@walk.test")
    world.add("gift", {"collector"}, gift_id=gift.pk, step="withdraw")
    paper = payments.issue_invoice(payment_id=owned.payment_id, title="Ink", seller="Vera Walk")
    world.add("invoice", {"collector", "staff"}, paper_id=paper.pk)


def commissioning(world: World, hung: Artwork) -> None:
    """A commission that waits for its payment, with another picture that was asked for."""
    photograph = hanging.photograph(world.collector)
    commission = commissions.order_commission(
        collector=world.collector, listing_id=Listing.objects.get(artwork=hung).pk, photograph_id=photograph.pk,
        parameters={"size": 256},
    )  # fmt: skip
    Reroll.objects.create(commission=commission, number=2, parameters={}, state="dropped")
    world.add("commission", {"collector"}, commission_id=commission.pk, number=2)


def by_brief(world: World) -> None:
    """A brief that is being worked on, and one that is disputed."""
    briefs.set_terms(
        artist_user=world.artist.user, is_open=True, queue_limit=5, min_price_amount=2_000, licences=["personal"]
    )
    at_work = _begun(world, "A harbour at dawn")
    recipe = briefs.Recipe(engine="flow-field", parameters={"size": 256}, seed=1)
    candidate = briefs.make_candidate(artist_user=world.artist.user, brief_id=at_work["brief_id"], recipe=recipe)
    world.add("brief", BOTH_SIDES | {"staff"}, **at_work, candidate_id=candidate.pk)
    disputed = _begun(world, "A harbour at dusk")
    briefs.open_dispute(person=world.collector, brief_id=disputed["brief_id"], text="Nothing came.")
    world.add("disputed brief", BOTH_SIDES | {"staff"}, only="dispute|decision|case", **disputed)


def _begun(world: World, title: str) -> dict[str, Any]:
    wishes = briefs.Wishes(title=title, text="Boats.", licence="personal", budget_least=5_000, budget_most=20_000)
    brief = briefs.send_brief(collector=world.collector, artist_slug=world.artist.slug, wishes=wishes)
    offer = briefs.Offer(price_amount=10_001, days=10, candidates=3, revision_amount=1_000)
    quote = briefs.make_quote(author=world.artist.user, brief_id=brief.pk, offer=offer)
    briefs.accept_quote(person=world.collector, brief_id=brief.pk, quote_id=quote.pk)
    brief.refresh_from_db()
    due = due_instalment(brief)
    assert due is not None
    briefs.pay_instalment(collector=world.collector, instalment_id=due.pk, payment_method=VISA)
    tell()
    return {"brief_id": brief.pk, "quote_id": quote.pk, "instalment_id": due.pk}


def account(world: World) -> None:
    """What belongs to a collector's account."""
    own = {"collector"}
    token, _ = accounts.create_token(user=world.collector, name="mine", scopes=["read"], expires_in=None)
    world.add("token", own, token_id=token.pk)
    endpoint, _ = accounts.create_endpoint(
        owner=world.collector, url="https://93.184.215.14/hook", event_types=["order.paid"], description=""
    )
    with transaction.atomic():
        accounts.publish(people=[world.collector.pk], event_type="order.paid", key="one", data={})
        accounts.notify(person=world.collector, kind="order.paid", key="walk", title="Paid", link="/orders/")
    tell()
    delivery = WebhookDelivery.objects.filter(endpoint=endpoint).earliest("pk")
    world.add("endpoint", own, endpoint_id=endpoint.pk, delivery_id=delivery.pk)
    world.add("delivery", own, delivery_id=delivery.pk)
    notification = Notification.objects.filter(person=world.collector).earliest("pk")
    world.add("notification", own, notification_id=notification.pk)
    application = handed_in(world.collector)
    world.add("application", own | HOUSE, application_id=application.pk)


def public(world: World) -> None:
    """What is everybody's: artists' names, engines, drawings, kinds of problems, groups of e-mails."""
    world.add("artist", only="/(artists|follows)/", slug=world.artist.slug, kind="atom")
    world.add("feed", kind="rss")
    world.add("section", section="works", after=uuid.UUID(int=0))
    world.add("engine", name="flow-field")
    world.add("engine", engine="stylist")
    world.add("drawing", drawing_id=search_drawings(words="cat", count=1)[0].id)
    world.add("problem", code="not-found")
    world.add("language", language="zh-hans")
    world.add("group", group=next(iter(GROUPS)))
    world.add("link in an e-mail", token=accounts.unsubscribe_token(person_id=world.collector.pk, group="offers"))
