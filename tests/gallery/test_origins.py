"""Where a work comes from, on its page: who signed it, what made it, and having it made again."""

from collections.abc import Callable

import pytest
from django.test import Client

from generation import services
from generation.models import Artwork, Job, Purpose, Visibility
from marketplace.accounts.models import User
from tests.gallery.markup import read
from tests.generation import checking

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
BUTTON = "Make it again and compare"


@pytest.fixture
def signed(user: User) -> Artwork:
    """A signed work that hangs on the wall."""
    return checking.work(user, title="Noise", visibility=Visibility.WALL, hung_at="2026-01-01T00:00Z")


def address(artwork: Artwork, part: str = "") -> str:
    return f"/works/{artwork.pk}/{part}"


def said(client: Client, artwork: Artwork) -> str:
    """The origin as it stands, its file read."""
    return read(client.get(address(artwork, "origin/"))).html


def check_of(artwork: Artwork) -> Job:
    return Job.objects.filter(purpose=Purpose.CHECK, subject=artwork).latest("created_at")


def test_the_page_does_not_wait_for_the_file_to_be_read(client: Client, signed: Artwork) -> None:
    first = read(client.get(address(signed)))
    assert first.all("section", id="origin")[0]["hx-trigger"] == "load"
    assert "Signed by" not in first.html
    assert "Signed by Atelier development" in said(client, signed)
    assert "Signed by Atelier development" in read(client.get(address(signed))).html


def test_it_says_who_signed_it_and_that_it_is_generated(client: Client, signed: Artwork) -> None:
    page = said(client, signed)
    assert "The file is as it was when it was made." in page
    assert "AI-generated" in page
    assert "Not made again yet" in page


def test_what_is_wrong_with_a_file_is_said(client: Client, user: User, signed: Artwork) -> None:
    older = checking.work(user, is_signed=False, visibility=Visibility.WALL, hung_at="2026-01-01T00:00Z")
    assert "Not signed" in said(client, older)
    checking.overwrite(signed, checking.forged(signed))
    page = said(client, signed)
    assert "Changed since it was signed" in page
    assert "AI-generated" not in page


def test_visitors_are_asked_to_sign_in_first(client: Client, signed: Artwork) -> None:
    page = read(client.get(address(signed)))
    assert BUTTON not in page.html
    assert page.all("a", href=f"/accounts/login/?next={address(signed)}")
    assert client.post(address(signed, "verify/")).headers["Location"].startswith("/accounts/login/")
    assert not Job.objects.filter(purpose=Purpose.CHECK).exists()


def test_a_person_has_it_made_again_and_watches(visitor: Client, signed: Artwork) -> None:
    assert BUTTON in said(visitor, signed)
    page = read(visitor.post(address(signed, "verify/"), headers=HTMX))
    section = page.all("section", id="origin")[0]
    assert (section["hx-trigger"], section["hx-get"]) == ("every 1s", address(signed, "origin/"))
    assert "Waiting to be made again" in page.html
    assert BUTTON not in page.html

    job = check_of(signed)
    seen = f"{job.state} {job.stage} {job.progress:.2f}"
    assert visitor.get(address(signed, "origin/"), {"seen": seen}).status_code == 204

    checking.finish(job, checking.image())
    page = read(visitor.get(address(signed, "origin/"), {"seen": seen}, headers=HTMX))
    assert "the same, pixel by pixel" in page.html
    assert BUTTON in page.html
    assert "hx-trigger" not in page.all("section", id="origin")[0]
    assert page.all("p", id="origin-said")


def test_without_scripts_the_page_comes_back(visitor: Client, signed: Artwork) -> None:
    page = read(visitor.post(address(signed, "verify/"), follow=True))
    assert "Waiting to be made again" in page.html
    assert not page.all("p", id="origin-said", **{"hx-swap-oob": "innerHTML"})


@pytest.mark.parametrize(
    ("seed", "size", "words"),
    [(2, 48, "another picture came of it"), (1, 50, "The two are not of one size.")],
)
def test_another_picture_is_said_aloud(client: Client, signed: Artwork, seed: int, size: int, words: str) -> None:
    job = services.request_check(artwork_id=signed.pk, by=signed.maker)
    checking.finish(job, checking.image(seed, size))
    page = said(client, signed)
    assert words in page
    assert 'class="bad"' in page


def test_a_kept_file_that_was_changed_is_said_aloud(client: Client, signed: Artwork) -> None:
    job = services.request_check(artwork_id=signed.pk, by=signed.maker)
    checking.overwrite(signed, checking.forged(signed))
    checking.finish(job, checking.image())
    assert "the kept file was changed" in said(client, signed)


def test_a_check_that_failed_says_why(client: Client, signed: Artwork) -> None:
    job = services.request_check(artwork_id=signed.pk, by=signed.maker)
    services.fail_job(job_id=job.pk, token=checking.take(job), code="engine-fault", detail="The brush broke.")
    page = said(client, signed)
    assert "The last attempt to make it again failed" in page
    assert "The brush broke." in page


def test_what_cannot_be_made_again_offers_nothing(visitor: Client, user: User) -> None:
    older = checking.work(user, engine_version="6")
    page = read(visitor.get(address(older)))
    assert BUTTON not in page.html
    assert "the house has version 7 now" in page.html
    page = read(visitor.post(address(older, "verify/"), headers=HTMX))
    assert page.all("p", **{"class": "alert bad"})


def test_what_one_may_not_see_has_no_origin(
    client: Client, signed_in: SignedIn, user: User, make_user: Callable[..., User]
) -> None:
    private, stranger = checking.work(user), signed_in(make_user())
    read(client.get(address(private, "origin/")), 404)
    read(stranger.get(address(private, "origin/")), 404)
    read(stranger.post(address(private, "verify/")), 404)
