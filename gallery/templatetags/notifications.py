"""How many things one was told and has not read."""

from django import template

from marketplace.accounts import selectors
from marketplace.accounts.models import User
from marketplace.accounts.selectors import COUNTED

register = template.Library()


@register.simple_tag
def unread_of(user: object) -> str:
    """The bell's number: nothing where all is read, “99+” for very many."""
    unread = selectors.unread_of(user) if isinstance(user, User) else 0
    return "" if not unread else str(unread) if unread < COUNTED else f"{COUNTED - 1}+"
