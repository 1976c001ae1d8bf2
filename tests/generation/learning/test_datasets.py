"""Datasets, from the first picture to the shards that a model learns from."""

import io
import json
import tarfile
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image, ImageEnhance

from generation import errors, selectors, services
from generation.engines.training.pictures import PictureSet
from generation.models import Dataset, DatasetPicture, DatasetShard
from generation.services import Announced, Vouched, gathering
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.core.storage import Bucket
from tests.generation.conftest import encoded, picture, put_file
from tests.generation.learning.conftest import OWN, Add, painted, settle, zipped

pytestmark = pytest.mark.django_db


def state_of(picture_id: str) -> str:
    return DatasetPicture.objects.get(pk=picture_id).state


def add_zip(dataset: Dataset, data: bytes, size: int | None = None) -> None:
    owner = dataset.artist.user
    file = Announced(filename="works.zip", media_type="application/zip", size=size or len(data))
    archive, put = services.add_archive(dataset_id=dataset.pk, owner=owner, file=file, vouched=OWN)
    put_file(put, data)
    services.confirm_files(dataset_id=dataset.pk, owner=owner, archives=[archive.pk])
    settle()


def test_a_picture_is_kept_bounded_with_its_consent_and_its_split(dataset: Dataset, add: Add) -> None:
    licensed = Vouched(consent="licensed", licence="CC BY 4.0", source="https://example.org/works")
    (added,) = add(encoded(Image.effect_noise((1500, 2000), 60).convert("RGB")), vouched=licensed)

    kept = DatasetPicture.objects.get(pk=added)
    assert (kept.state, kept.width, kept.height) == ("ready", 1024, 1365)
    assert (kept.consent, kept.licence, kept.consented_by) == ("licensed", "CC BY 4.0", dataset.artist.user)
    assert kept.split in {"train", "validation", "test"}
    with Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, kept.key))) as image:
        assert (image.format, image.size) == ("WEBP", (1024, 1365))
    assert kept.incoming_key == ""


def test_a_broken_picture_is_named_and_spoils_nothing(add: Add) -> None:
    good, bad = add(painted(1), b"this is no picture")
    assert (state_of(good), state_of(bad)) == ("ready", "broken")
    assert DatasetPicture.objects.get(pk=bad).problem_code == "upload-not-an-image"


def test_a_picture_that_never_came_is_named(dataset: Dataset) -> None:
    file = Announced(filename="a.png", media_type="image/png", size=10)
    owner = dataset.artist.user
    ((row, _),) = services.add_pictures(dataset_id=dataset.pk, owner=owner, files=[file], vouched=OWN)
    services.confirm_files(dataset_id=dataset.pk, owner=owner, pictures=[row.pk])
    settle()
    row.refresh_from_db()
    assert (row.state, row.problem_code) == ("broken", "upload-missing")


@pytest.fixture
def twins(add: Add) -> list[str]:
    """A picture, the very same again, one that is only alike, and another."""
    brighter = encoded(ImageEnhance.Brightness(Image.open(io.BytesIO(painted(1, 200)))).enhance(1.05))
    return [add(data)[0] for data in (painted(1, 200), painted(1, 200), brighter, painted(2, 200))]


def test_the_same_picture_and_one_like_it_count_once(twins: list[str]) -> None:
    assert [state_of(one) for one in twins] == ["ready", "duplicate", "duplicate", "ready"]
    assert [str(DatasetPicture.objects.get(pk=one).twin_id) for one in twins[1:3]] == [twins[0]] * 2


def test_a_picture_that_is_only_alike_may_be_kept_and_the_very_same_not(dataset: Dataset, twins: list[str]) -> None:
    def keep(picture_id: str) -> None:
        services.keep_picture(dataset_id=dataset.pk, picture_id=UUID(picture_id), owner=dataset.artist.user)

    _, same, alike, _ = twins
    keep(alike)
    assert state_of(alike) == "ready"
    with pytest.raises(InvalidInput):
        keep(same)


def test_an_explicit_picture_waits_for_a_curator(add: Add, settings: object) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_threshold": 0.0})  # type: ignore[attr-defined]
    (held,) = add(painted(1))
    assert state_of(held) == "held"


def test_confirming_twice_looks_once(dataset: Dataset, add: Add) -> None:
    ids = add(painted(1))
    assert services.confirm_files(dataset_id=dataset.pk, owner=dataset.artist.user, pictures=ids) == 0  # type: ignore[arg-type]
    gathering.look_at_picture(picture_id=ids[0])  # type: ignore[arg-type]
    assert state_of(ids[0]) == "ready"


def test_a_zip_is_unpacked_its_folders_are_classes_and_its_rubbish_is_left(dataset: Dataset) -> None:
    files = {f"works/{'odd' if number % 2 else 'even'}/{number}.png": painted(number) for number in range(6)}
    files |= {"__MACOSX/works/._0.png": b"x", "readme.txt": b"hello", "works/odd/broken.jpg": b"no picture"}
    add_zip(dataset, zipped(files))
    pictures = DatasetPicture.objects.filter(dataset=dataset)
    assert Counter(pictures.values_list("state", "class_name")) == {
        ("ready", "odd"): 3, ("ready", "even"): 3, ("broken", "odd"): 1,
    }  # fmt: skip
    assert dataset.archives.get().state == "unpacked"


def test_a_zip_that_takes_long_is_unpacked_in_parts(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 8))
    monkeypatch.setattr("generation.services.gathering.time.monotonic", lambda: float(next(clock)))
    add_zip(dataset, zipped({f"{number}.png": painted(number) for number in range(7)}))
    assert dataset.pictures.filter(state="ready").count() == 7
    assert dataset.archives.get().state == "unpacked"
    assert next(clock) > 3 * 20


@pytest.mark.parametrize(
    "data", [b"no zip at all", zipped({"notes.txt": b"nothing"}), zipped({"a.png": painted(1)})[:-30]]
)
def test_a_bad_archive_is_named(dataset: Dataset, data: bytes) -> None:
    add_zip(dataset, data)
    archive = dataset.archives.get()
    assert (archive.state, archive.problem_code) == ("broken", "archive-problem")
    assert archive.problem_detail


def test_a_frozen_dataset_is_what_a_model_learns_from(frozen: Dataset, tmp_path: Path) -> None:
    (shard,) = selectors.shards_of(frozen.pk)
    file = tmp_path / "0.tar"
    file.write_bytes(storage.get(Bucket.PRIVATE, shard.key))
    found = PictureSet.from_shards([file], 32)
    splits = Counter(frozen.pictures.values_list("split", flat=True))
    assert [len(part) for part in (found.train, found.validation, found.test)] == [
        splits["train"], splits["validation"], splits["test"],
    ]  # fmt: skip
    assert found.class_names == ("even", "odd")
    assert not found.broken
    with tarfile.open(file) as tar:
        notes = [json.loads(tar.extractfile(one).read()) for one in tar if one.name.endswith(".json")]  # type: ignore[union-attr]
    assert Counter(note["class"] for note in notes) == {"even": 10, "odd": 10}


def test_packing_again_changes_nothing(frozen: Dataset) -> None:
    services.pack_dataset(dataset_id=frozen.pk)
    assert DatasetShard.objects.filter(dataset=frozen).count() == 1


def test_large_datasets_lie_in_several_shards(
    dataset: Dataset, add: Add, artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generation.services import sharding

    monkeypatch.setattr(sharding, "SHARD_BYTES", 2_500)
    clock = iter(range(0, 10_000, 8))  # another call for every few
    monkeypatch.setattr("generation.services.sharding.time.monotonic", lambda: float(next(clock)))
    _freeze(dataset, add, artist)
    dataset.refresh_from_db()
    assert dataset.state == "frozen"
    assert dataset.shards.count() > 1
    assert sum(dataset.shards.values_list("pictures", flat=True)) == 12


def _freeze(dataset: Dataset, add: Add, artist: Artist) -> None:
    add(*(painted(number) for number in range(12)))
    services.freeze_dataset(dataset_id=dataset.pk, owner=artist.user)
    settle()


def test_a_frozen_dataset_is_closed_and_its_next_version_open(frozen: Dataset, add: Add, artist: Artist) -> None:
    with pytest.raises(errors.DatasetNotOpen):
        add(painted(100))
    revised = services.revise_dataset(dataset_id=frozen.pk, owner=artist.user)
    assert (revised.version, revised.state, revised.pictures.count()) == (2, "draft", 20)
    add(painted(100), to=revised)
    assert (revised.pictures.count(), frozen.pictures.count()) == (21, 20)
    before = dict(frozen.pictures.values_list("sha256", "split"))
    assert before.items() <= dict(revised.pictures.values_list("sha256", "split")).items()


def test_too_few_pictures_cannot_be_frozen(dataset: Dataset, add: Add, artist: Artist) -> None:
    add(*(painted(number) for number in range(8)), picture(), picture())
    with pytest.raises(errors.DatasetTooSmall):
        services.freeze_dataset(dataset_id=dataset.pk, owner=artist.user)


def test_what_is_still_looked_at_holds_freezing_up(dataset: Dataset, add: Add, artist: Artist) -> None:
    add(*(painted(number) for number in range(12)))
    DatasetPicture.objects.filter(dataset=dataset).order_by("pk").update(state="arrived")
    with pytest.raises(errors.DatasetBusy):
        services.freeze_dataset(dataset_id=dataset.pk, owner=artist.user)


def test_a_dataset_is_its_artists_alone(frozen: Dataset, make_user: object) -> None:
    stranger: User = make_user()  # type: ignore[operator]
    with pytest.raises(PermissionRefused):
        services.create_dataset(owner=stranger, name="Mine")
    with pytest.raises(NotFound):
        services.freeze_dataset(dataset_id=frozen.pk, owner=stranger)
    with pytest.raises(NotFound):
        selectors.dataset_by_id(frozen.pk, stranger)


@pytest.mark.parametrize(
    ("vouched", "field"), [(Vouched(consent="found it"), "consent"), (Vouched(consent="licensed"), "licence")]
)
def test_nothing_is_taken_without_a_right_to_it(dataset: Dataset, vouched: Vouched, field: str) -> None:
    file = Announced(filename="a.png", media_type="image/png", size=10)
    with pytest.raises(InvalidInput) as refused:
        services.add_pictures(dataset_id=dataset.pk, owner=dataset.artist.user, files=[file], vouched=vouched)
    assert field in refused.value.data["errors"]


def test_a_name_is_taken_once(dataset: Dataset) -> None:
    with pytest.raises(InvalidInput):
        services.create_dataset(owner=dataset.artist.user, name="Patterns")


def test_the_summary_counts_and_advises(frozen: Dataset) -> None:
    summary = selectors.summary_of(frozen)
    assert (summary.usable, summary.classes, summary.consents) == (20, {"even": 10, "odd": 10}, {"own": 20})
    assert summary.augmentation == "full"
    assert sum(summary.splits.values()) == 20
