"""Drawings over HTTP: found by scribbling or by name, cleaned, taken home as SVG, and made pictures of."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from generation import selectors, services
from generation.api.uploads import UploadOut
from generation.engines.scribble.library import Drawing
from generation.engines.scribble.strokes import MOST_POINTS, MOST_STROKES
from marketplace.accounts.api.authentication import signed_in
from marketplace.core.errors import NotFound

_POINT = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_STROKES = {
    "type": "array", "minItems": 1, "maxItems": MOST_STROKES,
    "items": {"type": "array", "minItems": 1, "maxItems": MOST_POINTS, "items": _POINT},
    "description": f"Each stroke a list of [x, y], y down, in any unit; at most {MOST_POINTS} points together.",
}  # fmt: skip
# A picture and no document: opened by itself it may load nothing, and run nothing.
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@extend_schema_field(_STROKES)
class StrokesField(serializers.JSONField):
    """Strokes as they came: they are checked where they are read."""


class ScribbleIn(serializers.Serializer[Any]):
    """What a hand drew."""

    strokes = StrokesField()


class SuggestIn(ScribbleIn):
    """What a hand drew so far, and how many drawings are wanted."""

    count = serializers.IntegerField(min_value=1, max_value=30, default=5)


class PictureIn(serializers.Serializer[Any]):
    """What the engine `scribble` is told, and a seed for what chance decides."""

    parameters = serializers.DictField(help_text="As JSON Schema: the engine `scribble` under /engines/.")
    seed = serializers.IntegerField(min_value=0, max_value=services.SEED_BOUND - 1, required=False)


class DrawingOut(serializers.Serializer[Any]):
    """A drawing of the library, whose it is, and on which terms."""

    id = serializers.CharField()
    name = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    credit = serializers.CharField(help_text="Has to stand beside whatever is made after it; pictures carry it along.")
    licence = serializers.CharField(source="source.licence", help_text="By its SPDX identifier.")
    licence_url = serializers.URLField(source="source.licence_url")
    shares_alike = serializers.BooleanField(
        source="source.shares_alike", help_text="Whether what is made after it must be shared on the same terms."
    )
    svg_url = serializers.SerializerMethodField(help_text="The drawing in its colours; with ?lines=1 its lines alone.")

    def get_svg_url(self, drawing: Drawing) -> str:
        return reverse("api-drawing-svg", args=[drawing.id], request=self.context.get("request"))


class SuggestionOut(serializers.Serializer[Any]):
    """A drawing, and how like it the scribble is."""

    likeness = serializers.FloatField(help_text="The cosine between the two, -1 to 1.")
    drawing = DrawingOut()


class CleanOut(serializers.Serializer[Any]):
    """One's own lines, cleaned."""

    svg = serializers.CharField(help_text="A whole SVG file of plain paths.")


class DrawingsView(APIView):
    """Where drawings are found by name."""

    is_public = True

    @extend_schema(
        operation_id="drawings_list", responses=DrawingOut(many=True),
        parameters=[OpenApiParameter("search", str, required=True, description="Words of its name or tags.")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The 30 drawings that fit the words best; without words, none."""
        found = selectors.search_drawings(words=request.query_params.get("search", "")[:200], count=30)
        return Response(DrawingOut(found, many=True, context={"request": request}).data)


class DrawingView(APIView):
    """One drawing."""

    is_public = True

    @extend_schema(operation_id="drawings_retrieve", responses=DrawingOut)
    def get(self, request: Request, drawing_id: str) -> Response:
        """Its name, whose it is, and where its file lies."""
        drawing = selectors.drawing_by_id(drawing_id)
        return Response(DrawingOut(drawing, context={"request": request}).data)


class SuggestView(APIView):
    """Where a scribble is recognised. Anybody may ask; nothing is kept."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="drawings_suggest", request=SuggestIn, responses=SuggestionOut(many=True))
    def post(self, request: Request) -> Response:
        """The drawings it is most like, the likest first. Order, direction and number of strokes do not matter."""
        given = SuggestIn(data=request.data)
        given.is_valid(raise_exception=True)
        found = selectors.suggest_drawings(**given.validated_data)
        return Response(SuggestionOut(found, many=True, context={"request": request}).data)


class CleanView(APIView):
    """Where somebody's own lines are cleaned. Anybody may ask; nothing is kept."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="drawings_clean", request=ScribbleIn, responses=CleanOut)
    def post(self, request: Request) -> Response:
        """Tremor smoothed, corners kept, what nearly closes closed, lines straight and round things round."""
        given = ScribbleIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response({"svg": selectors.clean_strokes(strokes=given.validated_data["strokes"])})


class DrawingPicturesView(APIView):
    """Where a drawing becomes a picture that an engine can be given."""

    scopes = {"POST": "upload"}
    throttle_scope = "upload"

    @extend_schema(operation_id="drawings_pictures_create", request=PictureIn, responses={201: UploadOut})
    def post(self, request: Request) -> Response:
        """Paint it and keep it as an upload of yours, 1024 pixels a side at most, with its credit."""
        given = PictureIn(data=request.data)
        given.is_valid(raise_exception=True)
        upload = services.draw_picture(owner=signed_in(request), **given.validated_data)
        return Response(UploadOut(upload).data, status=status.HTTP_201_CREATED)


@require_safe
@cache_control(public=True, max_age=86_400)
def drawing_svg(request: HttpRequest, drawing_id: str) -> HttpResponse:
    """A drawing's file, safe to be shown: made here of plain paths, and forbidden to load or run anything."""
    try:
        drawing = selectors.drawing_by_id(drawing_id)
    except NotFound as error:
        return HttpResponse(error.detail, status=404, content_type="text/plain; charset=utf-8")
    svg = selectors.drawing_as_svg(drawing, coloured="lines" not in request.GET)
    headers = {
        "Content-Security-Policy": _SVG_POLICY,
        "Content-Disposition": f'inline; filename="{drawing.id}.svg"',
    }
    return HttpResponse(svg, content_type="image/svg+xml", headers=headers)
