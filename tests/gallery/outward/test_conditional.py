"""A work's page is built once for all who read it, told again only when it changed, and right after every change."""

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gallery.selectors.addresses import page_of
from gallery.services.cards import note_change
from generation import services
from generation.models import Artwork
from generation.services.shelving import place_files
from marketplace.accounts.models import Artist, User
from marketplace.core.storage import Bucket
from marketplace.listings.models import Listing
from tests.generation import checking
from tests.marketplace.orders.market import put_on_sale


def test_who_has_the_page_is_told_so(
    client: Client, artwork: Artwork, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(f"/works/{artwork.pk}/")
    assert "csrf" not in first.content.decode().lower()
    tag = {"If-None-Match": first.headers["ETag"]}
    with django_assert_num_queries(2):  # two versions: the catalogue's and the work's
        again = client.get(f"/works/{artwork.pk}/", headers=tag)
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_told_of_one_work_is_kept_whatever_else_is_hung(
    client: Client, artwork: Artwork, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/api/v1/artworks/{artwork.pk}/"
    told = client.get(address)
    note_change()
    with django_assert_num_queries(1):  # its own version
        assert client.get(address).content == told.content
    with transaction.atomic():
        Artwork.objects.filter(pk=artwork.pk).update(title="Low tide")
    assert client.get(address).json()["title"] == "Low tide"


def test_every_change_is_seen_at_once(client: Client, listing: Listing, user: User, signed: Artwork) -> None:
    def page(of: Artwork) -> str:
        return client.get(f"/works/{of.pk}/").content.decode()

    artwork = listing.artwork
    assert artwork is not None
    assert ("Ink River" in page(artwork), "€25.00" in page(artwork)) == (True, True)
    services.title_artwork(artwork_id=artwork.pk, title="Renamed", by=artwork.maker)
    assert "Renamed" in page(artwork)
    listing.state = Listing.State.PAUSED
    listing.save()
    assert "€25.00" not in page(artwork)
    assert "Not made again yet" in page(signed)
    job = services.request_check(artwork_id=signed.pk, by=user)
    assert "Waiting to be made again" in page(signed)
    checking.finish(job, checking.image())
    assert "the same, pixel by pixel" in page(signed)
    Artwork.objects.filter(pk=artwork.pk).update(visibility="hidden", taken_down_at="2026-01-01T00:00Z")
    assert client.get(f"/works/{artwork.pk}/").status_code == 404


def test_who_is_signed_in_gets_a_page_of_their_own(visitor: Client, client: Client, artwork: Artwork) -> None:
    anybodys = client.get(f"/works/{artwork.pk}/")
    own = visitor.get(f"/works/{artwork.pk}/", headers={"If-None-Match": anybodys.headers["ETag"]})
    assert (own.status_code, own.headers["Cache-Control"]) == (200, "private, no-cache")
    assert "public" in anybodys.headers["Cache-Control"]


def test_a_work_brought_back_is_kept_by_nobody_until_its_files_are_public(client: Client, artwork: Artwork) -> None:
    shown = artwork.files.exclude(role="original")
    keys = dict(shown.values_list("pk", "key"))
    shown.update(bucket=Bucket.PRIVATE.value)
    page, told = (client.get(f"/{place}/{artwork.pk}/") for place in ("works", "api/v1/artworks"))
    assert ('src=""' in page.content.decode(), "on its way" in page.content.decode()) == (False, True)
    assert page.headers["Cache-Control"] == "private, no-cache"
    with transaction.atomic():
        place_files(artwork, keys, is_held=False)
    assert client.get(f"/api/v1/artworks/{artwork.pk}/").content != told.content
    page = client.get(f"/works/{artwork.pk}/")
    assert ("on its way" in page.content.decode(), "public" in page.headers["Cache-Control"]) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_every_public_read_is_told_again_only_when_it_changed(client: Client, artist: Artist, visitor: Client) -> None:
    sale = put_on_sale(artist)
    work = sale.issued.artwork
    assert work is not None
    shared = (
        f"/artists/{artist.slug}/", "/exhibitions/", "/market/", "/ending/", "/models/",
        f"/sales/{sale.pk}/", f"/works/{work.pk}/", "/?engine=flow-field", "/search/meaning/",
        f"/works/{work.pk}/provenance/",
        f"/api/v1/artworks/{work.pk}/provenance/", "/api/v1/exhibitions/", "/api/v1/ending/", "/feed.atom",
        f"/oembed?url={page_of('work', work.pk)}", f"/works/{work.pk}/embed/",
    )  # fmt: skip
    for place in shared:
        first = client.get(place)
        assert first.status_code == 200, place
        assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=5, stale-while-revalidate=30", place
        assert "Cookie" in first.headers["Vary"], place
        again = client.get(place, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), place
        assert visitor.get(place).headers["Cache-Control"] == "private, no-cache", place
    similar = f"/works/{work.pk}/similar/"  # nobody has looked at it yet: that is nothing to keep
    for place in (similar, "/sitemap.xml", "/sitemaps/pages.xml", "/robots.txt", "/api/v1/engines/"):
        tag = {"If-None-Match": client.get(place).headers["ETag"]}
        assert client.get(place, headers=tag).status_code == 304, place
    before = client.get("/market/").headers["ETag"]
    Artwork.objects.filter(pk=work.pk).update(title="Renamed")
    assert client.get("/market/", headers={"If-None-Match": before}).status_code == 200
