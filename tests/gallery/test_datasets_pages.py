"""Datasets on pages: begun, looked through, mended, closed, revised, withdrawn and deleted."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from generation import services
from generation.models import Dataset, DatasetPicture
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from tests.gallery.markup import Page, read
from tests.generation.learning.conftest import Add, add, dataset, painted, settle

__all__ = ["add", "dataset"]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def artist(user: User) -> Artist:
    return Artist.objects.create(user=user, slug="ada", name="Ada")


@pytest.fixture
def studio(artist: Artist, signed_in: Callable[[User], Client]) -> Client:
    """The artist's browser."""
    return signed_in(artist.user)


@pytest.fixture
def at(dataset: Dataset) -> str:
    return f"/datasets/{dataset.pk}/"


def words(page: Page) -> str:
    return " ".join(unescape(page.html).split())


def test_one_signs_in_first_and_is_an_artist(client: Client, visitor: Client, user: User) -> None:
    assert client.get("/datasets/").headers["Location"] == "/accounts/login/?next=/datasets/"
    assert visitor.get("/datasets/").headers["Location"] == "/accounts/artist/"
    assert "Become an artist" in words(read(visitor.get("/accounts/artist/")))
    accounts.become_artist(user=user, name="Ada")
    page = read(visitor.get("/datasets/"))
    assert [link for link in page.all("a", href="/datasets/") if not link.get("class")]


def test_a_dataset_is_begun_and_listed(studio: Client) -> None:
    page = read(studio.post("/datasets/", {"name": "Harbours", "description": "Ink on paper."}, follow=True))
    assert page.all("form", **{"data-pictures-url": f"/api/v1/datasets/{Dataset.objects.get().pk}/pictures/"})
    assert "Harbours" in words(read(studio.get("/datasets/")))
    page = read(studio.post("/datasets/", {"name": "Harbours"}), 422)
    assert page.all("ul", id="id_name_error")
    assert page.value_of("name") == "Harbours"


def test_what_became_of_the_pictures_is_shown(studio: Client, at: str, add: Add) -> None:
    add(painted(1), painted(2), class_name="sea")
    add(painted(3), painted(3), b"no picture", class_name="sky")
    page = read(studio.get(at))
    assert len([image for image in page.all("img") if "X-Amz" in image["src"]]) == 4
    said = words(page)
    for fact in ("3 pictures", "Like another one", "Cannot be used", "save as JPEG", "known by heart"):
        assert fact in said
    assert page.all("option", value="sea")
    assert page.all("button", disabled=""), "three pictures are too few"


def test_pictures_are_filtered_and_paged(studio: Client, at: str, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gallery.pages.datasets.PAGE", 2)
    add(painted(1), painted(2), b"bad", class_name="sea")
    add(painted(4), painted(5))

    def shown(query: str) -> list[str]:
        page = read(studio.get(f"{at}?{query}", headers=HTMX))
        assert not page.all("html")
        return [one["title"] for one in page.all("p", **{"class": "name"})]

    assert [len(shown(f"page={number}")) for number in (1, 2, 3)] == [2, 2, 1]
    assert shown("state=broken") == ["2.png"]
    assert shown("class=sea") == ["0.png", "1.png"]
    assert shown("class=") == ["0.png", "1.png"]
    assert shown("class=*&state=odd&split=odd") == ["0.png", "1.png"]


def test_what_is_wrong_is_taken_out_and_twins_are_kept(studio: Client, at: str, dataset: Dataset, add: Add) -> None:
    one, same, bad = add(painted(1), painted(1), b"bad")
    page = read(studio.post(f"{at}pictures/{same}/keep/", headers=HTMX))
    assert "in the dataset already" in words(page)
    answer = studio.post(f"{at}pictures/{one}/remove/", headers=HTMX)
    assert answer.headers["HX-Trigger"] == "dataset-changed"
    assert "no longer" not in words(read(answer))
    read(studio.post(f"{at}pictures/{same}/keep/", follow=True))
    read(studio.post(f"{at}clear/", {"state": "broken"}, follow=True))
    assert dict(dataset.pictures.values_list("pk", "state")) == {DatasetPicture.objects.get(pk=same).pk: "ready"}
    assert not DatasetPicture.objects.filter(pk=bad).exists()


def test_the_state_is_asked_for_again_only_while_something_happens(
    studio: Client, at: str, dataset: Dataset, add: Add
) -> None:
    add(*(painted(number) for number in range(10)))
    page = read(studio.get(at))
    assert "every 2s" not in page.html
    services.freeze_dataset(dataset_id=dataset.pk, owner=dataset.artist.user)
    page = read(studio.get(f"{at}state/", headers=HTMX))
    assert "every 2s" in page.html
    [state] = page.all("section", id="state")
    seen = state["hx-vals"].split('"')[3]
    assert studio.get(f"{at}state/?seen={seen}", headers=HTMX).status_code == 204
    settle()
    answer = studio.get(f"{at}state/?seen={seen}", headers=HTMX)
    assert answer.headers["HX-Trigger-After-Settle"] == "pictures-changed"
    assert "Ready to learn from" in words(read(answer))


def test_a_dataset_lives_from_draft_to_withdrawal(studio: Client, at: str, dataset: Dataset, add: Add) -> None:
    assert "A model needs 10 pictures" in words(read(studio.post(f"{at}freeze/", follow=True)))
    assert "It is changed." in words(read(studio.post(f"{at}describe/", {"name": "Ports"}, follow=True)))
    add(*(painted(number) for number in range(10)))
    assert "being packed" in words(read(studio.post(f"{at}freeze/", follow=True)))
    settle()
    assert "the next version" in words(read(studio.post(f"{at}revise/", follow=True)))
    revised = Dataset.objects.get(version=2)
    assert revised.name == "Ports"
    read(studio.post(f"/datasets/{revised.pk}/describe/", {"description": "New"}, follow=True))
    assert "It is withdrawn." in words(read(withdrawn := studio.post(f"{at}withdraw/", follow=True)))
    assert f'action="{at}restore/"' in withdrawn.content.decode()
    assert "It is back." in words(read(studio.post(f"{at}restore/", follow=True)))
    assert Dataset.objects.get(pk=dataset.pk).state == "frozen"
    assert "It is deleted." in words(read(studio.post(f"{at}delete/", follow=True)))
    assert not Dataset.objects.filter(pk=dataset.pk).exists()


def test_pictures_without_a_class_among_others_that_have_one_are_told_of(studio: Client, at: str, add: Add) -> None:
    add(painted(1), class_name="sea")
    add(painted(2), class_name="sky")
    assert "without a class" not in words(read(studio.get(at)))
    add(painted(9))
    assert "1 picture without a class</a>: a model learns classes only" in words(read(studio.get(at)))


def test_nobody_else_finds_it(
    at: str, add: Add, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    (picture,) = add(painted(1))
    stranger = signed_in(make_user())
    for address in (at, f"{at}state/"):
        read(stranger.get(address), 404)
    for act in ("freeze", "revise", "withdraw", "restore", "delete", "clear", "describe", f"pictures/{picture}/remove"):
        read(stranger.post(f"{at}{act}/", {"state": "broken"}), 404)
    assert DatasetPicture.objects.count() == 1
