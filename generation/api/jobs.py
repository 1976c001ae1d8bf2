"""Jobs over HTTP: ask an engine for a work, see how far it is, call it off."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.api.uploads import ProblemOut
from generation.models import Job, JobInput
from generation.selectors import Wait
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import User
from marketplace.core.idempotency import current_key, idempotent
from marketplace.core.languages import translated
from marketplace.core.said import SaidField


class JobInputIn(serializers.Serializer[Any]):
    """One picture for the engine: an upload of yours, or a work of yours."""

    name = serializers.CharField(max_length=40, help_text="One of the engine's inputs.")
    upload = serializers.UUIDField(required=False)
    artwork = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("upload" in attrs) == ("artwork" in attrs):
            raise serializers.ValidationError(gettext("Give either an upload or an artwork."))
        return attrs


class SubmitJob(serializers.Serializer[Any]):
    """What is asked of an engine."""

    engine = serializers.CharField(max_length=80)
    parameters = serializers.DictField(required=False, default=dict, help_text="By the engine's schema.")
    model = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A trained model, for engines that run one."
    )
    inputs = JobInputIn(many=True, required=False, default=list)
    seed = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=services.SEED_BOUND - 1,
        help_text="Drawn by chance if left out; the same seed makes the same work.",
    )  # fmt: skip
    title = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class SubmitVariations(SubmitJob):
    """What is asked of an engine, and how often."""

    count = serializers.IntegerField(min_value=1, max_value=services.MOST_VARIATIONS)


class WaitOut(serializers.Serializer[Any]):
    """An estimate of this moment, from the run times that were measured lately; null for what nobody can tell."""

    position = serializers.IntegerField(help_text="Jobs before it in line; 0 once it runs.")
    seconds = serializers.FloatField(allow_null=True, help_text="Until a worker begins.")
    ready_in = serializers.FloatField(allow_null=True, help_text="Seconds until the work is there.")
    workers = serializers.IntegerField(help_text="How many take jobs from its queue; 0: nobody does at present.")


class JobOut(serializers.ModelSerializer[Job]):
    """A job and how far it has come."""

    artwork = serializers.UUIDField(source="artwork.pk", default=None, read_only=True, allow_null=True)
    model = serializers.UUIDField(source="trained_model_id", read_only=True, allow_null=True)
    inputs = serializers.SerializerMethodField()
    stage = SaidField()
    error = serializers.SerializerMethodField()
    preview_url = serializers.CharField(read_only=True)
    events_url = serializers.SerializerMethodField(help_text="Server-sent events of its progress.")
    estimated_wait = serializers.SerializerMethodField(help_text="Null once it is over.")

    class Meta:
        model = Job
        fields = [
            "id", "purpose", "subject", "engine", "engine_version", "model", "parameters", "inputs", "seed", "title",
            "state", "progress", "stage", "preview_url", "artwork", "error", "attempt", "cancel_requested_at",
            "created_at", "started_at", "finished_at", "events_url", "estimated_wait",
        ]  # fmt: skip
        read_only_fields = fields

    def get_inputs(self, job: Job) -> list[dict[str, str]]:
        # Where a picture lies is the house's business; what it is can be told by its hash.
        return [{"name": given.name, "sha256": given.sha256} for given in job.pictures]

    @extend_schema_field(ProblemOut(allow_null=True))
    def get_error(self, job: Job) -> dict[str, str] | None:
        error = {"code": job.error_code, "detail": translated(job.error_detail)}
        return error if job.error_code else None

    def get_events_url(self, job: Job) -> str:
        return reverse("api-job-events", args=[job.pk])

    @extend_schema_field(WaitOut(allow_null=True))
    def get_estimated_wait(self, job: Job) -> dict[str, Any] | None:
        waits: dict[UUID, Wait] | None = self.context.get("waits")
        wait = selectors.estimate_wait(job) if waits is None else waits.get(job.pk)
        return asdict(wait) if wait else None


class VariationsOut(serializers.Serializer[Any]):
    """The jobs, in the order of their seeds."""

    jobs = JobOut(many=True)


class JobsView(ListAPIView[Job]):
    """Your jobs, newest first."""

    scopes = {"POST": "commission"}
    serializer_class = JobOut
    queryset = Job.objects.none()
    waits: "dict[UUID, Wait] | None" = None
    filterset_fields = ["state", "engine"]

    @property
    def throttle_scope(self) -> str | None:
        return "spend" if self.request.method == "POST" else None

    def get_queryset(self) -> QuerySet[Job]:
        return selectors.jobs_of(signed_in(self.request))

    def paginate_queryset(self, queryset: QuerySet[Job, Any] | Sequence[Any]) -> list[Any] | None:
        """The page, and the waits of all its jobs at once."""
        page = super().paginate_queryset(queryset)
        self.waits = selectors.estimate_waits(page or [])
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "waits": self.waits}

    @extend_schema(operation_id="jobs_create", request=SubmitJob, responses={201: JobOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask an engine for a work. Watch it under `events_url`; when it succeeded, `artwork` names it."""
        given = SubmitJob(data=request.data)
        given.is_valid(raise_exception=True)
        job = services.submit_job(**_asked(given.validated_data, request))
        return Response(JobOut(job).data, status=status.HTTP_201_CREATED)


class VariationsView(APIView):
    """Several works that differ by their seed alone."""

    scopes = {"POST": "commission"}
    throttle_scope = "spend"

    @extend_schema(operation_id="jobs_create_variations", request=SubmitVariations, responses={201: VariationsOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask for the same work several times, each with the next seed; all are asked for, or none."""
        given = SubmitVariations(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        jobs = services.submit_variations(count=wanted.pop("count"), **_asked(wanted, request))
        waits = selectors.estimate_waits(jobs)
        shown = JobOut(jobs, many=True, context={"waits": waits}).data
        return Response({"jobs": shown}, status=status.HTTP_201_CREATED)


class JobView(APIView):
    """One of your jobs."""

    @extend_schema(operation_id="jobs_retrieve", responses=JobOut)
    def get(self, request: Request, job_id: UUID) -> Response:
        """How far it has come."""
        return Response(JobOut(selectors.job_by_id(job_id, signed_in(request))).data)


class CancelJobView(APIView):
    """Calling a job off."""

    scopes = {"POST": "commission"}

    @extend_schema(operation_id="jobs_cancel", request=None, responses=JobOut)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Call it off: at once while it waits; while it runs, within moments."""
        return Response(JobOut(services.cancel_job(job_id=job_id, by=signed_in(request))).data)


def _asked(wanted: dict[str, Any], request: Request) -> services.JobRequest:
    """What was sent, as the service takes it."""
    person = signed_in(request)
    pictures = [_picture(entry, person) for entry in wanted["inputs"]]
    return {
        "owner": person,
        "engine": wanted["engine"],
        "parameters": wanted["parameters"],
        "trained_model": selectors.model_by_id(wanted["model"], person) if wanted["model"] else None,
        "inputs": pictures,
        "seed": wanted["seed"],
        "title": wanted["title"],
        "request_key": current_key(request),
    }


def _picture(entry: dict[str, Any], user: User) -> JobInput:
    if "upload" in entry:
        return selectors.input_from_upload(name=entry["name"], upload_id=entry["upload"], owner=user)
    return selectors.input_from_artwork(name=entry["name"], artwork_id=entry["artwork"], user=user)
