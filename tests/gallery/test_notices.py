"""Pages that say no: what happened, that nothing was done, and the way on."""

from django.conf import LazySettings
from django.test import Client, RequestFactory

from gallery.templatetags.pictures import code_words
from marketplace.core import problems
from marketplace.core.errors import AtelierError
from tests.gallery.markup import read
from tests.marketplace.accounts.people import member


def test_nothing_at_an_address_leads_back_to_the_wall(client: Client, db: None) -> None:
    page = read(client.get("/no/such/place/"), 404)
    assert "An empty wall" in page.html
    assert page.all("a", href="/", **{"class": "button"})


def test_a_form_that_is_not_ours_is_refused_in_our_words(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = read(browser.post("/accounts/login/", {"login": "ada@example.com", "password": "x"}), 403)
    assert "The page had grown old" in page.html
    assert "Nothing was done" in page.html


def test_who_asks_too_often_is_told_to_wait(client: Client, db: None, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    form = {"email": "ada@example.com", "password1": "short", "password2": "short"}
    read(client.post("/accounts/signup/", form))
    assert "One moment, please" in read(client.post("/accounts/signup/", form), 429).html


def test_a_request_that_cannot_be_read_gets_a_page_all_the_same(
    client: Client, db: None, settings: LazySettings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert "That could not be read" in read(client.get("/", headers={"Host": "elsewhere.example"}), 400).html


def test_what_broke_needs_nothing_of_the_house_to_be_said(rf: RequestFactory) -> None:
    page = read(problems.server_error(rf.get("/")), 500)
    assert "Nothing was charged" in page.html
    assert not page.all("link")
    assert not page.all("script")


def test_every_kind_of_problem_is_explained(client: Client, db: None) -> None:
    page = read(client.get("/problems/"))
    for kind in AtelierError.__subclasses__():
        assert page.all("div", id=kind.code), kind


def test_the_address_in_a_problem_points_at_its_explanation(client: Client, db: None) -> None:
    page = read(client.get("/problems/not-found/"))
    assert [found["id"] for found in page.all("div", **{"aria-current": "true"})] == ["not-found"]


def test_words_between_backticks_are_code_and_never_markup() -> None:
    assert code_words("`state` says <b>") == "<code>state</code> says &lt;b&gt;"


def test_a_wrong_password_is_said_and_the_address_kept(client: Client, db: None) -> None:
    person = member()
    page = read(client.post("/accounts/login/", {"login": person.email, "password": "wrong"}))
    assert page.all("div", role="alert")
    assert page.value_of("login") == person.email
