"""Reading releases and the sales of their editions."""

from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from generation.models import Artwork, ModelState, TrainedModel
from generation.models.artworks import ArtworkQuerySet
from marketplace.accounts.models import Artist, ArtistState, User
from marketplace.core.errors import NotFound
from marketplace.listings.models import (
    Edition,
    EditionState,
    Licence,
    Price,
    Release,
    Sale,
    SaleState,
    UsualPrice,
)
from marketplace.listings.models.sales import SaleQuerySet
from marketplace.listings.selectors.buying import UNSELLABLE

_WORKS = ("release__artwork", "edition__release__artwork", "edition__made")
FILES = tuple(f"{work}__files" for work in _WORKS)


def licences() -> QuerySet[Licence]:
    """The licences that sales may offer."""
    return Licence.objects.filter(is_offered=True)


def sales_shown() -> SaleQuerySet:
    """What everybody sees: open sales, and drops to come, of what may be sold; newest first, with prices and files."""
    hidden = _of_what_is_hidden()
    for release in ("release", "edition__release"):
        open_models = [ModelState.PUBLISHED, ModelState.DEPRECATED]
        hidden |= Q(**{f"{release}__trained_model__isnull": False}) & ~Q(
            **{f"{release}__trained_model__state__in": open_models, f"{release}__trained_model__is_held": False}
        )
    hidden |= _by_suspended()
    shown = Sale.objects.filter(Q(closes_at=None) | Q(closes_at__gt=timezone.now()), state=SaleState.OPEN)
    return with_all(shown.filter(is_private=False).exclude(hidden))


def _of_what_is_hidden() -> Q:
    """Sales of works that are taken down or held back."""
    hidden = Q()
    for work in _WORKS:
        hidden |= Q(**{f"{work}__visibility__in": UNSELLABLE})
    return hidden


def _by_suspended(sale: str = "") -> Q:
    """What artists sell themselves while they are suspended; what others resell is not theirs any more."""
    of_release = Q(**{f"{sale}release__artist__state": ArtistState.SUSPENDED})
    of_edition = Q(**{f"{sale}edition__release__artist__state": ArtistState.SUSPENDED})
    return of_release | of_edition & Q(**{f"{sale}seller": F(f"{sale}edition__release__artist__user")})


def sales_of(seller: User) -> SaleQuerySet:
    """All that somebody sells or sold, newest first."""
    return with_all(Sale.objects.filter(seller=seller))


def with_all(sales: SaleQuerySet) -> SaleQuerySet:
    """With what is sold, how it is bid for, prices, pictures, and how many editions are left (`left`), newest first."""
    prices = Prefetch("prices", Price.objects.select_related("licence").order_by("amount", "pk"))
    # Counted in the index of what is free, rather than over all editions and all that is joined here.
    free = Edition.objects.filter(release=OuterRef("release"), state=EditionState.FREE).order_by()
    left = Coalesce(Subquery(free.values("release").annotate(free=Count("pk")).values("free")), 0)
    sales = sales.with_what_is_sold().select_related(
        "release__artwork__artist", "edition__release__artwork__artist", "edition__made__artist",
        "edition__release__trained_model", "auction", "falling__licence",
    )  # fmt: skip
    return sales.prefetch_related(prices, *FILES).annotate(left=left).order_by("-pk")


def sales_by(artist: Artist) -> list[Sale]:
    """What an artist themselves has on offer and everybody sees, newest first."""
    by_them = Q(release__artist=artist) | Q(edition__release__artist=artist)
    return list(sales_shown().filter(by_them, seller=artist.user_id)[:24])


def usual_prices_of(seller: User) -> QuerySet[UsualPrice]:
    """What an artist usually asks, by licence and currency."""
    usual = UsualPrice.objects.filter(artist__user=seller, licence__is_offered=True)
    return usual.select_related("licence").order_by("licence", "currency")


def sale_by_id(sale_id: UUID, viewer: User | None) -> Sale:
    """One sale that this viewer may see: all but others' drafts and private ones. Raises NotFound.

    While a work is taken down or held back, only who sells it, curators and staff see its sales.
    """
    seen = Q(is_private=False) & ~Q(state=SaleState.DRAFT)
    if viewer is not None:
        seen |= Q(is_private=True, allowed__user=viewer)
    if viewer is None or not (viewer.is_staff or viewer.is_curator):
        seen &= ~_of_what_is_hidden()
    if viewer is not None:
        seen |= Q(seller=viewer)
    sale = with_all(Sale.objects.filter(pk__in=Sale.objects.filter(seen, pk=sale_id).values("pk"))).first()
    if sale is None:
        raise NotFound(gettext("There is no such sale."))
    return sale


def resale_of(edition_id: UUID) -> Sale | None:
    """How an edition is for sale by itself at present, if it is."""
    going = Sale.objects.filter(edition=edition_id, state__in=[SaleState.OPEN, SaleState.PAUSED], is_private=False)
    return with_all(going).first()


def sales_of_artwork(artwork_id: UUID) -> list[Sale]:
    """What everybody can buy of a work: of its release, and editions that their owners resell, the cheapest first."""
    sales = list(sales_shown().of_works([artwork_id])[:12])
    return sorted(sales, key=lambda sale: (sale.edition_id is not None, sale.pk))


def sales_of_release(release: Release) -> list[Sale]:
    """What everybody can buy of a release: from its artist first, then editions that their owners resell."""
    return sorted(sales_shown().of_release(release.pk)[:24], key=lambda sale: (sale.edition_id is not None, sale.pk))


def sales_of_model(model_id: UUID) -> list[Sale]:
    """The open sales of a model's series."""
    return list(sales_shown().filter(release__trained_model=model_id)[:12])


def releases_of(artist_user: User) -> QuerySet[Release]:
    """An artist's releases, newest first."""
    return Release.objects.filter(artist__user=artist_user).select_related("artist", "artwork", "trained_model")


def releases() -> QuerySet[Release]:
    """What was issued and everybody may see, newest first: of works on the wall, and of open models."""
    shown = Q(artwork__visibility=Artwork.Visibility.WALL) | Q(trained_model__state=ModelState.PUBLISHED)
    return (
        Release.objects.filter(shown)
        .select_related("artist", "artwork", "trained_model")
        .prefetch_related("contributors__user")
        .order_by("-pk")
    )


def release_by_id(release_id: UUID, viewer: User | None) -> Release:
    """One that everybody may see, or one's own. Raises NotFound."""
    own = Release.objects.filter(artist__user=viewer, pk=release_id).first() if viewer else None
    release = own or releases().filter(pk=release_id).first()
    if release is None:
        raise NotFound(gettext("There is no such release."))
    return release


def editions_of(release: Release) -> QuerySet[Edition]:
    """The editions of a release that count, by their numbers (the last first, as all lists of the API)."""
    editions = release.editions.exclude(state=EditionState.VOID)
    return editions.select_related("made", "release__artwork").order_by("-number")


def left_of(sale: Sale) -> int | None:
    """How many editions a sale still has; None where it has as many as are bought until it closes."""
    if sale.edition is not None:
        return int(sale.state == SaleState.OPEN)
    if sale.issued.size is None:
        return None
    counted = getattr(sale, "left", None)  # by `with_all`, in one query for many sales
    free = sale.issued.editions.filter(state=EditionState.FREE).count() if counted is None else int(counted)
    return free + sale.issued.size - sale.issued.numbered


def release_of(artwork: Artwork) -> Release | None:
    """The release of a work, if it was issued."""
    return Release.objects.filter(artwork=artwork).first()


def unissued_works(artist_user: User) -> ArtworkQuerySet:
    """An artist's own works that were not issued yet and could be, newest first."""
    works = Artwork.objects.filter(Q(owner=None) | Q(owner=artist_user), artist__user=artist_user, release=None)
    return works.exclude(visibility__in=UNSELLABLE).with_files().order_by("-pk")


def is_issuable(artwork: Artwork, person: User | None) -> bool:
    """Whether this person may issue a work that was not issued yet."""
    is_artist = person is not None and artwork.artist is not None and artwork.artist.user_id == person.pk
    is_theirs = is_artist and artwork.owner_id in {None, person.pk if person else None}
    return is_theirs and artwork.visibility not in UNSELLABLE and release_of(artwork) is None


def may_issue_model(model: TrainedModel, person: User | None) -> bool:
    """Whether this person may issue a series of a model."""
    is_theirs = person is not None and model.artist.user_id == person.pk
    return is_theirs and model.state == ModelState.PUBLISHED and not model.is_held
