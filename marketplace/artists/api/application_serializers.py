"""What goes in and out of applications."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generation import selectors as generation
from generation.models import Upload
from marketplace.accounts.models import MOST_LINKS, Artist
from marketplace.artists.models import MOST_PICTURES, Application
from marketplace.core.said import SaidField


class ApplicationIn(serializers.Serializer[Application]):
    """What an applicant says and shows; sent whole each time."""

    name = serializers.CharField(max_length=80, help_text="Under which others will see your works.")
    statement = serializers.CharField(max_length=4000, default="", allow_blank=True)
    links = serializers.ListField(
        child=serializers.CharField(max_length=300), default=list, max_length=MOST_LINKS, help_text="https://…"
    )
    tax_country = serializers.CharField(max_length=2, default="", allow_blank=True, help_text="ISO 3166, such as FR.")
    uploads = serializers.ListField(
        child=serializers.UUIDField(), default=list, max_length=MOST_PICTURES, help_text="Complete uploads of yours."
    )
    artworks = serializers.ListField(
        child=serializers.UUIDField(), default=list, max_length=MOST_PICTURES, help_text="Works that you had made."
    )


class SubmitIn(serializers.Serializer[Application]):
    terms_version = serializers.CharField(max_length=20, help_text="Of the terms that you agree to.")


class NoteIn(serializers.Serializer[Application]):
    note = serializers.CharField(max_length=2000, default="", allow_blank=True, help_text="For the applicant.")


class WhyIn(serializers.Serializer[Application]):
    reason = serializers.CharField(max_length=2000, help_text="The applicant reads it.")


class PictureShown(serializers.ModelSerializer[Upload]):
    url = serializers.SerializerMethodField(help_text="For five minutes; nothing while a curator holds it back.")

    class Meta:
        model = Upload
        fields = ["id", "filename", "width", "height", "url"]
        read_only_fields = fields

    def get_url(self, upload: Upload) -> str:
        return generation.upload_url(upload)


class ApplicationOut(serializers.ModelSerializer[Application]):
    """An application and what became of it."""

    applicant = serializers.CharField(source="applicant.name", read_only=True)
    artist = serializers.SlugRelatedField[Artist](slug_field="slug", read_only=True, allow_null=True)
    uploads = PictureShown(many=True, read_only=True)
    artworks = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = [
            "id", "applicant", "state", "name", "statement", "links", "tax_country", "uploads", "artworks",
            "terms_version", "terms_agreed_at", "submitted_at", "decided_at", "reason", "artist", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_artworks(self, application: Application) -> list[str]:
        return [str(work.pk) for work in application.artworks.all()]


class ArtistTermsOut(serializers.Serializer[Any]):
    """What artists agree to."""

    version = serializers.CharField()
    points = serializers.ListField(child=SaidField(), read_only=True)
