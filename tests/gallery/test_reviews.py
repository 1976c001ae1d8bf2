"""The curators' review queue as a page, and what owners and collectors see of what is held."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from generation import services
from generation.models import Artwork, Review
from marketplace.accounts.models import User
from tests.gallery.markup import Page, read
from tests.generation import held
from tests.generation.moderation import magenta
from tests.generation.moderation.pictures import waves
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[User], Client]
EXPLICIT = Image.new("RGB", (256, 256), magenta.MAGENTA)
QUEUE = "/review/"


@pytest.fixture(autouse=True)
def magenta_is_explicit(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": magenta.PATH})


@pytest.fixture
def artwork(user: User) -> Artwork:
    return held.work(user, EXPLICIT)


@pytest.fixture
def judge(db: None) -> User:
    return curator()


@pytest.fixture
def desk(judge: User, signed_in: SignedIn) -> Client:
    """The browser of a curator."""
    return signed_in(judge)


def steps_of(artwork: Artwork) -> str:
    return f"{QUEUE}{held.review_of(artwork).pk}/"


def followed(desk: Client, address: str, **form: str) -> Page:
    return read(desk.post(address, form, follow=True))


def test_the_queue_shows_what_is_held_and_beside_it_what_it_looks_like(
    desk: Client, user: User, make_user: Callable[..., User]
) -> None:
    hung = held.hung(make_user(), waves(1))
    copy = held.work(user, waves(1))
    page = read(desk.get(QUEUE))
    assert page.all("img", src=f"{steps_of(copy)}picture/")
    assert page.all("a", href=f"/works/{hung.pk}/")
    assert f"It looks like “{hung.title}” (0 of 64 bits differ)." in page.html
    assert page.all("form", action=f"{steps_of(copy)}clear/")
    assert page.all("button", formaction=f"{steps_of(copy)}refuse/")
    assert "no-store" in desk.get(QUEUE)["Cache-Control"]


def test_the_picture_is_signed_for_a_minute_and_only_for_those_who_decide(
    desk: Client, visitor: Client, client: Client, artwork: Artwork
) -> None:
    address = f"{steps_of(artwork)}picture/"
    answer = desk.get(address)
    assert (answer.status_code, held.fetched(answer["Location"])) == (302, 200)
    assert "X-Amz-Expires=60" in answer["Location"]
    assert "no-store" in answer["Cache-Control"]
    assert visitor.get(address).status_code == 403
    assert client.get(address)["Location"].startswith("/accounts/login/")


def test_clearing_with_a_note_and_undoing_it(desk: Client, artwork: Artwork) -> None:
    cleared = followed(desk, f"{steps_of(artwork)}clear/", note="A sunset.")
    assert "It is cleared." in cleared.html
    assert "“A sunset.”" in cleared.html
    assert "Nothing waits" in cleared.html
    assert cleared.all("form", action=f"{steps_of(artwork)}undo/")
    undone = followed(desk, f"{steps_of(artwork)}undo/")
    assert "The picture waits again." in undone.html
    assert undone.all("img", src=f"{steps_of(artwork)}picture/")


def test_refusing_says_so_and_the_owner_reads_why(desk: Client, visitor: Client, artwork: Artwork) -> None:
    before = read(visitor.get(f"/works/{artwork.pk}/"))
    assert "Not shown yet" in before.html
    followed(desk, f"{steps_of(artwork)}refuse/", note="Not <here>.")
    after = read(visitor.get(f"/works/{artwork.pk}/"))
    assert "It is not shown" in after.html
    assert "Not &lt;here&gt;." in after.html


def test_what_cannot_be_undone_says_why(desk: Client, judge: User, artwork: Artwork) -> None:
    services.refuse_review(review_id=held.review_of(artwork).pk, curator=judge)
    services.settle_review(artwork_id=artwork.pk, state=Review.State.REFUSED, because="The money went back.")
    page = read(desk.get(QUEUE))
    assert "The money went back." in page.html
    assert not page.all("form", action=f"{steps_of(artwork)}undo/")
    assert "The money went back." in followed(desk, f"{steps_of(artwork)}undo/").html


def test_the_page_of_a_held_work_gives_its_picture_to_nobody(
    visitor: Client, desk: Client, client: Client, artwork: Artwork
) -> None:
    names = [file.sha256 for file in artwork.files.all()]
    for browser in (visitor, desk):
        page = read(browser.get(f"/works/{artwork.pk}/?original"))
        assert not [name for name in names if name in page.html]
        assert not page.all("meta", property="og:image")
    assert client.get(f"/works/{artwork.pk}/").status_code == 404
    assert read(desk.get(f"/works/{artwork.pk}/")).all("a", href=QUEUE, **{"class": "button small quiet"})
    assert not read(desk.get(f"/works/{artwork.pk}/")).all("form", action=f"/works/{artwork.pk}/decide/")
    assert artwork.title not in read(visitor.get("/collection/")).html


def test_only_curators_and_staff_find_the_queue(
    visitor: Client, client: Client, desk: Client, artwork: Artwork, make_user: Callable[..., User], signed_in: SignedIn
) -> None:
    assert client.get(QUEUE)["Location"].startswith("/accounts/login/")
    assert visitor.get(QUEUE).status_code == 403
    assert visitor.post(f"{steps_of(artwork)}clear/").status_code == 403
    assert not read(visitor.get("/")).all("a", href=QUEUE)
    assert read(desk.get("/")).all("a", href=QUEUE)
    staff = signed_in(make_user(is_staff=True))
    page = read(staff.get(QUEUE))
    assert page.all("img", src=f"{steps_of(artwork)}picture/")
    assert not page.all("form", action=f"{steps_of(artwork)}clear/")
    assert staff.post(f"{steps_of(artwork)}clear/").status_code == 403


def test_a_decision_that_somebody_else_was_quicker_with_is_told(desk: Client, judge: User, artwork: Artwork) -> None:
    address = steps_of(artwork)
    services.refuse_review(review_id=held.review_of(artwork).pk, curator=judge)
    assert "undo that first" in followed(desk, f"{address}clear/").html
    assert desk.post(f"{QUEUE}{artwork.pk}/clear/").status_code == 404


def test_a_longer_queue_takes_no_more_queries(desk: Client, user: User, make_user: Callable[..., User]) -> None:
    other = make_user()

    def asked(hung: int) -> int:
        held.hung(other, waves(hung))
        held.work(user, waves(hung))
        with CaptureQueriesContext(connection) as queries:
            read(desk.get(QUEUE))
        return len(queries)

    asked(1)
    assert asked(2) == asked(3)
