"""Dead letters in the administration: read, then run again or put away."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from generation import services
from generation.admin.jobs import AttemptInline, OperatedAdmin, ask
from generation.models import DeadLetter, Job


@admin.register(DeadLetter)
class DeadLetterAdmin(OperatedAdmin):
    """Jobs that the house gave up, through no fault of the user's, and that nobody has looked at yet."""

    list_display = ["name", "error_code", "error_detail", "faults", "owner", "queue", "worker", "dead_at"]
    list_filter = ["error_code", "engine", "queue", ("dead_at", admin.DateFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["id", "owner__email", "engine", "error_code", "error_detail", "worker"]
    ordering = ["-dead_at"]
    inlines = [AttemptInline]
    actions = ["requeue_selected", "put_away_selected"]
    actions_detail = ["requeue_one", "put_away_one"]
    fields = [
        "engine", "engine_version", "owner", "error_code", "error_detail", "attempt", "faults", "worker", "parameters",
        "inputs", "seed", "queue", "request_id", "created_at", "dead_at",
    ]  # fmt: skip

    @display(description="Job")
    def name(self, letter: DeadLetter) -> str:
        return str(letter)

    @admin.action(description="Run again", permissions=["operate"])
    def requeue_selected(self, request: HttpRequest, letters: QuerySet[Job]) -> None:
        self.operate(request, letters, "queued again", lambda pk: services.requeue_job(job_id=pk))

    @admin.action(description="Put away", permissions=["operate"])
    def put_away_selected(self, request: HttpRequest, letters: QuerySet[Job]) -> None:
        self.operate(request, letters, "put away", lambda pk: services.put_away(job_id=pk))

    @action(description="Run again", url_path="requeue", permissions=["operate"], dialog=ask("Run this job again?"))
    def requeue_one(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        self.requeue_selected(request, Job.objects.filter(pk=object_id))
        return _to_the_others()

    @action(description="Put away", url_path="put-away", permissions=["operate"], dialog=ask("Leave it at that?"))
    def put_away_one(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        self.put_away_selected(request, Job.objects.filter(pk=object_id))
        return _to_the_others()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may read jobs may read those that died."""
        return request.user.has_perm("generation.view_job")


def _to_the_others() -> HttpResponse:
    """The job is no dead letter any more, so its page is gone."""
    return HttpResponse(headers={"HX-Redirect": reverse("admin:generation_deadletter_changelist")})
