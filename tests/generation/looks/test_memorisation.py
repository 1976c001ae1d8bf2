"""A work that repeats what its model learnt from waits for a curator, before anybody is shown it."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from generation import selectors, services
from generation.errors import MemorisationUnknown
from generation.models import (
    Artwork,
    ArtworkFile,
    DatasetPicture,
    Gauge,
    LearntPicture,
    Memorisation,
    Review,
    TrainedModel,
    Visibility,
)
from generation.worker.looking import look_ahead
from generation.worker.running import run_next_batch
from tests.generation.conftest import told
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db(transaction=True)


def paint(model: TrainedModel, seed: int = 1, **more: Any) -> Artwork:
    """Have the model paint."""
    job = services.submit_job(
        owner=model.artist.user, engine="toy-model", parameters={}, seed=seed, trained_model=model, **more
    )
    assert run_next_batch("cpu") == [job.pk]
    return Artwork.objects.get(job=job)


def tell_apart_nothing() -> None:
    """From now on whatever a model paints lies too near to what it learnt from."""
    Gauge.objects.update(typical=1e6, threshold=1e5)


def test_what_a_model_learnt_from_is_remembered_when_it_has_learnt(model: TrainedModel) -> None:
    gauge = Gauge.objects.get()
    learnt = DatasetPicture.objects.filter(dataset=model.training.dataset, split="train")
    assert (gauge.dataset, gauge.resolution) == (model.training.dataset, 32)
    assert 0 < gauge.threshold < gauge.typical
    assert set(LearntPicture.objects.values_list("picture", flat=True)) == set(learnt.values_list("pk", flat=True))


def test_a_new_work_is_measured_and_goes_its_way(model: TrainedModel) -> None:
    artwork = paint(model)
    measured = selectors.memorisation_of(artwork.pk)
    assert measured is not None
    assert measured.distance > measured.threshold
    assert measured.picture is not None
    assert measured.picture.dataset_id == model.training.dataset_id
    assert artwork.visibility == Visibility.PRIVATE
    services.hang_artwork(artwork_id=artwork.pk, curator=curator())


def test_a_work_that_repeats_a_picture_is_held_and_says_which(
    model: TrainedModel, client_of: Callable[..., APIClient]
) -> None:
    tell_apart_nothing()
    artwork = paint(model)
    measured, review = Memorisation.objects.get(artwork=artwork), Review.objects.get(artwork=artwork)
    assert (artwork.visibility, review.kinds, review.repeats) == (Visibility.HELD, ["memorised"], measured.picture)
    assert review.nearness == pytest.approx(measured.share)
    assert "its model learnt from" in review.told
    assert not ArtworkFile.objects.filter(artwork=artwork, bucket="public").exists()
    seen = client_of(curator()).get(f"/api/v1/reviews/{review.pk}/").json()
    assert seen["memorisation"]["picture"] == str(measured.picture_id)
    assert seen["memorisation"]["picture_url"]
    assert 0 <= seen["memorisation"]["share"] < 0.1


def test_a_cleared_one_may_hang(model: TrainedModel) -> None:
    tell_apart_nothing()
    artwork, judge = paint(model), curator()
    services.clear_review(review_id=Review.objects.get(artwork=artwork).pk, curator=judge)
    services.hang_artwork(artwork_id=artwork.pk, curator=judge)
    assert Artwork.objects.get(pk=artwork.pk).visibility == Visibility.WALL


def test_works_of_before_are_caught_up_with_and_may_not_hang_until_then(model: TrainedModel) -> None:
    Gauge.objects.all().delete()
    artwork = paint(model)
    with pytest.raises(MemorisationUnknown):
        services.hang_artwork(artwork_id=artwork.pk, curator=curator())
    while look_ahead():
        pass
    assert selectors.memorisation_of(artwork.pk) is not None
    services.hang_artwork(artwork_id=artwork.pk, curator=curator())


def test_one_of_before_that_repeats_a_picture_is_held_unless_it_was_handed_over(model: TrainedModel) -> None:
    mine, sold = paint(model), paint(model, seed=2, as_proof=True)
    services.transfer_artwork(artwork_id=sold.pk, owner=model.artist.user)
    Memorisation.objects.all().delete()
    tell_apart_nothing()
    while look_ahead():
        pass
    mine.refresh_from_db()
    sold.refresh_from_db()
    assert (mine.visibility, sold.visibility) == (Visibility.HELD, Visibility.PRIVATE)
    assert Memorisation.objects.filter(is_memorised=True).count() == 2
    assert told("artwork.held") == [str(mine.pk)]
    assert not ArtworkFile.objects.filter(artwork=mine, bucket="public").exists()


def test_where_every_picture_was_deleted_since_nothing_can_be_repeated(model: TrainedModel) -> None:
    tell_apart_nothing()
    LearntPicture.objects.all().delete()
    measured = selectors.memorisation_of(paint(model).pk)
    assert measured is not None
    assert (measured.picture, measured.is_memorised) == (None, False)
