"""What people see of a work while it is made: how far it is, and now and then a small picture."""

import time

import structlog
from django.db import DatabaseError, close_old_connections
from PIL.Image import Image

from generation import services
from generation.models import Job
from generation.services.files import STAGES
from generation.worker.encoding import encode, fit
from marketplace.core.storage import Bucket, StorageUnavailable

log = structlog.get_logger(__name__)
BETWEEN_REPORTS = 0.25
WIDEST = 512


class Stage:
    """Passes an engine's reports on, at most four a second; those in between are let go."""

    def __init__(self, job: Job) -> None:
        assert job.lease_token is not None
        self.job_id, self.token = job.pk, job.lease_token
        self._reported = 0.0

    def report(self, progress: float, preview: Image | None, stage: str) -> None:
        """Say how far the work is. Nothing that fails here harms the work: it is only for the eye."""
        if time.monotonic() - self._reported < BETWEEN_REPORTS:
            return
        try:
            key = self._store(preview) if preview is not None else None
            services.report_progress(
                job_id=self.job_id, token=self.token, progress=progress, stage=stage, preview_key=key
            )
        except StorageUnavailable as error:
            log.warning("stage.storage", error=error.detail)
        except DatabaseError as error:
            log.warning("stage.database", error=str(error))
            close_old_connections()
        # Measured from the end, so that a slow store slows reports down and not the work.
        self._reported = time.monotonic()

    def _store(self, preview: Image) -> str:
        data = encode(fit(preview, WIDEST), "webp", quick=True)
        return services.store_file(
            bucket=Bucket.PUBLIC, prefix=STAGES, data=data, extension="webp", media_type="image/webp"
        )
