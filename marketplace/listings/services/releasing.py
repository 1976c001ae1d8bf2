"""Issuing works and series in editions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from generation import services as generation
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from generation.errors import ModelUnavailable
from generation.models import Artwork, ModelState, TrainedModel
from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.languages import translated
from marketplace.listings.errors import AlreadyIssued, NotForSale, NotYourWork, WorkHasOwner
from marketplace.listings.models import (
    MOST_EDITIONS,
    MOST_ROYALTY,
    Contributor,
    Edition,
    EditionState,
    Release,
    Sale,
    SaleState,
)
from marketplace.listings.selectors.buying import UNSELLABLE

log = structlog.get_logger(__name__)
MOST_CONTRIBUTORS = 10
USUAL_ROYALTY = 1000  # ten percent
AT_ONCE = 2000  # rows a statement


@dataclass(frozen=True, slots=True)
class Series:
    """What makes the editions of a series: one's own model, an engine that runs it, and what the engine is told."""

    model_id: UUID
    engine: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contribution:
    """Somebody, by e-mail address or as an artist by their slug, and their part of the artist's part."""

    who: str
    share_bps: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How a work is issued. A `size` of None is as many editions as are sold in the time of the sale."""

    size: int | None
    title: str = ""
    description: str = ""
    royalty_bps: int = USUAL_ROYALTY
    contributors: Sequence[Contribution] = ()


@transaction.atomic
def issue_release(*, artist_user: User, artwork_id: UUID, terms: Terms) -> Release:
    """Issue one's own work in numbered editions; what was issued stays so.

    Raises NotFound, NotYourWork, ArtistSuspended, WorkHasOwner, AlreadyIssued, NotForSale for a held or hidden work,
    InvalidInput.
    """
    artwork = Artwork.objects.select_for_update(of=("self",)).select_related("artist").filter(pk=artwork_id).first()
    if artwork is None or not Artwork.objects.visible_to(artist_user).filter(pk=artwork_id).exists():
        raise NotFound(gettext("There is no such work."))
    if artwork.artist is None or artwork.artist.user_id != artist_user.pk:
        raise NotYourWork()
    accounts.approved_artist(artist_user)
    if Release.objects.filter(artwork=artwork).exists():
        raise AlreadyIssued()
    if artwork.owner_id not in {None, artist_user.pk}:
        raise WorkHasOwner()
    if artwork.visibility in UNSELLABLE:
        raise NotForSale(gettext("What is held back or taken down cannot be sold."))
    return _issue(Release(artist=artwork.artist, artwork=artwork), terms, artwork.display_title)


@transaction.atomic
def issue_series(*, artist_user: User, series: Series, terms: Terms) -> Release:
    """Issue what one's own model makes: each edition is another picture, made when it is bought.

    Raises NotFound, NotYourWork, ArtistSuspended, ModelUnavailable, InvalidInput (`engine`, `parameters.<name>`, …).
    """
    # Locked, so that a model which is being withdrawn is not issued at the same moment.
    models = TrainedModel.objects.select_for_update(of=("self",)).select_related("artist")
    model = models.filter(pk=series.model_id).first()
    is_theirs = model is not None and model.artist.user_id == artist_user.pk
    if model is None or (not is_theirs and model.state == ModelState.DRAFT):
        raise NotFound(gettext("There is no such model."))
    if not is_theirs:
        raise NotYourWork(gettext("Only its artist may sell what a model makes."))
    accounts.approved_artist(artist_user)
    if model.state != ModelState.PUBLISHED or model.is_held:
        raise ModelUnavailable(gettext("Publish the model first: nobody buys what they cannot see."))
    parameters = _check_engine(series, model)
    generation.reserve_model(model_id=model.pk)  # what is sold is not given away beside it
    made_by = Release(artist=model.artist, trained_model=model, engine=series.engine, parameters=parameters)
    return _issue(made_by, terms, model.name)


@transaction.atomic
def issue_single(*, artwork: Artwork, artist: Artist) -> Edition:
    """The one edition of a work that was made for somebody, numbered and sold; the same work gives the same edition."""
    release, is_new = Release.objects.get_or_create(
        artwork=artwork,
        defaults={"artist": artist, "title": artwork.display_title, "size": 1, "numbered": 1},
    )
    if not is_new:
        return release.editions.select_for_update().get(number=1)
    return Edition.objects.create(release=release, number=1, state=EditionState.SOLD)


@transaction.atomic
def withdraw_release(*, artist_user: User, release_id: UUID) -> None:
    """Take a release back as if it had never been, with the drafts of its sales: while nothing of it was published.

    Raises NotFound, Conflict.
    """
    release = Release.objects.select_for_update().filter(pk=release_id, artist__user=artist_user).first()
    if release is None:
        raise NotFound(gettext("You have no such release."))
    was_published = release.sales.exclude(state=SaleState.DRAFT).exists()
    was_published |= release.editions.filter(sales__isnull=False).exclude(sales__state=SaleState.DRAFT).exists()
    if was_published or release.editions.exclude(state=EditionState.FREE).exists():
        raise Conflict(gettext("It was offered already: what was issued stays so."))
    release.sales.all().delete()
    for edition in release.editions.filter(sales__isnull=False):
        edition.sales.all().delete()
    release.editions.all().delete()
    release.delete()


@transaction.atomic
def settle_size(*, release_id: UUID) -> None:
    """After a timed sale: there are as many editions as its last sold number says; numbers beyond it are void.

    Does nothing while one is being bought, or before any was sold.
    """
    release = Release.objects.select_for_update(no_key=True).get(pk=release_id)
    editions = release.editions.all()
    is_busy = editions.filter(state=EditionState.RESERVED).exists()
    if release.size is not None or is_busy or release.sales.filter(state__in=["open", "paused"]).exists():
        return
    last = editions.filter(state=EditionState.SOLD).aggregate(last=Max("number"))["last"]
    if last is None:
        return
    editions.filter(state=EditionState.FREE, number__gt=last).update(state=EditionState.VOID)
    release.size = release.numbered = last
    release.save(update_fields=["size", "numbered", "updated_at"])
    log.info("release.settled", release=str(release.pk), size=last)


def lock_what_is_sold(*, artwork_id: UUID) -> None:
    """Nobody takes an edition of a work, nor bids for one, until the transaction ends; the work is locked after this.

    In the order in which whoever sells locks them: editions, release, sales.
    """
    editions = Edition.objects.filter(Q(release__artwork=artwork_id) | Q(made=artwork_id))
    sales = Sale.objects.filter(Q(release__artwork=artwork_id) | Q(edition__in=editions.values("pk")))
    locks: tuple[QuerySet[Any], ...] = (editions, Release.objects.filter(artwork=artwork_id), sales)
    for rows in locks:
        list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def retitle_release(*, artwork_id: UUID, was: str, title: str) -> None:
    """A work's release that was called like the work is called like it again; one with a name of its own keeps that."""
    Release.objects.filter(artwork=artwork_id, title=was).update(title=title, updated_at=timezone.now())


def _issue(release: Release, terms: Terms, usual_title: str) -> Release:
    if problems := _problems(terms):
        raise InvalidInput(gettext("The release is not possible like this."), errors=problems)
    contributors = _contributors(release, terms.contributors)
    release.title, release.description = terms.title.strip() or usual_title, terms.description.strip()
    release.size, release.numbered, release.royalty_bps = terms.size, terms.size or 0, terms.royalty_bps
    release.save(force_insert=True)
    editions = (Edition(release=release, number=number) for number in range(1, release.numbered + 1))
    Edition.objects.bulk_create(editions, batch_size=AT_ONCE)
    Contributor.objects.bulk_create(contributors)
    log.info("release.issued", release=str(release.pk), size=release.size)
    return release


def _problems(terms: Terms) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if terms.size is not None and not 1 <= terms.size <= MOST_EDITIONS:
        problems["size"] = [
            gettext("From 1 to %(most_editions)s editions, or none for as many as are sold in time.")
            % {"most_editions": f"{MOST_EDITIONS:,}"}
        ]
    if not 0 <= terms.royalty_bps <= MOST_ROYALTY:
        problems["royalty_bps"] = [
            gettext("From 0 to %(most_royalty)s, in 1/100 of a percent.") % {"most_royalty": MOST_ROYALTY}
        ]
    if len(terms.title.strip()) > 120:
        problems["title"] = [gettext("At most 120 characters.")]
    if len(terms.description.strip()) > 2000:
        problems["description"] = [gettext("At most 2,000 characters.")]
    if len(terms.contributors) > MOST_CONTRIBUTORS:
        problems["contributors"] = [
            gettext("At most %(most_contributors)s.") % {"most_contributors": MOST_CONTRIBUTORS}
        ]
    elif any(one.share_bps < 1 for one in terms.contributors) or sum(c.share_bps for c in terms.contributors) > 10_000:
        problems["contributors"] = [gettext("Each gets something, and all together at most 10,000 of 10,000 parts.")]
    return problems


def _contributors(release: Release, asked: Sequence[Contribution]) -> list[Contributor]:
    """Raises InvalidInput for somebody who is unknown, named twice, or the artist."""
    found: dict[UUID, Contributor] = {}
    for one in asked:
        who = one.who.strip()
        by_name = {"email": who.lower()} if "@" in who else {"artist__slug": who}
        person = User.objects.filter(is_active=True, **by_name).first()
        if person is None or person.pk in found or person.pk == release.artist.user_id:
            why = "is nobody we know" if person is None else "is named twice" if person.pk in found else "is the artist"
            raise InvalidInput(
                gettext("Not everybody can be a contributor."), errors={"contributors": [f"{who} {why}."]}
            )
        found[person.pk] = Contributor(release=release, user=person, share_bps=one.share_bps)
    return list(found.values())


def _check_engine(series: Series, model: TrainedModel) -> dict[str, Any]:
    """The parameters with every default, for an engine that makes a picture of a seed alone. Raises InvalidInput."""
    try:
        declaration = registry.declaration(series.engine)
    except UnknownEngine as error:
        raise InvalidInput(translated(error.detail), errors={"engine": [translated(error.detail)]}) from error
    if model.kind not in declaration.runs_models or declaration.medium is None or declaration.asked:
        told = gettext(
            "Choose an engine that runs models of the kind %(model_kind)s and needs no picture to begin with."
        ) % {"model_kind": model.kind}
        raise InvalidInput(told, errors={"engine": [told]})
    return generation.check_request(engine=series.engine, parameters=series.parameters, counts={})
