"""An artist as everybody sees them."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext

from generation import selectors as generation
from generation.models.artworks import ArtworkQuerySet
from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import Artist
from marketplace.artists.models import Portrait
from marketplace.commissions import selectors as commissions
from marketplace.commissions.models import CommissionTerms
from marketplace.core.errors import NotFound
from marketplace.listings import selectors as listings
from marketplace.listings.models import Sale

_SHOWN = ("portrait", "user__payout_account")


@dataclass(frozen=True)
class Profile:
    """What is shown of an artist; what takes a query is asked when it is shown. Of a suspended one, their name."""

    artist: Artist

    @cached_property
    def portrait(self) -> Portrait | None:
        return None if self.artist.is_suspended else getattr(self.artist, "portrait", None)

    @cached_property
    def is_verified(self) -> bool:
        """Whether the payment provider knows who they are: it pays nobody before."""
        account = getattr(self.artist.user, "payout_account", None)
        return account is not None and account.is_payable and not self.artist.is_suspended

    @cached_property
    def terms(self) -> CommissionTerms | None:
        """On what terms they take commissions, while they do."""
        terms = None if self.artist.is_suspended else commissions.terms_of(self.artist)
        return terms if terms is not None and terms.is_open else None

    @cached_property
    def in_queue(self) -> int:
        return commissions.in_queue(self.artist)

    @property
    def is_full(self) -> bool:
        """Whether a brief would wait in line."""
        return self.terms is not None and self.in_queue >= self.terms.queue_limit

    @cached_property
    def sales(self) -> list[Sale]:
        """What they have on offer: editions, drops and auctions."""
        return listings.sales_by(self.artist)

    @property
    def works(self) -> ArtworkQuerySet:
        """What of theirs hangs."""
        return generation.wall().filter(artist=self.artist)


def profiles() -> QuerySet[Artist]:
    """Every artist who takes part, with what their profile needs, newest first."""
    return accounts.artists().select_related(*_SHOWN).order_by("-pk")


def profile_of(slug: str) -> Profile:
    """One artist's, suspended or not. Raises NotFound."""
    artist = accounts.known_artists().select_related(*_SHOWN).filter(slug=slug).first()
    if artist is None:
        raise NotFound(gettext("There is no such artist."))
    return Profile(artist)
