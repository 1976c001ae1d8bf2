"""The log of decisions over HTTP, for curators."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from gallery.api.curating import DecisionOut
from gallery.models import Decision, Verdict
from gallery.selectors import decisions as selectors
from gallery.selectors.decisions import STANDS, Sought
from marketplace.accounts.api.authentication import signed_in
from marketplace.core.pagination import NewestFirst


class SoughtIn(serializers.Serializer[Any]):
    """Which decisions; what is left out is any."""

    verdict = serializers.ChoiceField(choices=Verdict.choices, required=False)
    stand = serializers.ChoiceField(choices=STANDS, required=False, help_text="Whether it stands or was undone.")
    curator = serializers.UUIDField(required=False, help_text="Whoever decided.")
    artwork = serializers.UUIDField(required=False, help_text="The work that was decided about.")


@extend_schema_view(get=extend_schema(operation_id="curator_decisions_list", parameters=[SoughtIn]))
class DecisionsView(ListAPIView[Decision]):
    """What curators decided, undone decisions included, newest first."""

    scopes = {"GET": "curate", "HEAD": "curate"}
    serializer_class = DecisionOut
    pagination_class = NewestFirst
    queryset = Decision.objects.none()

    def get_queryset(self) -> QuerySet[Decision]:
        given = SoughtIn(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        return selectors.decisions_log(signed_in(self.request), Sought(**given.validated_data))
