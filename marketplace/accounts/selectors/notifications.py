"""Reading what people were told, and what they want e-mails of."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import GROUPS, KINDS, Group, Notification, SilencedGroup, User
from marketplace.core.errors import InvalidInput

COUNTED = 100  # of the unread: who has more than that is told no exact number


@dataclass(frozen=True, slots=True)
class EmailChoice:
    """A group, and whether the person has e-mails of it."""

    code: str
    group: Group
    wanted: bool


def notifications_of(person: User, *, group: str = "", unread: bool = False) -> QuerySet[Notification]:
    """What a person was told, newest first: all of it, or of one group, or what they have not read.

    Raises InvalidInput.
    """
    told = Notification.objects.of(person).order_by("-pk")
    if unread:
        told = told.unread()
    if not group:
        return told
    if group not in GROUPS:
        raise InvalidInput(errors={"group": [gettext("Unknown. Known: %(words)s.") % {"words": ", ".join(GROUPS)}]})
    return told.filter(kind__in=[code for code, kind in KINDS.items() if kind.group == group])


def unread_of(person: User) -> int:
    """How many a person has not read; `COUNTED` stands for that many or more."""
    return Notification.objects.of(person).unread()[:COUNTED].count()


def email_choices_of(person: User) -> list[EmailChoice]:
    """Every group, and whether the person has e-mails of it."""
    silenced = set(SilencedGroup.objects.filter(person=person).values_list("group", flat=True))
    return [EmailChoice(code, group, group.essential or code not in silenced) for code, group in GROUPS.items()]
