"""What search engines and readers of feeds fetch, held against what the standards ask for."""

import re
from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gallery.models import Card
from gallery.selectors import sitemaps
from gallery.services import add_to_collection, change_collection, create_collection, exhibiting, refresh_cards
from generation.models import Artwork, Visibility
from generation.services import take_down_artwork
from marketplace.accounts.models import Artist
from tests.gallery import hanging
from tests.marketplace.accounts.people import curator

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
W3C_TIME = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")


def house() -> str:
    return str(settings.ATELIER.public_url).rstrip("/")


def fetched(client: Client, url: str) -> Element:
    """A document at one of the house's addresses, parsed."""
    answer = client.get(url.removeprefix(house()))
    assert answer.status_code == 200, url
    return fromstring(answer.content)  # what the house itself wrote


def addresses(client: Client, url: str) -> list[str]:
    """What a sitemap lists, after a look at the protocol's rules."""
    root = fetched(client, url)
    assert root.tag in {f"{SITEMAP}urlset", f"{SITEMAP}sitemapindex"}
    assert len(root) <= 50_000
    for entry in root:
        assert [part.tag for part in entry] in ([f"{SITEMAP}loc"], [f"{SITEMAP}loc", f"{SITEMAP}lastmod"])
        assert all(W3C_TIME.match(part.text or "") for part in entry if part.tag == f"{SITEMAP}lastmod")
    found = [entry[0].text or "" for entry in root]
    assert all(address.startswith(f"{house()}/") and len(address) < 2048 for address in found)
    return found


def test_the_sitemaps_lead_to_everything_that_anybody_may_see_and_to_nothing_else(
    client: Client, artist: Artist, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 2)
    works = [hanging.work(artist.user) for _ in range(5)]
    hanging.work(artist.user, visibility=Visibility.PRIVATE, hung_at=None)
    hanging.artist("Nothing Hangs")
    parts = addresses(client, "/sitemap.xml")
    of_works = [part for part in parts if "/sitemaps/works/" in part]
    assert len(of_works) == 3
    with django_assert_num_queries(1):
        first = addresses(client, of_works[0])
    found = [*first, *(address for part in of_works[1:] for address in addresses(client, part))]
    assert found == [f"{house()}/works/{work.pk}/" for work in works]
    assert [address for part in parts if "/artists/" in part for address in addresses(client, part)] == [
        f"{house()}/artists/{artist.slug}/"
    ]
    assert [part for part in parts if "/collections/" in part] == []
    create_collection(owner=artist.user, title="Mine alone")
    create_collection(owner=artist.user, title="For all", is_public=True)
    cache.clear()
    [part] = [part for part in addresses(client, "/sitemap.xml") if "/collections/" in part]
    [collection] = addresses(client, part)
    assert "For all" in client.get(collection.removeprefix(house())).content.decode()
    assert f"{house()}/ending/" in addresses(client, parts[0])
    for page in addresses(client, parts[0]):
        assert client.get(page.removeprefix(house())).status_code == 200, page
    assert client.get("/sitemaps/secrets/00000000-0000-0000-0000-000000000000.xml").status_code == 404


def test_when_something_changed_the_index_says_so_within_the_hour(client: Client, artwork: Artwork) -> None:
    def changed() -> str:
        root = fetched(client, "/sitemap.xml")
        return next(entry[1].text or "" for entry in root if "/works/" in (entry[0].text or ""))

    changed()
    Artwork.objects.filter(pk=artwork.pk).update(updated_at="2027-01-02T03:04:05Z")
    cache.clear()
    assert changed() == "2027-01-02T03:04:05Z"


def test_robots_keep_to_what_is_public(client: Client, artwork: Artwork) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    robots = RobotFileParser()
    robots.parse(answer.content.decode().splitlines())
    assert robots.site_maps() == [f"{house()}/sitemap.xml"]
    assert robots.can_fetch("*", f"/works/{artwork.pk}/")
    assert not robots.can_fetch("*", "/collection/")
    assert not robots.can_fetch("*", "/admin/")


def test_the_wall_as_atom(client: Client, artist: Artist) -> None:
    works = [hanging.work(artist.user, title=f"<Study> & {number}") for number in range(3)]
    root = fetched(client, "/feed.atom")
    assert (root.tag, root.findtext(f"{ATOM}id")) == (f"{ATOM}feed", f"{house()}/")
    assert root.find(f"{ATOM}updated") is not None
    [own] = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == f"{house()}/feed.atom"
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [work.title for work in reversed(works)]
    for entry in entries:
        for part in ("id", "title", "updated", f"author/{ATOM}name"):
            assert entry.findtext(f"{ATOM}{part}"), part
        [enclosure] = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "enclosure"]
        assert (enclosure.get("type"), enclosure.get("length")) == ("image/webp", "1000")


def test_what_changed_since_it_was_hung_says_so(client: Client, artwork: Artwork) -> None:
    def updated() -> str:
        return fetched(client, "/feed.atom").findtext(f"{ATOM}entry/{ATOM}updated") or ""

    hung = updated()
    Artwork.objects.filter(pk=artwork.pk).update(updated_at="2027-01-02T03:04:05Z")
    assert (updated(), updated() > hung) == ("2027-01-02T03:04:05+00:00", True)
    refresh_cards([artwork.pk])
    Card.objects.filter(pk=artwork.pk).update(refreshed_at="2027-02-02T03:04:05Z")  # as a new price does
    assert updated() == "2027-02-02T03:04:05+00:00"


def test_an_artist_as_rss_again_only_after_a_change(client: Client, artist: Artist, artwork: Artwork) -> None:
    hanging.work(hanging.artist("Somebody Else").user, title="Elsewhere")
    url = f"/artists/{artist.slug}/feed.rss"
    first = client.get(url)
    root = fromstring(first.content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert [item.findtext("title") for item in root.iter("item")] == ["Ink River"]
    assert [item.findtext("guid") for item in root.iter("item")] == [f"{house()}/works/{artwork.pk}/"]
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(url, headers=tag).status_code == 304
    Artwork.objects.filter(pk=artwork.pk).update(title="Renamed")
    assert client.get(url, headers=tag).status_code == 200
    assert client.get("/artists/nobody/feed.rss").status_code == 404


def test_exhibitions_and_public_collections_have_feeds(client: Client, artist: Artist) -> None:
    works = [hanging.work(artist.user, title=title) for title in ("Ebb", "Flow")]
    hanging.draw_cards()
    judge = curator()
    shown = exhibiting.draft_exhibition(curator=judge, title="Tides & <Time>")
    exhibiting.hang_in_exhibition(curator=judge, exhibition_id=shown.pk, artwork_id=works[0].pk)
    assert fetched(client, "/exhibitions/feed.atom").findall(f"{ATOM}entry") == []
    exhibiting.write_exhibition(curator=judge, exhibition_id=shown.pk, text="On <b>water</b>.")
    exhibiting.move_exhibition(curator=judge, exhibition_id=shown.pk, move="publish")
    [entry] = fetched(client, "/exhibitions/feed.atom").findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Tides & <Time>"
    assert entry.findtext(f"{ATOM}id") == f"{house()}/exhibitions/{shown.slug}/"
    assert "&lt;b&gt;water" in (entry.findtext(f"{ATOM}summary") or "")
    shelf = create_collection(owner=artist.user, title="Rivers", is_public=True)
    for work in works:
        add_to_collection(owner=artist.user, collection_id=shelf.pk, artwork_id=work.pk)
    address = f"/collections/{shelf.slug}/feed"
    titles = [one.findtext(f"{ATOM}title") for one in fetched(client, f"{address}.atom").findall(f"{ATOM}entry")]
    assert titles == ["Flow", "Ebb"], "what was put in last comes first"
    take_down_artwork(artwork_id=works[1].pk, curator=judge)
    assert [one.findtext("title") for one in fetched(client, f"{address}.rss").iter("item")] == ["Ebb"]
    assert f'href="{house()}{address}.atom"' in client.get(f"/collections/{shelf.slug}/").content.decode()
    change_collection(owner=artist.user, collection_id=shelf.pk, is_public=False)
    assert client.get(f"{address}.atom").status_code == 404
