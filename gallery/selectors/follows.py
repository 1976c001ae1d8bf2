"""Reading who follows whom."""

from django.db.models import QuerySet

from gallery.models import Follow
from marketplace.accounts.models import Artist, User


def follows_of(person: User) -> QuerySet[Follow]:
    """Whom a person follows, the last first; suspended artists too, and none whose account is closed."""
    follows = Follow.objects.filter(follower=person, artist__user__is_active=True)
    return follows.select_related("artist__portrait", "artist__user__payout_account").order_by("-pk")


def is_following(person: User | None, artist: Artist) -> bool:
    """Whether a person follows an artist."""
    return person is not None and Follow.objects.filter(follower=person, artist=artist).exists()


def followers_of(artist: Artist) -> int:
    """How many people follow an artist."""
    return Follow.objects.filter(artist=artist, follower__is_active=True).count()
