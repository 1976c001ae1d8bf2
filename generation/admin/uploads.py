"""Uploads in the administration."""

from django.contrib import admin
from django.utils.html import format_html
from unfold.decorators import display

from generation import selectors
from generation.admin.truth import ReadOnlyAdmin
from generation.models import Upload, UploadState

STATE_COLOURS = {
    UploadState.PENDING: "info",
    UploadState.READY: "success",
    UploadState.HELD: "warning",
    UploadState.REJECTED: "danger",
}


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """What people sent, and why it was turned away where it was."""

    list_display = ["filename", "shown_state", "owner", "width", "height", "problem_code", "created_at"]
    list_filter = ["state", "problem_code", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["id", "owner__email", "filename", "sha256"]
    ordering = ["-id"]
    fields = [
        "picture", "owner", "state", "filename", "declared_type", "declared_size", "media_type", "width", "height",
        "sha256", "key", "incoming_key", "problem_code", "problem_detail", "created_at", "completed_at",
    ]  # fmt: skip
    readonly_fields = ["picture"]

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def shown_state(self, upload: Upload) -> tuple[str, str]:
        return upload.state, upload.get_state_display()

    @display(description="Picture")
    def picture(self, upload: Upload) -> str:
        url = selectors.upload_url(upload)
        return format_html('<img src="{}" alt="" width="240">', url) if url else "-"
