"""All that is known of where a work comes from, and of whose it was since."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from generation import selectors as generation
from generation.models import Artwork, Check, Job, TrainedModel
from generation.provenance import Manifest
from marketplace.accounts.models import User
from marketplace.core.errors import AtelierError
from marketplace.orders import selectors as orders
from marketplace.orders.models import Certificate
from marketplace.orders.services import is_genuine

MOST_EDITIONS = 50


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """Who trained what made a work, and by what right it learnt from its pictures."""

    id: UUID | None  # None: its artist does not show it
    name: str
    artist: str
    kind: str
    model_sha256: str
    pictures: int  # that it learnt from, was chosen by and measured by
    consents: dict[str, int]  # pictures by right: own, licensed, public-domain
    licences: list[str]
    sources: list[str]


@dataclass(frozen=True, kw_only=True)
class Owned:
    """One edition: its certificate as it was signed, and whether the signature holds."""

    certificate: Certificate
    said: dict[str, Any]
    is_genuine: bool


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """A work's origin and history."""

    artwork: Artwork
    manifest: Manifest | None
    manifest_problem: str  # why there is nothing to read
    recipe: dict[str, Any]
    model: ModelCard | None
    last_check: Check | None
    job: Job | None
    why_not_remade: str
    editions: list[Owned]
    more_editions: bool


def provenance_of(artwork: Artwork, viewer: User | None, *, may_read: bool = True) -> Provenance:
    """What may be told of a work that this viewer may see.

    Without `may_read` its original is not fetched, and the manifest is told only if somebody asked for it lately.
    """
    manifest, problem = _manifest(artwork, may_read)
    editions = list(_editions(artwork))
    return Provenance(
        artwork=artwork,
        manifest=manifest,
        manifest_problem=problem,
        recipe=artwork.public_recipe,
        model=model_card(artwork, viewer),
        last_check=generation.last_check(artwork.pk),
        job=generation.last_check_job(artwork.pk),
        why_not_remade=generation.why_not_remade(artwork),
        editions=editions[:MOST_EDITIONS],
        more_editions=len(editions) > MOST_EDITIONS,
    )


def model_card(artwork: Artwork, viewer: User | None) -> ModelCard | None:
    """The card of the model that an artist trained and that made the work; None where none did.

    What it learnt from, and by what right, is told even of one that its artist does not show: the work is shown.
    """
    model = TrainedModel.objects.filter(jobs__artwork=artwork).select_related("artist").first()
    if model is None:
        return None
    is_shown = generation.models_for(viewer).filter(pk=model.pk).exists()
    dataset = model.card.get("dataset", {})
    return ModelCard(
        id=model.pk if is_shown else None,
        name=str(model) if is_shown else "",
        artist=model.artist.name,
        kind=model.kind,
        model_sha256=model.model_hash,
        pictures=sum(dataset.get("counts", {}).values()),
        consents=dict(dataset.get("consents", {})),
        licences=list(dataset.get("licences", [])),
        sources=list(dataset.get("sources", [])) if is_shown else [],
    )


def _manifest(artwork: Artwork, may_read: bool) -> tuple[Manifest | None, str]:
    try:
        if not may_read and not generation.is_manifest_read(artwork):
            return None, ""
        return generation.manifest_of(artwork), ""
    except AtelierError as error:
        return None, error.detail


def _editions(artwork: Artwork) -> Iterator[Owned]:
    """Valid certificates, by the editions' numbers: each holds its edition's history, by names that owners chose."""
    of_it = Q(edition__release__artwork=artwork) | Q(edition__made=artwork)
    valid = Certificate.objects.filter(of_it, superseded_at=None).select_related("key")
    for certificate in valid.order_by("edition__number")[: MOST_EDITIONS + 1]:
        yield Owned(certificate=certificate, said=orders.said_by(certificate), is_genuine=is_genuine(certificate))
