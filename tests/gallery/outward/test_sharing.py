"""How a link to a work looks elsewhere: cards, linked data, a picture of its own, and nothing of what is not shown."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db.models import F
from django.test import Client
from django.utils import timezone
from PIL import Image

from gallery.selectors.linked_data import work_data
from gallery.services.share_images import draw
from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from marketplace.listings.models import Edition, Release, Sale
from marketplace.listings.selectors import sales_of_artwork
from tests.gallery import hanging
from tests.gallery.markup import Page, read
from tests.generation import checking
from tests.generation.conftest import encoded
from tests.marketplace.orders.market import put_on_sale

HOUSE = "https://gallery.example"


@pytest.fixture(autouse=True)
def public(settings: LazySettings) -> None:
    """The house is known by another name than the one that requests come by."""
    settings.ATELIER = settings.ATELIER.model_copy(update={"public_url": HOUSE})


def linked(page: Page) -> list[dict[str, Any]]:
    """The page's linked data, as a reader of JSON-LD takes it out."""
    _, block = page.html.split('<script type="application/ld+json">')
    found: list[dict[str, Any]] = json.loads(block.partition("</script>")[0])
    return found


def offered(artwork: Artwork) -> list[dict[str, Any]]:
    """A work's offers as its page tells them."""
    offers: list[dict[str, Any]] = work_data(artwork, sales_of_artwork(artwork.pk))[0]["offers"]
    return offers


def named(page: Page, **how: str) -> str:
    [meta] = page.all("meta", **how)
    return meta["content"]


def test_a_work_has_cards_and_one_address(client: Client, artwork: Artwork) -> None:
    page = read(client.get(f"/works/{artwork.pk}/?utm_source=elsewhere"))
    url = f"{HOUSE}/works/{artwork.pk}/"
    assert [link["href"] for link in page.all("link", rel="canonical")] == [url]
    assert (named(page, property="og:url"), named(page, property="og:title")) == (url, "Ink River")
    assert named(page, property="og:image") == f"{url}share.jpg"
    assert (named(page, property="og:image:width"), named(page, property="og:image:height")) == ("1200", "630")
    assert named(page, name="twitter:card") == "summary_large_image"
    [oembed] = page.all("link", type="application/json+oembed")
    assert oembed["href"].startswith(f"{HOUSE}/oembed?url=https%3A%2F%2Fgallery.example%2Fworks%2F")
    chinese = read(client.get(f"/works/{artwork.pk}/?lang=zh-hans"))
    assert [link["href"] for link in chinese.all("link", rel="canonical")] == [f"{url}?lang=zh-hans"]


def test_a_work_is_linked_data(client: Client, artist: Artist, artwork: Artwork) -> None:
    work, way = linked(read(client.get(f"/works/{artwork.pk}/")))
    url, theirs = f"{HOUSE}/works/{artwork.pk}/", f"{HOUSE}/artists/{artist.slug}/"
    assert (work["@context"], work["@type"], work["@id"]) == ("https://schema.org", "VisualArtwork", url)
    assert work["creator"] == {"@type": "Person", "@id": theirs, "name": artist.name, "url": theirs}
    assert work["width"] == {"@type": "QuantitativeValue", "value": 1200, "unitText": "px"}
    assert work["image"]["contentUrl"].startswith("http")
    assert [(step["position"], step["item"]) for step in way["itemListElement"]] == [
        (1, f"{HOUSE}/"), (2, theirs), (3, url)
    ]  # fmt: skip
    assert "offers" not in work


@pytest.mark.django_db(transaction=True)
def test_what_is_for_sale_says_for_how_much(client: Client, artist: Artist) -> None:
    sale = put_on_sale(artist)
    artwork = sale.issued.artwork
    assert artwork is not None
    work, _ = linked(read(client.get(f"/works/{artwork.pk}/")))
    price = sale.prices.get()
    assert work["offers"] == [
        {
            "@type": "Offer", "url": f"{HOUSE}/sales/{sale.pk}/", "availability": "https://schema.org/InStock",
            "itemCondition": "https://schema.org/NewCondition", "price": str(price.money.decimal),
            "priceCurrency": price.currency.upper(),
        }
    ]  # fmt: skip
    Sale.objects.filter(pk=sale.pk).update(opens_at=timezone.now() + timedelta(days=1))
    [offer] = offered(artwork)
    assert offer["availability"] == "https://schema.org/PreOrder"
    Edition.objects.filter(release=sale.issued).update(state="sold")
    Release.objects.filter(pk=sale.issued.pk).update(numbered=F("size"))
    [offer] = offered(artwork)
    assert offer["availability"] == "https://schema.org/SoldOut"


def test_no_title_ends_the_script_element(client: Client, artist: Artist) -> None:
    work = hanging.work(artist.user, title="</script><script>alert(1)</script> & co")
    page = read(client.get(f"/works/{work.pk}/"))
    assert linked(page)[0]["name"] == work.title
    assert "<script>alert" not in page.html


def test_an_artist_is_a_person_with_feeds(client: Client, artist: Artist, artwork: Artwork) -> None:
    hanging.draw_cards()
    page = read(client.get(f"/artists/{artist.slug}/"))
    person, collection, _ = linked(page)
    assert (person["@type"], collection["@type"]) == ("Person", "CollectionPage")
    assert collection["hasPart"][0]["@id"] == f"{HOUSE}/works/{artwork.pk}/"
    assert [link["type"] for link in page.all("link", rel="alternate", title=artist.name)] == [
        "application/atom+xml", "application/rss+xml"
    ]  # fmt: skip


@pytest.fixture
def shown(artist: Artist) -> Artwork:
    """A work with a picture that is really there."""
    artwork = checking.work(
        artist.user, title="Ink River", artist=artist, visibility=Visibility.WALL, hung_at="2026-01-01T00:00Z"
    )
    preview = artwork.files.get(role="preview")
    storage.put(Bucket.PUBLIC, preview.key, encoded(checking.image(), "WEBP"), media_type="image/webp")
    return artwork


def test_the_picture_of_a_link_is_drawn_once_and_goes_with_the_work(client: Client, shown: Artwork) -> None:
    answer = client.get(f"/works/{shown.pk}/share.jpg")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 630))
    assert "s-maxage=5," in answer.headers["Cache-Control"]
    again = client.get(f"/works/{shown.pk}/share.jpg", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Artwork.objects.filter(pk=shown.pk).update(title="Another name")
    assert client.get(f"/works/{shown.pk}/share.jpg").content != answer.content
    Artwork.objects.filter(pk=shown.pk).update(visibility="hidden", taken_down_at="2026-02-01T00:00Z")
    assert client.get(f"/works/{shown.pk}/share.jpg").status_code == 404


def test_long_titles_and_other_scripts_are_drawn_within_the_card() -> None:
    picture = encoded(Image.new("RGB", (1600, 300), "teal"), "WEBP")
    for title in ("墨河 · 第三", "A title that is far longer than any card has room for, " * 4, "✨"):
        with Image.open(io.BytesIO(draw(picture, title, "王"))) as card:
            assert card.size == (1200, 630)
            darkest, lightest = card.convert("L").crop((1196, 520, 1200, 630)).getextrema()
            assert lightest - darkest < 40  # type: ignore[operator]  # nothing is written at the very edge


def test_what_does_not_hang_asks_not_to_be_indexed(visitor: Client, user: User) -> None:
    work = hanging.work(user, visibility=Visibility.PRIVATE, hung_at=None)
    page = read(visitor.get(f"/works/{work.pk}/"))
    assert named(page, name="robots") == "noindex"
    assert not page.all("meta", property="og:image")
