"""How works look is written down; what waits to be looked at is found in `selectors.looks`."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import structlog
from django.db import transaction
from pgvector import HalfVector

from generation import selectors
from generation.engines.errors import TextModelMissing
from generation.engines.looks.declarations import FAMILIES, LOOK, PICTURE
from generation.engines.text.choosing import the_encoder
from generation.models import (
    Artwork,
    ArtworkLook,
    Job,
    JobInput,
    JobState,
    Outcome,
    PictureLook,
    Priority,
    Purpose,
    Upload,
)
from generation.models.looks import MEANING_WIDTH
from generation.selectors.reading import words_of
from generation.services.endings import close_attempts, end
from generation.services.outcomes import held_job
from generation.services.submitting import submit_job
from marketplace.accounts.models import User
from marketplace.core import outbox

log = structlog.get_logger(__name__)
LOOKED_AT = "artwork.looked_at"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the look engine found in one picture; see `engines/looks`."""

    style: Sequence[float]
    colour: Sequence[float]
    colours: Sequence[str]
    network: str
    version: int
    features: Sequence[Sequence[float]] = field(default=())

    @classmethod
    def of(cls, findings: Mapping[str, Any]) -> Self:
        """Read the engine's findings."""
        return cls(**findings)

    def as_columns(self) -> dict[str, Any]:
        """What the tables keep of it."""
        return {
            "style": HalfVector(list(self.style)), "colour": HalfVector(list(self.colour)),
            "colours": [name for name in self.colours if name in FAMILIES],
            "network": self.network, "version": self.version,
        }  # fmt: skip


def note_look(*, artwork_id: UUID, seen: Seen) -> None:
    """Write down how a work looks, in place of what was seen before, and tell of it; one that is gone is left out."""
    with transaction.atomic():
        if not Artwork.objects.filter(pk=artwork_id).exists():
            return
        ArtworkLook.objects.update_or_create(artwork_id=artwork_id, defaults=seen.as_columns())
        outbox.emit(LOOKED_AT, artwork_id)


def read_works(*, most: int = 64) -> int:
    """Read what is said of works whose words were not read yet; returns of how many. 0 where no model is installed."""
    try:
        encoder = the_encoder()
    except TextModelMissing as error:
        log.info("looks.no_text_model", why=error.detail)
        return 0
    if encoder.width != MEANING_WIDTH:
        log.warning("looks.text_model_does_not_fit", width=encoder.width, wanted=MEANING_WIDTH)
        return 0
    looks = selectors.unread_works(encoder.mark, most)
    if not looks:
        return 0
    texts = [words_of(look.artwork, look.colours) for look in looks]
    for look, text, direction in zip(looks, texts, encoder.encode(texts), strict=True):
        said = f"{encoder.mark}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        ArtworkLook.objects.filter(pk=look.pk).update(meaning=HalfVector(direction), said=said)
    return len(looks)


def request_look(*, upload: Upload, owner: User, request_key: str | None = None) -> Job:
    """Have an upload of one's own looked at, before whatever waits without hurry; the same `request_key` asks once.

    Raises InvalidInput where the picture is not ready or not theirs.
    """
    return submit_job(
        owner=owner, engine=LOOK.name, parameters={}, inputs=[JobInput.of_upload(PICTURE, upload)],
        priority=Priority.LIVE, as_proof=True, purpose=Purpose.LOOK, seed=0, request_key=request_key,
    )  # fmt: skip


def finish_look(*, job_id: UUID, token: UUID, seen: Seen) -> Job:
    """Write down what was seen in a picture that somebody searches with, and end its job. Raises LeaseLost."""
    with transaction.atomic():
        job = held_job(job_id, token)
        PictureLook.objects.update_or_create(job=job, defaults=seen.as_columns())
        close_attempts([job], Outcome.SUCCEEDED)
        end([job], JobState.SUCCEEDED, progress=1.0, stage="")
    return job
