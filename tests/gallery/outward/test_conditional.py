"""A work's page is built once for all who read it, told again only when it changed, and right after every change."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from generation import services
from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.listings.models import Listing
from tests.generation import checking


def test_who_has_the_page_is_told_so(
    client: Client, artwork: Artwork, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(f"/works/{artwork.pk}/")
    assert "csrf" not in first.content.decode().lower()
    tag = {"If-None-Match": first.headers["ETag"]}
    with django_assert_num_queries(2):  # two versions: the catalogue's and the work's
        again = client.get(f"/works/{artwork.pk}/", headers=tag)
    assert (again.status_code, again.content) == (304, b"")


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
