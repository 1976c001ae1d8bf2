"""Reading the searches that people keep, and what was found for them."""

from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from gallery.models import Card, Find, SavedSearch
from gallery.selectors.works import hanging
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound

SHOWN = 8


def searches_of(owner: User) -> QuerySet[SavedSearch]:
    """The searches that a person keeps, the last first, each with how many works it found (`found`)."""
    return SavedSearch.objects.filter(owner=owner).annotate(found=Count("finds")).order_by("-pk")


def search_of(owner: User, search_id: UUID) -> SavedSearch:
    """One of them. Raises NotFound."""
    search = searches_of(owner).filter(pk=search_id).first()
    if search is None:
        raise NotFound(_("You keep no such search."))
    return search


def finds_of(search: SavedSearch) -> QuerySet[Find]:
    """What was found for a search and hangs, the last first."""
    return Find.objects.filter(search=search, artwork__card__isnull=False).select_related("artwork__card")


def last_found(owner: User) -> list[Card]:
    """The works that were found last for a person, of all their searches, each once."""
    finds = Find.objects.filter(search__owner=owner).order_by("-pk").values_list("artwork", flat=True)
    return hanging(finds[: 4 * SHOWN])[:SHOWN]
