"""Models over HTTP: what trainings came to, with their cards; published and withdrawn by their artists."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.api.artworks import CreditOut, viewer_of
from generation.engines import registry
from generation.engines.training import showing
from generation.models import TrainedModel
from marketplace.accounts.api.authentication import signed_in


class ModelFilter(django_filters.FilterSet):
    """What to look for among models."""

    artist = django_filters.CharFilter(field_name="artist__slug", label="Artist's slug")
    kind = django_filters.CharFilter(field_name="kind")
    state = django_filters.CharFilter(field_name="state")

    class Meta:
        model = TrainedModel
        fields = ["artist", "kind", "state"]


class DirectionOut(serializers.Serializer[Any]):
    """A direction that the model's artist has named; its number is its place in the parameter `directions`."""

    number = serializers.IntegerField()
    name = serializers.CharField()


class DirectionIn(serializers.Serializer[Any]):
    """A name for a direction."""

    number = serializers.IntegerField(min_value=0, max_value=services.MOST_DIRECTIONS - 1)
    name = serializers.CharField(max_length=40)


class DescribeModel(serializers.Serializer[Any]):
    """Words for a model; what is left out stays as it is."""

    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    directions = DirectionIn(many=True, required=False, help_text="All of the names: those left out are forgotten.")


class WithdrawModel(serializers.Serializer[Any]):
    """Why; the house must say, an artist may."""

    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class SheetOut(serializers.Serializer[Any]):
    """Pictures side by side: each square is the work that its seed gives with default parameters, smaller.

    Of a model that paints photographs (`shows` is photographs): some that it never learnt from, each before and after.
    """

    url = serializers.CharField(help_text="Lapses in an hour. Empty while a curator looks at it.")
    shows = serializers.ChoiceField(choices=["seeds", "photographs"])
    first_seed = serializers.IntegerField()
    seeds = serializers.IntegerField(help_text="0 where it shows photographs.")
    across = serializers.IntegerField(help_text="Squares a row; seeds, or pairs, go row by row.")
    cell = serializers.IntegerField(help_text="Pixels along a square's side.")


class DirectionsSheetOut(serializers.Serializer[Any]):
    """What directions change: for each, a row a seed, from one end of the direction to the other."""

    url = serializers.CharField(help_text="Lapses in an hour. Empty while a curator looks at it.")
    directions = serializers.IntegerField()
    seeds = serializers.ListField(child=serializers.IntegerField())
    strengths = serializers.ListField(child=serializers.FloatField())
    cell = serializers.IntegerField(help_text="Pixels along a square's side.")


class ModelOut(serializers.ModelSerializer[TrainedModel]):
    """A model."""

    artist = CreditOut(read_only=True)
    samples = serializers.SerializerMethodField()
    engines = serializers.SerializerMethodField(help_text="Those that run it: name it as a job's `model`.")
    directions = DirectionOut(many=True, read_only=True)

    class Meta:
        model = TrainedModel
        fields = [
            "id", "name", "version", "kind", "artist", "description", "state", "is_held", "model_hash", "samples",
            "engines", "directions", "published_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(SheetOut)
    def get_samples(self, model: TrainedModel) -> dict[str, Any]:
        url = selectors.samples_url(model)
        if registry.shower_of(model.kind).required_inputs:
            across, cell = 2 * showing.PAIRS_ACROSS, showing.PAIR_CELL
            return {"url": url, "shows": "photographs", "first_seed": 1, "seeds": 0, "across": across, "cell": cell}
        return {
            "url": url, "shows": "seeds", "first_seed": 1, "seeds": showing.SEEDS, "across": showing.ACROSS,
            "cell": showing.CELL,
        }  # fmt: skip

    def get_engines(self, model: TrainedModel) -> list[str]:
        return [engine.name for engine in registry.runners_of(model.kind)]


class ModelDetailOut(ModelOut):
    """A model with its card and its measures."""

    card = serializers.DictField(read_only=True, help_text="Data, consents, parameters and training, drawn from rows.")
    measures = serializers.DictField(
        child=serializers.FloatField(),
        read_only=True,
        help_text="On pictures held out. fid, kid: lower is better; precision, recall: 1 is best; nearness: about 1.",
    )
    directions_sheet = serializers.SerializerMethodField(help_text="Null where the model has no directions.")
    training = serializers.SerializerMethodField(help_text="Its training; for its artist alone.")

    class Meta(ModelOut.Meta):
        fields = [
            *ModelOut.Meta.fields, "card", "measures", "directions_sheet", "training", "withdrawn_reason",
            "withdrawn_by_house", "withdrawn_with_dataset",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(DirectionsSheetOut(allow_null=True))
    def get_directions_sheet(self, model: TrainedModel) -> dict[str, Any] | None:
        if not model.directions_key:
            return None
        return {
            "url": selectors.directions_url(model), "directions": showing.DIRECTIONS,
            "seeds": list(showing.FACES), "strengths": list(showing.STRENGTHS), "cell": showing.SMALL,
        }  # fmt: skip

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_training(self, model: TrainedModel) -> str | None:
        viewer = self.context["viewer"]
        is_own = viewer is not None and model.artist.user_id == viewer.pk
        return str(model.training_id) if is_own else None


class ModelsView(ListAPIView[TrainedModel]):
    """Models that are open to all, and your own, newest first."""

    is_public = True
    serializer_class = ModelOut
    filterset_class = ModelFilter
    queryset = TrainedModel.objects.none()

    def get_queryset(self) -> QuerySet[TrainedModel]:
        return selectors.models_shown(viewer_of(self.request))


class ModelView(APIView):
    """One model."""

    is_public = True
    scopes = {"PATCH": "publish"}

    @extend_schema(operation_id="models_retrieve", responses=ModelDetailOut)
    def get(self, request: Request, model_id: UUID) -> Response:
        """The model with its card, its measures and its samples."""
        viewer = viewer_of(request)
        model = selectors.model_by_id(model_id, viewer)
        return Response(ModelDetailOut(model, context={"viewer": viewer}).data)

    @extend_schema(operation_id="models_partial_update", request=DescribeModel, responses=ModelDetailOut)
    def patch(self, request: Request, model_id: UUID) -> Response:
        """Say what a model of yours paints, and name what its directions change."""
        given = DescribeModel(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        named = wanted.get("directions")
        return _act(
            request, model_id, services.describe_model, description=wanted.get("description"),
            directions=None if named is None else [(one["number"], one["name"]) for one in named],
        )  # fmt: skip


class PublishModelView(APIView):
    """Opening a model to all."""

    scopes = {"POST": "publish"}

    @extend_schema(operation_id="models_publish", request=None, responses=ModelDetailOut)
    def post(self, request: Request, model_id: UUID) -> Response:
        """Let everybody ask works of a model of yours. May be repeated."""
        return _act(request, model_id, services.publish_model)


class DeprecateModelView(APIView):
    """Offering a model to nobody new."""

    scopes = {"POST": "publish"}

    @extend_schema(operation_id="models_deprecate", request=None, responses=ModelDetailOut)
    def post(self, request: Request, model_id: UUID) -> Response:
        """Keep a model for yourself again; what was made with it stays. May be repeated."""
        return _act(request, model_id, services.deprecate_model)


class WithdrawModelView(APIView):
    """Letting a model be used by nobody any more."""

    scopes = {"POST": "publish"}

    @extend_schema(operation_id="models_withdraw", request=WithdrawModel, responses=ModelDetailOut)
    def post(self, request: Request, model_id: UUID) -> Response:
        """Withdraw a model of yours; curators may withdraw any, and say why. May be repeated."""
        given = WithdrawModel(data=request.data)
        given.is_valid(raise_exception=True)
        return _act(request, model_id, services.withdraw_model, **given.validated_data)


class RestoreModelView(APIView):
    """Undoing a withdrawal."""

    scopes = {"POST": "publish"}

    @extend_schema(operation_id="models_restore", request=None, responses=ModelDetailOut)
    def post(self, request: Request, model_id: UUID) -> Response:
        """Bring a model back to what it was before; what the house withdrew only the house brings back."""
        return _act(request, model_id, services.restore_model)


def _act(request: Request, model_id: UUID, act: Callable[..., TrainedModel], **details: Any) -> Response:
    person = signed_in(request)
    act(model_id=model_id, by=person, **details)
    return Response(ModelDetailOut(selectors.model_by_id(model_id, person), context={"viewer": person}).data)
