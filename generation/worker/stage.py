"""What people see of a work while it is made: how far it is, and now and then a small picture."""

import structlog
from django.db import DatabaseError, close_old_connections

from generation import services
from generation.models import Job
from generation.services.files import STAGES
from generation.worker.studio.wire import Message
from marketplace.core.storage import Bucket, StorageUnavailable

log = structlog.get_logger(__name__)


def show_progress(job: Job, told: Message) -> None:
    """Say how far the work is. Nothing that fails here harms the work: it is only for the eye."""
    assert job.lease_token is not None
    try:
        key = _store(told.blobs[0]) if told.blobs else None
        services.report_progress(
            job_id=job.pk, token=job.lease_token, progress=told.fields["fraction"], stage=told.fields["stage"],
            preview_key=key,
        )  # fmt: skip
    except StorageUnavailable as error:
        log.warning("stage.storage", error=error.detail)
    except DatabaseError as error:
        log.warning("stage.database", error=str(error))
        close_old_connections()


def _store(preview: bytes) -> str:
    return services.store_file(
        bucket=Bucket.PUBLIC, prefix=STAGES, data=preview, extension="webp", media_type="image/webp"
    )
