"""Previews: small works that were asked for to be looked at, and belong to nobody."""

from contextlib import suppress
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from generation.errors import NotCancellable
from generation.models import FINAL_STATES, Artwork, Job, Priority
from generation.services.jobs import cancel_job

log = structlog.get_logger(__name__)

KEPT = timedelta(days=1)
_AT_ONCE = 500


def overtake_previews(*, by: Job) -> int:
    """Call off what the same person had asked the same engine to show before: nobody looks at it any more.

    Returns how many were called off.
    """
    earlier = Job.objects.filter(
        owner=by.owner_id, engine=by.engine, priority=Priority.LIVE, as_proof=True, cancel_requested_at=None
    ).exclude(pk=by.pk)
    overtaken = list(earlier.exclude(state__in=FINAL_STATES).order_by("pk").values_list("pk", flat=True))
    for job in overtaken:
        with suppress(NotCancellable):  # it was finished meanwhile
            cancel_job(job_id=job)
    return len(overtaken)


@transaction.atomic
def forget_previews() -> int:
    """Delete previews a day after they were painted, and their jobs; return how many. Their files go with the orphans.

    One that a curator was asked about stays, because of what was decided; and a dead letter, until it was looked at.
    """
    over = Job.objects.filter(priority=Priority.LIVE, as_proof=True, finished_at__lt=timezone.now() - KEPT)
    nobodys = over.filter(dead_at=None, artwork__owner=None).exclude(artwork__reviews__isnull=False)
    jobs = list(nobodys.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    Artwork.objects.filter(job__in=jobs).delete()
    Job.objects.filter(pk__in=jobs).delete()
    if jobs:
        log.info("previews.forgotten", count=len(jobs))
    return len(jobs)
