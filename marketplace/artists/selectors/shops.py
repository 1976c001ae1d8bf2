"""An artist's shop, as they see it themselves."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from generation.models import Artwork
from marketplace.accounts import selectors as accounts
from marketplace.accounts.errors import NotAnArtist
from marketplace.accounts.models import Artist, User
from marketplace.commissions import selectors as commissions
from marketplace.commissions.models import CommissionTerms
from marketplace.listings import selectors as listings
from marketplace.listings.models import StyleTerms, UsualPrice
from payments import selectors as payments
from payments.models import PayoutAccount


@dataclass(frozen=True)
class Shop:
    """Everything by which an artist trades; what takes a query is asked when it is shown."""

    artist: Artist

    @cached_property
    def terms(self) -> CommissionTerms | None:
        return commissions.terms_of(self.artist)

    @cached_property
    def in_queue(self) -> int:
        return commissions.in_queue(self.artist)

    @cached_property
    def usual_prices(self) -> list[UsualPrice]:
        return list(listings.usual_prices_of(self.artist.user))

    @cached_property
    def lent(self) -> list[StyleTerms]:
        """Styles and models that are lent at present."""
        standing = StyleTerms.objects.standing().filter(artist=self.artist)
        return list(standing.select_related("artwork", "trained_model").order_by("-pk"))

    @property
    def lendable(self) -> list[Artwork]:
        """Works whose style could be lent besides: those that hang."""
        works = Artwork.objects.on_wall().filter(artist=self.artist)
        return list(works.exclude(style_terms__withdrawn_at=None, style_terms__isnull=False).order_by("-pk")[:100])

    @cached_property
    def payouts(self) -> PayoutAccount | None:
        return payments.payout_account_of(self.artist.user)

    @cached_property
    def missing(self) -> list[str]:
        """What still keeps them from being paid, in words; nothing, once nothing does."""
        if self.payouts is None or self.payouts.stripe_id is None or self.payouts.is_closed:
            return [gettext("an account at the payment provider")]
        if self.payouts.is_payable:
            return []
        return payments.requirements_in_words(self.payouts.requirements) or [
            gettext("the payment provider's own checks")
        ]


def shop_of(user: User) -> Shop:
    """The shop of an artist, suspended or not. Raises NotAnArtist."""
    artist = accounts.artist_of(user)
    if artist is None:
        raise NotAnArtist(gettext("Apply to be an artist of the house first."))
    return Shop(artist)
