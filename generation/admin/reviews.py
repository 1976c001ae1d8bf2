"""Reviews in the administration: every decision there was, undone ones too. Decided is in the curators' queue."""

from django.contrib import admin
from unfold.decorators import display

from generation.admin.truth import ReadOnlyAdmin
from generation.models import Review, ReviewState

STATE_COLOURS = {ReviewState.WAITING: "warning", ReviewState.CLEARED: "success", ReviewState.REFUSED: "danger"}


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """What the gate held back, and what became of it."""

    list_display = [
        "shown_state",
        "held_for",
        "artwork",
        "upload",
        "dataset_picture",
        "trained_model",
        "decided_by",
        "decided_at",
        "undone_at",
    ]
    list_filter = ["state", "is_explicit", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["artwork", "upload", "dataset_picture", "trained_model", "decided_by", "resembles__artist"]
    search_fields = ["id", "artwork__id", "upload__id", "upload__sha256", "decided_by__email"]
    ordering = ["-id"]
    fields = [
        "state", "artwork", "upload", "dataset_picture", "trained_model", "explicit", "is_explicit", "resembles",
        "distance", "note",
        "decided_by", "decided_at", "final_because", "undone_by", "undone_at", "created_at",
    ]  # fmt: skip

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def shown_state(self, review: Review) -> tuple[str, str]:
        return review.state, review.get_state_display()

    @display(description="Held because")
    def held_for(self, review: Review) -> str:
        return " ".join(review.reasons)
