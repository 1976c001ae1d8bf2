"""What curators put forward, as everybody reads it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.selectors import curating as selectors
from generation.models import Artwork


class FeaturedOut(serializers.ModelSerializer[Artwork]):
    """A featured work."""

    title = serializers.CharField(source="display_title", read_only=True)
    artist = serializers.CharField(source="artist.slug", default=None, read_only=True, allow_null=True)
    thumbnail_url = serializers.CharField(read_only=True)

    class Meta:
        model = Artwork
        fields = ["id", "title", "artist", "thumbnail_url", "width", "height"]
        read_only_fields = fields


class FeaturedView(APIView):
    """Works that curators put forward."""

    is_public = True

    @extend_schema(operation_id="artworks_featured", responses=FeaturedOut(many=True))
    def get(self, request: Request) -> Response:
        """Up to twelve, last featured first."""
        return Response(FeaturedOut(selectors.featured(), many=True).data)
