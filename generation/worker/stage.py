"""What people see of a work while it is made: how far it is, and now and then a small picture."""

import io

import structlog
from django.db import DatabaseError, close_old_connections
from PIL import Image

from generation import provenance, services
from generation.engines import registry
from generation.models import Job, Purpose
from generation.services.files import STAGES
from generation.worker.developing import claim_of
from generation.worker.marking import is_marked, mark_file
from generation.worker.studio.wire import Message
from marketplace.core.errors import AtelierError
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)


def show_progress(job: Job, told: Message) -> None:
    """Say how far the work is. Nothing that fails here harms the work: it is only for the eye."""
    assert job.lease_token is not None
    try:
        key = _store(job, told.blobs[0]) if told.blobs and _may_be_seen(job, told.blobs[0]) else None
        services.report_progress(
            job_id=job.pk, token=job.lease_token, progress=told.fields["fraction"], stage=told.fields["stage"],
            preview_key=key,
        )  # fmt: skip
    except AtelierError as error:
        log.warning("stage.not_shown", error=error.detail)
    except DatabaseError as error:
        log.warning("stage.database", error=str(error))
        close_old_connections()


def _may_be_seen(job: Job, preview: bytes) -> bool:
    if job.purpose == Purpose.CHECK:
        return False  # whoever asked for the check need not be one who may see the work
    with Image.open(io.BytesIO(preview)) as image:
        return not services.is_explicit(image=image.convert("RGB"))


def _store(job: Job, preview: bytes) -> str:
    if is_marked(job):
        preview = mark_file(preview, "webp")  # the last of them shows all that there will be to see
    claim = claim_of(job, registry.declaration(job.engine), job.model_hash)
    signed = provenance.sign(preview, media_type="image/webp", claim=claim)
    return services.store_file(
        bucket=Bucket.PUBLIC, prefix=STAGES, data=signed, extension="webp", media_type="image/webp"
    )
