"""Telling the people who look after payments what needs one of them."""

from django.db.models import Q

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core.languages import Text

_PERMISSION = {"content_type__app_label": "payments", "codename": "change_dispute"}  # who answers banks, and the rest


def tell_staff(*, kind: str, key: str, title: Text, body: Text, link: str) -> None:
    """Tell each of them once; in the transaction of what is told."""
    allowed = Q(is_superuser=True)
    for holds in ("user_permissions", "groups__permissions"):
        allowed |= Q(**{f"{holds}__{name}": value for name, value in _PERMISSION.items()})
    staff = User.objects.filter(allowed, is_staff=True, is_active=True).values_list("pk", flat=True)
    if people := set(staff):
        accounts.notify_all(people=people, kind=kind, key=key, title=title, body=body, link=link)
