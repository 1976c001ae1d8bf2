"""Two trainings may come to the very same weights; what they paint is sold by one of the two alone."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.utils import timezone
from rest_framework.test import APIClient

from generation import services
from generation.errors import ModelSoldAlready
from generation.models import TrainedModel
from marketplace.accounts.models import Artist, User
from tests.generation.learning.training_runs import Start, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def twins(start: Start) -> tuple[TrainedModel, TrainedModel]:
    """Two models from one dataset, one seed and the same choices."""
    first, second = (TrainedModel.objects.get(training=run(start(name=name, images=8))) for name in ("One", "Two"))
    assert first.model_hash == second.model_hash
    return first, second


def test_the_second_of_two_twins_is_not_opened(
    twins: tuple[TrainedModel, TrainedModel], artist: Artist, client_of: Callable[[User], APIClient]
) -> None:
    first, second = twins
    services.publish_model(model_id=first.pk, by=artist.user)
    answer = client_of(artist.user).post(f"/api/v1/models/{second.pk}/publish/")
    assert (answer.status_code, answer.json()["code"]) == (409, "model-sold-already")
    second.refresh_from_db()
    assert (second.state, second.published_at) == ("draft", None)


def test_what_was_sold_once_is_not_sold_again_by_a_twin_when_the_first_is_withdrawn(
    twins: tuple[TrainedModel, TrainedModel], artist: Artist
) -> None:
    first, second = twins
    services.publish_model(model_id=first.pk, by=artist.user)
    services.withdraw_model(model_id=first.pk, by=artist.user)
    with pytest.raises(ModelSoldAlready):
        services.publish_model(model_id=second.pk, by=artist.user)
    assert services.restore_model(model_id=first.pk, by=artist.user).state == "published"


def test_a_twin_that_was_never_open_stands_in_nobodys_way(
    twins: tuple[TrainedModel, TrainedModel], artist: Artist
) -> None:
    first, second = twins
    services.withdraw_model(model_id=first.pk, by=artist.user)
    assert services.publish_model(model_id=second.pk, by=artist.user).state == "published"


def test_the_database_itself_opens_one_of_them(twins: tuple[TrainedModel, TrainedModel]) -> None:
    with pytest.raises(IntegrityError, match="generation_model_opened_once"):
        TrainedModel.objects.update(state="published", published_at=timezone.now())
