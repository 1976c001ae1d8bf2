"""Trainings, models and searches as staff see them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from generation.models import TrainedModel
from marketplace.accounts.models import Artist, User
from tests.generation.learning.searching import begin, finish, frozen_rows, lease

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def back_room(make_user: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def shown(back_room: Client, name: str, *args: object) -> str:
    answer = back_room.get(reverse(f"admin:generation_{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_search_shows_what_it_tried_and_how_that_fared(back_room: Client, artist: Artist) -> None:
    search = begin(artist, frozen_rows(artist), parameters={"depth": 0.7, "minutes": 30.0})
    finish(lease())
    assert search.name in shown(back_room, "search_changelist")
    page = shown(back_room, "search_change", search.pk)
    for fact in ("Complete", "Being trained", "depth", "0.7"):
        assert fact in page


def test_models_and_trainings_are_listed_and_shown(back_room: Client, model: TrainedModel) -> None:
    assert model.model_hash[:12] in shown(back_room, "trainedmodel_changelist")
    assert model.model_hash in shown(back_room, "trainedmodel_change", model.pk)
    assert model.name in shown(back_room, "training_changelist")
    assert "images" in shown(back_room, "training_change", model.training_id)
