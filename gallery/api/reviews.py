"""Deciding about what the gate holds, over HTTP: of a work it is a decision as any other."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.services import curating
from generation.api.moderation import CURATE, ReviewOut, answer_review
from marketplace.accounts.api.authentication import signed_in


class Decide(serializers.Serializer[Any]):
    """Why, in a few words; who sent a refused picture reads them."""

    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class ClearView(APIView):
    """Letting a picture pass."""

    scopes = CURATE

    @extend_schema(operation_id="reviews_clear", request=Decide, responses=ReviewOut)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Let it pass: an upload can be used, a work is its owner's to see."""
        curating.clear_review(review_id=review_id, curator=signed_in(request), note=_note(request))
        return answer_review(request, review_id)


class RefuseView(APIView):
    """Keeping a picture from everybody."""

    scopes = CURATE

    @extend_schema(operation_id="reviews_refuse", request=Decide, responses=ReviewOut)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Refuse it: an upload cannot be used, a work is never shown, and a commission of it ends without a charge."""
        curating.refuse_review(review_id=review_id, curator=signed_in(request), note=_note(request))
        return answer_review(request, review_id)


def _note(request: Request) -> str:
    given = Decide(data=request.data)
    given.is_valid(raise_exception=True)
    return str(given.validated_data["note"])
