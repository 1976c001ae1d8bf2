"""What the two sides of a commission by brief, and staff, are told of its steps, in the transaction of each step."""

from datetime import datetime

from django.utils.text import format_lazy

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.commissions.models import Brief
from marketplace.core.languages import Text
from marketplace.core.moments import moment_words_lazily


def tell(brief: Brief, person: User, kind: str, title: Text, body: Text = "", *, once: object = "") -> None:
    """Tell one person of the brief; `once` tells apart several of one kind."""
    key = f"{brief.pk}:{once}" if once else str(brief.pk)
    accounts.notify(person=person, kind=kind, key=key, title=title, body=body, link=address(brief))


def tell_staff(brief: Brief, kind: str, title: Text, body: Text = "", *, once: object = "staff") -> None:
    """Tell everybody who may decide disputes; `once` tells apart several of one kind."""
    staff = User.objects.filter(is_staff=True, is_active=True).values_list("pk", flat=True)
    link = f"{address(brief)}decision/"
    accounts.notify_all(people=list(staff), kind=kind, key=f"{brief.pk}:{once}", title=title, body=body, link=link)


def day(moment: datetime) -> Text:
    """A deadline, for people."""
    return format_lazy("{moment} (UTC)", moment=moment_words_lazily(moment))


def address(brief: Brief) -> str:
    return f"/briefs/{brief.pk}/"
