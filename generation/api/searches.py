"""Searches for better parameters over HTTP: begin one, see its trials, stop it, train what it found."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.models import Search, Trial
from generation.services import Bounds
from marketplace.accounts.api.authentication import signed_in
from marketplace.core.idempotency import current_key, idempotent

USUAL = Bounds()


class StartSearch(serializers.Serializer[Any]):
    """What is searched for, and what that may cost."""

    dataset = serializers.UUIDField(help_text="A frozen dataset of yours.")
    engine = serializers.CharField(max_length=80, help_text="One that trains models.")
    name = serializers.CharField(max_length=80, help_text="Of the model that is to come of it.")
    parameters = serializers.DictField(
        required=False,
        default=dict,
        help_text="What is searched around and tried first; `minutes` is the last training's.",
    )
    space = serializers.DictField(
        child=serializers.JSONField(), required=False, allow_null=True, default=None,
        help_text="By parameter: {low, high}, {low, high, log}, {options}, or {} for the engine's own entry. What is "
        "left out stays as in `parameters`; without a space the engine's own is searched.",
    )  # fmt: skip
    planned = serializers.IntegerField(default=USUAL.planned, help_text="Trials at most.")
    parallel = serializers.IntegerField(default=USUAL.parallel, help_text="Trials at a time.")
    minutes = serializers.FloatField(default=USUAL.minutes, help_text="Of training, all trials together.")
    trial_minutes = serializers.FloatField(default=USUAL.trial_minutes, help_text="Of training, a trial.")
    seed = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="Drawn if left out.")


class TrialOut(serializers.ModelSerializer[Trial]):
    """Parameters that were tried, and how they fared: lower values are better."""

    curve = serializers.SerializerMethodField(help_text="Validations so far, by pictures shown.")

    class Meta:
        model = Trial
        fields = ["number", "state", "parameters", "value", "problem", "training", "curve", "created_at", "updated_at"]
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": {"type": "number"}}})
    def get_curve(self, trial: Trial) -> list[dict[str, float]]:
        points = trial.training.curve if trial.training else []
        return [{"images": point["images"], "value": point["validation"]} for point in points if "validation" in point]


class SearchOut(serializers.ModelSerializer[Search]):
    """A search as it stands."""

    begun = serializers.IntegerField(read_only=True, help_text="Trials so far.")
    best_value = serializers.FloatField(read_only=True, allow_null=True, help_text="Lower is better.")

    class Meta:
        model = Search
        fields = [
            "id", "name", "dataset", "engine", "parameters", "space", "planned", "parallel", "minutes",
            "trial_minutes", "seed", "state", "begun", "best_value", "importance", "created_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class SearchDetailOut(SearchOut):
    """A search with its trials."""

    trials = serializers.SerializerMethodField()
    best = serializers.SerializerMethodField(help_text="The complete trial of the lowest value.")

    class Meta(SearchOut.Meta):
        fields = [*SearchOut.Meta.fields, "trials", "best"]
        read_only_fields = fields

    @extend_schema_field(TrialOut(many=True))
    def get_trials(self, search: Search) -> Any:
        return TrialOut(selectors.trials_of(search), many=True).data

    @extend_schema_field(TrialOut(allow_null=True))
    def get_best(self, search: Search) -> Any:
        best = selectors.best_trial(search)
        return TrialOut(best).data if best else None


class BegunTrainingOut(serializers.Serializer[Any]):
    """The training that was begun."""

    training = serializers.UUIDField()
    job = serializers.UUIDField(help_text="Watch it as any job.")


class SearchesView(ListAPIView[Search]):
    """Your searches, newest first."""

    scopes = {"POST": "publish"}
    serializer_class = SearchOut
    queryset = Search.objects.none()
    filterset_fields = ["state", "dataset"]

    @property
    def throttle_scope(self) -> str | None:
        return "spend" if self.request.method == "POST" else None

    def get_queryset(self) -> QuerySet[Search]:
        return selectors.searches_of(signed_in(self.request))

    @extend_schema(operation_id="searches_create", request=StartSearch, responses={201: SearchDetailOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Search for the parameters that a training does best with. Its first trial tries the ones you give."""
        given = StartSearch(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        bounds = Bounds(**{name: wanted.pop(name) for name in ("planned", "parallel", "minutes", "trial_minutes")})
        person = signed_in(request)
        search = services.start_search(
            owner=person, dataset_id=wanted.pop("dataset"), bounds=bounds, request_key=current_key(request), **wanted
        )
        return Response(_shown(search.pk, request), status=status.HTTP_201_CREATED)


class SearchView(APIView):
    """One of your searches."""

    @extend_schema(operation_id="searches_retrieve", responses=SearchDetailOut)
    def get(self, request: Request, search_id: UUID) -> Response:
        """How far it has come, with all its trials."""
        return Response(_shown(search_id, request))


class StopSearchView(APIView):
    """Stopping a search."""

    scopes = {"POST": "publish"}

    @extend_schema(operation_id="searches_stop", request=None, responses=SearchDetailOut)
    def post(self, request: Request, search_id: UUID) -> Response:
        """Stop it: trials that run are called off, what was found stays."""
        services.stop_search(search_id=search_id, owner=signed_in(request))
        return Response(_shown(search_id, request))


class TrainBestView(APIView):
    """Training what a search found."""

    scopes = {"POST": "publish"}
    throttle_scope = "spend"

    @extend_schema(operation_id="searches_train", request=None, responses={201: BegunTrainingOut})
    @idempotent
    def post(self, request: Request, search_id: UUID) -> Response:
        """Train the model with the best parameters and the whole budget; asking again begins nothing new."""
        training = services.train_best(search_id=search_id, owner=signed_in(request))
        return Response({"training": training.pk, "job": training.job_id}, status=status.HTTP_201_CREATED)


def _shown(search_id: UUID, request: Request) -> Any:
    return SearchDetailOut(selectors.search_by_id(search_id, signed_in(request))).data
