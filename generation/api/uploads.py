"""Uploads over HTTP: announce a file, PUT it into the object store, have it checked."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.errors import UploadHeld
from generation.models import Upload, UploadState
from marketplace.accounts.api.authentication import signed_in
from marketplace.core.languages import translated
from marketplace.core.storage import PresignedPut


class AnnounceUpload(serializers.Serializer[Any]):
    """The file that is to come."""

    filename = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    media_type = serializers.CharField(max_length=40, help_text="image/jpeg, image/png, image/webp or image/avif.")
    size = serializers.IntegerField(min_value=1, help_text="In bytes, exactly.")


class ProblemOut(serializers.Serializer[Any]):
    """Why an upload or a job came to nothing."""

    code = serializers.CharField()
    detail = serializers.CharField()


class UploadOut(serializers.ModelSerializer[Upload]):
    """An upload, and once it is ready where its cleaned picture is."""

    problem = serializers.SerializerMethodField()
    picture_url = serializers.SerializerMethodField(help_text="The cleaned picture, for five minutes.")

    class Meta:
        model = Upload
        fields = [
            "id", "state", "filename", "media_type", "width", "height", "sha256", "credit", "problem", "picture_url",
            "created_at", "completed_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ProblemOut(allow_null=True))
    def get_problem(self, upload: Upload) -> dict[str, str] | None:
        if upload.state == UploadState.HELD and upload.review is not None:
            return {"code": UploadHeld.code, "detail": upload.review.told}
        problem = {"code": upload.problem_code, "detail": translated(upload.problem_detail)}
        return problem if upload.problem_code else None

    def get_picture_url(self, upload: Upload) -> str:
        return selectors.upload_url(upload)


class PutOut(serializers.Serializer[Any]):
    """Where to send the file, and the headers to send with it, exactly."""

    method = serializers.CharField()
    url = serializers.CharField()
    headers = serializers.DictField(child=serializers.CharField())


class UploadTicketOut(UploadOut):
    """A new upload with the leave to PUT its file."""

    upload = serializers.SerializerMethodField()

    class Meta(UploadOut.Meta):
        fields = [*UploadOut.Meta.fields, "upload"]
        read_only_fields = fields

    @extend_schema_field(PutOut)
    def get_upload(self, upload: Upload) -> dict[str, Any]:
        put: PresignedPut = self.context["put"]
        return {"method": "PUT", "url": put.url, "headers": put.headers}


class UploadsView(APIView):
    """Where files are announced."""

    scopes = {"POST": "upload"}
    throttle_scope = "upload"

    @extend_schema(operation_id="uploads_create", request=AnnounceUpload, responses={201: UploadTicketOut})
    def post(self, request: Request) -> Response:
        """Announce a file. PUT it to `upload.url` with `upload.headers` within 15 minutes, then complete it."""
        given = AnnounceUpload(data=request.data)
        given.is_valid(raise_exception=True)
        upload, put = services.request_upload(owner=signed_in(request), **given.validated_data)
        return Response(UploadTicketOut(upload, context={"put": put}).data, status=status.HTTP_201_CREATED)


class UploadView(APIView):
    """One of your uploads."""

    @extend_schema(operation_id="uploads_retrieve", responses=UploadOut)
    def get(self, request: Request, upload_id: UUID) -> Response:
        """How it stands."""
        return Response(UploadOut(selectors.upload_by_id(upload_id, signed_in(request))).data)


class CompleteUploadView(APIView):
    """Where an upload is checked."""

    scopes = {"POST": "upload"}
    throttle_scope = "upload"

    @extend_schema(operation_id="uploads_complete", request=None, responses=UploadOut)
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Check the file that arrived: size, real format, pixels, and whether it may be shown. May be repeated.

        Its metadata is removed. A picture that is `held` can be used once a curator has cleared it.
        """
        return Response(UploadOut(services.complete_upload(upload_id=upload_id, owner=signed_in(request))).data)
