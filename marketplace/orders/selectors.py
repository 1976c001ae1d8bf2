"""Reading who owns what."""

from django.db.models import QuerySet

from marketplace.accounts.models import User
from marketplace.orders.models import Ownership


def collection_of(owner: User) -> QuerySet[Ownership]:
    """What a collector owns, newest first."""
    return (
        Ownership.objects.filter(owner=owner)
        .select_related(
            "edition__release__artwork__style_artist",
            "edition__release__artwork__artist",
            "edition__made__artist",
            "edition__made__style_artist",
            "licence",
        )
        .prefetch_related("edition__release__artwork__files", "edition__made__files")
        .order_by("-pk")
    )
