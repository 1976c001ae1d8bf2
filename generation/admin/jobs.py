"""Jobs in the administration."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from generation import services
from generation.admin.truth import ReadOnlyAdmin, ReadOnlyInline
from generation.models import Attempt, Job, JobState
from marketplace.core.errors import AtelierError

STATE_COLOURS = {
    JobState.QUEUED: "info",
    JobState.RUNNING: "warning",
    JobState.SUCCEEDED: "success",
    JobState.FAILED: "danger",
    JobState.CANCELLED: "",
}


def ask(question: str) -> dict[str, object]:
    """A dialogue that posts: what changes a job must not be a link that somebody could be sent."""
    return {"title": question, "description": "", "form_class": BaseDialogForm, "form_submit_text": "Yes"}


def _back_to(job_id: str) -> HttpResponse:
    return HttpResponse(headers={"HX-Redirect": reverse("admin:generation_job_change", args=[job_id])})


class AttemptInline(ReadOnlyInline):
    """Every time a worker took the job, and how that ended."""

    model = Attempt
    fields = [
        "number", "outcome", "host", "worker", "device", "batch", "took", "ended_at", "error_code", "error_detail",
    ]  # fmt: skip
    readonly_fields = fields

    @display(description="Took")
    def took(self, attempt: Attempt) -> str:
        if attempt.ended_at is None:
            return "running"
        return f"{(attempt.ended_at - attempt.started_at).total_seconds():.1f} s"


class OperatedAdmin(ReadOnlyAdmin):
    """Jobs that are read and, by those who may change jobs, operated; though nobody edits their fields."""

    def has_operate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("generation.change_job")

    def operate(self, request: HttpRequest, jobs: QuerySet[Job], done: str, act: Callable[[UUID], object]) -> None:
        """Do the same to each job, and say to how many it was done and why not to the others."""
        count = 0
        for job in jobs:
            try:
                act(job.pk)
                count += 1
            except AtelierError as error:
                messages.warning(request, f"{job}: {error.detail}")
        if count:
            messages.success(request, f"{count} {'job' if count == 1 else 'jobs'} {done}.")


@admin.register(Job)
class JobAdmin(OperatedAdmin):
    """What was asked of the engines and how far it has come; failed and cancelled jobs can be run again."""

    list_display = ["name", "shown_state", "shown_progress", "owner", "queue", "attempt", "error_code", "created_at"]
    list_filter = ["state", "queue", "engine", "error_code", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["id", "owner__email", "engine", "request_key"]
    ordering = ["-id"]
    inlines = [AttemptInline]
    actions = ["requeue_selected", "cancel_selected"]
    actions_detail = ["requeue_one", "cancel_one"]
    readonly_fields = ["picture"]
    fieldsets = [
        (None, {"fields": ["engine", "engine_version", "state", "owner", "title", "picture"]}),
        (
            "Request",
            {
                "fields": [
                    "parameters",
                    "inputs",
                    "seed",
                    "priority",
                    "turn",
                    "purpose",
                    "subject",
                    "model_hash",
                    "request_key",
                    "request_id",
                    "artist",
                    "style_artist",
                ]
            },
        ),
        ("Progress", {"fields": ["progress", "stage", "queue", "attempt", "faults", "error_code", "error_detail"]}),
        (
            "Lease",
            {"fields": ["worker", "lease_token", "lease_expires_at", "available_at", "cancel_requested_at", "dead_at"]},
        ),
        ("Times", {"fields": ["created_at", "woken_at", "started_at", "finished_at", "updated_at"]}),
    ]

    @display(description="Job")
    def name(self, job: Job) -> str:
        return str(job)

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def shown_state(self, job: Job) -> tuple[str, str]:
        return job.state, job.get_state_display()

    @display(description="Progress", ordering="progress")
    def shown_progress(self, job: Job) -> str:
        return format_html(
            '<progress max="100" value="{}" style="width:6rem"></progress> {} %',
            *(round(job.progress * 100),) * 2,
        )

    @display(description="Picture")
    def picture(self, job: Job) -> str:
        return format_html('<img src="{}" alt="" width="240">', job.preview_url) if job.preview_url else "-"

    @admin.action(description="Run again", permissions=["operate"])
    def requeue_selected(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self.operate(request, jobs, "queued again", lambda pk: services.requeue_job(job_id=pk))

    @admin.action(description="Cancel", permissions=["operate"])
    def cancel_selected(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self.operate(request, jobs, "called off", lambda pk: services.cancel_job(job_id=pk))

    @action(description="Run again", url_path="requeue", permissions=["operate"], dialog=ask("Run this job again?"))
    def requeue_one(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        self.requeue_selected(request, Job.objects.filter(pk=object_id))
        return _back_to(object_id)

    @action(description="Cancel", url_path="cancel", permissions=["operate"], dialog=ask("Call this job off?"))
    def cancel_one(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        self.cancel_selected(request, Job.objects.filter(pk=object_id))
        return _back_to(object_id)
