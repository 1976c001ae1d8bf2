"""Who stands in front of a page: what the type checker cannot know of a request by itself."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from marketplace.accounts.models import User


class VisitorRequest(HttpRequest):
    """A request by anybody, as htmx's middleware leaves it."""

    htmx: HtmxDetails


class MemberRequest(VisitorRequest):
    """A request that has passed `login_required`."""

    user: User


def person_of(request: HttpRequest) -> User | None:
    """The person who is signed in, or nobody."""
    return request.user if isinstance(request.user, User) else None
