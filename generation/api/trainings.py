"""Trainings over HTTP: have a model learn from a dataset, see how far it is, stop it and take it up again."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.api.jobs import WaitOut
from generation.api.uploads import ProblemOut
from generation.models import Training
from marketplace.accounts.api.authentication import signed_in
from marketplace.core.idempotency import current_key, idempotent
from marketplace.core.languages import translated


class StartTraining(serializers.Serializer[Any]):
    """What is to learn, and from what."""

    dataset = serializers.UUIDField(help_text="A frozen dataset of yours.")
    engine = serializers.CharField(max_length=80, help_text="One whose `trains` is not empty.")
    name = serializers.CharField(max_length=80, help_text="Of the model that comes of it.")
    parameters = serializers.DictField(required=False, default=dict, help_text="By the engine's schema.")
    seed = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=services.SEED_BOUND - 1,
        help_text="Drawn by chance if left out.",
    )  # fmt: skip


class TrainingOut(serializers.ModelSerializer[Training]):
    """A training and how far it has come."""

    dataset = serializers.UUIDField(source="dataset_id", read_only=True)
    job = serializers.UUIDField(source="job_id", read_only=True)
    engine = serializers.CharField(source="job.engine", read_only=True)
    state = serializers.CharField(source="job.state", read_only=True)
    progress = serializers.FloatField(source="job.progress", read_only=True)
    stage = serializers.CharField(source="job.stage", read_only=True)
    preview_url = serializers.CharField(source="job.preview_url", read_only=True, help_text="Its latest samples.")
    error = serializers.SerializerMethodField()
    model = serializers.UUIDField(source="model.pk", read_only=True, default=None, allow_null=True)
    resumes = serializers.UUIDField(source="resumes_id", read_only=True, allow_null=True)
    resumed_by = serializers.UUIDField(source="resumed_by.pk", read_only=True, default=None, allow_null=True)
    is_resumable = serializers.BooleanField(read_only=True, help_text="It was stopped, and left a checkpoint.")
    estimated_wait = serializers.SerializerMethodField(help_text="Null once it is over.")
    started_at = serializers.DateTimeField(source="job.started_at", read_only=True, allow_null=True)
    finished_at = serializers.DateTimeField(source="job.finished_at", read_only=True, allow_null=True)

    class Meta:
        model = Training
        fields = [
            "id", "name", "dataset", "job", "engine", "state", "progress", "stage", "step", "images", "seconds",
            "checkpoint_at", "preview_url", "error", "reason", "model", "resumes", "resumed_by", "is_resumable",
            "estimated_wait", "created_at", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ProblemOut(allow_null=True))
    def get_error(self, training: Training) -> dict[str, str] | None:
        job = training.job
        return {"code": job.error_code, "detail": translated(job.error_detail)} if job.error_code else None

    @extend_schema_field(WaitOut(allow_null=True))
    def get_estimated_wait(self, training: Training) -> dict[str, Any] | None:
        waits: dict[UUID, selectors.Wait] | None = self.context.get("waits")
        wait = selectors.estimate_wait(training.job) if waits is None else waits.get(training.job_id)
        return asdict(wait) if wait else None


class TrainingDetailOut(TrainingOut):
    """A training with its choices, its learning curve, and where to watch it."""

    parameters = serializers.DictField(source="job.parameters", read_only=True)
    seed = serializers.IntegerField(source="job.seed", read_only=True)
    curve = serializers.ListField(
        child=serializers.DictField(child=serializers.FloatField()),
        read_only=True,
        help_text="Points: pictures shown, seconds, each loss, and the validation measure.",
    )
    events_url = serializers.SerializerMethodField(help_text="Server-sent events of its progress.")
    logs_url = serializers.SerializerMethodField(help_text="Logs for TensorBoard, zipped; empty before there are any.")

    class Meta(TrainingOut.Meta):
        fields = [*TrainingOut.Meta.fields, "parameters", "seed", "curve", "events_url", "logs_url"]
        read_only_fields = fields

    def get_events_url(self, training: Training) -> str:
        return reverse("api-job-events", args=[training.job_id])

    def get_logs_url(self, training: Training) -> str:
        return selectors.logs_url(training)


class TrainingsView(ListAPIView[Training]):
    """Your trainings, newest first."""

    scopes = {"POST": "commission"}
    serializer_class = TrainingOut
    queryset = Training.objects.none()
    waits: "dict[UUID, selectors.Wait] | None" = None
    filterset_fields = {"job__state": ["exact"], "job__engine": ["exact"], "dataset": ["exact"]}

    @property
    def throttle_scope(self) -> str | None:
        return "spend" if self.request.method == "POST" else None

    def get_queryset(self) -> QuerySet[Training]:
        return selectors.trainings_of(signed_in(self.request))

    def paginate_queryset(self, queryset: QuerySet[Training, Any] | Sequence[Any]) -> list[Any] | None:
        """The page, and the waits of all its trainings at once."""
        page = super().paginate_queryset(queryset)
        self.waits = selectors.estimate_waits([training.job for training in page or []])
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "waits": self.waits}

    @extend_schema(operation_id="trainings_create", request=StartTraining, responses={201: TrainingDetailOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Have a model learn from a frozen dataset. When it succeeded, `model` names what came of it."""
        given = StartTraining(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        training = services.start_training(
            owner=signed_in(request), dataset_id=wanted.pop("dataset"), request_key=current_key(request), **wanted
        )
        return _answer(request, training.pk, status.HTTP_201_CREATED)


class TrainingView(APIView):
    """One of your trainings."""

    @extend_schema(operation_id="trainings_retrieve", responses=TrainingDetailOut)
    def get(self, request: Request, training_id: UUID) -> Response:
        """How far it has come."""
        return _answer(request, training_id)


class StopTrainingView(APIView):
    """Stopping a training."""

    scopes = {"POST": "commission"}

    @extend_schema(operation_id="trainings_stop", request=None, responses=TrainingDetailOut)
    def post(self, request: Request, training_id: UUID) -> Response:
        """Stop it: once it has written down where it is, `is_resumable` says that it can go on from there."""
        services.stop_training(training_id=training_id, owner=signed_in(request))
        return _answer(request, training_id)


class ResumeTrainingView(APIView):
    """Taking a stopped training up again."""

    scopes = {"POST": "commission"}
    throttle_scope = "spend"

    @extend_schema(operation_id="trainings_resume", request=None, responses={201: TrainingDetailOut})
    @idempotent
    def post(self, request: Request, training_id: UUID) -> Response:
        """Go on at its last checkpoint, as a training of its own; asked again, it is the same one."""
        resumed = services.resume_training(training_id=training_id, owner=signed_in(request))
        return _answer(request, resumed.pk, status.HTTP_201_CREATED)


def _answer(request: Request, training_id: UUID, status_code: int = status.HTTP_200_OK) -> Response:
    training = selectors.training_by_id(training_id, signed_in(request))
    return Response(TrainingDetailOut(training).data, status=status_code)
