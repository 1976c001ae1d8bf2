"""The bundle of an edition in one's collection, over HTTP."""

from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery import services
from marketplace.accounts.api.authentication import signed_in

WAIT_SECONDS = 4


class BundleView(APIView):
    """All that is needed of a work without this house, in one zip file."""

    throttle_scope = "spend"

    @extend_schema(
        operation_id="collection_bundle",
        responses={
            302: OpenApiResponse(description="To the zip file; the address lapses in minutes."),
            202: OpenApiResponse(description="It is large, and being packed: ask again after `Retry-After` seconds."),
        },
    )
    def get(self, request: Request, edition_id: UUID) -> Response:
        """The original, certificate, licence, recipe and manifest, and a script that verifies them offline."""
        url = services.bundle_url(owner=signed_in(request), edition_id=edition_id)
        if url is None:
            return Response(status=status.HTTP_202_ACCEPTED, headers={"Retry-After": str(WAIT_SECONDS)})
        return Response(status=status.HTTP_302_FOUND, headers={"Location": url})
