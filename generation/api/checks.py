"""Where a work comes from, over HTTP: what its file says, signed, and making it again to compare."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.api.artworks import viewer_of
from generation.api.uploads import ProblemOut
from generation.models import Check, Job
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.idempotency import idempotent
from marketplace.core.languages import translated


class IngredientOut(serializers.Serializer[Any]):
    """One file that the engine was given."""

    name = serializers.CharField()
    sha256 = serializers.CharField()


class ManifestOut(serializers.Serializer[Any]):
    """The C2PA manifest in the work's original, and what came of checking it."""

    is_valid = serializers.BooleanField(  # type: ignore[assignment]  # a field; DRF takes it out of the class
        help_text="The signature holds, and the file is the one that was signed."
    )
    is_trusted = serializers.BooleanField(help_text="It was signed by this house.")
    problems = serializers.ListField(child=serializers.CharField(), help_text="C2PA's codes of what is wrong.")
    signed_by = serializers.CharField(help_text="The certificate's common name.")
    issuer = serializers.CharField(help_text="The certificate's organisation.")
    signed_at = serializers.CharField(help_text="By a time-stamp authority's clock; empty where none was asked.")
    generator = serializers.CharField()
    software = serializers.CharField(help_text="The engine and its version.")
    source_type = serializers.CharField(help_text="IPTC's digital source type, such as trainedAlgorithmicMedia.")
    is_ai_generated = serializers.BooleanField()
    recipe = serializers.DictField(allow_null=True)
    ingredients = IngredientOut(many=True)


class CheckOut(serializers.ModelSerializer[Check]):
    """What came of making the work again."""

    checked_at = serializers.DateTimeField(source="created_at", read_only=True)
    is_confirmed = serializers.BooleanField(
        read_only=True,
        help_text="The same picture, in a file that nobody touched, signed by us or from before we signed.",
    )

    class Meta:
        model = Check
        fields = [
            "verdict", "is_confirmed", "largest_difference", "psnr", "file_is_intact", "signature", "pixels_sha256",
            "checked_at",
        ]  # fmt: skip
        read_only_fields = fields


class CheckJobOut(serializers.ModelSerializer[Job]):
    """The last check that was asked for: where it stands, or why it failed."""

    error = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = ["id", "state", "progress", "stage", "error", "created_at", "finished_at"]
        read_only_fields = fields

    @extend_schema_field(ProblemOut(allow_null=True))
    def get_error(self, job: Job) -> dict[str, str] | None:
        return {"code": job.error_code, "detail": translated(job.error_detail)} if job.error_code else None


class ProvenanceOut(serializers.Serializer[Any]):
    """Everything that is known of a work's origin."""

    artwork = serializers.UUIDField()
    manifest = ManifestOut(allow_null=True, help_text="null where the file is not signed, or not there.")
    last_check = CheckOut(allow_null=True)
    job = CheckJobOut(allow_null=True)


class VerifyView(APIView):
    """A work's origin; anybody who may see the work may have it made again."""

    is_public = True
    scopes = {"POST": "commission"}

    @property
    def throttle_scope(self) -> str | None:
        return "spend" if self.request.method == "POST" else None

    @extend_schema(operation_id="artworks_provenance", responses=ProvenanceOut)
    def get(self, request: Request, artwork_id: UUID) -> Response:
        """What the file says of itself, how the last check ended, and how far a running one is."""
        return Response(_provenance(artwork_id, viewer_of(request)))

    @extend_schema(operation_id="artworks_verify", request=None, responses={202: ProvenanceOut})
    @idempotent
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Make the work again and compare; while a check is open, asking again changes nothing. Watch it by GET."""
        services.request_check(artwork_id=artwork_id, by=signed_in(request))
        return Response(_provenance(artwork_id, signed_in(request)), status=status.HTTP_202_ACCEPTED)


def _provenance(artwork_id: UUID, viewer: User | None) -> Any:
    artwork = selectors.artwork_by_id(artwork_id, viewer)
    try:
        manifest = selectors.manifest_of(artwork)
    except NotFound:
        manifest = None
    known = {
        "artwork": artwork.pk,
        "manifest": manifest,
        "last_check": selectors.last_check(artwork.pk),
        "job": selectors.last_check_job(artwork.pk),
    }
    return ProvenanceOut(known).data
