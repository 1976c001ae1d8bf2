"""Searches that one keeps, over HTTP."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery import selectors, services
from gallery.api.cards import CardSerializer
from gallery.models import Find, Frequency, SavedSearch
from gallery.selectors.matching import require_known
from marketplace.accounts.api.authentication import signed_in

_QUERY = "Parameters of the catalogue, each a list of words."


class SavedSearchOut(serializers.ModelSerializer[SavedSearch]):
    """A search that you keep."""

    query = serializers.SerializerMethodField(help_text=_QUERY)
    found = serializers.IntegerField(read_only=True, help_text="How many works were found for it.")

    class Meta:
        model = SavedSearch
        fields = ["id", "name", "query", "frequency", "found", "looked_until", "created_at"]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_query(self, search: SavedSearch) -> Any:
        return search.query


class SaveSearch(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False, help_text="Left out: its words.")
    query = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=200, allow_blank=True), max_length=20),
        help_text=_QUERY,
    )
    frequency = serializers.ChoiceField(choices=Frequency.choices, required=False, help_text="Left out: once a day.")


class ChangeSearch(serializers.Serializer[Any]):
    """What changes."""

    name = serializers.CharField(max_length=120, required=False)
    frequency = serializers.ChoiceField(choices=Frequency.choices, required=False)


class FindOut(serializers.ModelSerializer[Find]):
    """A work that was found."""

    artwork = CardSerializer(source="artwork.card", read_only=True)

    class Meta:
        model = Find
        fields = ["artwork", "found_at"]
        read_only_fields = fields


class SavedSearchesView(ListAPIView[SavedSearch]):
    """The searches that you keep."""

    scopes = {"POST": "collect"}
    serializer_class = SavedSearchOut
    queryset = SavedSearch.objects.none()

    def get_queryset(self) -> QuerySet[SavedSearch]:
        return selectors.searches_of(signed_in(self.request))

    @extend_schema(request=SaveSearch, responses={201: SavedSearchOut})
    def post(self, request: Request) -> Response:
        """Keep a search; you are told of works that match from now on. The same one is kept once."""
        given = SaveSearch(data=request.data)
        given.is_valid(raise_exception=True)
        require_known(given.validated_data["query"])
        kept = services.save_search(owner=signed_in(request), **given.validated_data)
        return _told(request, kept.pk, status.HTTP_201_CREATED)


class SavedSearchView(APIView):
    """One of them."""

    scopes = {"PATCH": "collect", "DELETE": "collect"}

    @extend_schema(operation_id="saved_searches_retrieve", responses=SavedSearchOut)
    def get(self, request: Request, search_id: UUID) -> Response:
        """A search that you keep."""
        return _told(request, search_id)

    @extend_schema(operation_id="saved_searches_partial_update", request=ChangeSearch, responses=SavedSearchOut)
    def patch(self, request: Request, search_id: UUID) -> Response:
        """Rename it, or be told at another pace."""
        given = ChangeSearch(data=request.data)
        given.is_valid(raise_exception=True)
        services.change_search(owner=signed_in(request), search_id=search_id, **given.validated_data)
        return _told(request, search_id)

    @extend_schema(operation_id="saved_searches_destroy", responses={204: None})
    def delete(self, request: Request, search_id: UUID) -> Response:
        """Keep it no more."""
        services.delete_search(owner=signed_in(request), search_id=search_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FindsView(ListAPIView[Find]):
    """What was found for one of them, the last first; works that hang."""

    serializer_class = FindOut
    queryset = Find.objects.none()

    def get_queryset(self) -> QuerySet[Find]:
        return selectors.finds_of(selectors.search_of(signed_in(self.request), self.kwargs["search_id"]))


def _told(request: Request, search_id: UUID, code: int = 200) -> Response:
    return Response(SavedSearchOut(selectors.search_of(signed_in(request), search_id)).data, status=code)
