"""Checks: a work is made again by its own recipe and compared with the one that is kept. Anybody may ask for one."""

import hashlib
import tempfile
from datetime import timedelta
from functools import partial
from math import ceil
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import structlog
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from generation import provenance, selectors
from generation.engines import registry
from generation.errors import EngineGone, InputsMissing, LeaseLost, TooManyChecks
from generation.models import Artwork, Check, Job, JobInput, JobState, Outcome, Priority, Purpose
from generation.models.checks import SignatureState, Verdict
from generation.provenance import Difference
from generation.selectors.checks import manifest_key
from generation.services.artworks import lock_artwork
from generation.services.endings import close_attempts, end
from generation.services.outcomes import held_job
from generation.services.submitting import submit_job
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)

MOST_CHECKS = 12  # that one person may ask for
PERIOD = timedelta(hours=1)


def request_check(*, artwork_id: UUID, by: User) -> Job:
    """Have a work made again by exactly its recipe and compared; while a check of it is open, that one is returned.

    Raises NotFound, EngineGone, InputsMissing, TooManyChecks, StorageUnavailable.
    """
    artwork = selectors.artwork_by_id(artwork_id, by)
    if why := selectors.why_not_remade(artwork):
        raise EngineGone(why)
    inputs = [JobInput(**given) for given in artwork.recipe.get("inputs", [])]
    _require_inputs(inputs)
    with transaction.atomic():
        lock_artwork(artwork_id)  # two who ask at once get the same check
        if running := selectors.open_check_job(artwork_id):
            return running
        _require_patience(by)
        return submit_job(
            owner=by,
            engine=artwork.engine,
            parameters=artwork.recipe.get("parameters", {}),
            inputs=inputs,
            seed=artwork.seed,
            priority=Priority.ORDINARY,
            purpose=Purpose.CHECK,
            subject=artwork,
            model_hash=_weights(artwork),
            trained_model=artwork.job.trained_model,
        )


def finish_check(*, job_id: UUID, token: UUID, pixels_sha256: str, original: bytes | Path) -> Check:
    """The work was made again, as the picture file `original`: write down how it compares, and end the job.

    Nothing of what was made is kept. Raises LeaseLost, NotFound, StorageUnavailable, CertificateUnusable.
    """
    job = Job.objects.held(token, job_id).select_related("subject").first()
    if job is None:
        raise LeaseLost()
    artwork = job.subject
    assert artwork is not None, "a check has a subject"
    found = _compare(artwork, pixels_sha256, original)
    with transaction.atomic():
        job = held_job(job_id, token)
        found.job = job
        found.save(force_insert=True)
        close_attempts([job], Outcome.SUCCEEDED)
        end([job], JobState.SUCCEEDED, progress=1.0, stage="")
        # The file was looked at just now: what was read of it before may be a day old.
        if artwork.original is not None:
            transaction.on_commit(partial(cache.delete, manifest_key(artwork.original)), robust=True)
    log.info("check.finished", job=str(job_id), artwork=str(artwork.pk), verdict=found.verdict)
    return found


def _require_patience(by: User) -> None:
    """A check costs as much as the work did. Whom the house trusts may ask as often as they like."""
    if by.is_staff or by.is_curator:
        return
    since = timezone.now() - PERIOD
    lately = Job.objects.filter(owner=by, purpose=Purpose.CHECK, created_at__gt=since).order_by("-id")
    times = list(lately.values_list("created_at", flat=True)[:MOST_CHECKS])
    if len(times) == MOST_CHECKS:
        wait = ceil((times[-1] - since).total_seconds())
        raise TooManyChecks(
            gettext("%(most_checks)s works an hour are made again for one person.") % {"most_checks": MOST_CHECKS},
            retry_after=max(1, wait),
        )


def _weights(artwork: Artwork) -> str:
    """The weights to ask for: those of the recipe, unless its engine keeps its numbers to itself."""
    asks = registry.declaration(artwork.engine).weights or artwork.job.model_hash
    return artwork.model_hash if asks else ""


def _require_inputs(inputs: list[JobInput]) -> None:
    if gone := [given.name for given in inputs if storage.head(Bucket.PRIVATE, given.key) is None]:
        raise InputsMissing(
            gettext("What it was made from is no longer kept: %(words)s.") % {"words": ", ".join(gone)}, inputs=gone
        )


def _compare(artwork: Artwork, pixels_sha256: str, remade: bytes | Path) -> Check:
    """The check that is to be written down, without its job."""
    original = artwork.original
    if original is None:
        raise NotFound(gettext("This work has no original to compare with."))
    with tempfile.TemporaryFile() as kept:
        storage.fetch(Bucket(original.bucket), original.key, kept, at_most=original.bytes + 1)
        kept.seek(0)
        is_intact = hashlib.file_digest(kept, "sha256").hexdigest() == original.sha256
        # Works from before their pixels were hashed, and files that were changed, are compared pixel by pixel.
        is_same = is_intact and artwork.pixels_sha256 == pixels_sha256
        apart = Difference(largest=0, psnr=None) if is_same else _difference(kept, remade)
        kept.seek(0)
        signature = _signature(provenance.read(kept, provenance.MEDIA_TYPES[original.format]))
    return Check(
        artwork=artwork,
        verdict=_verdict(apart),
        largest_difference=apart.largest if apart else None,
        psnr=apart.psnr if apart else None,
        pixels_sha256=pixels_sha256,
        file_is_intact=is_intact,
        signature=signature,
    )


def _difference(kept: BinaryIO, remade: bytes | Path) -> Difference | None:
    if isinstance(remade, bytes):
        return provenance.difference(kept, remade)
    with remade.open("rb") as file:
        return provenance.difference(kept, file)


def _verdict(apart: Difference | None) -> Verdict:
    if apart is None:
        return Verdict.DIFFERENT
    if apart.is_none:
        return Verdict.IDENTICAL
    return Verdict.CLOSE if apart.is_small else Verdict.DIFFERENT


def _signature(manifest: provenance.Manifest | None) -> SignatureState:
    if manifest is None:
        return SignatureState.NONE
    if not manifest.is_valid:
        return SignatureState.INVALID
    return SignatureState.TRUSTED if manifest.is_trusted else SignatureState.VALID
