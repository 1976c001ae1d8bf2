"""Datasets are tended in the background: a few at a time, each in its turn, and nothing is forgotten."""

from uuid import UUID

import pytest

from generation import selectors, services
from generation.models import Dataset, DatasetPicture
from generation.services import gathering, tending
from marketplace.accounts.models import Artist
from marketplace.core import storage
from marketplace.core.errors import Unavailable
from marketplace.core.models import OutboxEvent
from marketplace.core.storage import Bucket
from tests.generation.conftest import put_file, wakes
from tests.generation.learning.conftest import OWN, Add, painted, settle

pytestmark = pytest.mark.django_db


def arrive(dataset: Dataset, *pictures: bytes) -> list[DatasetPicture]:
    """Send pictures that are not looked at yet."""
    owner = dataset.artist.user
    files = [services.Announced(filename="a.png", media_type="image/png", size=len(data)) for data in pictures]
    added = services.add_pictures(dataset_id=dataset.pk, owner=owner, files=files, vouched=OWN)
    for (_, put), data in zip(added, pictures, strict=True):
        put_file(put, data)
    services.confirm_files(dataset_id=dataset.pk, owner=owner, pictures=[row.pk for row, _ in added])
    return [row for row, _ in added]


def test_whatever_came_wakes_a_worker_once(dataset: Dataset) -> None:
    arrive(dataset, painted(1), painted(2))
    assert wakes() == [str(dataset.pk)]


def test_a_lost_message_is_sent_again_until_nothing_waits(dataset: Dataset) -> None:
    arrive(dataset, painted(1))
    OutboxEvent.objects.all().delete()
    assert services.wake_forgotten_datasets() == 1
    assert wakes() == [str(dataset.pk)]
    settle()
    assert services.wake_forgotten_datasets() == 0


def test_datasets_have_turns(dataset: Dataset, artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    other = services.create_dataset(owner=artist.user, name="Few")
    arrive(dataset, *(painted(number) for number in range(25)))
    arrive(other, painted(30))
    order = []
    look = gathering.look_at_picture

    def noted(*, picture_id: UUID) -> None:
        order.append(DatasetPicture.objects.get(pk=picture_id).dataset)
        look(picture_id=picture_id)

    monkeypatch.setattr(tending, "look_at_picture", noted)
    settle()
    assert len(order) == 26
    assert order.index(other) <= tending.A_TURN


def test_no_more_than_a_few_tend_at_once(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(dataset, painted(1))
    monkeypatch.setattr(tending, "AT_ONCE", 0)
    assert not services.tend_datasets()
    assert selectors.datasets_waiting() == [dataset.pk]


def test_a_picture_that_somebody_is_at_is_left_to_them(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = arrive(dataset, painted(1), painted(2))
    looked_at = []
    monkeypatch.setattr(tending, "look_at_picture", lambda *, picture_id: looked_at.append(picture_id))
    monkeypatch.setattr(tending, "alone_with", _busy_with(str(one.pk)))
    tending._give_turn(dataset.pk)
    assert looked_at == [other.pk]


def _busy_with(name: str) -> object:
    class Busy:
        def __init__(self, wanted: str) -> None:
            self.is_free = wanted != name

        def __enter__(self) -> bool:
            return self.is_free

        def __exit__(self, *error: object) -> None: ...

    return Busy


def test_while_the_store_is_away_everything_waits(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(dataset, painted(1))

    def away(*args: object, **more: object) -> bytes:
        raise storage.StorageUnavailable("Away.")

    with monkeypatch.context() as patch:
        patch.setattr(storage, "get", away)
        with pytest.raises(Unavailable):
            services.tend_datasets()
    settle()
    assert dataset.pictures.get().state == "ready"


def test_what_fails_does_not_hold_up_the_rest_nor_turn_in_circles(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = arrive(dataset, painted(1), painted(2))
    look = gathering.look_at_picture

    def sometimes(*, picture_id: UUID) -> None:
        if picture_id == bad.pk:
            raise RuntimeError("A bug.")
        look(picture_id=picture_id)

    monkeypatch.setattr(tending, "look_at_picture", sometimes)
    assert not services.tend_datasets()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == ("ready", "arrived")


def test_a_lost_file_is_named_and_the_rest_is_packed(dataset: Dataset, add: Add, artist: Artist) -> None:
    lost, *_ = add(*(painted(number) for number in range(12)))
    storage.delete(Bucket.PRIVATE, DatasetPicture.objects.get(pk=lost).key)
    services.freeze_dataset(dataset_id=dataset.pk, owner=artist.user)
    settle()
    dataset.refresh_from_db()
    assert (dataset.state, dataset.shards.get().pictures) == ("frozen", 11)
    assert DatasetPicture.objects.get(pk=lost).problem_code == "object-missing"


def test_where_too_many_files_are_lost_the_dataset_is_open_again(dataset: Dataset, add: Add, artist: Artist) -> None:
    lost, *_ = add(*(painted(number) for number in range(10)))
    storage.delete(Bucket.PRIVATE, DatasetPicture.objects.get(pk=lost).key)
    services.freeze_dataset(dataset_id=dataset.pk, owner=artist.user)
    settle()
    dataset.refresh_from_db()
    assert (dataset.state, dataset.shards.count(), dataset.frozen_at) == ("draft", 0, None)
