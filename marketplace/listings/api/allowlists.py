"""The list of those who may buy early, over HTTP: as JSON, or as a CSV file."""

from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.parsing import TextParser
from marketplace.listings import selectors, services
from marketplace.listings.models import Allowed
from marketplace.listings.services.allowing import MOST_ALLOWED

MOST_BYTES = 2_000_000
OFF_THE_LIST = OpenApiParameter(
    "people", {"type": "array", "items": {"type": "string", "maxLength": 254}}, description="Repeated: each of them."
)


class CsvParser(BaseParser):
    """The first column of a CSV file: e-mail addresses or ids."""

    media_type = "text/csv"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, list[str]]:
        data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise InvalidInput(
                gettext("The file is too large."),
                errors={"people": [gettext("At most %(most_bytes)s bytes.") % {"most_bytes": f"{MOST_BYTES:,}"}]},
            )
        return {"people": services.people_in_csv(data)}


class People(serializers.Serializer[Allowed]):
    people = serializers.ListField(
        child=serializers.CharField(max_length=254), min_length=1, max_length=MOST_ALLOWED,
        help_text="E-mail addresses, or ids of people of the house.",
    )  # fmt: skip


class Listed(serializers.Serializer[Allowed]):
    count = serializers.IntegerField(help_text="How many are on the list.")
    people = serializers.ListField(child=serializers.CharField(), help_text="Addresses and ids, as they were given.")


class AllowlistView(APIView):
    """Those who may buy before `allowlist_until`."""

    scopes = {"GET": "publish", "POST": "publish", "DELETE": "publish"}
    parser_classes = (TextParser, CsvParser)

    @extend_schema(responses=Listed)
    def get(self, request: Request, sale_id: UUID) -> Response:
        """Who is on the list of your sale."""
        by = signed_in(request)
        if selectors.sale_by_id(sale_id, by).seller_id != by.pk:
            raise NotFound(gettext("There is no such sale."))
        return self._answer(sale_id)

    @extend_schema(request={"application/json": People, "text/csv": OpenApiTypes.STR}, responses=Listed)
    def post(self, request: Request, sale_id: UUID) -> Response:
        """Put people on the list; those on it stay. As `text/csv`, the first column counts."""
        services.allow(seller=signed_in(request), sale_id=sale_id, people=self._people(request.data))
        return self._answer(sale_id)

    @extend_schema(parameters=[OFF_THE_LIST], responses={200: Listed})
    def delete(self, request: Request, sale_id: UUID) -> Response:
        """Take people off the list; they may also be named as in a POST, for there may be many."""
        named = request.query_params.getlist("people")
        people = self._people({"people": named} if named else request.data)
        services.disallow(seller=signed_in(request), sale_id=sale_id, people=people)
        return self._answer(sale_id)

    def _people(self, sent: Any) -> list[str]:
        given = People(data=sent)
        given.is_valid(raise_exception=True)
        people: list[str] = given.validated_data["people"]
        return people

    def _answer(self, sale_id: UUID) -> Response:
        rows = Allowed.objects.filter(sale=sale_id).order_by("pk").values_list("email", "user_id")
        return Response({"count": len(rows), "people": [email or str(user_id) for email, user_id in rows]})
