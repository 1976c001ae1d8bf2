"""A work's page: what it is, what it costs, how it was made, and the hooks it hangs on."""

import html
import json
from collections.abc import Callable

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gallery.models import Decision
from gallery.services.curating import submit_artwork
from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, Notification, User
from marketplace.listings.models import Listing
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.marketplace.accounts.people import curator

SignedIn = Callable[[User], Client]


def test_a_work_shows_its_artist_its_facts_and_its_recipe(client: Client, artwork: Artwork) -> None:
    page = read(client.get(f"/works/{artwork.pk}/"))
    assert page.all("a", href="/artists/vera-molnar/")
    assert "1200 \N{MULTIPLICATION SIGN} 800 pixels" in page.html
    assert "Flow field, version 1" in page.html
    recipe = page.html.partition("<pre")[2].partition(">")[2].partition("</pre>")[0]
    assert json.loads(html.unescape(recipe)) == artwork.public_recipe


def test_a_recipe_names_its_inputs_by_their_hashes_alone(client: Client, artist: Artist) -> None:
    recipe = {"engine": "arbitrary-style", "inputs": [{"name": "content", "key": "uploads/a.png", "sha256": "f00d"}]}
    page = read(client.get(f"/works/{hanging.work(artist.user, recipe=recipe).pk}/"))
    assert "f00d" in page.html
    assert "uploads/a.png" not in page.html


def test_a_recipe_is_read_from_the_engine_on(client: Client, artist: Artist) -> None:
    recipe = {"seed": 7, "torch": "2", "engine": "flow-field", "parameters": {"weight": 0.3}}
    page = read(client.get(f"/works/{hanging.work(artist.user, recipe=recipe).pk}/"))
    places = [page.html.index(f"&quot;{name}&quot;") for name in ("engine", "parameters", "seed", "torch")]
    assert places == sorted(places)


def test_a_recipe_cannot_become_markup(client: Client, artwork: Artwork) -> None:
    assert "<sumi>" not in client.get(f"/works/{artwork.pk}/").content.decode()


def test_a_listed_work_offers_commissions_at_its_price(client: Client, listing: Listing) -> None:
    page = read(client.get(f"/works/{listing.artwork_id}/"))
    assert "€25.00" in page.html
    assert page.all("a", href=f"/works/{listing.artwork_id}/commission/")


def test_a_work_that_is_not_listed_offers_nothing(client: Client, artwork: Artwork) -> None:
    page = read(client.get(f"/works/{artwork.pk}/"))
    assert not page.all("a", href=f"/works/{artwork.pk}/commission/")


def test_a_paused_listing_offers_nothing(client: Client, listing: Listing) -> None:
    Listing.objects.update(state=Listing.State.PAUSED)
    assert not read(client.get(f"/works/{listing.artwork_id}/")).all(
        "a", href=f"/works/{listing.artwork_id}/commission/"
    )


def test_more_of_the_artist_hangs_below(client: Client, artist: Artist, artwork: Artwork) -> None:
    other = hanging.work(artist.user, title="Second Study")
    hanging.work(hanging.artist("Somebody Else").user, title="Elsewhere")
    hanging.draw_cards()
    page = read(client.get(f"/works/{artwork.pk}/"))
    assert page.all("a", href=f"/works/{other.pk}/")
    assert "Elsewhere" not in page.html


def test_a_commissioned_work_credits_the_style(user: User, visitor: Client, artist: Artist) -> None:
    mine = hanging.work(user, visibility=Visibility.PRIVATE, hung_at=None, artist=None, style_artist=artist)
    page = read(visitor.get(f"/works/{mine.pk}/"))
    assert 'in the style of <a href="/artists/vera-molnar/">' in page.html
    assert page.all("img")[0]["alt"].startswith(f"{mine.title} in the style of Vera Molnár")


def test_what_one_may_not_see_is_not_there(client: Client, visitor: Client, artist: Artist) -> None:
    private = hanging.work(artist.user, visibility=Visibility.PRIVATE, hung_at=None)
    read(client.get(f"/works/{private.pk}/"), 404)
    read(visitor.get(f"/works/{private.pk}/"), 404)


def test_its_artist_gets_the_original_and_others_the_page(
    artwork: Artwork, visitor: Client, signed_in: SignedIn
) -> None:
    maker = signed_in(artwork.maker)
    assert read(maker.get(f"/works/{artwork.pk}/")).all("a", href="?original")
    answer = maker.get(f"/works/{artwork.pk}/?original")
    assert answer.status_code == 302
    assert artwork.original is not None
    assert artwork.original.key in answer.headers["Location"]
    assert "X-Amz-Signature=" in answer.headers["Location"]
    page = read(visitor.get(f"/works/{artwork.pk}/?original"))
    assert artwork.original.key not in page.html
    assert not page.all("a", href="?original")


def test_a_curator_takes_a_work_down_and_undoes_it(
    artwork: Artwork, artist: Artist, client: Client, signed_in: SignedIn
) -> None:
    judge = curator()
    browser, address = signed_in(judge), f"/works/{artwork.pk}/"
    page = read(browser.get(address))
    assert page.all("form", action=f"{address}decide/")
    assert not page.all("form", action=f"{address}undo/")
    refused = read(browser.post(f"{address}decide/", {"verdict": "hide"}, follow=True))
    assert "Choose a reason" in refused.html
    assert not Decision.objects.exists()

    page = read(browser.post(f"{address}decide/", {"verdict": "hide", "reason": "rights"}, follow=True))
    assert "You can undo this" in page.html
    assert "Taken down" in page.html
    read(client.get(address), 404)
    decision = Decision.objects.get()
    assert (decision.curator, decision.verdict, decision.reason) == (judge, "hide", "rights")
    assert decision.after["visibility"] == "hidden"
    assert Notification.objects.get(person=artist.user).kind == "work.withdrawn"

    page = read(browser.post(f"{address}undo/", follow=True))
    assert "It is as it was before" in page.html
    read(client.get(address))
    artwork.refresh_from_db()
    assert artwork.visibility == Visibility.WALL
    assert Decision.objects.get().undone_by == judge


def test_a_curator_hangs_a_work_and_features_it(artist: Artist, client: Client, signed_in: SignedIn) -> None:
    study = hanging.work(artist.user, visibility=Visibility.PRIVATE, hung_at=None)
    desk, address = signed_in(curator()), f"/works/{study.pk}/"
    unasked = read(desk.post(f"{address}decide/", {"verdict": "approve"}, follow=True))
    assert "Nobody has asked for this work to be hung" in unasked.html
    assert not unasked.all("button", value="approve")
    submit_artwork(artwork_id=study.pk, artist=artist.user)
    assert read(desk.get(address)).all("button", value="approve")
    page = read(desk.post(f"{address}decide/", {"verdict": "approve"}, follow=True))
    assert "It hangs on the wall now" in page.html
    read(client.get(address))
    assert "This work hangs already" in read(desk.post(f"{address}decide/", {"verdict": "approve"}, follow=True)).html
    assert "It is featured now" in read(desk.post(f"{address}decide/", {"verdict": "feature"}, follow=True)).html
    assert [one.verdict for one in Decision.objects.filter(artwork=study)] == ["feature", "approve"]


def test_nothing_to_undo_is_said(artwork: Artwork, signed_in: SignedIn) -> None:
    page = read(signed_in(curator()).post(f"/works/{artwork.pk}/undo/", follow=True))
    assert page.all("li", **{"class": "alert bad"})


def test_others_cannot_curate(artwork: Artwork, client: Client, visitor: Client) -> None:
    address, hide = f"/works/{artwork.pk}/decide/", {"verdict": "hide", "reason": "rights"}
    assert not read(visitor.get(f"/works/{artwork.pk}/")).all("form", action=address)
    read(visitor.post(address, hide), 403)
    assert client.post(address, hide).headers["Location"].startswith("/accounts/login/")
    artwork.refresh_from_db()
    assert artwork.visibility == Visibility.WALL


def test_curating_needs_a_form_of_ours(artwork: Artwork) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(curator(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post(f"/works/{artwork.pk}/decide/", {"verdict": "hide", "reason": "rights"}).status_code == 403
    assert browser.get(f"/works/{artwork.pk}/decide/").status_code == 405


def test_a_work_with_company_needs_few_queries(
    client: Client, listing: Listing, artist: Artist, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        hanging.work(artist.user)
    with django_assert_max_num_queries(12):
        read(client.get(f"/works/{listing.artwork_id}/"))
