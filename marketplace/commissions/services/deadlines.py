"""Until when a proof may be answered: as long as the house gives, and never longer than the card is held."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from marketplace.commissions.models import Commission

MARGIN = timedelta(hours=12)  # between the last answer and the lapse of the card's authorisation
TIME_TO_ANSWER = timedelta(hours=12)  # at least, since silence counts as acceptance


def answer_by(commission: Commission) -> datetime:
    """Until when the collector may answer what is shown now, with enough time left to charge the card."""
    deadline = timezone.now() + timedelta(days=settings.ATELIER.acceptance_days)
    return min(deadline, last_answer(commission) or deadline)


def last_answer(commission: Commission) -> datetime | None:
    """The last moment at which the price can still be charged; none where the provider named no end."""
    held_until = commission.payment.capture_before
    return held_until - MARGIN if held_until else None


def leaves_time(commission: Commission) -> bool:
    """Whether what is shown now can be looked at before silence counts as acceptance."""
    return answer_by(commission) >= timezone.now() + TIME_TO_ANSWER
