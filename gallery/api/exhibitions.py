"""Exhibitions over HTTP: anybody visits; curators write, hang, order, publish and close."""

from typing import Any
from uuid import UUID

from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.models import EXHIBITION, Exhibition, Hanging, Section
from gallery.models.exhibitions import LONGEST_LABEL, LONGEST_TEXT
from gallery.selectors import exhibitions as selectors
from gallery.services import exhibiting
from gallery.services.sharing import shared
from generation.models import Artwork
from marketplace.accounts.api.authentication import signed_in

CURATE = dict.fromkeys(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"), "curate")
MOST_ID = 2**63 - 1
MOVES = [(one.name, one.name) for one in EXHIBITION.transitions if one.name != "draft"]


class ExhibitionOut(serializers.ModelSerializer[Exhibition]):
    """An exhibition, without its works."""

    is_open = serializers.BooleanField(read_only=True)
    words_tag = serializers.CharField(read_only=True, help_text="Changes with what it says and when it is open.")

    class Meta:
        model = Exhibition
        fields = [
            "id", "slug", "title", "text", "state", "is_open", "opens_at", "closes_at", "timezone", "version",
            "words_tag",
        ]  # fmt: skip
        read_only_fields = fields


class ShownWork(serializers.ModelSerializer[Artwork]):
    """A work as it hangs in an exhibition."""

    title = serializers.CharField(source="display_title", read_only=True)
    artist = serializers.CharField(source="artist.slug", default=None, read_only=True, allow_null=True)
    preview_url = serializers.SerializerMethodField()

    class Meta:
        model = Artwork
        fields = ["id", "title", "artist", "visibility", "width", "height", "preview_url"]
        read_only_fields = fields

    def get_preview_url(self, artwork: Artwork) -> str:
        return artwork.preview_url()


class HangingOut(serializers.ModelSerializer[Hanging]):
    """A work in its place, with its label."""

    artwork = ShownWork(read_only=True)

    class Meta:
        model = Hanging
        fields = ["id", "artwork", "text"]
        read_only_fields = fields


class SectionOut(serializers.ModelSerializer[Section]):
    """A heading."""

    class Meta:
        model = Section
        fields = ["id", "title", "text"]
        read_only_fields = fields


class RoomOut(serializers.Serializer[Any]):
    """A section, or none for the first works, and what hangs in it."""

    section = SectionOut(allow_null=True)
    hangings = HangingOut(many=True)


class ExhibitionDetailOut(ExhibitionOut):
    """An exhibition with its rooms."""

    rooms = serializers.SerializerMethodField()

    class Meta(ExhibitionOut.Meta):
        fields = [*ExhibitionOut.Meta.fields, "rooms"]
        read_only_fields = fields

    @extend_schema_field(RoomOut(many=True))
    def get_rooms(self, exhibition: Exhibition) -> Any:
        everything = bool(self.context.get("everything"))
        return RoomOut(selectors.rooms_of(exhibition, everything=everything), many=True).data


class ExhibitionIn(serializers.Serializer[Any]):
    """What an exhibition says, and when it is open."""

    title = serializers.CharField(max_length=120, required=False)
    slug = serializers.SlugField(max_length=80, required=False)
    text = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    opens_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)
    timezone = serializers.CharField(
        max_length=64, required=False, help_text="IANA name of the time zone in which pages say these times."
    )
    seen = serializers.CharField(
        max_length=16, required=False, allow_blank=True,
        help_text="The `words_tag` as you saw it: 409 where somebody has written something else meanwhile.",
    )  # fmt: skip


class DraftIn(serializers.Serializer[Any]):
    """The title of a new one."""

    title = serializers.CharField(max_length=120)


class HangIn(serializers.Serializer[Any]):
    """A work on the wall, and its label."""

    artwork = serializers.UUIDField()
    text = serializers.CharField(max_length=LONGEST_LABEL, required=False, allow_blank=True, default="")


class PlaceIn(serializers.Serializer[Any]):
    """One work's place."""

    hanging = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    section = serializers.IntegerField(min_value=1, max_value=MOST_ID, required=False, allow_null=True, default=None)


class ArrangeIn(serializers.Serializer[Any]):
    """All works in their order."""

    order = PlaceIn(many=True)
    version = serializers.IntegerField(required=False, allow_null=True, default=None, max_value=2**31 - 1)


class SectionIn(serializers.Serializer[Any]):
    """A heading; works from `first` on go below it."""

    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=LONGEST_LABEL, required=False, allow_blank=True, default="")
    first = serializers.IntegerField(min_value=1, max_value=MOST_ID, required=False, allow_null=True, default=None)


class MoveIn(serializers.Serializer[Any]):
    """What becomes of it."""

    move = serializers.ChoiceField(choices=MOVES)


class PreviewOut(serializers.Serializer[Any]):
    """A link that opens a draft, for a week."""

    path = serializers.CharField()


class ExhibitionsView(APIView):
    """Exhibitions that have opened."""

    is_public = True

    @extend_schema(operation_id="exhibitions_list", responses=ExhibitionOut(many=True))
    @method_decorator(shared)
    def get(self, request: Request) -> Response:
        """Last opened first; those that are over can still be read."""
        return Response(ExhibitionOut(selectors.shown_exhibitions(), many=True).data)


class ExhibitionView(APIView):
    """One that has opened."""

    is_public = True

    @extend_schema(operation_id="exhibitions_retrieve", responses=ExhibitionDetailOut)
    @method_decorator(shared)
    def get(self, request: Request, slug: str) -> Response:
        """With its works in their order, as far as they hang."""
        return Response(ExhibitionDetailOut(selectors.exhibition_for(slug, None)).data)


class CuratorExhibitionsView(APIView):
    """Every exhibition, for curators."""

    scopes = CURATE

    @extend_schema(operation_id="curator_exhibitions_list", responses=ExhibitionOut(many=True))
    def get(self, request: Request) -> Response:
        """Last changed first, drafts included."""
        return Response(ExhibitionOut(selectors.all_exhibitions(signed_in(request)), many=True).data)

    @extend_schema(operation_id="curator_exhibitions_create", request=DraftIn, responses={201: ExhibitionDetailOut})
    def post(self, request: Request) -> Response:
        """Begin one."""
        made = exhibiting.draft_exhibition(curator=signed_in(request), **_given(DraftIn, request))
        return _answer(request, made.pk, status=201)


class CuratorExhibitionView(APIView):
    """One exhibition, for curators."""

    scopes = CURATE

    @extend_schema(operation_id="curator_exhibitions_retrieve", responses=ExhibitionDetailOut)
    def get(self, request: Request, exhibition_id: UUID) -> Response:
        """With all its works, those that do not hang included."""
        return _answer(request, exhibition_id)

    @extend_schema(operation_id="curator_exhibitions_write", request=ExhibitionIn, responses=ExhibitionDetailOut)
    def patch(self, request: Request, exhibition_id: UUID) -> Response:
        """Change what it says, or when it is open."""
        given = _given(ExhibitionIn, request)
        exhibiting.write_exhibition(curator=signed_in(request), exhibition_id=exhibition_id, **given)
        return _answer(request, exhibition_id)


class LifeView(APIView):
    """Publishing and closing."""

    scopes = CURATE

    @extend_schema(operation_id="curator_exhibitions_move", request=MoveIn, responses=ExhibitionDetailOut)
    def post(self, request: Request, exhibition_id: UUID) -> Response:
        """Publish, take back, close or reopen it; artists are told of a publication."""
        move = _given(MoveIn, request)["move"]
        exhibiting.move_exhibition(curator=signed_in(request), exhibition_id=exhibition_id, move=move)
        return _answer(request, exhibition_id)


class PreviewView(APIView):
    """Showing a draft to somebody."""

    scopes = CURATE

    @extend_schema(operation_id="curator_exhibitions_preview", request=None, responses=PreviewOut)
    def post(self, request: Request, exhibition_id: UUID) -> Response:
        """A link for whoever has it, for a week."""
        exhibition = selectors.exhibition_by_id(signed_in(request), exhibition_id)
        token = selectors.preview_token(exhibition)
        return Response(PreviewOut({"path": f"/exhibitions/{exhibition.slug}/?preview={token}"}).data)


class HangingsView(APIView):
    """The works of an exhibition."""

    scopes = CURATE

    @extend_schema(operation_id="curator_exhibitions_hang", request=HangIn, responses={201: ExhibitionDetailOut})
    def post(self, request: Request, exhibition_id: UUID) -> Response:
        """Add a work that hangs on the wall, at the end."""
        given = _given(HangIn, request)
        exhibiting.hang_in_exhibition(
            curator=signed_in(request), exhibition_id=exhibition_id, artwork_id=given["artwork"], text=given["text"]
        )
        return _answer(request, exhibition_id, status=201)

    @extend_schema(operation_id="curator_exhibitions_arrange", request=ArrangeIn, responses=ExhibitionDetailOut)
    def put(self, request: Request, exhibition_id: UUID) -> Response:
        """Bring all its works into an order."""
        given = _given(ArrangeIn, request)
        order = [(place["hanging"], place["section"]) for place in given["order"]]
        exhibiting.arrange_exhibition(
            curator=signed_in(request), exhibition_id=exhibition_id, order=order, version=given["version"]
        )
        return _answer(request, exhibition_id)


class LabelIn(serializers.Serializer[Any]):
    """A work's label."""

    text = serializers.CharField(max_length=LONGEST_LABEL, allow_blank=True)


class HangingView(APIView):
    """One work of an exhibition."""

    scopes = CURATE

    @extend_schema(operation_id="curator_exhibitions_label", request=LabelIn, responses=ExhibitionDetailOut)
    def patch(self, request: Request, exhibition_id: UUID, hanging_id: int) -> Response:
        """Write its label."""
        given = _given(LabelIn, request)
        exhibiting.label_hanging(
            curator=signed_in(request), exhibition_id=exhibition_id, hanging_id=hanging_id, text=given["text"]
        )
        return _answer(request, exhibition_id)

    @extend_schema(operation_id="curator_exhibitions_remove", responses={200: ExhibitionDetailOut})
    def delete(self, request: Request, exhibition_id: UUID, hanging_id: int) -> Response:
        """Take it out."""
        exhibiting.remove_from_exhibition(
            curator=signed_in(request), exhibition_id=exhibition_id, hanging_id=hanging_id
        )
        return _answer(request, exhibition_id)


class SectionsView(APIView):
    """Headings."""

    scopes = CURATE

    @extend_schema(operation_id="curator_exhibitions_section", request=SectionIn, responses={201: ExhibitionDetailOut})
    def post(self, request: Request, exhibition_id: UUID) -> Response:
        """Add one."""
        exhibiting.add_section(curator=signed_in(request), exhibition_id=exhibition_id, **_given(SectionIn, request))
        return _answer(request, exhibition_id, status=201)


class SectionView(APIView):
    """One heading."""

    scopes = CURATE

    @extend_schema(operation_id="curator_exhibitions_unsection", responses={200: ExhibitionDetailOut})
    def delete(self, request: Request, exhibition_id: UUID, section_id: int) -> Response:
        """Take it away; its works go to the section before it."""
        exhibiting.remove_section(curator=signed_in(request), exhibition_id=exhibition_id, section_id=section_id)
        return _answer(request, exhibition_id)


def _given(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _answer(request: Request, exhibition_id: UUID, status: int = 200) -> Response:
    exhibition = selectors.exhibition_by_id(signed_in(request), exhibition_id)
    return Response(ExhibitionDetailOut(exhibition, context={"everything": True}).data, status=status)
