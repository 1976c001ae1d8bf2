"""Collections over HTTP: one's own, and what others show of theirs."""

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
from gallery.api.pages import PAGE_PARAMETERS, cursor_of, paged, size_of
from gallery.models import MOST_WORKS, Collection
from generation.api.artworks import viewer_of
from marketplace.accounts.api.authentication import signed_in


class CollectionOut(serializers.ModelSerializer[Collection]):
    """A collection."""

    slug = serializers.CharField(read_only=True, help_text="In the address of its page; in any script.")
    owner = serializers.CharField(source="owner.name", read_only=True, help_text="Their name, as others see it.")
    size = serializers.IntegerField(read_only=True, help_text="Works in it, those that are no longer shown too.")
    cover = serializers.SerializerMethodField(help_text="The work that stands for it; null where none of it hangs.")

    class Meta:
        model = Collection
        fields = ["id", "slug", "title", "description", "owner", "is_public", "size", "cover", "created_at"]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_cover(self, collection: Any) -> UUID | None:
        cover: UUID | None = collection.stands or collection.first
        return cover


class CreateCollection(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    is_public = serializers.BooleanField(required=False, help_text="Whether everybody may see it. Usually not.")


class ChangeCollection(CreateCollection):
    """What changes."""

    title = serializers.CharField(max_length=120, required=False)
    cover = serializers.UUIDField(required=False, allow_null=True, help_text="A work of it; null: the first.")


class OrderIn(serializers.Serializer[Any]):
    """The order of its works: those that are left out keep theirs, behind these."""

    works = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_WORKS)


class KeptOut(serializers.Serializer[Any]):
    """A work in a collection."""

    id = serializers.UUIDField(source="artwork_id")
    title = serializers.CharField()
    artwork = CardSerializer(
        source="card",
        allow_null=True,
        help_text="Null: it does not hang any more, as its keeper alone is told.",
    )


class CollectedPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = KeptOut(many=True)


class CollectionsView(ListAPIView[Collection]):
    """Your collections."""

    scopes = {"POST": "collect"}
    serializer_class = CollectionOut
    queryset = Collection.objects.none()

    def get_queryset(self) -> QuerySet[Collection]:
        return selectors.collections_of(signed_in(self.request))

    @extend_schema(request=CreateCollection, responses={201: CollectionOut})
    def post(self, request: Request) -> Response:
        """A new, empty collection; only you see it unless you say otherwise."""
        given = CreateCollection(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.create_collection(owner=signed_in(request), **given.validated_data)
        return _told(request, made.pk, status.HTTP_201_CREATED)


class CollectionView(APIView):
    """One collection."""

    is_public = True
    scopes = {"PATCH": "collect", "DELETE": "collect"}

    @extend_schema(operation_id="collections_retrieve", responses=CollectionOut)
    def get(self, request: Request, collection_id: UUID) -> Response:
        """A collection of yours, or one that is public."""
        return Response(CollectionOut(selectors.collection_by_id(collection_id, viewer_of(request))).data)

    @extend_schema(operation_id="collections_partial_update", request=ChangeCollection, responses=CollectionOut)
    def patch(self, request: Request, collection_id: UUID) -> Response:
        """Rename it, describe it, show it or hide it, choose its cover. Its address stays."""
        given = ChangeCollection(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        said["without_cover"] = "cover" in said and said["cover"] is None
        services.change_collection(owner=signed_in(request), collection_id=collection_id, **said)
        return _told(request, collection_id)

    @extend_schema(operation_id="collections_destroy", responses={204: None})
    def delete(self, request: Request, collection_id: UUID) -> Response:
        """Take it apart. Its works hang as before."""
        services.delete_collection(owner=signed_in(request), collection_id=collection_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CollectedView(APIView):
    """What is in a collection."""

    is_public = True

    @extend_schema(operation_id="collections_works_list", parameters=PAGE_PARAMETERS, responses=CollectedPage)
    def get(self, request: Request, collection_id: UUID) -> Response:
        """Its works in their order. What no longer hangs is left out, except for its owner."""
        viewer = viewer_of(request)
        collection = selectors.collection_by_id(collection_id, viewer)
        page = selectors.works_in(collection, viewer, after=cursor_of(request), limit=size_of(request))
        return Response(paged(request, KeptOut(page.works, many=True).data, page.next))


class CollectedWorkView(APIView):
    """One work of a collection of yours."""

    scopes = {"PUT": "collect", "DELETE": "collect"}

    @extend_schema(operation_id="collections_works_update", request=None, responses={204: None})
    def put(self, request: Request, collection_id: UUID, artwork_id: UUID) -> Response:
        """Put a work that you may see into it, at the front; again is nothing new."""
        services.add_to_collection(owner=signed_in(request), collection_id=collection_id, artwork_id=artwork_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="collections_works_destroy", responses={204: None})
    def delete(self, request: Request, collection_id: UUID, artwork_id: UUID) -> Response:
        """Take a work out of it."""
        services.remove_from_collection(owner=signed_in(request), collection_id=collection_id, artwork_id=artwork_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CollectionOrderView(APIView):
    """The order of a collection of yours."""

    scopes = {"PUT": "collect"}

    @extend_schema(operation_id="collections_order_update", request=OrderIn, responses={204: None})
    def put(self, request: Request, collection_id: UUID) -> Response:
        """Put its works into an order."""
        given = OrderIn(data=request.data)
        given.is_valid(raise_exception=True)
        services.reorder_collection(
            owner=signed_in(request), collection_id=collection_id, artwork_ids=given.validated_data["works"]
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _told(request: Request, collection_id: UUID, code: int = 200) -> Response:
    return Response(CollectionOut(selectors.collection_by_id(collection_id, signed_in(request))).data, status=code)
