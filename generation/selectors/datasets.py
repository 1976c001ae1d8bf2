"""Reading datasets: one's own, what is in them, and whether enough of it can be used."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import BigIntegerField, Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext

from generation.engines.training.splits import Split
from generation.models import (
    ArchiveState,
    Dataset,
    DatasetArchive,
    DatasetPicture,
    DatasetShard,
    DatasetState,
    PictureState,
)
from generation.models.datasets import DatasetQuerySet
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound

Augmentation = Literal["none", "light", "full"]
PICTURE_SECONDS = 600
_SEEN = frozenset({PictureState.READY, PictureState.DUPLICATE})


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What is in a dataset, by what became of it, by class, split and right, and what is wrong with the rest."""

    states: dict[str, int]
    classes: dict[str, int]
    splits: dict[str, int]
    consents: dict[str, int]
    problems: dict[str, int]

    @property
    def usable(self) -> int:
        return self.states.get(PictureState.READY, 0)

    @property
    def augmentation(self) -> Augmentation:
        """What a training should do to its pictures, by how many there are (Karras et al., 2020, figure 7)."""
        if self.usable < 1_000:
            return "full"
        return "light" if self.usable < 5_000 else "none"


def datasets_of(user: User) -> DatasetQuerySet:
    """One's own datasets, the newest first, each with how many of its pictures can be used (`usable`)."""
    return all_datasets().owned_by(user.pk)


def all_datasets() -> DatasetQuerySet:
    """Every dataset, the newest first, each with how many of its pictures can be used (`usable`)."""
    ready = DatasetPicture.objects.filter(dataset=OuterRef("pk"), state=PictureState.READY).order_by()
    counted = Subquery(ready.values("dataset").annotate(count=Count("pk")).values("count"))
    # Counted row by row: only of those that are shown.
    return Dataset.objects.annotate(usable=Coalesce(counted, 0)).select_related("artist").order_by("-id")


def dataset_by_id(dataset_id: UUID, user: User) -> Dataset:
    """One of one's own datasets. Raises NotFound."""
    dataset = datasets_of(user).filter(pk=dataset_id).first()
    if dataset is None:
        raise NotFound(gettext("There is no such dataset."))
    return dataset


def summary_of(dataset: Dataset) -> DatasetSummary:
    """Counts of everything in a dataset; classes, splits and consents of what can be used."""
    pictures = dataset.pictures.order_by()
    usable = pictures.filter(state=PictureState.READY)
    return DatasetSummary(
        states=_counts(pictures, "state"),
        classes=_counts(usable, "class_name"),
        splits=_counts(usable, "split"),
        consents=_counts(usable, "consent"),
        problems=_counts(pictures.exclude(problem_code=""), "problem_code"),
    )


def splits_of_classes(dataset: Dataset) -> dict[str, dict[Split, int]]:
    """How many pictures of each class can be used, in each split; none where classes would say nothing."""
    usable = dataset.pictures.order_by().filter(state=PictureState.READY)
    counts: dict[str, dict[Split, int]] = {}
    for name, split, count in usable.values_list("class_name", "split").annotate(count=Count("pk")):
        counts.setdefault(name, {})[split] = count
    # As trainings see them: one class says nothing, and pictures of no class would be a class that nobody named.
    return dict(sorted(counts.items())) if len(counts) > 1 and "" not in counts else {}


def _counts(pictures: QuerySet[DatasetPicture], field: str) -> dict[str, int]:
    return dict(pictures.values_list(field).annotate(count=Count("pk")).order_by("-count", field))


def twin_of(picture: DatasetPicture, *, within: int) -> DatasetPicture | None:
    """A picture of the same dataset that can be used and is the same, or differs in so few bits of its hash."""
    others = picture.dataset.pictures.filter(state=PictureState.READY).exclude(pk=picture.pk)
    if same := others.filter(sha256=picture.sha256).first():
        return same
    if picture.phash is None:
        return None
    differing = Func(
        F("phash"),
        Cast(Value(picture.phash), BigIntegerField()),
        arg_joiner=" # ",
        template="bit_count((%(expressions)s)::bit(64))",
        output_field=IntegerField(),
    )
    near = others.filter(phash__isnull=False).annotate(differing=differing).filter(differing__lte=within)
    return near.order_by("differing", "id").first()


def dataset_picture_url(picture: DatasetPicture) -> str:
    """An address of the picture that lapses in ten minutes; nothing unless its owner may see it."""
    return storage.presigned_get(picture.key, expires=PICTURE_SECONDS) if picture.state in _SEEN else ""


def dataset_preview_url(picture: DatasetPicture) -> str:
    """The same of a small one, for lists."""
    key = picture.preview_key or picture.key
    return storage.presigned_get(key, expires=PICTURE_SECONDS) if picture.state in _SEEN else ""


def covers_of(dataset: Dataset, most: int) -> list[str]:
    """Addresses of the first pictures of a dataset that can be used, for lists of datasets."""
    first = dataset.pictures.filter(state=PictureState.READY).order_by("id")[:most]
    return [dataset_preview_url(picture) for picture in first]


def classes_of(dataset: Dataset) -> list[str]:
    """The names of a dataset's classes, those of pictures that cannot be used too; the empty name is none."""
    return list(dataset.pictures.order_by("class_name").values_list("class_name", flat=True).distinct())


def dataset_picture_by_id(picture_id: UUID, dataset_id: UUID, user: User) -> DatasetPicture:
    """One picture of one's own dataset. Raises NotFound."""
    found = DatasetPicture.objects.filter(pk=picture_id, dataset=dataset_id, dataset__artist__user=user)
    picture = found.select_related("twin").first()
    if picture is None:
        raise NotFound(gettext("There is no such picture."))
    return picture


def shards_of(dataset_id: UUID) -> list[DatasetShard]:
    """The files that a frozen dataset lies in, in their order."""
    return list(DatasetShard.objects.filter(dataset_id=dataset_id).order_by("number"))


def datasets_waiting() -> list[UUID]:
    """Datasets for which something is to be done in the background."""
    pictures = DatasetPicture.objects.filter(state=PictureState.ARRIVED).values("dataset")
    archives = DatasetArchive.objects.filter(state=ArchiveState.ARRIVED).values("dataset")
    is_waiting = Q(pk__in=pictures) | Q(pk__in=archives) | Q(state=DatasetState.FREEZING)
    return list(Dataset.objects.filter(is_waiting).values_list("pk", flat=True))
