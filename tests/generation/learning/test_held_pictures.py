"""Pictures of datasets that the gate holds: a curator clears or refuses them in the queue where everything waits."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from generation import errors, selectors, services
from generation.models import Dataset, DatasetPicture, Review
from marketplace.accounts.models import CURATORS, User
from tests.generation.learning.conftest import Add, painted, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(settings: LazySettings) -> Callable[[float], None]:
    """Have the gate hold every picture from a score on."""

    def make(threshold: float = 0.0) -> None:
        settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_threshold": threshold})

    return make


@pytest.fixture
def held(add: Add, strict: Callable[..., None]) -> DatasetPicture:
    """A picture that was held, in a house that lets others pass again."""
    strict()
    (one,) = add(painted(1))
    strict(1.0)
    return DatasetPicture.objects.get(pk=one)


@pytest.fixture
def curator(make_user: Callable[..., User]) -> User:
    person = make_user()
    person.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return person


def state_of(picture: DatasetPicture) -> str:
    picture.refresh_from_db()
    return picture.state


def review_of(picture: DatasetPicture) -> Review:
    return Review.objects.standing().get(dataset_picture=picture)


def test_a_held_picture_waits_in_the_queue_and_its_artist_does_not_see_it(
    held: DatasetPicture, curator: User, client_of: Callable[[User], APIClient]
) -> None:
    (shown,) = client_of(curator).get("/api/v1/reviews/?state=waiting").json()["results"]
    assert (shown["dataset_picture"], shown["kinds"]) == (str(held.pk), ["explicit"])
    assert shown["sent_by"] == held.consented_by.name
    assert held.key in shown["picture_url"]
    assert selectors.dataset_preview_url(held) == ""


def test_what_is_cleared_can_be_learnt_from_and_may_be_taken_back(held: DatasetPicture, curator: User) -> None:
    review = services.clear_review(review_id=review_of(held).pk, curator=curator)
    assert state_of(held) == "ready"
    services.undo_review(review_id=review.pk, curator=curator)
    assert state_of(held) == "held"
    assert review_of(held).state == "waiting"


def test_what_is_cleared_may_still_be_a_duplicate(held: DatasetPicture, add: Add, curator: User) -> None:
    (same,) = add(painted(1))
    services.clear_review(review_id=review_of(held).pk, curator=curator)
    assert (state_of(held), str(held.twin_id)) == ("duplicate", same)


def test_what_is_refused_says_why(held: DatasetPicture, curator: User) -> None:
    services.refuse_review(review_id=review_of(held).pk, curator=curator, note="Not here.")
    assert (state_of(held), held.problem_code, held.problem_detail) == ("refused", "upload-refused", "Not here.")


@pytest.mark.parametrize(("decide", "state"), [(services.clear_review, "ready"), (services.refuse_review, "refused")])
def test_the_same_bytes_are_judged_once(
    held: DatasetPicture,
    add: Add,
    curator: User,
    strict: Callable[..., None],
    decide: Callable[..., Review],
    state: str,
) -> None:
    decide(review_id=review_of(held).pk, curator=curator)
    elsewhere = services.create_dataset(owner=held.consented_by, name="Another")
    strict()
    (again,) = add(painted(1), to=elsewhere)
    assert DatasetPicture.objects.get(pk=again).state == state
    assert Review.objects.count() == 1


def test_a_dataset_is_not_closed_before_a_curator_has_looked_and_then_for_good(
    held: DatasetPicture, dataset: Dataset, add: Add, curator: User
) -> None:
    add(*(painted(number) for number in range(2, 12)))
    with pytest.raises(errors.PicturesHeld):
        services.freeze_dataset(dataset_id=dataset.pk, owner=held.consented_by)
    review = services.clear_review(review_id=review_of(held).pk, curator=curator)
    services.freeze_dataset(dataset_id=dataset.pk, owner=held.consented_by)
    settle()
    with pytest.raises(errors.ReviewFinal):
        services.undo_review(review_id=review.pk, curator=curator)
    assert state_of(held) == "ready"


def test_a_held_picture_that_is_taken_out_leaves_the_queue(held: DatasetPicture, dataset: Dataset) -> None:
    services.remove_picture(dataset_id=dataset.pk, picture_id=held.pk, owner=held.consented_by)
    assert not Review.objects.exists()
