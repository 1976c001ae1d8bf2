"""What curators take down is nowhere any more, also where it had been kept a moment before; and it comes back whole."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from gallery.models import Verdict
from gallery.services import curating, exhibiting
from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from tests.gallery import hanging

pytestmark = pytest.mark.django_db


def places(client: Client, artwork: Artwork, artist: Artist, neighbour: Artwork) -> dict[str, str]:
    """Every public place that may show a work, with what it says."""
    lists = [
        "/", f"/search/?q={artwork.title}", f"/artists/{artist.slug}/", "/feed.atom", "/feed.rss",
        f"/artists/{artist.slug}/feed.rss", "/exhibitions/", "/exhibitions/tide/", f"/works/{neighbour.pk}/",
        f"/works/{neighbour.pk}/similar/", "/api/v1/catalogue/", "/api/v1/artworks/", "/api/v1/artworks/featured/",
        "/api/v1/exhibitions/tide/", f"/api/v1/artworks/{neighbour.pk}/similar/", f"/api/v1/artists/{artist.slug}/",
    ]  # fmt: skip
    index = client.get("/sitemap.xml").content.decode()
    lists += [urlsplit(location).path for location in re.findall("<loc>(.*?)</loc>", index)]
    return {address: client.get(address).content.decode(errors="replace") for address in lists}


def own_addresses(artwork: Artwork) -> list[str]:
    page = f"/works/{artwork.pk}/"
    return [
        page, f"{page}embed/", f"{page}share.jpg", f"{page}picture/", f"{page}provenance/", f"{page}report/",
        f"{page}similar/", f"/api/v1/artworks/{artwork.pk}/", f"/api/v1/artworks/{artwork.pk}/provenance/",
        f"/api/v1/artworks/{artwork.pk}/similar/", f"/oembed?url=http://testserver{page}",
    ]  # fmt: skip


def showing(found: dict[str, str], artwork: Artwork) -> set[str]:
    names = [str(artwork.pk), *(file.key for file in artwork.files.all() if file.bucket != "private")]
    return {address for address, said in found.items() if any(name in said for name in names)}


def test_what_is_taken_down_is_nowhere_and_comes_back_when_that_is_undone(
    client: Client, artwork: Artwork, artist: Artist, judge: User
) -> None:
    neighbour = hanging.work(artist.user, title="Neighbour")
    made = exhibiting.draft_exhibition(curator=judge, title="Tide")
    for work in (artwork, neighbour):
        exhibiting.hang_in_exhibition(curator=judge, exhibition_id=made.pk, artwork_id=work.pk)
    exhibiting.move_exhibition(curator=judge, exhibition_id=made.pk, move="publish")
    curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.FEATURE)
    hanging.draw_cards()
    before = showing(places(client, artwork, artist, neighbour), artwork)
    assert before >= {"/", "/feed.atom", "/api/v1/catalogue/", "/api/v1/artworks/featured/", "/exhibitions/tide/"}
    assert any("/sitemaps/works/" in address for address in before)
    open_before = {one for one in own_addresses(artwork) if client.get(one).status_code == 200}
    assert len(open_before) > 5

    down = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="rights")
    assert showing(places(client, artwork, artist, neighbour), artwork) == set()
    assert {one for one in own_addresses(artwork) if client.get(one).status_code != 404} == set()

    curating.undo_decision(decision_id=down.pk, curator=judge)
    hanging.draw_cards()
    assert showing(places(client, artwork, artist, neighbour), artwork) == before
    assert {one for one in own_addresses(artwork) if client.get(one).status_code == 200} == open_before
