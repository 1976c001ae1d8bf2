"""The licences that works are sold under, over HTTP."""

from rest_framework import serializers
from rest_framework.generics import ListAPIView

from marketplace.core.said import SaidField
from marketplace.listings import selectors
from marketplace.listings.models import Licence


class LicenceOut(serializers.ModelSerializer[Licence]):
    title = SaidField()
    summary = SaidField()
    terms = serializers.CharField(read_only=True, help_text="In English, which binds; certificates name its hash.")

    class Meta:
        model = Licence
        fields = ["code", "title", "summary", "terms"]
        read_only_fields = fields


class LicencesView(ListAPIView[Licence]):
    """The licences that sales may offer, with their terms."""

    is_public = True
    queryset = selectors.licences()
    serializer_class = LicenceOut
    pagination_class = None
    filter_backends = ()
