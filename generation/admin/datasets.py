"""Datasets in the administration: what artists gathered, by what right, and what became of each file."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from generation import selectors
from generation.admin.truth import ReadOnlyAdmin, ReadOnlyInline
from generation.models import ArchiveState, Dataset, DatasetArchive, DatasetPicture, DatasetState, PictureState
from generation.models.datasets import DatasetShard

DATASET_COLOURS = {
    DatasetState.DRAFT: "info",
    DatasetState.FREEZING: "warning",
    DatasetState.FROZEN: "success",
    DatasetState.WITHDRAWN: "danger",
}
PICTURE_COLOURS = {
    PictureState.PENDING: "info",
    PictureState.ARRIVED: "info",
    PictureState.READY: "success",
    PictureState.DUPLICATE: "warning",
    PictureState.HELD: "warning",
    PictureState.BROKEN: "danger",
    PictureState.REFUSED: "danger",
}
ARCHIVE_COLOURS = {
    ArchiveState.PENDING: "info",
    ArchiveState.ARRIVED: "info",
    ArchiveState.UNPACKED: "success",
    ArchiveState.BROKEN: "danger",
}


class ShardInline(ReadOnlyInline):
    """The files that a frozen dataset lies in."""

    model = DatasetShard
    fields = ["number", "pictures", "size", "sha256", "key"]
    ordering = ["number"]


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    """Every version of every dataset."""

    list_display = ["name", "version", "shown_state", "artist", "usable", "frozen_at", "created_at"]
    list_filter = ["state", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["artist"]
    search_fields = ["id", "name", "artist__name", "artist__user__email"]
    ordering = ["-id"]
    fields = [
        "artist", "name", "version", "description", "state", "usable", "pictures", "frozen_at", "created_at",
        "updated_at",
    ]  # fmt: skip
    readonly_fields = ["usable", "pictures"]
    inlines = [ShardInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dataset, Any]:
        return selectors.all_datasets()

    @display(description="State", ordering="state", label=DATASET_COLOURS)
    def shown_state(self, dataset: Dataset) -> tuple[str, str]:
        return dataset.state, dataset.get_state_display()

    @display(description="Usable pictures")
    def usable(self, dataset: Dataset) -> int:
        return dataset.usable  # type: ignore[attr-defined, no-any-return]  # annotated above

    @display(description="Pictures")
    def pictures(self, dataset: Dataset) -> str:
        address = reverse("admin:generation_datasetpicture_changelist")
        return format_html('<a href="{}?dataset__id__exact={}">Look at them</a>', address, dataset.pk)


@admin.register(DatasetPicture)
class DatasetPictureAdmin(ReadOnlyAdmin):
    """Single pictures, with what is wrong with them and who vouched for them."""

    list_display = [
        "filename",
        "shown_state",
        "dataset",
        "class_name",
        "split",
        "consent",
        "problem_code",
        "created_at",
    ]
    list_filter = ["state", "consent", "split", "problem_code", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["dataset"]
    search_fields = ["id", "filename", "sha256", "dataset__name", "consented_by__email"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = [
        "picture", "dataset", "archive", "filename", "class_name", "state", "problem_code", "problem_detail", "twin",
        "consent", "licence", "source", "consented_by", "split", "width", "height", "size", "sha256", "explicit", "key",
        "preview_key", "incoming_key", "created_at", "updated_at",
    ]  # fmt: skip
    readonly_fields = ["picture"]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "dataset__id__exact" or super().lookup_allowed(lookup, value, request)

    @display(description="State", ordering="state", label=PICTURE_COLOURS)
    def shown_state(self, picture: DatasetPicture) -> tuple[str, str]:
        return picture.state, picture.get_state_display()

    @display(description="Picture")
    def picture(self, picture: DatasetPicture) -> str:
        url = selectors.dataset_preview_url(picture)
        return format_html('<img src="{}" alt="" width="240">', url) if url else "-"


@admin.register(DatasetArchive)
class DatasetArchiveAdmin(ReadOnlyAdmin):
    """Zip files that were sent for datasets."""

    list_display = ["filename", "shown_state", "dataset", "declared_size", "problem_code", "created_at"]
    list_filter = ["state", "problem_code", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["dataset"]
    search_fields = ["id", "filename", "dataset__name", "consented_by__email"]
    ordering = ["-id"]
    fields = [
        "dataset", "filename", "state", "problem_code", "problem_detail", "declared_size", "consent", "licence",
        "source", "consented_by", "incoming_key", "created_at", "updated_at",
    ]  # fmt: skip

    @display(description="State", ordering="state", label=ARCHIVE_COLOURS)
    def shown_state(self, archive: DatasetArchive) -> tuple[str, str]:
        return archive.state, archive.get_state_display()
