"""Where a work comes from and whose it was, over HTTP."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.selectors.provenance import Owned, Provenance, provenance_of
from gallery.services.sharing import shared
from generation import selectors
from generation.api.artworks import viewer_of
from generation.api.checks import CheckJobOut, CheckOut, ManifestOut


class ModelCardOut(serializers.Serializer[Any]):
    """What a trained model learnt from, and by what right."""

    id = serializers.UUIDField(allow_null=True, help_text="null where its artist does not show the model.")
    name = serializers.CharField()
    artist = serializers.CharField()
    kind = serializers.CharField()
    model_sha256 = serializers.CharField()
    pictures = serializers.IntegerField()
    consents = serializers.DictField(
        child=serializers.IntegerField(), help_text="Pictures by right: own, licensed, public-domain."
    )
    licences = serializers.ListField(child=serializers.CharField())
    sources = serializers.ListField(child=serializers.CharField())


class OwnerStepOut(serializers.Serializer[Any]):
    """One step of an edition's history, by the names that its owners chose to show."""

    at = serializers.CharField()
    giver = serializers.SerializerMethodField()
    owner = serializers.SerializerMethodField()
    how = serializers.CharField()

    def get_giver(self, step: dict[str, Any]) -> str:
        return str(step["from"])

    def get_owner(self, step: dict[str, Any]) -> str:
        return str(step["to"])


class CertifiedOut(serializers.Serializer[Owned]):
    """One edition: who owns it, its certificate, and whether that certificate's signature holds."""

    edition = serializers.UUIDField(source="certificate.edition_id")
    number = serializers.IntegerField(source="said.edition.number")
    of = serializers.IntegerField(source="said.edition.of", allow_null=True)
    owner = serializers.CharField(source="said.owner")
    licence = serializers.CharField(source="said.licence.code")
    history = OwnerStepOut(source="said.history", many=True)
    certificate = serializers.UUIDField(source="certificate.pk")
    certificate_url = serializers.SerializerMethodField()
    key = serializers.CharField(source="certificate.key_id")
    signature = serializers.CharField(source="certificate.signature")
    is_genuine = serializers.BooleanField()

    def get_certificate_url(self, owned: Owned) -> str:
        return reverse("api-certificate", args=[owned.certificate.pk])


class WholeProvenanceOut(serializers.Serializer[Provenance]):
    """All that is known of a work's origin and history."""

    artwork = serializers.UUIDField(source="artwork.pk")
    manifest = ManifestOut(allow_null=True, help_text="null where the file is not signed, or cannot be read.")
    manifest_problem = serializers.CharField(allow_blank=True, help_text="Why it cannot be read just now.")
    recipe = serializers.DictField()
    credits = serializers.ListField(child=serializers.CharField(), source="artwork.credits")
    model = ModelCardOut(allow_null=True)
    last_check = CheckOut(allow_null=True)
    job = CheckJobOut(allow_null=True)
    why_not_remade = serializers.CharField(allow_blank=True, help_text="Empty where it can be made again here.")
    editions = serializers.SerializerMethodField(help_text="Those that are owned, by their numbers: the first fifty.")
    more_editions = serializers.BooleanField()
    keys_url = serializers.SerializerMethodField(help_text="The public keys of certificates.")

    @extend_schema_field(CertifiedOut(many=True))
    def get_editions(self, provenance: Provenance) -> Any:
        return CertifiedOut(provenance.editions, many=True).data  # type: ignore[arg-type]  # many of them

    def get_keys_url(self, provenance: Provenance) -> str:
        return reverse("signing-keys")


class ProvenanceView(APIView):
    """A work's origin and history. To have it made again: `POST /artworks/{id}/verify/`."""

    is_public = True

    @extend_schema(operation_id="artworks_whole_provenance", responses=WholeProvenanceOut)
    @method_decorator(shared)
    def get(self, request: Request, artwork_id: UUID) -> Response:
        """Manifest, recipe, model, checks, certificates and owners, by the names they chose to show."""
        viewer = viewer_of(request)
        artwork = selectors.artwork_by_id(artwork_id, viewer)
        return Response(WholeProvenanceOut(provenance_of(artwork, viewer)).data)
