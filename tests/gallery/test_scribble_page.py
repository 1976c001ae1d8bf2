"""The board, and how what was drawn on it comes to an order."""

from uuid import uuid4

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Listing
from tests.gallery import hanging
from tests.gallery.markup import read

CREDIT = "“cat” by Emily Jäger, OpenMoji (CC-BY-SA-4.0)"


def test_anybody_finds_the_board_and_the_styles(client: Client, listing: Listing) -> None:
    page = read(client.get("/scribble/"))
    assert page.all("svg", **{"data-board": ""})
    assert page.all("a", href=f"/works/{listing.artwork_id}/commission/")
    assert page.all("a", href="/accounts/login/?next=/scribble/")
    assert not page.all("button", type="submit", **{"class": "button"})
    assert {field["name"] for field in page.all("select")} == {"p_palette", "p_ground", "p_manner", "p_colours"}
    assert page.all("label", **{"for": "called"})


def test_a_member_may_have_a_picture_made(visitor: Client, listing: Listing) -> None:
    page = read(visitor.get("/scribble/"))
    assert "Make a picture of it" in page.html
    assert "csrftoken" in visitor.cookies


def test_the_page_asks_the_database_no_more_often_for_more_styles(
    client: Client, artist: Artist, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        hanging.offer(hanging.work(artist.user))
    with django_assert_max_num_queries(6):
        assert len(read(client.get("/scribble/")).all("a", **{"data-style": ""})) == 5


def test_the_order_form_takes_a_picture_along(visitor: Client, user: User, listing: Listing) -> None:
    drawn = hanging.photograph(user, credit=CREDIT)
    address = f"/works/{listing.artwork_id}/commission/"
    page = read(visitor.get(address, {"photograph": str(drawn.pk)}))
    assert page.value_of("photograph") == str(drawn.pk)
    assert "Drawn after “cat” by Emily Jäger" in page.html


def test_the_order_form_takes_along_nothing_else(visitor: Client, artist: Artist, listing: Listing) -> None:
    theirs = hanging.photograph(artist.user)
    for brought in (str(theirs.pk), str(uuid4()), "no-uuid", ""):
        page = read(visitor.get(f"/works/{listing.artwork_id}/commission/", {"photograph": brought}))
        assert page.value_of("photograph") == ""


def test_a_work_names_whose_drawing_it_was_made_after(client: Client, artist: Artist) -> None:
    recipe = {"engine": "scribble", "seed": 7, "parameters": {}, "credits": [CREDIT]}
    page = read(client.get(f"/works/{hanging.work(artist.user, recipe=recipe).pk}/"))
    assert "Emily Jäger, OpenMoji (CC-BY-SA-4.0); shared on the same terms" in page.html
