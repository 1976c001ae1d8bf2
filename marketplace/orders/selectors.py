"""Reading who owns what."""

from django.db.models import QuerySet

from marketplace.accounts.models import User
from marketplace.orders.models import Ownership


def collection_of(owner: User) -> QuerySet[Ownership]:
    """What a collector owns, newest first."""
    return (
        Ownership.objects.filter(owner=owner)
        .select_related("artwork__artist", "artwork__style_artist")
        .prefetch_related("artwork__files")
        .order_by("-pk")
    )
