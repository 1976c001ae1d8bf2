"""Engines over HTTP: what can be made here, and what may be chosen for it. Anybody may read."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation.engines import registry
from generation.engines.base import EngineDeclaration
from generation.engines.errors import UnknownEngine
from marketplace.core.errors import NotFound
from marketplace.core.languages import translated
from marketplace.core.said import SaidField


class EngineInputOut(serializers.Serializer[Any]):
    """One kind of picture that an engine asks for."""

    name = serializers.CharField()
    title = SaidField()
    help = SaidField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # hides Field.required, as a declared field may
    most = serializers.SerializerMethodField(help_text="How many may be given.")

    def get_most(self, spec: Any) -> int:
        return int(spec.most) if spec.many else 1


class EffortOut(serializers.Serializer[Any]):
    """A class of work, and what part of the usual price it costs: a listing's price is for 100."""

    name = serializers.CharField()
    title = SaidField()
    percent = serializers.IntegerField()


class EngineOut(serializers.Serializer[Any]):
    """What an engine makes and what may be chosen for it."""

    name = serializers.CharField()
    version = serializers.CharField()
    title = SaidField()
    description = SaidField()
    medium = serializers.CharField(allow_null=True, help_text="Null where no work comes of it.")
    resource = serializers.CharField(help_text="Where it is best run: cpu or gpu.")
    trains = serializers.CharField(help_text="The kind of model that it trains; empty where it trains none.")
    runs_models = serializers.ListField(
        child=serializers.CharField(), help_text="The kinds of models of which a job has to name one."
    )
    inputs = EngineInputOut(many=True)
    efforts = EffortOut(many=True, help_text="Classes of work that cost more or less than the usual one.")
    parameters = serializers.SerializerMethodField(
        help_text="JSON Schema of a job's `parameters`; its titles and descriptions are in the language asked for."
    )

    def get_parameters(self, engine: EngineDeclaration) -> dict[str, Any]:
        return {name: _said_part(name, part) for name, part in engine.json_schema().items()}


def _said_part(name: str, part: Any) -> Any:
    """A part of a schema, its titles, descriptions and names of choices in the reader's language."""
    if name in {"title", "description", "empty"} and isinstance(part, str):
        return translated(part)
    if name == "names" and isinstance(part, dict):
        return {choice: translated(str(said)) for choice, said in part.items()}
    if isinstance(part, list):
        return [_said_part("", one) for one in part]
    if isinstance(part, dict):
        return {key: _said_part(key, value) for key, value in part.items()}
    return part


class EnginesView(APIView):
    """Every engine of the house."""

    is_public = True

    @extend_schema(operation_id="engines_list", responses=EngineOut(many=True))
    def get(self, request: Request) -> Response:
        """All engines; there are few, so they come on one page."""
        return Response(EngineOut(registry.declarations(), many=True).data)


class EngineView(APIView):
    """One engine."""

    is_public = True

    @extend_schema(operation_id="engines_retrieve", responses=EngineOut)
    def get(self, request: Request, name: str) -> Response:
        """What it makes and what may be chosen for it."""
        try:
            declaration = registry.declaration(name)
        except UnknownEngine as error:
            raise NotFound(error.detail) from error
        return Response(EngineOut(declaration).data)
