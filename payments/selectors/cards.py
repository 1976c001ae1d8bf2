"""Reading the cards that people keep."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from payments.models import SavedCard


def saved_cards(user: User) -> QuerySet[SavedCard]:
    """The cards that a person keeps, the preferred one first."""
    return SavedCard.objects.filter(customer__user=user).order_by("-is_default", "-pk")


def saved_card_of(user: User, card_id: UUID) -> SavedCard:
    """One of them. Raises NotFound, also for other people's."""
    card = saved_cards(user).filter(pk=card_id).first()
    if card is None:
        raise NotFound(gettext("You keep no such card."))
    return card
