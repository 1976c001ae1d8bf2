"""Saying no to suggestions: to one, or to more of the same for a while."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.models import Dismissal
from gallery.selectors import suggestions
from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput, NotFound

LESS_FOR = timedelta(days=90)


@transaction.atomic
def dismiss_work(*, person: User, artwork_id: UUID) -> None:
    """Never suggest this work again. Raises NotFound."""
    if not Artwork.objects.visible_to(person).filter(pk=artwork_id).exists():
        raise NotFound(_("There is no such work."))
    Dismissal.objects.get_or_create(person=person, artwork_id=artwork_id)


@transaction.atomic
def dismiss_reason(*, person: User, key: str) -> Dismissal:
    """Suggest nothing for this reason for ninety days from now. Raises InvalidInput (`reason`: there is none such)."""
    subject = suggestions.subject_of(key)
    if subject is None:
        raise InvalidInput(errors={"reason": [_("The key of a suggestion's reason.")]})
    told = {"words": subject, "until": timezone.now() + LESS_FOR}
    dismissal, _is_new = Dismissal.objects.update_or_create(person=person, reason=key, defaults=told)
    return dismissal


@transaction.atomic
def undo_dismissal(*, person: User, dismissal_id: int) -> None:
    """Suggest it again. Raises NotFound."""
    deleted, _rows = Dismissal.objects.filter(person=person, pk=dismissal_id).delete()
    if not deleted:
        raise NotFound(_("You dismissed no such thing."))
