"""Styles and models that artists lend, over HTTP."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import Artist
from marketplace.listings import services
from marketplace.listings.models import StyleTerms


class LendIn(serializers.Serializer[StyleTerms]):
    artwork = serializers.UUIDField(required=False, help_text="A work of yours, or …")
    model = serializers.UUIDField(required=False, help_text="… a model of yours.")
    share_bps = serializers.IntegerField(default=0, help_text="Of what the seller gets in each sale, or …")
    fee_amount = serializers.IntegerField(default=0, help_text="… for each commission, in minor units.")


class StyleTermsOut(serializers.ModelSerializer[StyleTerms]):
    artist = serializers.SlugRelatedField[Artist](slug_field="slug", read_only=True)
    model = serializers.UUIDField(source="trained_model_id", read_only=True, allow_null=True)
    price = serializers.CharField(source="price_words", read_only=True, help_text="For people.")

    class Meta:
        model = StyleTerms
        fields = [
            "id", "title", "artist", "artwork", "model", "role", "share_bps", "fee_amount", "currency", "price",
            "withdrawn_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class StyleTermsListView(ListAPIView[StyleTerms]):
    """What is lent at present, by anybody; or, with `mine`, all that you ever lent."""

    is_public = True
    scopes = {"POST": "publish"}
    serializer_class = StyleTermsOut
    queryset = StyleTerms.objects.none()

    def get_queryset(self) -> QuerySet[StyleTerms]:
        terms = StyleTerms.objects.select_related("artist", "artwork", "trained_model").order_by("-pk")
        if "mine" in self.request.query_params:
            return terms.filter(artist__user=signed_in(self.request))
        return terms.offered()

    @extend_schema(operation_id="style_terms_lend", request=LendIn, responses={201: StyleTermsOut})
    def post(self, request: Request) -> Response:
        """Lend a style or a model of yours to other artists' commissions; other terms take the place of old ones."""
        given = LendIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        terms = services.lend_style(
            artist_user=signed_in(request), artwork_id=said.get("artwork"), model_id=said.get("model"),
            share_bps=said["share_bps"], fee_amount=said["fee_amount"],
        )  # fmt: skip
        return Response(StyleTermsOut(terms).data, status=status.HTTP_201_CREATED)


class WithdrawView(APIView):
    """Lending no longer."""

    scopes = {"POST": "publish"}

    @extend_schema(operation_id="style_terms_withdraw", request=None, responses=StyleTermsOut)
    def post(self, request: Request, terms_id: UUID) -> Response:
        """New commissions may not use it; what was agreed or sold stands."""
        return Response(StyleTermsOut(services.withdraw_style(artist_user=signed_in(request), terms_id=terms_id)).data)
