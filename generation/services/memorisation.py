"""Does a work repeat what its model learnt from? Measured before anybody is shown it; what does waits for a curator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.db import transaction
from pgvector import HalfVector

from generation import selectors
from generation.engines.looks.declarations import MEMORY_VERSION
from generation.models import (
    Artwork,
    Dataset,
    DatasetPicture,
    FlagKind,
    Gauge,
    Job,
    LearntPicture,
    Memorisation,
    PictureState,
    Split,
    Visibility,
)  # fmt: skip
from generation.services.artworks import lock_artwork
from generation.services.moderation import Flag, Screening, hold_artwork
from generation.services.shelving import copy_files, place_files, public_keys, withdraw_from_public
from marketplace.core import outbox

if TYPE_CHECKING:  # the web process has no safetensors
    from generation.engines.looks.learnt import Learnt

log = structlog.get_logger(__name__)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The nearest picture that the model learnt from, how far off it is, and what is usual among them."""

    picture_id: UUID | None
    distance: float
    threshold: float
    typical: float

    @property
    def is_memorised(self) -> bool:
        return self.distance < self.threshold

    @property
    def flag(self) -> Flag | None:
        """Why a curator has to look at the work first, if one has."""
        if not self.is_memorised:
            return None
        share = self.distance / self.typical if self.typical else 0.0
        return Flag(kind=FlagKind.MEMORISED, score=share, repeats=self.picture_id)


def measure(*, job: Job, features: Sequence[Sequence[float]]) -> Measured | None:
    """Compare what a job made, its frames as features, with what its model learnt from. Nothing is written.

    None where the model's pictures were not looked at yet: a chore catches up (`selectors.unmeasured_works`).
    """
    gauge = selectors.gauge_of(job)
    if gauge is None:
        return None
    # Where every picture was deleted since, there is nothing left that it could repeat.
    picture_id, distance = selectors.nearest_learnt(gauge, features) or (None, gauge.typical)
    return Measured(picture_id=picture_id, distance=distance, threshold=gauge.threshold, typical=gauge.typical)


def note_memorisation(*, artwork_id: UUID, measured: Measured) -> Memorisation:
    """Keep what was measured; in the transaction that makes the work."""
    told = {
        "picture_id": measured.picture_id, "distance": measured.distance, "threshold": measured.threshold,
        "typical": measured.typical, "is_memorised": measured.is_memorised, "version": MEMORY_VERSION,
    }  # fmt: skip
    noted, _ = Memorisation.objects.update_or_create(artwork_id=artwork_id, defaults=told)
    return noted


def note_late(*, artwork_id: UUID, measured: Measured) -> None:
    """Keep what was measured of a work that was made before its model's pictures were looked at.

    One that repeats a picture is held if that takes nothing from anybody: it hangs nowhere and was not handed over.
    Raises NotFound, ObjectMissing, StorageUnavailable.
    """
    artwork = Artwork.objects.select_related("job").get(pk=artwork_id)
    flag = measured.flag if _can_be_held(artwork) else None
    shown = public_keys(artwork) if flag else []
    copies = copy_files(artwork, is_held=True) if flag else {}
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        note_memorisation(artwork_id=artwork_id, measured=measured)
        if flag is None or not _can_be_held(artwork):
            return
        place_files(artwork, copies, is_held=True)
        hold_artwork(artwork=artwork, screening=Screening(phash=artwork.phash, explicit=0.0, flags=(flag,)))
        outbox.emit("artwork.held", artwork.pk)
    withdraw_from_public(shown)


def note_gauge(*, dataset: Dataset, resolution: int, learnt: "Learnt") -> Gauge:
    """Keep what the pictures of a dataset look like, in place of what was kept before; of what is learnt from alone."""
    pictures = dict(
        DatasetPicture.objects.filter(dataset=dataset, state=PictureState.READY, split=Split.TRAIN)
        .filter(sha256__in=learnt.names)
        .values_list("sha256", "pk")
    )
    told = {
        "version": MEMORY_VERSION,
        "typical": learnt.typical,
        "threshold": learnt.threshold,
        "pictures": len(pictures),
    }
    with transaction.atomic():
        gauge, _ = Gauge.objects.update_or_create(dataset=dataset, resolution=resolution, defaults=told)
        gauge.learnt.all().delete()
        LearntPicture.objects.bulk_create(
            (
                LearntPicture(gauge=gauge, picture_id=pictures[name], features=HalfVector(row))
                for name, row in zip(learnt.names, learnt.features, strict=True)
                if name in pictures
            ),
            batch_size=_AT_ONCE,
        )
    log.info("dataset.gauged", dataset=str(dataset.pk), resolution=resolution, pictures=len(pictures))
    return gauge


def _can_be_held(artwork: Artwork) -> bool:
    """Private, of nobody who paid for it, and never looked at by a curator."""
    is_handed_over = artwork.owner_id is not None and (artwork.job.as_proof or artwork.owner_id != artwork.maker_id)
    return (
        artwork.visibility == Visibility.PRIVATE
        and not is_handed_over
        and not artwork.holders.exists()
        and artwork.standing_review is None
    )
