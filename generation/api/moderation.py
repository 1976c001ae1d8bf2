"""The moderation gate over HTTP: curators see what is held back, and undo what was decided about it."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.models import Artwork, FlagKind, Memorisation, Review
from marketplace.accounts.api.authentication import signed_in

CURATE = {"GET": "curate", "HEAD": "curate", "POST": "curate"}


class ResembledOut(serializers.ModelSerializer[Artwork]):
    """The work on the wall that a picture looks like."""

    title = serializers.CharField(source="display_title", read_only=True)
    thumbnail_url = serializers.CharField(read_only=True)

    class Meta:
        model = Artwork
        fields = ["id", "title", "thumbnail_url"]
        read_only_fields = fields


class MemorisationOut(serializers.ModelSerializer[Memorisation]):
    """How near a work of a trained model comes to the nearest picture that the model learnt from."""

    share = serializers.FloatField(
        read_only=True, help_text="`distance` over `typical`: about 1 for what is new, about 0 for a copy."
    )
    picture_url = serializers.SerializerMethodField(help_text="That picture, for a minute; empty where it is gone.")

    class Meta:
        model = Memorisation
        fields = ["picture", "picture_url", "distance", "threshold", "typical", "share", "is_memorised"]
        read_only_fields = fields

    def get_picture_url(self, measured: Memorisation) -> str:
        return selectors.memorised_picture_url(measured)


class ReviewOut(serializers.ModelSerializer[Review]):
    """One picture that the gate held back, what for, and what a curator decided."""

    kinds = serializers.ListField(child=serializers.ChoiceField(choices=FlagKind.choices), read_only=True)
    reasons = serializers.ListField(child=serializers.CharField(), read_only=True)
    resembles = ResembledOut(read_only=True, allow_null=True)
    memorisation = MemorisationOut(
        source="artwork.memorisation", default=None, read_only=True, allow_null=True,
        help_text="Null for what no trained model made.",
    )  # fmt: skip
    sent_by = serializers.SerializerMethodField(help_text="The name of who sent it or had it made.")
    picture_url = serializers.SerializerMethodField(help_text="The picture, for a minute. It may be explicit.")
    decided_by = serializers.CharField(source="decided_by.name", default=None, read_only=True, allow_null=True)
    can_be_undone = serializers.BooleanField(read_only=True)

    class Meta:
        model = Review
        fields = [
            "id", "state", "upload", "artwork", "dataset_picture", "trained_model", "kinds", "reasons", "explicit",
            "distance", "resembles", "memorisation", "sent_by", "picture_url", "decided_by", "decided_at", "note",
            "can_be_undone", "final_because", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_sent_by(self, review: Review) -> str:
        return review.sender.name

    def get_picture_url(self, review: Review) -> str:
        return selectors.review_picture_url(review)


class ReviewsView(ListAPIView[Review]):
    """What was held back, newest first."""

    scopes = CURATE
    serializer_class = ReviewOut
    filterset_fields = ["state"]
    queryset = Review.objects.none()

    def get_queryset(self) -> QuerySet[Review]:
        return selectors.reviews_for(signed_in(self.request))


class ReviewView(APIView):
    """One picture that was held back."""

    scopes = CURATE

    @extend_schema(operation_id="reviews_retrieve", responses=ReviewOut)
    def get(self, request: Request, review_id: UUID) -> Response:
        """What it was held for, and how it stands. A review that was undone is gone; another took its place."""
        return answer_review(request, review_id)


class UndoReviewView(APIView):
    """Taking a decision back."""

    scopes = CURATE

    @extend_schema(operation_id="reviews_undo", request=None, responses=ReviewOut)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Take the decision back. The picture waits again, in the new review that is the answer."""
        again = services.undo_review(review_id=review_id, curator=signed_in(request))
        return answer_review(request, again.pk)


def answer_review(request: Request, review_id: UUID) -> Response:
    """How a review stands, to a curator."""
    return Response(ReviewOut(selectors.review_by_id(review_id, signed_in(request))).data)
