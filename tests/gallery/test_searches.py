"""Searches on pages: begun by a form, watched, stopped, and their best trained."""

from typing import Any

import pytest
from django.test import Client

from generation.models import Dataset, Search, Training
from marketplace.accounts.models import Artist, User
from tests.gallery.markup import read
from tests.generation.learning.searching import begin, finish, frozen_rows, lease, states, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(user: User) -> Dataset:
    return frozen_rows(Artist.objects.create(user=user, slug="ada", name="Ada"))


def filled(visitor: Client, **changes: Any) -> dict[str, Any]:
    """The form as the page gives it, with a name, and changed here and there."""
    page = read(visitor.get("/searches/new/?engine=train-bowl"))
    given = {
        field["name"]: field.get("value", "on")
        for field in page.all("input")
        if field.get("type") != "checkbox" or "checked" in field
    }
    return {**given, "name": "Bowl", "resolution": "64", **changes}


def test_a_search_is_begun_by_the_form_as_it_stands(visitor: Client, rows: Dataset) -> None:
    answer = visitor.post("/searches/new/", filled(visitor))
    search = Search.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/searches/{search.pk}/")
    assert (search.engine, search.dataset, search.name, search.planned) == ("train-bowl", rows, "Bowl", 12)
    assert search.space == {"depth": {"kind": "range", "low": 0.0, "high": 1.0, "log": False, "whole": False}}
    assert search.parameters["depth"] == 0.9


def test_an_artist_narrows_what_is_tried_and_says_where_to_begin(visitor: Client, rows: Dataset) -> None:
    changed = {"low-depth": "0.2", "high-depth": "0.5", "base-depth": "0.4", "last_minutes": "30", "parallel": "2"}
    visitor.post("/searches/new/", filled(visitor, **changed))
    search = Search.objects.get()
    assert (search.space["depth"]["low"], search.space["depth"]["high"]) == (0.2, 0.5)
    assert (search.parameters["depth"], search.parameters["minutes"], search.parallel) == (0.4, 30.0, 2)


def test_the_form_of_every_method_is_taken_as_it_stands(visitor: Client, rows: Dataset) -> None:
    for engine in ("train-gan", "train-autoencoder"):
        page = read(visitor.get(f"/searches/new/?engine={engine}"))
        assert page.all("input", name="engine")[0]["value"] == engine
        data: dict[str, Any] = {"name": "Mine", "resolution": "64"}
        for field in page.all("input"):
            if field.get("type") == "checkbox" and field["name"].startswith("options-"):
                data.setdefault(field["name"], []).append(field["value"])
            elif field.get("type") != "checkbox" or "checked" in field:
                data[field["name"]] = field.get("value", "on")
        assert visitor.post("/searches/new/", data).status_code == 302
        search = Search.objects.get(engine=engine)
        assert set(search.space) >= {"learning_rate", "batch_size", "average_images", "width"}
        visitor.post(f"/searches/{search.pk}/stop/")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"low-depth": "0.7", "high-depth": "0.5"}, "The lowest must be below the highest."),
        ({"high-depth": "7"}, "Input should be less than or equal to 1"),
        ({"base-depth": "7"}, "Input should be less than or equal to 1"),
        ({"planned": "1"}, "2 to 200 trials."),
        ({"minutes": "1"}, "At least the minutes of one trial"),
        ({"name": ""}, "This field is required."),
        ({"on-depth": ""}, "1 to 16 parameters."),
    ],
)
def test_a_bad_form_says_what_is_wrong_and_keeps_what_was_entered(
    visitor: Client, rows: Dataset, changes: dict[str, str], says: str
) -> None:
    answer = visitor.post("/searches/new/", filled(visitor, trial_minutes="3.5", **changes))
    assert read(answer, 422).value_of("trial_minutes") == "3.5"
    assert says in answer.content.decode()
    assert not Search.objects.exists()


def test_the_page_shows_each_trial_the_best_and_how_they_came_on(visitor: Client, rows: Dataset) -> None:
    search = begin(rows.artist, rows)
    empty = visitor.get(f"/searches/{search.pk}/").content.decode()
    assert "Being trained" not in empty
    assert "being trained" in empty
    for _ in range(6):
        finish(lease())

    answer = visitor.get(f"/searches/{search.pk}/")
    page, html = read(answer), answer.content.decode()

    assert html.count("<tr") == 1 + 6
    assert html.count('class="badge good">best') == 1
    assert html.count("<circle class=") == 6
    assert len(page.all("polyline")) == 1 + 6
    assert page.all("meter")[0]["value"] == "1.0000"
    assert "every 4s" not in html
    assert not page.all("button", id="stop-search")


def test_while_it_runs_the_board_alone_is_asked_for_again(visitor: Client, rows: Dataset) -> None:
    search = begin(rows.artist, rows)
    assert "every 4s" in visitor.get(f"/searches/{search.pk}/").content.decode()
    board = visitor.get(f"/searches/{search.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert board.startswith('<div id="search"')
    assert "<html" not in board


def test_buttons_stop_it_and_train_what_it_found(visitor: Client, rows: Dataset) -> None:
    search = begin(rows.artist, rows)
    refused = visitor.post(f"/searches/{search.pk}/train/", follow=True).content.decode()
    assert "The search has found nothing yet" in refused
    finish(lease())
    visitor.post(f"/searches/{search.pk}/stop/")
    tell()
    assert states(search) == ["complete", "cancelled"]
    said = visitor.post(f"/searches/{search.pk}/train/", follow=True).content.decode()
    assert "is being trained with the best parameters" in said
    assert Training.objects.filter(trial=None, name="Bowl").count() == 1


def test_searches_are_listed_and_nobody_else_sees_them(
    visitor: Client, rows: Dataset, client: Client, make_user: Any
) -> None:
    search = begin(rows.artist, rows)
    assert f"/searches/{search.pk}/" in visitor.get("/searches/").content.decode()
    assert client.get("/searches/").status_code == 302
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert f"/searches/{search.pk}/" not in client.get("/searches/").content.decode()
    assert client.get(f"/searches/{search.pk}/").status_code == 404
    assert client.post(f"/searches/{search.pk}/stop/").status_code == 404


def test_without_a_frozen_dataset_there_is_nothing_to_search_over(visitor: Client) -> None:
    assert "There is no frozen dataset" in visitor.get("/searches/new/").content.decode()
