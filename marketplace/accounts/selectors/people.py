"""Reading about people."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from marketplace.accounts.errors import ArtistSuspended, NotAnArtist
from marketplace.accounts.models import CURATORS, SCOPES, ApiToken, Artist, ArtistState, User
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


def approved_artist(user: User) -> Artist:
    """The gate of the trade: the artist that this person is, if they may publish, offer, lend and sell.

    Every service that begins something of the kind asks here. Raises NotAnArtist, ArtistSuspended.
    """
    artist = artist_of(user)
    if artist is None:
        raise NotAnArtist(gettext("Apply to be an artist of the house first."))
    require_approved(artist)
    return artist


def require_approved(artist: Artist) -> None:
    """Raises ArtistSuspended."""
    if artist.is_suspended:
        raise ArtistSuspended(gettext("%(artist_name)s does not take part at present.") % {"artist_name": artist.name})


def curator_ids() -> list[UUID]:
    """Everybody who decides about applications and reviews."""
    return list(User.objects.filter(is_active=True, groups__name=CURATORS).values_list("pk", flat=True))


def scopes_open_to(user: User) -> list[str]:
    """The scopes that a person may give to a token of theirs."""
    closed = set()
    artist = artist_of(user)
    if artist is None or artist.is_suspended:
        closed.add("publish")
    if not user.is_curator:
        closed.add("curate")
    return [scope for scope in SCOPES if scope not in closed]


def artists() -> QuerySet[Artist]:
    """Every artist of the house who is still active and takes part."""
    return known_artists().filter(state=ArtistState.APPROVED)


def known_artists() -> QuerySet[Artist]:
    """Every artist who is still active, suspended ones too: their works hang with those who bought them."""
    return Artist.objects.filter(user__is_active=True)


def artist_by_slug(slug: str, *, for_update: bool = False) -> Artist:
    """One artist by the name in their address; `for_update` locks the profile until the transaction ends.

    Raises NotFound.
    """
    found = known_artists().filter(slug=slug)
    artist = (found.select_for_update(of=("self",)) if for_update else found).first()
    if artist is None:
        raise NotFound(gettext("There is no such artist."))
    return artist
