"""A collector's own works over HTTP."""

from django.db.models import QuerySet
from rest_framework.generics import ListAPIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.orders import selectors
from marketplace.orders.api.serializers import OwnershipOut
from marketplace.orders.models import Ownership


class CollectionView(ListAPIView[Ownership]):
    """What you own, newest first."""

    serializer_class = OwnershipOut
    queryset = Ownership.objects.none()

    def get_queryset(self) -> QuerySet[Ownership]:
        return selectors.collection_of(signed_in(self.request))
