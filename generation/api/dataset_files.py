"""What goes into a dataset over HTTP: pictures and archives announced, PUT, confirmed, listed, kept and removed."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.api.uploads import ProblemOut, PutOut
from generation.models import Consent, DatasetArchive, DatasetPicture, Split
from generation.services.datasets import MOST_AT_ONCE
from marketplace.accounts.api.authentication import signed_in
from marketplace.core.languages import translated
from marketplace.core.storage import PresignedPut


class AnnounceFile(serializers.Serializer[Any]):
    """A file that is to come."""

    filename = serializers.CharField(max_length=300, help_text="With its path, if it comes from a folder.")
    media_type = serializers.CharField(max_length=40)
    size = serializers.IntegerField(min_value=1, help_text="In bytes, exactly.")


class AnnouncePicture(AnnounceFile):
    """A picture that is to come."""

    class_name = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)


class Vouch(serializers.Serializer[Any]):
    """By what right pictures may be learnt from."""

    consent = serializers.ChoiceField(choices=Consent.choices)
    licence = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text="Named where the consent is `licensed`."
    )
    source = serializers.CharField(  # type: ignore[assignment]  # a serializer's field of the name that fields have too
        max_length=300, required=False, default="", allow_blank=True
    )


class AnnouncePictures(Vouch):
    """Up to 500 pictures that are to come."""

    files = serializers.ListField(child=AnnouncePicture(), min_length=1, max_length=MOST_AT_ONCE)


class AnnounceArchive(Vouch):
    """A zip file of pictures that is to come."""

    file = AnnounceFile()


class ConfirmFiles(serializers.Serializer[Any]):
    """Files that were PUT."""

    pictures = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_AT_ONCE, default=list)
    archives = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_AT_ONCE, default=list)


class TicketOut(serializers.Serializer[Any]):
    """An announced file with the leave to PUT it."""

    id = serializers.UUIDField()
    filename = serializers.CharField()
    upload = PutOut()


class TicketsOut(serializers.Serializer[Any]):
    """Announced files, in the order in which they were announced."""

    files = TicketOut(many=True)


class ConfirmedOut(serializers.Serializer[Any]):
    """How many files wait to be looked at because of it."""

    waiting = serializers.IntegerField()


class _WithProblem(serializers.ModelSerializer[Any]):
    problem = serializers.SerializerMethodField()

    @extend_schema_field(ProblemOut(allow_null=True))
    def get_problem(self, row: DatasetPicture | DatasetArchive) -> dict[str, str] | None:
        problem = {"code": row.problem_code, "detail": translated(row.problem_detail)}
        return problem if row.problem_code else None


class DatasetPictureOut(_WithProblem):
    """A picture of a dataset: what became of it, and by what right it is here."""

    split = serializers.ChoiceField(
        choices=Split.choices, allow_blank=True, read_only=True, help_text="Empty until it is looked at."
    )
    preview_url = serializers.SerializerMethodField(help_text="A small picture, for ten minutes.")
    picture_url = serializers.SerializerMethodField(help_text="The picture as models see it, for ten minutes.")

    class Meta:
        model = DatasetPicture
        fields = [
            "id", "filename", "class_name", "state", "split", "width", "height", "sha256", "twin", "problem",
            "preview_url", "picture_url", "consent", "licence", "source", "archive", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_preview_url(self, picture: DatasetPicture) -> str:
        return selectors.dataset_preview_url(picture)

    def get_picture_url(self, picture: DatasetPicture) -> str:
        return selectors.dataset_picture_url(picture)


class DatasetArchiveOut(_WithProblem):
    """A zip file that was sent for a dataset, and what became of it."""

    class Meta:
        model = DatasetArchive
        fields = ["id", "filename", "state", "problem", "consent", "licence", "source", "created_at"]
        read_only_fields = fields


class PicturesView(ListAPIView[DatasetPicture]):
    """A dataset's pictures, newest first."""

    scopes = {"POST": "upload", "DELETE": "upload"}
    serializer_class = DatasetPictureOut
    filterset_fields = ["state", "class_name", "split"]
    queryset = DatasetPicture.objects.none()

    @property
    def throttle_scope(self) -> str | None:
        return "upload" if self.request.method == "POST" else None

    def get_queryset(self) -> QuerySet[DatasetPicture]:
        return selectors.dataset_by_id(self.kwargs["dataset_id"], signed_in(self.request)).pictures.all()

    @extend_schema(operation_id="datasets_pictures_announce", request=AnnouncePictures, responses={201: TicketsOut})
    def post(self, request: Request, dataset_id: UUID) -> Response:
        """Announce pictures. PUT each to its `upload.url` within 15 minutes, then confirm them."""
        given = AnnouncePictures(data=request.data)
        given.is_valid(raise_exception=True)
        files = [services.Announced(**file) for file in given.validated_data.pop("files")]
        vouched = services.Vouched(**given.validated_data)
        added = services.add_pictures(dataset_id=dataset_id, owner=signed_in(request), files=files, vouched=vouched)
        tickets = [_ticket(picture, put) for picture, put in added]
        return Response({"files": TicketOut(tickets, many=True).data}, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="datasets_pictures_remove",
        parameters=[OpenApiParameter("state", str, required=True, description="Any but `arrived` and `ready`.")],
        responses={204: None},
    )
    def delete(self, request: Request, dataset_id: UUID) -> Response:
        """Remove all pictures in one state, other than those that can be used."""
        state = request.query_params.get("state", "")
        services.remove_pictures(dataset_id=dataset_id, owner=signed_in(request), state=state)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PictureView(APIView):
    """One picture of a dataset."""

    scopes = {"DELETE": "upload"}

    @extend_schema(operation_id="datasets_pictures_retrieve", responses=DatasetPictureOut)
    def get(self, request: Request, dataset_id: UUID, picture_id: UUID) -> Response:
        """What became of it."""
        picture = selectors.dataset_picture_by_id(picture_id, dataset_id, signed_in(request))
        return Response(DatasetPictureOut(picture).data)

    @extend_schema(operation_id="datasets_pictures_destroy", responses={204: None})
    def delete(self, request: Request, dataset_id: UUID, picture_id: UUID) -> Response:
        """Take it out of a draft."""
        services.remove_picture(dataset_id=dataset_id, picture_id=picture_id, owner=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class KeepView(APIView):
    """Keeping a picture that is like another one."""

    scopes = {"POST": "upload"}

    @extend_schema(operation_id="datasets_pictures_keep", request=None, responses=DatasetPictureOut)
    def post(self, request: Request, dataset_id: UUID, picture_id: UUID) -> Response:
        """Use a `duplicate` all the same, unless it is the very same picture."""
        kept = services.keep_picture(dataset_id=dataset_id, picture_id=picture_id, owner=signed_in(request))
        return Response(DatasetPictureOut(kept).data)


class ArchivesView(ListAPIView[DatasetArchive]):
    """The zip files that were sent for a dataset, newest first."""

    scopes = {"POST": "upload"}
    serializer_class = DatasetArchiveOut
    filterset_fields = ["state"]
    queryset = DatasetArchive.objects.none()

    @property
    def throttle_scope(self) -> str | None:
        return "upload" if self.request.method == "POST" else None

    def get_queryset(self) -> QuerySet[DatasetArchive]:
        return selectors.dataset_by_id(self.kwargs["dataset_id"], signed_in(self.request)).archives.all()

    @extend_schema(operation_id="datasets_archives_announce", request=AnnounceArchive, responses={201: TicketOut})
    def post(self, request: Request, dataset_id: UUID) -> Response:
        """Announce a zip file; its folders are classes. PUT it to `upload.url` within 15 minutes, then confirm it."""
        given = AnnounceArchive(data=request.data)
        given.is_valid(raise_exception=True)
        file = services.Announced(**given.validated_data.pop("file"))
        vouched = services.Vouched(**given.validated_data)
        archive, put = services.add_archive(dataset_id=dataset_id, owner=signed_in(request), file=file, vouched=vouched)
        return Response(TicketOut(_ticket(archive, put)).data, status=status.HTTP_201_CREATED)


class ConfirmView(APIView):
    """Saying that files were PUT."""

    scopes = {"POST": "upload"}
    throttle_scope = "upload"

    @extend_schema(operation_id="datasets_confirm", request=ConfirmFiles, responses=ConfirmedOut)
    def post(self, request: Request, dataset_id: UUID) -> Response:
        """Have what was PUT looked at, in the background. May be repeated."""
        given = ConfirmFiles(data=request.data)
        given.is_valid(raise_exception=True)
        waiting = services.confirm_files(dataset_id=dataset_id, owner=signed_in(request), **given.validated_data)
        return Response({"waiting": waiting})


def _ticket(row: DatasetPicture | DatasetArchive, put: PresignedPut) -> dict[str, Any]:
    upload = {"method": "PUT", "url": put.url, "headers": put.headers}
    return {"id": row.pk, "filename": row.filename, "upload": upload}
