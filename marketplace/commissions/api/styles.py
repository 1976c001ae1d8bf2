"""Described styles over HTTP: which there are, what a sentence makes of them, and how a mixture would look."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation.engines.stylist.declarations import LONGEST
from generation.engines.stylist.library import HouseStyle, house_styles
from generation.engines.stylist.suggestion import Chosen
from marketplace.accounts.api.authentication import signed_in
from marketplace.commissions import wording
from marketplace.core.said import SaidField


class StyleOut(serializers.Serializer[Any]):
    """A style of the house, and what it does to a photograph."""

    slug = serializers.CharField()
    title = SaidField()
    looks = serializers.CharField()
    feels = serializers.CharField()
    fits = serializers.CharField()
    palette = serializers.ListField(child=serializers.CharField(), help_text="#rrggbb, dark to light.")
    credit = SaidField()
    licence = serializers.CharField()
    specimen_url = serializers.SerializerMethodField(help_text="A small photograph painted in it.")

    def get_specimen_url(self, style: HouseStyle) -> str:
        return wording.specimen_url(style.slug)


class ReasonOut(serializers.Serializer[Any]):
    """Words of the sentence, and how strongly they pulled (negative: pushed away)."""

    words = serializers.CharField()
    pull = serializers.FloatField()


class ChosenOut(serializers.Serializer[Any]):
    """A style of the house that answers a sentence."""

    slug = serializers.CharField()
    title = SaidField()
    score = serializers.FloatField()
    weight = serializers.FloatField(help_text="Its share of the mixture; nought for one offered beside it.")
    reasons = ReasonOut(many=True)
    specimen_url = serializers.SerializerMethodField()

    def get_specimen_url(self, chosen: Chosen) -> str:
        return wording.specimen_url(chosen.slug)


class OfferedOut(serializers.Serializer[Any]):
    """An artist's listing that answers a sentence: ordered from it, its style is mixed in as “listed”."""

    listing = serializers.UUIDField(source="listing.pk")
    artwork = serializers.UUIDField(source="listing.artwork_id")
    title = serializers.CharField(source="listing.title")
    artist = serializers.CharField(source="listing.artist.slug")
    price = serializers.CharField(source="listing.price", help_text="For people, such as €25.00.")
    score = serializers.FloatField(source="chosen.score")
    reasons = ReasonOut(source="chosen.reasons", many=True)


class SentenceIn(serializers.Serializer[Any]):
    sentence = serializers.CharField(max_length=LONGEST, help_text="How the picture should look and feel.")


class ReadSentenceOut(serializers.Serializer[Any]):
    """What a sentence asks for, and why. `parameters` are the engine's, ready to be changed and sent."""

    parameters = serializers.SerializerMethodField()
    styles = ChosenOut(source="suggestion.mix", many=True)
    others = ChosenOut(source="suggestion.others", many=True, help_text="The next best, to swap in.")
    because = serializers.SerializerMethodField(help_text="The reasons of palette and mood, by parameter.")
    listing = serializers.UUIDField(
        source="house.pk", default=None, allow_null=True, help_text="From which a blend of the house's own is ordered."
    )
    offered = OfferedOut(many=True)

    @extend_schema_field({"type": "object"})
    def get_parameters(self, answer: wording.Answer) -> dict[str, Any]:
        return answer.suggestion.parameters(self.context["sentence"])

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "object"}}})
    def get_because(self, answer: wording.Answer) -> dict[str, Any]:
        because = answer.suggestion.because
        return {name: ReasonOut(reasons, many=True).data for name, reasons in because.items()}


class StylePreviewIn(serializers.Serializer[Any]):
    photograph = serializers.UUIDField(help_text="An upload of yours that is ready.")
    listing = serializers.UUIDField(help_text="The house's, or an artist's whose style is mixed in.")
    parameters = serializers.DictField(help_text="The engine's; the size is the preview's own.")


class StylePreviewOut(serializers.Serializer[Any]):
    job = serializers.UUIDField(help_text="Watch it under /jobs/{id}/: its `preview_url` is the picture.")


class StylesView(APIView):
    """The described styles of the house."""

    is_public = True

    @extend_schema(operation_id="styles_list", responses=StyleOut(many=True))
    def get(self, request: Request) -> Response:
        """All of them, on one page."""
        return Response(StyleOut(list(house_styles().values()), many=True).data)


class SuggestView(APIView):
    """A sentence in, styles out: nothing is kept, so anybody may ask."""

    is_public = True

    @extend_schema(operation_id="styles_suggest", parameters=[SentenceIn], responses=ReadSentenceOut)
    def get(self, request: Request) -> Response:
        """Which styles, palette and mood a sentence asks for, by which of its words, and from whom to order them."""
        given = SentenceIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        sentence = given.validated_data["sentence"]
        answer = wording.answer_sentence(sentence)
        return Response(ReadSentenceOut(answer, context={"sentence": sentence}).data)


class PreviewView(APIView):
    """How a mixture would look."""

    scopes = {"POST": "commission"}
    throttle_scope = "spend"

    @extend_schema(operation_id="styles_preview", request=StylePreviewIn, responses={201: StylePreviewOut})
    def post(self, request: Request) -> Response:
        """Have a small draft painted of your photograph; it is yours to look at, not to keep."""
        given = StylePreviewIn(data=request.data)
        given.is_valid(raise_exception=True)
        job = wording.preview_words(
            collector=signed_in(request),
            listing_id=given.validated_data["listing"],
            photograph_id=given.validated_data["photograph"],
            parameters=given.validated_data["parameters"],
        )
        return Response({"job": job.pk}, status=status.HTTP_201_CREATED)
