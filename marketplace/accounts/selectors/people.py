"""Reading about people."""

from django.db.models import QuerySet

from marketplace.accounts.models import SCOPES, ApiToken, Artist, User
from marketplace.core.errors import NotFound


def display_name(user: User) -> str:
    """What allauth calls a person on its pages and in its mails."""
    return user.name


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's tokens that were not revoked; expired ones are shown until they are."""
    return ApiToken.objects.filter(user=user, revoked_at=None)


def artist_of(user: User) -> Artist | None:
    """The person's profile as an artist, if they have one."""
    return Artist.objects.filter(user=user).first()


def scopes_open_to(user: User) -> list[str]:
    """The scopes that a person may give to a token of theirs."""
    closed = set()
    if artist_of(user) is None:
        closed.add("publish")
    if not user.is_curator:
        closed.add("curate")
    return [scope for scope in SCOPES if scope not in closed]


def artists() -> QuerySet[Artist]:
    """Every artist of the house who is still active."""
    return Artist.objects.filter(user__is_active=True)


def artist_by_slug(slug: str, *, for_update: bool = False) -> Artist:
    """One artist by the name in their address; `for_update` locks the profile until the transaction ends.

    Raises NotFound.
    """
    found = artists().filter(slug=slug)
    artist = (found.select_for_update(of=("self",)) if for_update else found).first()
    if artist is None:
        raise NotFound("There is no such artist.")
    return artist
