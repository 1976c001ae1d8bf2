"""Saved works over HTTP: seen by nobody but who saved them."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery import selectors, services
from gallery.api.collections import CollectedPage, KeptOut
from gallery.api.pages import PAGE_PARAMETERS, cursor_of, paged, size_of
from gallery.selectors import KeptPage
from marketplace.accounts.api.authentication import signed_in


class FavouritesView(APIView):
    """What you saved."""

    @extend_schema(operation_id="favourites_list", parameters=PAGE_PARAMETERS, responses=CollectedPage)
    def get(self, request: Request) -> Response:
        """The works that you saved, the last first; those that were taken down since are known by their titles."""
        person = signed_in(request)
        saved, page = selectors.saved_of(person), KeptPage([], "")
        if saved is not None:
            page = selectors.works_in(saved, person, after=cursor_of(request), limit=size_of(request))
        return Response(paged(request, KeptOut(page.works, many=True).data, page.next))


class FavouriteView(APIView):
    """One work."""

    scopes = {"PUT": "collect", "DELETE": "collect"}

    @extend_schema(operation_id="favourites_update", request=None, responses={204: None})
    def put(self, request: Request, artwork_id: UUID) -> Response:
        """Save a work; again is nothing new."""
        services.save_work(person=signed_in(request), artwork_id=artwork_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="favourites_destroy", responses={204: None})
    def delete(self, request: Request, artwork_id: UUID) -> Response:
        """Save it no more."""
        services.unsave_work(person=signed_in(request), artwork_id=artwork_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
