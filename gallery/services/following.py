"""Following artists."""

from django.db import transaction
from django.utils.translation import gettext as _

from gallery.models import Follow
from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import User
from marketplace.core.errors import Conflict


@transaction.atomic
def follow_artist(*, person: User, slug: str) -> Follow:
    """Hear of an artist from now on; again is nothing new. Raises NotFound, ArtistSuspended, Conflict (oneself)."""
    artist = accounts.artist_by_slug(slug)
    if artist.user_id == person.pk:
        raise Conflict(_("You are told of your own works as it is."))
    accounts.require_approved(artist)
    follow, _is_new = Follow.objects.get_or_create(follower=person, artist=artist)
    return follow


@transaction.atomic
def unfollow_artist(*, person: User, slug: str) -> None:
    """Hear of them no more; of one who was never followed too. Raises NotFound."""
    Follow.objects.filter(follower=person, artist=accounts.artist_by_slug(slug)).delete()
