"""Who, beside the seller, has a share in what is sold: whose style it carries, and whose model made it."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from generation.models import Artwork, ArtworkFile, FileRole, TrainedModel
from marketplace.listings.models import StyleTerms, StyleTermsQuerySet

ShareOf = tuple[UUID, int, str]  # whose, in 1/100 of a percent of what the seller gets, and as what


def shares_of(thing: Artwork | TrainedModel) -> list[ShareOf]:
    """The shares of others in a sale of a work, or of what a model makes: [(user id, bps, role)], biggest first.

    For a work: the artists of the model that painted it and of the works whose style went into it, by the terms that
    stood when it was made. For a model: its own artist, by the terms that stand. Nobody shares with themselves, so
    pass the result through `of_others`. Styles lent at a fee are paid when they are used, and have no share here.
    """
    terms = _terms_of_work(thing) if isinstance(thing, Artwork) else StyleTerms.objects.standing().filter(
        trained_model=thing
    )  # fmt: skip
    found = terms.filter(share_bps__gt=0).select_related("artist")
    return sorted(((one.artist.user_id, one.share_bps, one.role) for one in found), key=lambda share: -share[1])


def of_others(shares: Iterable[ShareOf], seller_id: UUID) -> list[ShareOf]:
    """The shares without the seller's own; all of them together never more than the seller's whole part."""
    left, kept = 10_000, []
    for user_id, bps, role in shares:
        given = min(bps, left)
        if user_id != seller_id and given:
            kept.append((user_id, given, role))
            left -= given
    return kept


def used_by(artwork: Artwork) -> tuple[TrainedModel | None, list[Artwork]]:
    """The model that painted a work, and the works whose originals went into it."""
    job = artwork.job
    keys = [given.key for given in job.pictures]
    originals = ArtworkFile.objects.filter(role=FileRole.ORIGINAL, key__in=keys).select_related("artwork")
    return job.trained_model, [file.artwork for file in originals]


def _terms_of_work(artwork: Artwork) -> StyleTermsQuerySet:
    model, styles = used_by(artwork)
    used = Q(artwork__in=[style.pk for style in styles])
    if model is not None:
        used |= Q(trained_model=model)
    return StyleTerms.objects.at(artwork.job.created_at).filter(used)
