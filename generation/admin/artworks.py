"""Artworks in the administration."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.decorators import display

from generation.admin.truth import ReadOnlyAdmin, ReadOnlyInline
from generation.models import Artwork, ArtworkFile, CurationAct, Visibility

VISIBILITY_COLOURS = {
    Visibility.WALL: "success",
    Visibility.PRIVATE: "info",
    Visibility.HIDDEN: "danger",
    Visibility.HELD: "warning",
}


class FileInline(ReadOnlyInline):
    """The files that hold the work."""

    model = ArtworkFile
    fields = ["role", "format", "width", "height", "bytes", "bucket", "key"]
    readonly_fields = fields


class CurationInline(ReadOnlyInline):
    """Who hung the work and took it down."""

    model = CurationAct
    fields = ["action", "curator", "reason", "at", "undone_at", "undone_by"]
    readonly_fields = ["at", *fields]


@admin.register(Artwork)
class ArtworkAdmin(ReadOnlyAdmin):
    """Finished works. What curators decide about them is added by the gallery, to which decisions belong."""

    list_display = ["thumbnail", "display_title", "shown_visibility", "engine", "artist", "owner", "hung_at"]
    list_display_links = ["thumbnail", "display_title"]
    list_filter = ["visibility", "engine", "medium", "artist", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["artist", "owner"]
    search_fields = ["id", "title", "artist__name", "owner__email"]
    ordering = ["-id"]
    inlines = [FileInline, CurationInline]
    fields = [
        "large", "title", "visibility", "maker", "owner", "artist", "style_artist", "engine", "engine_version",
        "medium", "model_hash", "seed", "recipe", "width", "height", "frames", "duration_ms", "job", "hung_at",
        "taken_down_at", "created_at",
    ]  # fmt: skip
    readonly_fields = ["large"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artwork]:
        artworks: QuerySet[Artwork] = super().get_queryset(request).prefetch_related("files")
        return artworks

    @display(description="")
    def thumbnail(self, artwork: Artwork) -> str:
        url = artwork.thumbnail_url
        return format_html('<img src="{}" alt="" width="72" loading="lazy">', url) if url else "-"

    @display(description="Picture")
    def large(self, artwork: Artwork) -> str:
        url = artwork.preview_url(480)
        return format_html('<img src="{}" alt="" width="480">', url) if url else "-"

    @display(description="Visibility", ordering="visibility", label=VISIBILITY_COLOURS)
    def shown_visibility(self, artwork: Artwork) -> tuple[str, str]:
        return artwork.visibility, artwork.get_visibility_display()
