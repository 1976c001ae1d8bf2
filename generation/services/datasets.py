"""Datasets: begun by an artist, filled with pictures, frozen so that a model can learn from them, and withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from generation.errors import (
    DatasetBusy,
    DatasetInUse,
    DatasetNotOpen,
    DatasetTooSmall,
    PicturesHeld,
    UploadTooLarge,
)
from generation.models import (
    ArchiveState,
    Consent,
    Dataset,
    DatasetArchive,
    DatasetPicture,
    DatasetState,
    JobState,
    PictureState,
)
from generation.services.cleaning import MEDIA_TYPES
from generation.services.held_pictures import settle_reviews_of
from generation.services.jobs import cancel_job
from generation.services.trained_models import restore_models_of, withdraw_models_of
from generation.services.uploads import INCOMING, PUT_SECONDS
from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.outbox import wake
from marketplace.core.storage import PresignedPut

log = structlog.get_logger(__name__)

FEWEST, MOST = 10, 20_000  # pictures in a dataset
MOST_AT_ONCE = 500
TENDER = "tend_datasets"  # the actor that does what datasets wait for
ZIP = frozenset({"application/zip", "application/x-zip-compressed"})
_OPEN = (PictureState.PENDING, PictureState.ARRIVED)
_UNUSABLE = tuple(str(state) for state in PictureState if state not in {PictureState.ARRIVED, PictureState.READY})
_REMOVABLE = tuple(state for state in PictureState if state != PictureState.ARRIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A file that is to come; of a folder's files, the folder is the class."""

    filename: str
    media_type: str
    size: int
    class_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """By what right pictures may be learnt from, said by whoever adds them."""

    consent: str
    licence: str = ""
    source: str = ""


def create_dataset(*, owner: User, name: str, description: str = "") -> Dataset:
    """Begin a dataset. Raises NotAnArtist, ArtistSuspended, InvalidInput where the name is taken."""
    dataset = Dataset(artist=accounts.approved_artist(owner), name=name.strip(), description=description.strip())
    _save_named(dataset)
    return dataset


def describe_dataset(
    *, dataset_id: UUID, owner: User, name: str | None = None, description: str | None = None
) -> Dataset:
    """Change a draft's name or description. Raises NotFound, DatasetNotOpen, InvalidInput."""
    with transaction.atomic():
        dataset = locked_draft(dataset_id, owner)
        if name is not None and name.strip() != dataset.name:
            if dataset.version > 1:
                raise InvalidInput(
                    gettext("Versions share their name."),
                    errors={"name": [gettext("Earlier versions bear this name.")]},
                )
            dataset.name = name.strip()
        if description is not None:
            dataset.description = description.strip()
        _save_named(dataset)
    return dataset


def add_pictures(
    *, dataset_id: UUID, owner: User, files: Sequence[Announced], vouched: Vouched
) -> list[tuple[DatasetPicture, PresignedPut]]:
    """Announce up to 500 files and get leave to PUT each. Raises NotFound, DatasetNotOpen, InvalidInput."""
    _check_vouched(vouched)
    _check_files(files)
    with transaction.atomic():
        dataset = locked_draft(dataset_id, owner)
        if dataset.pictures.count() + len(files) > MOST:
            raise InvalidInput(
                gettext("A dataset has at most %(most)s pictures.") % {"most": f"{MOST:,}"},
                errors={"files": [gettext("Too many.")]},
            )
        rows = [
            DatasetPicture(
                dataset=dataset, filename=file.filename[:300], class_name=file.class_name[:100],
                incoming_key=f"{INCOMING}/{uuid4()}", declared_size=file.size, consented_by=owner, **_said(vouched),
            )
            for file in files
        ]  # fmt: skip
        DatasetPicture.objects.bulk_create(rows)
    return [(row, _leave(row.incoming_key, file)) for row, file in zip(rows, files, strict=True)]


def add_archive(
    *, dataset_id: UUID, owner: User, file: Announced, vouched: Vouched
) -> tuple[DatasetArchive, PresignedPut]:
    """Announce a zip file of pictures. Raises NotFound, DatasetNotOpen, InvalidInput, UploadTooLarge."""
    _check_vouched(vouched)
    if file.media_type not in ZIP:
        raise InvalidInput(gettext("This is not a zip file."), errors={"media_type": ["application/zip."]})
    if file.size > settings.ATELIER.archive_max_bytes:
        raise UploadTooLarge(
            gettext("An archive may have at most %(archive_max_bytes_1000000)s MB.")
            % {"archive_max_bytes_1000000": settings.ATELIER.archive_max_bytes // 1000000}
        )
    with transaction.atomic():
        archive = DatasetArchive.objects.create(
            dataset=locked_draft(dataset_id, owner), filename=file.filename[:300], declared_size=file.size,
            incoming_key=f"{INCOMING}/{uuid4()}", consented_by=owner, **_said(vouched),
        )  # fmt: skip
    return archive, _leave(archive.incoming_key, file)


def confirm_files(
    *, dataset_id: UUID, owner: User, pictures: Sequence[UUID] = (), archives: Sequence[UUID] = ()
) -> int:
    """Say that files were PUT: they are looked at soon. Saying it again changes nothing.

    Returns how many wait to be looked at now because of it. Raises NotFound, DatasetNotOpen.
    """
    with transaction.atomic():
        dataset = locked_draft(dataset_id, owner)
        came = dataset.pictures.filter(pk__in=pictures, state=PictureState.PENDING)
        brought = dataset.archives.filter(pk__in=archives, state=ArchiveState.PENDING)
        picture_ids, archive_ids = (list(rows.values_list("pk", flat=True)) for rows in (came, brought))
        came.update(state=PictureState.ARRIVED)
        brought.update(state=ArchiveState.ARRIVED)
        if picture_ids or archive_ids:
            wake(TENDER, dataset.pk)
    return len(picture_ids) + len(archive_ids)


def remove_picture(*, dataset_id: UUID, picture_id: UUID, owner: User) -> None:
    """Take a picture out of a draft; its file goes with the orphans. Raises NotFound, DatasetNotOpen, DatasetBusy."""
    with transaction.atomic():
        picture = locked_draft(dataset_id, owner).pictures.filter(pk=picture_id).first()
        if picture is None:
            raise NotFound(gettext("There is no such picture."))
        if picture.state not in _REMOVABLE:
            raise DatasetBusy(gettext("The picture is being looked at; try again in a moment."))
        picture.delete()


def remove_pictures(*, dataset_id: UUID, owner: User, state: str) -> int:
    """Take all pictures in one state out of a draft, other than those that can be used; return how many.

    Raises NotFound, DatasetNotOpen, InvalidInput.
    """
    with transaction.atomic():
        dataset = locked_draft(dataset_id, owner)
        if state not in _UNUSABLE:
            raise InvalidInput(
                gettext("These are not removed at once."),
                errors={"state": [gettext("One of %(words)s.") % {"words": ", ".join(_UNUSABLE)}]},
            )
        pictures = dataset.pictures.filter(state=state)
        count = pictures.count()
        pictures.delete()
    return count


def keep_picture(*, dataset_id: UUID, picture_id: UUID, owner: User) -> DatasetPicture:
    """Use a picture although it is like another one. Raises NotFound, DatasetNotOpen, InvalidInput (the very same)."""
    with transaction.atomic():
        dataset = locked_draft(dataset_id, owner)
        picture = dataset.pictures.filter(pk=picture_id, state=PictureState.DUPLICATE).first()
        if picture is None:
            raise NotFound(gettext("There is no such picture that is like another one."))
        if dataset.pictures.filter(sha256=picture.sha256, state=PictureState.READY).exists():
            raise InvalidInput(gettext("This very picture is in the dataset already."))
        picture.state, picture.twin = PictureState.READY, None
        picture.problem_code = picture.problem_detail = ""
        picture.save()
    return picture


def freeze_dataset(*, dataset_id: UUID, owner: User) -> Dataset:
    """Close a dataset and have it packed into shards.

    Raises NotFound, DatasetNotOpen, DatasetBusy, PicturesHeld, DatasetTooSmall.
    """
    with transaction.atomic():
        dataset = locked_draft(dataset_id, owner)
        waiting = dataset.pictures.filter(state=PictureState.ARRIVED).count()
        if waiting or dataset.archives.filter(state=ArchiveState.ARRIVED).exists():
            raise DatasetBusy(gettext("Some files are still being looked at."), waiting=waiting)
        if held := dataset.pictures.filter(state=PictureState.HELD).count():
            raise PicturesHeld(
                gettext("%(held)s of its pictures wait for a curator: wait too, or take them out.")
                % {"held": f"{held:,}"},
                held=held,
            )
        usable = dataset.pictures.filter(state=PictureState.READY).count()
        if usable < FEWEST:
            raise DatasetTooSmall(
                gettext("A model needs %(fewest)s pictures at least; here are %(usable)s that can be used.")
                % {"fewest": FEWEST, "usable": usable}
            )
        # What was announced and never sent is given up.
        dataset.pictures.filter(state=PictureState.PENDING).delete()
        dataset.archives.filter(state=ArchiveState.PENDING).delete()
        dataset.state = DatasetState.FREEZING
        dataset.save(update_fields=["state", "updated_at"])
        settle_reviews_of(dataset)
        wake(TENDER, dataset.pk)
    return dataset


def revise_dataset(*, dataset_id: UUID, owner: User) -> Dataset:
    """Begin the next version with the same pictures; where one is begun already, that one is meant.

    Raises NotFound, DatasetNotOpen unless this one is frozen.
    """
    with transaction.atomic():
        dataset = _locked(dataset_id, owner)
        # The versions that there are stay as they are until the next one is written.
        versions = Dataset.objects.filter(artist=dataset.artist, name=dataset.name).order_by("-version")
        latest = versions.select_for_update(of=("self",))[0]
        if latest.state == DatasetState.DRAFT and latest.version > dataset.version:
            return latest
        if dataset.state != DatasetState.FROZEN:
            raise DatasetNotOpen(
                gettext("Only a frozen dataset is revised: this one can be changed itself, or is withdrawn.")
            )
        revised = Dataset.objects.create(
            artist=dataset.artist, name=dataset.name, description=dataset.description, version=latest.version + 1
        )
        DatasetPicture.objects.bulk_create(
            (_copy(picture, revised) for picture in dataset.pictures.filter(state=PictureState.READY)), batch_size=1000
        )
    return revised


def withdraw_dataset(*, dataset_id: UUID, owner: User) -> Dataset:
    """Let nothing new be learnt from a frozen dataset, nor made with what learnt from it; what was made stands.

    Trainings stop, and models are withdrawn; `restore_dataset` brings them back. Doing it again changes nothing.
    Raises NotFound, DatasetNotOpen.
    """
    with transaction.atomic():
        dataset = _locked(dataset_id, owner)
        if dataset.state not in {DatasetState.FROZEN, DatasetState.WITHDRAWN}:
            raise DatasetNotOpen(gettext("Only a frozen dataset is withdrawn: this one can be deleted."))
        dataset.state = DatasetState.WITHDRAWN
        dataset.save(update_fields=["state", "updated_at"])
        for training in dataset.trainings.filter(job__state__in=[JobState.QUEUED, JobState.RUNNING]):
            cancel_job(job_id=training.job_id)
        withdraw_models_of(dataset.pk)
    return dataset


def restore_dataset(*, dataset_id: UUID, owner: User) -> Dataset:
    """Undo a withdrawal: the models that went with the dataset are what they were; stopped trainings can be resumed.

    Doing it again changes nothing. Raises NotFound, DatasetNotOpen.
    """
    with transaction.atomic():
        dataset = _locked(dataset_id, owner)
        if dataset.state not in {DatasetState.FROZEN, DatasetState.WITHDRAWN}:
            raise DatasetNotOpen(gettext("This dataset was never withdrawn."))
        dataset.state = DatasetState.FROZEN
        dataset.save(update_fields=["state", "updated_at"])
        restore_models_of(dataset.pk)
    return dataset


def delete_dataset(*, dataset_id: UUID, owner: User) -> None:
    """Delete a dataset that nothing has learnt from; its files go with the orphans.

    Raises NotFound, DatasetBusy while it is packed, DatasetInUse.
    """
    with transaction.atomic():
        dataset = _locked(dataset_id, owner)
        if dataset.state == DatasetState.FREEZING:
            raise DatasetBusy(gettext("The dataset is being packed; try again in a moment."))
        if dataset.trainings.exists() or dataset.searches.exists():
            raise DatasetInUse(gettext("Models have learnt from this dataset: it can be withdrawn, not deleted."))
        dataset.delete()


def locked_draft(dataset_id: UUID, owner: User) -> Dataset:
    """One's own dataset that is open for pictures, locked. Raises NotFound, DatasetNotOpen."""
    dataset = _locked(dataset_id, owner)
    if dataset.state != DatasetState.DRAFT:
        raise DatasetNotOpen(gettext("This dataset is closed: begin its next version to change it."))
    return dataset


def _save_named(dataset: Dataset) -> None:
    try:
        dataset.clean_fields()
        with transaction.atomic():
            dataset.save()
    except ValidationError as error:
        raise InvalidInput(gettext("Some fields are not valid."), errors=error.message_dict) from error
    except IntegrityError as error:
        raise InvalidInput(
            gettext("You have a dataset of this name."), errors={"name": [gettext("Choose another.")]}
        ) from error


def _locked(dataset_id: UUID, owner: User) -> Dataset:
    dataset = Dataset.objects.owned_by(owner.pk).select_for_update(of=("self",)).filter(pk=dataset_id).first()
    if dataset is None:
        raise NotFound(gettext("There is no such dataset."))
    return dataset


def _check_vouched(vouched: Vouched) -> None:
    if vouched.consent not in Consent.values:
        raise InvalidInput(
            gettext("Say by what right."),
            errors={"consent": [gettext("One of %(words)s.") % {"words": ", ".join(Consent.values)}]},
        )
    if vouched.consent == Consent.LICENSED and not vouched.licence.strip():
        raise InvalidInput(
            gettext("Name the licence."), errors={"licence": [gettext("A licence that you have is named.")]}
        )


def _check_files(files: Sequence[Announced]) -> None:
    errors: dict[str, list[str]] = {}
    if not 1 <= len(files) <= MOST_AT_ONCE:
        errors["files"] = [gettext("1 to %(most_at_once)s at once.") % {"most_at_once": MOST_AT_ONCE}]
    most = settings.ATELIER.upload_max_bytes
    for number, file in enumerate(files):
        if file.media_type not in MEDIA_TYPES:
            errors[f"files.{number}.media_type"] = [
                gettext("One of %(value)s.") % {"value": ", ".join(sorted(MEDIA_TYPES))}
            ]
        if not 1 <= file.size <= most:
            errors[f"files.{number}.size"] = [gettext("1 to %(most)s bytes.") % {"most": most}]
    if errors:
        raise InvalidInput(gettext("Some files cannot be taken."), errors=errors)


def _said(vouched: Vouched) -> dict[str, str]:
    return {"consent": vouched.consent, "licence": vouched.licence[:200], "source": vouched.source[:300]}


def _leave(key: str, file: Announced) -> PresignedPut:
    return storage.presigned_put(key, media_type=file.media_type, size=file.size, expires=PUT_SECONDS)


def _copy(picture: DatasetPicture, dataset: Dataset) -> DatasetPicture:
    kept = (
        "filename", "declared_size", "consent", "licence", "source", "consented_by_id", "class_name", "state", "key",
        "preview_key", "sha256", "size", "width", "height", "phash", "explicit", "split",
    )  # fmt: skip
    return DatasetPicture(dataset=dataset, **{name: getattr(picture, name) for name in kept})
