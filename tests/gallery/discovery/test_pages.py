"""Discovery as a browser sees it: every button is a form that works without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gallery import services
from gallery.models import Collection, Find, Follow, SavedSearch, Seen
from generation import services as generation
from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Release
from tests.gallery.discovery.people import hang, save
from tests.gallery.discovery.test_trending import BROWSER
from tests.gallery.markup import Page, read
from tests.marketplace.accounts.people import curator
from tests.marketplace.modelling import trained_model
from tests.marketplace.orders.market import put_on_sale

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def titles(page: Page) -> list[str]:
    """What pictures a page shows, by the words for who does not see them."""
    return [image["alt"].split(" by ")[0] for image in page.all("img")]


def test_a_heart_is_a_form_and_a_fragment(visitor: Client, painting: Artwork) -> None:
    work, address = f"/works/{painting.pk}/", f"/works/{painting.pk}/save/"
    assert read(visitor.get(work)).all("form", action=address)
    answer = visitor.post(address, {"heart": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (302, work)
    [heart] = [one for one in read(visitor.get(work)).all("button") if one.get("id") == "heart"]
    assert heart["aria-pressed"] == "true"
    fragment = read(visitor.post(address, {"heart": "no"}, headers={"HX-Request": "true"}))
    assert "<html" not in fragment.html
    [heart] = fragment.all("button", id="heart")
    assert heart["aria-pressed"] == "false"


def test_who_is_not_signed_in_is_led_to_the_door_and_back(client: Client, painting: Artwork, painter: Artist) -> None:
    work = f"/works/{painting.pk}/"
    page = read(client.get(work))
    door = f"/accounts/login/?next={work}"
    assert page.all("a", href=door, **{"class": "button small quiet heart"})
    assert page.all("a", href=door, **{"class": "button small quiet"}), "to follow its artist"
    assert "follower" not in page.html, "a page that is kept for all does not count who follows"
    assert read(client.get(f"/artists/{painter.slug}/")).all(
        "a", href=f"/accounts/login/?next=/artists/{painter.slug}/"
    )
    for address in ("/feed/", "/for-you/", "/saved/", "/collections/", "/saved-searches/", "/following/"):
        assert client.get(address).status_code == 302
    assert client.post(f"{work}save/").status_code == 302


def test_an_artist_is_followed_from_their_page_and_left_from_the_list(visitor: Client, painter: Artist) -> None:
    page = f"/artists/{painter.slug}/"
    assert "0 followers" in read(visitor.get(page)).html
    answer = visitor.post(f"{page}follow/", {"back": page})
    assert answer.headers["Location"] == page
    assert "1 follower" in read(visitor.get(page)).html
    assert read(visitor.get("/following/")).all("a", href=page)
    away = visitor.post(f"{page}unfollow/", {"back": "//elsewhere.example/"})
    assert away.headers["Location"] == "/following/"
    assert not read(visitor.get("/following/")).all("a", href=page)


def test_an_artist_is_followed_from_a_works_page_and_by_a_fragment(
    visitor: Client, user: User, painting: Artwork, painter: Artist
) -> None:
    work, follow = f"/works/{painting.pk}/", f"/artists/{painter.slug}/follow/"
    assert read(visitor.get(work)).all("form", action=follow)
    assert visitor.post(follow, {"back": work}).headers["Location"] == work
    leave = f"/artists/{painter.slug}/unfollow/"
    assert read(visitor.get(work)).all("form", action=leave)
    fragment = read(visitor.post(leave, {"back": work}, headers={"HX-Request": "true"}))
    assert fragment.all("form", action=follow, **{"hx-post": follow})
    assert "follower" not in fragment.html
    counted = read(visitor.post(follow, {"back": work, "tells": "how-many"}, headers={"HX-Request": "true"}))
    assert "1 follower" in counted.html
    assert "<html" not in counted.html
    assert Follow.objects.filter(follower=user, artist=painter).exists()


def test_an_artists_page_lists_cards_with_their_prices_and_leads_to_all(
    client: Client, painter: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.pages.artists.MOST", 2)
    put_on_sale(painter)
    services.refresh_all_cards()
    page = read(client.get(f"/artists/{painter.slug}/"))
    assert page.html.count('class="hung"') == 1
    assert 'class="price-tag"' in page.html.partition('id="works"')[2]
    for _ in range(2):
        hang(painter.user)
    page = read(client.get(f"/artists/{painter.slug}/"))
    assert page.html.count('class="hung"') == 2
    assert page.all("a", href=f"/search/?artist={painter.slug}")
    assert page.all("link", type="application/atom+xml")


def test_the_feed_shows_works_and_sales_and_goes_on(visitor: Client, user: User, painter: Artist) -> None:
    assert "Follow an artist" in read(visitor.get("/feed/")).html
    services.follow_artist(person=user, slug=painter.slug)
    works = [hang(painter.user, title=f"No {n}") for n in range(24)]
    sale = put_on_sale(painter, opens_at=timezone.now() + timedelta(hours=2))
    first = read(visitor.get("/feed/"))
    assert first.all("a", href=f"/sales/{sale.pk}/")
    [more] = [link for link in first.all("a") if "after=" in link.get("hx-get", "")]
    rest = read(visitor.get(f"/feed/{more['hx-get']}", headers={"HX-Request": "true"}))
    assert "<html" not in rest.html
    shown = [link["href"] for page in (first, rest) for link in page.all("a") if link["href"].startswith("/works/")]
    assert shown == [f"/works/{work.pk}/" for work in reversed(works)]


def test_a_suggestion_is_dismissed_and_its_reason_too(visitor: Client, user: User, painter: Artist) -> None:
    services.follow_artist(person=user, slug=painter.slug)
    first, second = hang(painter.user, title="First"), hang(painter.user, title="Second")
    page = read(visitor.get("/for-you/"))
    assert titles(page) == ["Second", "First"]
    assert page.html.count("Because you follow Anni Albers</p>") == 2
    gone = visitor.post("/for-you/dismiss/", {"work": str(second.pk)}, headers={"HX-Request": "true"})
    assert (gone.status_code, gone.content) == (200, b"")
    assert titles(read(visitor.get("/for-you/"))) == ["First"]
    visitor.post("/for-you/dismiss/", {"reason": f"follow:{painter.pk}"})
    page = read(visitor.get("/for-you/"))
    assert titles(page) == []
    [again] = page.all("button", name="again")
    visitor.post("/for-you/dismiss/", {"again": again["value"]})
    assert titles(read(visitor.get("/for-you/"))) == [first.title]


def test_a_collection_is_made_from_a_work_and_arranged(
    visitor: Client, client: Client, user: User, painter: Artist
) -> None:
    works = [hang(painter.user, title=title) for title in ("One", "Two", "Three")]
    visitor.post(f"/works/{works[0].pk}/collect/", {"title": "Rivers"})
    collection = Collection.objects.get(owner=user)
    for work in works[1:]:
        visitor.post(f"/works/{work.pk}/collect/", {"in": str(collection.pk)})
    address = f"/collections/{collection.slug}/"
    assert titles(read(visitor.get(address))) == ["Three", "Two", "One"]
    read(client.get(address), 404)
    arrange = f"{address}arrange/"
    visitor.post(arrange, {"work": str(works[0].pk), "act": "earlier"})
    assert titles(read(visitor.get(f"{address}?arrange"))) == ["Three", "One", "Two"]
    assert visitor.post(arrange, {"order": [str(work.pk) for work in works]}).status_code == 204
    visitor.post(arrange, {"work": str(works[1].pk), "act": "out"})
    visitor.post(arrange, {"work": str(works[2].pk), "act": "cover"})
    visitor.post(f"{address}change/", {"title": "Streams", "description": "Water.", "is_public": "on"})
    page = read(client.get(address))
    assert titles(page) == ["One", "Three"]
    assert f"A collection by {user.name}" in page.html
    assert not page.all("form", action=f"{address}change/")
    assert titles(read(visitor.get("/collections/"))) == ["Three"]
    generation.take_down_artwork(artwork_id=works[0].pk, curator=curator())
    assert "No longer shown" in read(visitor.get(address)).html
    assert "One" not in read(client.get(address)).html
    visitor.post(f"{address}delete/")
    read(visitor.get(address), 404)


def test_a_collection_is_not_begun_with_a_work_that_one_may_not_see(visitor: Client, painting: Artwork) -> None:
    Artwork.objects.filter(pk=painting.pk).update(visibility="private")
    visitor.post(f"/works/{painting.pk}/collect/", {"title": "Rivers"})
    assert not Collection.objects.exists()


def test_others_cannot_arrange_what_they_see(
    visitor: Client, user: User, painting: Artwork, make_user: Callable[..., User], signed_in: SignedIn
) -> None:
    made = services.create_collection(owner=user, title="Rivers", is_public=True)
    stranger = signed_in(make_user())
    for act in ("change", "arrange", "delete"):
        assert stranger.post(f"/collections/{made.slug}/{act}/", {"title": "Mine"}).status_code == 404
    stranger.post(f"/works/{painting.pk}/collect/", {"in": str(made.pk)})
    assert not made.items.exists()
    read(visitor.post(f"/collections/{made.slug}/change/", {"title": ""}), 422)


def test_what_one_saved_is_on_a_page_with_what_is_no_longer_shown(visitor: Client, user: User, painter: Artist) -> None:
    works = [hang(painter.user, title=title) for title in ("One", "Two")]
    save(user, *works)
    generation.take_down_artwork(artwork_id=works[1].pk, curator=curator())
    page = read(visitor.get("/saved/"))
    assert titles(page) == ["One"]
    assert "Two" in page.html
    visitor.post(f"/works/{works[1].pk}/save/", {"heart": "no", "back": "/saved/"})
    assert "Two" not in read(visitor.get("/saved/")).html


def test_a_search_is_kept_with_its_query_and_changed(visitor: Client, user: User, painter: Artist) -> None:
    form = read(visitor.get("/saved-searches/new/?engine=texture&sort=trending&q="))
    assert form.value_of("query") == "engine=texture"
    read(visitor.get("/saved-searches/new/?engine=%3C%3E"), 404)
    visitor.post("/saved-searches/new/", {"query": "?engine=texture&cursor=abc&q=", "name": ""})
    search = SavedSearch.objects.get(owner=user)
    assert search.query == {"engine": ["texture"]}
    Find.objects.create(search=search, artwork=hang(painter.user, title="Moss"))
    page = read(visitor.get("/saved-searches/"))
    assert page.all("a", href="/search/?engine=texture")
    assert titles(page) == ["Moss"]
    visitor.post(f"/saved-searches/{search.pk}/", {"name": "Textures", "frequency": "weekly"})
    search.refresh_from_db()
    assert (search.name, search.frequency) == ("Textures", "weekly")
    visitor.post(f"/saved-searches/{search.pk}/", {"act": "delete"})
    assert not SavedSearch.objects.exists()


def test_what_ends_and_opens_has_a_page_for_everybody(client: Client, painter: Artist) -> None:
    now = timezone.now()
    ends = put_on_sale(painter, closes_at=now + timedelta(hours=1))
    opens = put_on_sale(painter, opens_at=now + timedelta(hours=1))
    page = read(client.get("/ending/"))
    assert [one["href"] for one in page.all("a") if one["href"].startswith("/sales/")] == [
        f"/sales/{ends.pk}/", f"/sales/{opens.pk}/",
    ]  # fmt: skip


def test_the_wall_and_the_search_lead_there(client: Client, painter: Artist) -> None:
    now = timezone.now()
    ends = put_on_sale(painter, closes_at=now + timedelta(hours=1))
    later = put_on_sale(painter, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    services.refresh_all_cards()
    page = read(client.get("/"))
    assert page.all("a", href="/ending/")
    assert page.all("time", **{"data-countdown": "Closes in"})
    soon = page.html.partition('class="soon')[2].partition("</nav>")[0]
    assert f"/works/{ends.issued.artwork_id}/" in soon
    assert f"/works/{later.issued.artwork_id}/" not in soon, "what is not open yet does not end soon"
    assert read(client.get("/search/?engine=flow-field")).all("a", href="/saved-searches/new/?engine=flow-field")


def test_an_artists_page_has_what_was_sold(client: Client, painter: Artist) -> None:
    sale = put_on_sale(painter)
    hang(painter.user, title="Unsold")
    sale.issued.editions.create(number=1, state="sold")
    services.refresh_all_cards()
    page = read(client.get(f"/artists/{painter.slug}/?show=sold"))
    assert [link["href"] for link in page.all("a") if "hung" in link.get("class", "")] == [
        f"/works/{sale.issued.artwork_id}/"
    ]
    assert "No series of theirs" in read(client.get(f"/artists/{painter.slug}/?show=series")).html


def test_a_series_has_a_page_with_its_editions_and_how_it_is_sold(
    client: Client, visitor: Client, painter: Artist
) -> None:
    model = trained_model(painter)
    series = Release.objects.create(
        artist=painter, trained_model=model, engine="gan", title="Ten Thousand Suns", size=3
    )  # fmt: skip
    sale = put_on_sale(painter, release=series)
    series.editions.create(number=1, state="sold")
    address = f"/series/{series.pk}/"
    page = read(client.get(address))
    assert "Ten Thousand Suns" in page.html
    assert "In a collection" in page.html
    assert "Sign in to buy" in page.html
    assert read(visitor.get(address)).all("form", action=f"/sales/{sale.pk}/buy/")
    assert read(client.get(f"/artists/{painter.slug}/?show=series")).all("a", href=address)
    read(client.get(f"/series/{put_on_sale(painter).issued.pk}/"), 404)  # a work is no series


def test_a_browser_tells_that_a_work_was_looked_at(visitor: Client, user: User, painting: Artwork) -> None:
    page = read(visitor.get(f"/works/{painting.pk}/"))
    [beacon] = [one for one in page.all("span") if "hx-post" in one]
    assert visitor.post(beacon["hx-post"], headers={"User-Agent": BROWSER}).status_code == 204
    services.keep_views()
    assert Seen.objects.filter(person=user, artwork=painting).exists()


@pytest.mark.parametrize("number", [1, 6])
def test_more_works_need_no_more_queries(
    visitor: Client, user: User, painter: Artist, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    services.follow_artist(person=user, slug=painter.slug)
    for n in range(number):
        work = hang(painter.user)
        save(user, hang(painter.user))
        made = services.create_collection(owner=user, title=f"No {n}")
        services.add_to_collection(owner=user, collection_id=made.pk, artwork_id=work.pk)
    for address, most in (
        ("/feed/", 14),
        ("/for-you/", 20),
        ("/saved/", 11),
        ("/collections/", 10),
        ("/following/", 9),
    ):
        with django_assert_max_num_queries(most):
            read(visitor.get(address))
