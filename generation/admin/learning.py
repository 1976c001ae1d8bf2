"""Trainings and models in the administration."""

from django.contrib import admin
from django.utils.html import format_html
from unfold.decorators import display

from generation import selectors
from generation.admin.truth import ReadOnlyAdmin
from generation.models import JobState, ModelState, TrainedModel, Training

JOB_COLOURS = {
    JobState.QUEUED: "info", JobState.RUNNING: "info", JobState.SUCCEEDED: "success", JobState.FAILED: "danger",
    JobState.CANCELLED: "warning",
}  # fmt: skip
MODEL_COLOURS = {
    ModelState.DRAFT: "info", ModelState.PUBLISHED: "success", ModelState.DEPRECATED: "warning",
    ModelState.WITHDRAWN: "danger",
}  # fmt: skip


@admin.register(Training)
class TrainingAdmin(ReadOnlyAdmin):
    """How far trainings are, and where their checkpoints lie."""

    list_display = ["name", "shown_state", "artist", "dataset", "engine", "images", "checkpoint_at", "created_at"]
    list_filter = ["job__state", "job__engine", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["job", "artist", "dataset"]
    search_fields = ["id", "name", "artist__name", "job__id"]
    ordering = ["-id"]
    fields = [
        "name", "artist", "dataset", "job", "resumes", "step", "images", "seconds", "reason", "checkpoint_key",
        "checkpoint_sha256", "checkpoint_at", "logs_key", "curve", "created_at", "updated_at",
    ]  # fmt: skip

    @display(description="State", ordering="job__state", label=JOB_COLOURS)
    def shown_state(self, training: Training) -> tuple[str, str]:
        return training.job.state, training.job.get_state_display()

    @display(description="Engine", ordering="job__engine")
    def engine(self, training: Training) -> str:
        return training.job.engine


@admin.register(TrainedModel)
class TrainedModelAdmin(ReadOnlyAdmin):
    """What trainings came to; the house withdraws on the page of a model, where it says why."""

    list_display = ["__str__", "shown_state", "artist", "kind", "model_hash", "published_at", "created_at"]
    list_filter = ["state", "kind", "withdrawn_by_house", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["artist"]
    search_fields = ["id", "name", "artist__name", "model_hash"]
    ordering = ["-id"]
    fields = [
        "samples", "name", "version", "artist", "training", "kind", "model_hash", "state", "state_before",
        "is_held", "withdrawn_reason", "withdrawn_by_house", "withdrawn_with_dataset", "published_at", "description",
        "directions", "measures", "card", "created_at",
    ]  # fmt: skip
    readonly_fields = ["samples"]

    @display(description="State", ordering="state", label=MODEL_COLOURS)
    def shown_state(self, model: TrainedModel) -> tuple[str, str]:
        return model.state, model.get_state_display()

    @display(description="Seeds 1 to 64")
    def samples(self, model: TrainedModel) -> str:
        return format_html('<img src="{}" alt="" width="512">', selectors.samples_url(model))
