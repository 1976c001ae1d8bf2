"""Only an approved artist begins anything of the trade, and nothing of a suspended one can be bought."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from generation import services as generation
from generation.models import Artwork
from marketplace.accounts import services as accounts
from marketplace.accounts.errors import ArtistSuspended
from marketplace.accounts.models import Artist, Notification, User
from marketplace.accounts.selectors import scopes_open_to
from marketplace.commissions.errors import CommissionsClosed
from marketplace.commissions.services import briefs
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.listings import selectors, services
from marketplace.listings.errors import NotForSale
from marketplace.listings.models import Edition
from marketplace.listings.services import AskedPrice, Bid, Terms
from tests.gallery import hanging
from tests.marketplace.accounts.people import curator, member, token_client
from tests.marketplace.listings.selling import PRICE, issued, on_sale
from tests.marketplace.orders.market import resell

pytestmark = pytest.mark.django_db
WHY = "A work of somebody else's."


@pytest.fixture
def artist() -> Artist:
    return hanging.artist()


@pytest.fixture
def artwork(artist: Artist) -> Artwork:
    return hanging.work(artist.user)


def suspend(artist: Artist) -> Artist:
    return accounts.suspend_artist(curator=curator(), artist_id=artist.pk, reason=WHY)


def terms(user: User, *, is_open: bool = True) -> None:
    briefs.set_terms(artist_user=user, is_open=is_open, queue_limit=1, min_price_amount=1000, licences=["personal"])


BEGINNINGS: dict[str, Callable[[User, Artwork], object]] = {
    "offer commissions": lambda user, work: services.publish_listing(
        artist_user=user, artwork_id=work.pk, price_amount=2500
    ),
    "issue": lambda user, work: services.issue_release(artist_user=user, artwork_id=work.pk, terms=Terms(size=1)),
    "lend a style": lambda user, work: services.lend_style(artist_user=user, artwork_id=work.pk, share_bps=500),
    "take briefs": lambda user, work: terms(user),
    "say what it costs": lambda user, work: services.set_usual_prices(artist_user=user, prices=[PRICE]),
    "begin a dataset": lambda user, work: generation.create_dataset(owner=user, name="Harbours", description=""),
}


@pytest.mark.parametrize("begin", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_a_suspended_artist_begins_nothing(
    artist: Artist, artwork: Artwork, begin: Callable[[User, Artwork], object]
) -> None:
    suspend(artist)
    with pytest.raises(ArtistSuspended):
        begin(User.objects.get(pk=artist.user_id), artwork)
    accounts.reinstate_artist(curator=curator(), artist_id=artist.pk)
    begin(User.objects.get(pk=artist.user_id), artwork)


@pytest.mark.parametrize("begin", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_who_is_no_artist_begins_nothing(
    artist: Artist, artwork: Artwork, begin: Callable[[User, Artwork], object]
) -> None:
    with pytest.raises(PermissionRefused):
        begin(member(), artwork)


def test_what_they_sell_waits_until_they_are_reinstated(artist: Artist, artwork: Artwork) -> None:
    sale, buyer = on_sale(artwork, takes_offers=True), member()
    listing = hanging.offer(hanging.work(artist.user))
    suspend(artist)
    now = timezone.now()
    shown = selectors.sale_by_id(sale.pk, buyer)
    with pytest.raises(NotForSale):
        selectors.buyable(shown, buyer, now)
    with pytest.raises(NotForSale):
        services.offer_on_sale(buyer=buyer, sale_id=sale.pk, bid=Bid(4000, "eur", "personal"))
    with pytest.raises(NotFound):
        selectors.listing_by_id(listing.pk)
    assert selectors.sales_of_artworks([artwork.pk]) == {}
    assert sale not in selectors.sales_shown()
    accounts.reinstate_artist(curator=curator(), artist_id=artist.pk)
    selectors.buyable(selectors.sale_by_id(sale.pk, buyer), buyer, now)
    assert list(selectors.sales_of_artworks([artwork.pk])) == [artwork.pk]
    assert sale in selectors.sales_shown()
    assert selectors.listing_by_id(listing.pk) == listing


def test_a_paused_sale_is_not_gone_on_with(artist: Artist, artwork: Artwork) -> None:
    sale = on_sale(artwork)
    services.pause_sale(seller=artist.user, sale_id=sale.pk)
    suspend(artist)
    with pytest.raises(ArtistSuspended):
        services.publish_sale(seller=User.objects.get(pk=artist.user_id), sale_id=sale.pk)


def test_owners_go_on_reselling(artist: Artist, artwork: Artwork) -> None:
    release, owner = issued(artwork, 2), member()
    edition = release.editions.get(number=1)
    edition.state = Edition.State.SOLD
    edition.save()
    sale = resell(edition, owner)
    suspend(artist)
    selectors.buyable(selectors.sale_by_id(sale.pk, None), member(), timezone.now())
    assert sale in selectors.sales_shown()
    assert list(selectors.sales_of_artworks([artwork.pk])) == [artwork.pk]


def test_nobody_sends_them_briefs_nor_uses_what_they_lend(artist: Artist, artwork: Artwork) -> None:
    terms(artist.user)
    lent = services.lend_style(artist_user=artist.user, artwork_id=artwork.pk, share_bps=500)
    wishes = briefs.Wishes(title="A", text="B", licence="personal", budget_least=2000, budget_most=3000)
    brief = briefs.send_brief(collector=member(), artist_slug=artist.slug, wishes=wishes)
    assert APIClient().get("/api/v1/style-terms/").json()["results"][0]["id"] == str(lent.pk)
    suspend(artist)
    with pytest.raises(CommissionsClosed):
        briefs.send_brief(collector=member(), artist_slug=artist.slug, wishes=wishes)
    with pytest.raises(ArtistSuspended):
        briefs.make_quote(author=artist.user, brief_id=brief.pk, offer=briefs.Offer(price_amount=2500, days=3))
    assert APIClient().get("/api/v1/style-terms/").json()["results"] == []


def test_a_suspension_says_why_and_is_undone(artist: Artist) -> None:
    with pytest.raises(InvalidInput):
        accounts.suspend_artist(curator=curator(), artist_id=artist.pk, reason=" ")
    with pytest.raises(PermissionRefused):
        accounts.suspend_artist(curator=member(), artist_id=artist.pk, reason=WHY)
    house = token_client(curator(), ["curate"])
    address = f"/api/v1/artists/{artist.slug}/"
    assert house.post(f"{address}suspend/", {"reason": WHY}, format="json").json()["state"] == "suspended"
    assert house.post(f"{address}suspend/", {"reason": WHY}, format="json").json()["code"] == "not-now"
    assert "publish" not in scopes_open_to(artist.user)
    assert APIClient().get("/api/v1/artists/").json()["results"] == []
    assert house.post(f"{address}reinstate/").json()["state"] == "approved"
    assert "publish" in scopes_open_to(artist.user)
    kinds = Notification.objects.filter(person=artist.user).order_by("id").values_list("kind", "body")
    assert [kind for kind, _ in kinds] == ["artist.suspended", "artist.reinstated"]
    assert kinds[0][1] == WHY


def test_a_sale_without_prices_takes_the_usual_ones(artist: Artist, artwork: Artwork) -> None:
    release = issued(artwork)
    with pytest.raises(InvalidInput):
        services.draft_sale(seller=artist.user, release_id=release.pk)
    usual = [AskedPrice("personal", "eur", 4800), AskedPrice("print", "usd", 9000)]
    services.set_usual_prices(artist_user=artist.user, prices=usual)
    sale = services.draft_sale(seller=artist.user, release_id=release.pk)
    services.set_usual_prices(artist_user=artist.user, prices=[PRICE])
    asked = {(price.licence_id, price.currency, price.amount) for price in sale.prices.all()}
    assert asked == {("personal", "eur", 4800), ("print", "usd", 9000)}
