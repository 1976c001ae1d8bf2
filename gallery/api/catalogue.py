"""The catalogue over HTTP: what hangs, found by words and facets, in pages that all cost the same."""

import json
from typing import Any

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.api.cards import CardSerializer
from gallery.selectors.catalogue import Query, Sort, counted, facets, search
from gallery.selectors.catalogue.query import LARGEST_PAGE, LONGEST_TEXT, PAGE
from gallery.services.sharing import shared

_HELP = {
    "medium": "Such as image or animation.",
    "engine": "By its name, such as flow-field.",
    "artist": "By their slug.",
    "colour": "By its name, such as red.",
    "orientation": "portrait, landscape or square.",
    "price": f"Bands in whole units of the house's currency: {', '.join(facets.band_names())}.",
    "currency": "In which it can be bought, such as eur.",
    "edition": "`left`: of which something is left to be bought.",
    "licence": "Under which it can be bought.",
    "year": "In which it was made.",
    "sale": "fixed, english or dutch.",
}
_TEXT = f"Words to find, at most {LONGEST_TEXT} characters: all of them; “in quotes” together; -without; or."
_MANY = {"type": "array", "items": {"type": "string"}}
_NARROWING = [
    OpenApiParameter("q", str, description=_TEXT),
    OpenApiParameter("price_from", str, description="The least price, such as 12.50, in `price_currency`."),
    OpenApiParameter("price_to", str, description="The highest price, itself among them."),
    OpenApiParameter("price_currency", str, description="Of both ends, and of an order by price; needed with either."),
    *(OpenApiParameter(name, _MANY, description=f"{_HELP[name]} Repeated: any of them.") for name in facets.GROUPS),
]
_PAGING = [
    OpenApiParameter("sort", str, enum=list(Sort), description="Default: relevance of a text, else new."),
    OpenApiParameter("cursor", str, description="`next` of the page before."),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}),
]


class CataloguePage(serializers.Serializer[Any]):
    """Some works, and where it goes on."""

    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page; null: this is the last.")
    correction = serializers.CharField(help_text="What may have been meant by a text that finds little, or empty.")
    is_corrected = serializers.BooleanField(help_text="Whether the results are the correction's: go on with it as `q`.")
    results = CardSerializer(many=True)


class FacetValue(serializers.Serializer[Any]):
    """One value of a facet."""

    value = serializers.CharField()
    count = serializers.IntegerField()
    is_exact = serializers.BooleanField(help_text="False: at least so many.")


class FacetsOut(serializers.Serializer[Any]):
    """What a search can be narrowed by: for each facet its values with the number of works."""

    total = serializers.IntegerField()
    is_exact = serializers.BooleanField(help_text="False: there are at least `total`.")
    facets = serializers.DictField(child=FacetValue(many=True))


class _Shared(APIView):
    """What anybody reads, whoever they are: nobody is asked who they are, and one answer does for all."""

    is_public = True
    authentication_classes = ()
    # Most are answered from what is kept, before any view; docs/walk.md says why the rest is not counted here.
    throttle_classes = ()


class CatalogueView(_Shared):
    """What hangs."""

    @extend_schema(operation_id="catalogue_list", parameters=[*_NARROWING, *_PAGING], responses=CataloguePage)
    @method_decorator(shared)
    def get(self, request: Request) -> HttpResponse:
        """Works that hang, by words and facets, a page at a time; a text that finds nothing is corrected."""
        page = search(Query.parse(request.query_params))
        # The cards are JSON already: they are sent as they lie, neither parsed nor written again.
        head = json.dumps({"next": page.next or None, "correction": page.correction, "is_corrected": page.is_corrected})
        cards = ",".join(card.text for card in page.cards)
        return HttpResponse(f'{head[:-1]}, "results": [{cards}]}}', content_type="application/json")


class FacetsView(_Shared):
    """By what the catalogue can be narrowed."""

    @extend_schema(operation_id="catalogue_facets", parameters=_NARROWING, responses=FacetsOut)
    @method_decorator(shared)
    def get(self, request: Request) -> Response:
        """Facets with counts: of everything else that is chosen, not of the facet's own choice."""
        found = counted(Query.parse(request.query_params))
        total = found.pop(facets.EVERYTHING)
        values = {group: facets.values_in(group, one.by_facet) for group, one in found.items()}
        return Response({
            "total": total.everything, "is_exact": total.is_exact,
            "facets": {
                group: [{"value": value, "count": n, "is_exact": found[group].is_exact} for value, n in of_group]
                for group, of_group in values.items()
            },
        })  # fmt: skip
