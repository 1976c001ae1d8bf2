"""Works that look alike over HTTP: like a work, like a picture that is sent, or as a sentence says."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.api.cards import CardSerializer
from gallery.selectors import looks
from gallery.services.looks import search_by_picture
from generation import selectors
from generation.api.uploads import ProblemOut
from generation.models import Job, JobState, PictureLook
from marketplace.accounts.api.authentication import signed_in
from marketplace.core.languages import translated

DEFAULT = 12


class Near(serializers.Serializer[Any]):
    """By what, and how many."""

    by = serializers.ChoiceField(
        choices=looks.OF_PICTURES, default="style", help_text="How it is made, or which colours it has."
    )
    limit = serializers.IntegerField(min_value=1, max_value=looks.MOST, default=DEFAULT)


class NearAWork(Near):
    """By what, and how many; of a work also by what is said of it."""

    by = serializers.ChoiceField(
        choices=looks.WAYS, default="style",
        help_text="How it is made, which colours it has, or what is said of it.",
    )  # fmt: skip


class ByPicture(Near):
    """The picture to search with."""

    upload = serializers.UUIDField(help_text="A ready upload of yours.")


class ByWords(serializers.Serializer[Any]):
    """What one looks for."""

    q = serializers.CharField(max_length=looks.LONGEST_QUERY, help_text="In words; a sentence is best.")
    limit = serializers.IntegerField(min_value=1, max_value=looks.MOST, default=DEFAULT)


class SimilarOut(serializers.Serializer[Any]):
    """Works that hang, the likest first."""

    by = serializers.ChoiceField(choices=looks.WAYS)
    results = CardSerializer(many=True)


class PictureSearchOut(serializers.Serializer[Any]):
    """A search with a picture, and what it came to."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=JobState.choices)
    url = serializers.CharField(help_text="Where to ask again while `results` is null.")
    by = serializers.ChoiceField(choices=looks.OF_PICTURES)
    colours = serializers.ListField(child=serializers.CharField(), help_text="The picture's main colours, by name.")
    results = CardSerializer(many=True, allow_null=True, help_text="Null until a worker has looked at the picture.")
    problem = ProblemOut(allow_null=True)


class MeaningOut(serializers.Serializer[Any]):
    """Works of which is said what one looks for."""

    results = CardSerializer(many=True)
    notice = serializers.CharField(help_text="Why there are none, where full text has to do; usually empty.")


class SimilarView(APIView):
    """Works like one that hangs."""

    is_public = True

    @extend_schema(operation_id="artworks_similar", parameters=[NearAWork], responses=SimilarOut)
    def get(self, request: Request, artwork_id: UUID) -> Response:
        """The nearest by style, colour or meaning; without near-identical twins. Empty where it was not seen yet."""
        asked = _asked(NearAWork, request.query_params)
        selectors.require_seen(artwork_id, None)
        found = looks.similar(artwork_id, by=asked["by"], limit=asked["limit"])
        return Response(SimilarOut({"by": asked["by"], "results": looks.cards_of(found)}).data)


class ByPictureView(APIView):
    """Searching with a picture of one's own."""

    scopes = {"POST": "upload"}
    throttle_scope = "upload"

    @extend_schema(
        operation_id="catalogue_by_picture", request=ByPicture, responses={200: PictureSearchOut, 202: PictureSearchOut}
    )
    def post(self, request: Request) -> Response:
        """Have an upload looked at, before works that nobody waits for. 202: ask again at `url` in a moment."""
        asked = _asked(ByPicture, request.data)
        owner = signed_in(request)
        upload = selectors.upload_by_id(asked["upload"], owner)
        job = search_by_picture(upload=upload, owner=owner)
        _, look = selectors.look_of_job(job.pk, owner)
        code = status.HTTP_202_ACCEPTED if look is None else status.HTTP_200_OK
        return Response(_told(job, look, asked), status=code)


class PictureSearchView(APIView):
    """A search with a picture."""

    @extend_schema(
        operation_id="catalogue_by_picture_retrieve", parameters=[Near], responses=PictureSearchOut,
    )  # fmt: skip
    def get(self, request: Request, job_id: UUID) -> Response:
        """How it stands. It is forgotten after a day."""
        asked = _asked(Near, request.query_params)
        job, look = selectors.look_of_job(job_id, signed_in(request))
        return Response(_told(job, look, asked))


class ByMeaningView(APIView):
    """Searching by what a sentence means."""

    is_public = True

    @extend_schema(operation_id="catalogue_by_meaning", parameters=[ByWords], responses=MeaningOut)
    def get(self, request: Request) -> Response:
        """Works of which is said what the sentence means. Where no text model reads it, `notice` says so."""
        asked = _asked(ByWords, request.query_params)
        read = looks.by_words(asked["q"], limit=asked["limit"])
        return Response(MeaningOut({"results": looks.cards_of(read.artwork_ids), "notice": read.notice}).data)


def _asked(kind: type[serializers.Serializer[Any]], given: Any) -> dict[str, Any]:
    asked = kind(data=given)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _told(job: Job, look: PictureLook | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    found: Sequence[UUID] | None = None
    if look is not None:
        found = looks.nearest(getattr(look, asked["by"]), by=asked["by"], limit=asked["limit"])
    problem = {"code": job.error_code, "detail": translated(job.error_detail)} if job.error_code else None
    told = PictureSearchOut({
        "id": job.pk, "state": job.state, "url": reverse("api-picture-search", args=[job.pk]), "by": asked["by"],
        "colours": look.colours if look else [], "problem": problem,
        "results": None if found is None else looks.cards_of(found),
    })  # fmt: skip
    return dict(told.data)
