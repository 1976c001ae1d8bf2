"""Trainings, models and searches in the administration."""

from django.contrib import admin
from django.utils.html import format_html
from unfold.decorators import display

from generation import selectors
from generation.admin.truth import ReadOnlyAdmin, ReadOnlyInline
from generation.models import JobState, ModelState, Search, SearchState, TrainedModel, Training, Trial

JOB_COLOURS = {
    JobState.QUEUED: "info", JobState.RUNNING: "info", JobState.SUCCEEDED: "success", JobState.FAILED: "danger",
    JobState.CANCELLED: "warning",
}  # fmt: skip
MODEL_COLOURS = {
    ModelState.DRAFT: "info", ModelState.PUBLISHED: "success", ModelState.DEPRECATED: "warning",
    ModelState.WITHDRAWN: "danger",
}  # fmt: skip
SEARCH_COLOURS = {SearchState.RUNNING: "info", SearchState.FINISHED: "success", SearchState.STOPPED: "warning"}


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

    list_display = ["__str__", "shown_state", "artist", "kind", "weights", "published_at", "created_at"]
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

    @display(description="Weights", ordering="model_hash")
    def weights(self, model: TrainedModel) -> str:
        return model.model_hash[:12]

    @display(description="Seeds 1 to 64")
    def samples(self, model: TrainedModel) -> str:
        return format_html('<img src="{}" alt="" width="512">', selectors.samples_url(model))


class TrialInline(ReadOnlyInline):
    """What a search tried, and how it fared."""

    model = Trial
    fields = ["number", "state", "value", "parameters", "problem", "training"]
    ordering = ["number"]


@admin.register(Search)
class SearchAdmin(ReadOnlyAdmin):
    """Who searches for what, and what was found; its artist stops it on its page, staff its trials as jobs."""

    list_display = ["name", "shown_state", "artist", "dataset", "engine", "planned", "minutes", "created_at"]
    list_filter = ["state", "engine", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["artist", "dataset"]
    search_fields = ["id", "name", "artist__name"]
    ordering = ["-id"]
    inlines = [TrialInline]
    fields = [
        "name", "artist", "dataset", "engine", "state", "parameters", "space", "importance", "planned", "parallel",
        "minutes", "trial_minutes", "seed", "finished_at", "created_at",
    ]  # fmt: skip

    @display(description="State", ordering="state", label=SEARCH_COLOURS)
    def shown_state(self, search: Search) -> tuple[str, str]:
        return search.state, search.get_state_display()
