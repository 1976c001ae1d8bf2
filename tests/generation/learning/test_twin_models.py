"""Two trainings may come to the very same weights; what they paint is sold by one of the two alone."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from generation import services
from generation.errors import ModelSoldAlready
from generation.models import TrainedModel
from marketplace.accounts.models import Artist, User
from tests.generation.learning.training_runs import Start, run
from tests.marketplace.modelling import trained_model

pytestmark = pytest.mark.django_db(transaction=True)
HASH = "a" * 64


def test_of_twins_one_alone_is_ever_opened(
    start: Start, artist: Artist, client_of: Callable[[User], APIClient]
) -> None:
    first, second = (TrainedModel.objects.get(training=run(start(name=name, images=8))) for name in ("One", "Two"))
    assert first.model_hash == second.model_hash
    services.publish_model(model_id=first.pk, by=artist.user)
    answer = client_of(artist.user).post(f"/api/v1/models/{second.pk}/publish/")
    assert (answer.status_code, answer.json()["code"]) == (409, "model-sold-already")
    second.refresh_from_db()
    assert (second.state, second.published_at) == ("draft", None)

    services.withdraw_model(model_id=first.pk, by=artist.user)
    with pytest.raises(ModelSoldAlready):  # what was sold is not sold again
        services.publish_model(model_id=second.pk, by=artist.user)
    assert services.restore_model(model_id=first.pk, by=artist.user).state == "published"


def test_a_twin_that_was_never_open_stands_in_nobodys_way(artist: Artist) -> None:
    first, second = (trained_model(artist, name=name, state="draft", model_hash=HASH) for name in ("One", "Two"))
    services.withdraw_model(model_id=first.pk, by=artist.user)
    assert services.publish_model(model_id=second.pk, by=artist.user).state == "published"


def test_the_database_itself_opens_one_of_them(artist: Artist) -> None:
    trained_model(artist, name="One", model_hash=HASH)
    with pytest.raises(IntegrityError, match="generation_model_opened_once"), transaction.atomic():
        trained_model(artist, name="Two", model_hash=HASH)
