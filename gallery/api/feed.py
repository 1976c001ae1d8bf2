"""The feed, what is new for one, and what ends soon, over HTTP."""

from typing import Any

from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery import selectors, services
from gallery.api.cards import CardSerializer
from gallery.api.exhibitions import ExhibitionOut
from gallery.api.pages import PAGE_PARAMETERS, cursor_of, paged, size_of
from gallery.models import Dismissal
from gallery.services.sharing import shared
from marketplace.accounts.api.authentication import signed_in
from marketplace.listings.api.sales import SaleOut


class NewsOut(serializers.Serializer[Any]):
    """A work that was hung, a sale that opened or will, or an exhibition that opened."""

    kind = serializers.ChoiceField(
        choices=[("work", "A work was hung"), ("sale", "A sale opens"), ("exhibition", "An exhibition opened")]
    )
    at = serializers.DateTimeField(source="place.at")
    artwork = CardSerializer(source="card", allow_null=True, help_text="Of an exhibition the first that hangs in it.")
    sale = SaleOut(allow_null=True)
    exhibition = ExhibitionOut(allow_null=True)
    artists = serializers.SerializerMethodField(help_text="Slugs of whom you follow and an exhibition shows.")

    def get_artists(self, news: selectors.News) -> list[str]:
        return [artist.slug for artist in news.artists]


class FeedOut(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = NewsOut(many=True)


class FeedView(APIView):
    """What the artists whom you follow hang and sell, and where it is exhibited."""

    @extend_schema(operation_id="feed_list", parameters=PAGE_PARAMETERS, responses=FeedOut)
    def get(self, request: Request) -> Response:
        """Works, sales and exhibitions of the artists whom you follow, newest first; drops to come stand first."""
        page = selectors.feed_of(signed_in(request), after=cursor_of(request), limit=size_of(request))
        return Response(paged(request, NewsOut(page.news, many=True).data, page.next))


class WhyOut(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="By which less of its like is asked for.")
    words = serializers.CharField(help_text="For people.")


class ForYouOut(serializers.Serializer[Any]):
    """A work that you have not seen, and why it is shown to you."""

    artwork = CardSerializer(source="card")
    reason = WhyOut()


class ForYouView(APIView):
    """New for you."""

    @extend_schema(operation_id="for_you_list", responses=ForYouOut(many=True))
    def get(self, request: Request) -> Response:
        """At most 24 works that you have not seen, each with its reason: whom you follow, what you keep."""
        return Response(ForYouOut(selectors.suggestions_for(signed_in(request)), many=True).data)


class DismissalOut(serializers.ModelSerializer[Dismissal]):
    """A reason for which nothing is suggested until a day."""

    class Meta:
        model = Dismissal
        fields = ["id", "reason", "words", "until"]
        read_only_fields = fields


class DismissIn(serializers.Serializer[Any]):
    """Either a work, which is never suggested again, or a reason, for which nothing is for ninety days."""

    artwork = serializers.UUIDField(required=False)
    reason = serializers.CharField(required=False, max_length=120)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError({"artwork": ["Give either a work or a reason."]})
        return attrs


class DismissalsView(ListAPIView[Dismissal]):
    """What you do not want to be suggested."""

    scopes = {"POST": "collect"}
    serializer_class = DismissalOut
    queryset = Dismissal.objects.none()

    def get_queryset(self) -> QuerySet[Dismissal]:
        return selectors.dismissed_reasons(signed_in(self.request))

    @extend_schema(operation_id="for_you_dismiss", request=DismissIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Dismiss a work, or have less of its like."""
        given = DismissIn(data=request.data)
        given.is_valid(raise_exception=True)
        person, said = signed_in(request), given.validated_data
        if "artwork" in said:
            services.dismiss_work(person=person, artwork_id=said["artwork"])
        else:
            services.dismiss_reason(person=person, key=said["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class DismissalView(APIView):
    """One of them."""

    scopes = {"DELETE": "collect"}

    @extend_schema(operation_id="for_you_dismissals_destroy", responses={204: None})
    def delete(self, request: Request, dismissal_id: int) -> Response:
        """Have it suggested again."""
        services.undo_dismissal(person=signed_in(request), dismissal_id=dismissal_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EndingOut(serializers.Serializer[Any]):
    """What ends or begins soon."""

    ending = SaleOut(many=True, help_text="Auctions and timed sales that close within a week, the next first.")
    opening = SaleOut(many=True, help_text="Drops and auctions that are not open yet, the next first.")


class EndingView(APIView):
    """What ends or begins soon."""

    is_public = True

    @extend_schema(operation_id="ending_list", responses=EndingOut)
    @method_decorator(shared)
    def get(self, request: Request) -> Response:
        """Auctions ending soon, and drops about to open: at most 48 of each."""
        soon = {"ending": selectors.ending_soon(), "opening": selectors.opening_soon()}
        return Response(EndingOut(soon).data)
