"""An artist's own shop over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.artists import selectors, services
from marketplace.artists.selectors import Shop
from marketplace.commissions.api.brief_serializers import TermsIn, TermsOut
from marketplace.commissions.api.lending import StyleTermsOut
from marketplace.listings.api.sales import PriceIn
from marketplace.listings.models import UsualPrice
from marketplace.listings.services import AskedPrice


class UsualPriceOut(serializers.ModelSerializer[UsualPrice]):
    text = serializers.CharField(source="money", read_only=True, help_text="For people, such as €25.00.")

    class Meta:
        model = UsualPrice
        fields = ["licence", "currency", "amount", "text"]
        read_only_fields = fields


class ShopOut(serializers.Serializer[Any]):
    """Everything by which you trade."""

    artist = serializers.CharField(source="artist.slug")
    state = serializers.CharField(source="artist.state", help_text="approved or suspended.")
    suspended_for = serializers.CharField(source="artist.suspended_for", help_text="Why, while you are suspended.")
    tax_country = serializers.CharField(source="artist.user.tax_country")
    commissions = serializers.SerializerMethodField(help_text="On what terms you take commissions; null: never said.")
    usual_prices = UsualPriceOut(many=True, help_text="What a new sale costs that says nothing else.")
    lent = StyleTermsOut(many=True, help_text="Styles and models that you lend; see /style-terms/.")
    is_payable = serializers.SerializerMethodField(help_text="Whether what you earn reaches your bank.")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="What still keeps you from being paid; see /payout-account/."
    )

    @extend_schema_field(TermsOut(allow_null=True))
    def get_commissions(self, shop: Shop) -> Any:
        return TermsOut(shop.terms).data if shop.terms else None

    def get_is_payable(self, shop: Shop) -> bool:
        return not shop.missing


class ChangeShop(serializers.Serializer[Any]):
    """What changes; what is left out stays."""

    tax_country = serializers.CharField(max_length=2, required=False, help_text="ISO 3166, such as FR.")
    usual_prices = PriceIn(many=True, required=False, help_text="All of them; the licences that you offer by default.")
    commissions = TermsIn(required=False)


class ShopView(APIView):
    """Your shop."""

    scopes = {"PATCH": "publish"}

    @extend_schema(operation_id="shop_retrieve", responses=ShopOut)
    def get(self, request: Request) -> Response:
        """How it stands, and what is missing."""
        return Response(ShopOut(selectors.shop_of(signed_in(request))).data)

    @extend_schema(operation_id="shop_partial_update", request=ChangeShop, responses=ShopOut)
    def patch(self, request: Request) -> Response:
        """Change it, all that you send or nothing."""
        given = ChangeShop(data=request.data)
        given.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(given.validated_data)
        if "usual_prices" in said:
            said["usual_prices"] = [AskedPrice(**one) for one in said["usual_prices"]]
        return Response(ShopOut(services.change_shop(artist_user=signed_in(request), **said)).data)
