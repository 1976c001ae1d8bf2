"""After the storm: what must be true of every job, every work and every file."""

import hashlib
from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Count

from generation import services
from generation.models import Artwork, ArtworkFile, Attempt, Job, JobState, Outcome
from generation.services import files
from marketplace.core import storage
from marketplace.core.models import OutboxEvent
from tests.chaos.stream import Stream

DESERVED = {
    "paint": "", "noop": "", "full-when-many": "", "user-error": "bad-request", "crash": "engine-crashed",
    "fault": "engine-fault", "out-of-memory": "out-of-memory", "die": "studio-gone",
}  # fmt: skip
OF_THE_STORM = {"worker-lost", "studio-gone", "storage-unavailable", "database-gone"}
MOST_FAULTS = 3


def reckon(stream: Stream) -> tuple[dict[str, Any], list[str]]:
    """Counts to be printed, and sentences about what is wrong."""
    jobs = list(Job.objects.filter(pk__in=stream.asked))
    wrongs = [wrong for job in jobs if (wrong := _wrong_with(job, stream))]
    if len(jobs) != len(stream.asked) or Job.objects.count() != len(jobs):
        wrongs.append(f"{len(stream.asked)} jobs were asked for, and there are {Job.objects.count()}")
    wrongs += _wrong_with_works()
    removed, wrong_files, kept = _sweep_files()
    wrongs += wrong_files
    lost = OutboxEvent.objects.filter(done_at=None).exclude(topic="").count()
    if lost:
        wrongs.append(f"{lost} events were never told")
    counts = {
        "jobs": len(jobs),
        "states": dict(Counter(job.state for job in jobs)),
        "causes": dict(Counter(job.error_code for job in jobs if job.error_code)),
        "failed by the storm": sum(_by_the_storm(job, stream) for job in jobs),
        "attempts": dict(Attempt.objects.values_list("outcome").annotate(Count("pk"))),
        "works": Artwork.objects.count(),
        "files": kept,
        "orphans removed": removed,
    }
    return counts, wrongs


def _wrong_with(job: Job, stream: Stream) -> str:
    """What is not as it must be with one job, or nothing."""
    behaviour = stream.asked[job.pk]
    attempts = list(job.attempts.order_by("number"))
    name = f"{behaviour} job {job.pk} ({job.state} {job.error_code})"
    if not job.is_final:
        return f"{name} has not ended"
    if job.lease_token or any(attempt.ended_at is None for attempt in attempts):
        return f"{name} is still held"
    if [attempt.number for attempt in attempts] != list(range(1, job.attempt + 1)):
        return f"{name} has gaps in its attempts"
    works = Artwork.objects.filter(job=job).count()
    if works != (1 if job.state == JobState.SUCCEEDED and behaviour != "noop" else 0):
        return f"{name} has {works} works"
    told = OutboxEvent.objects.filter(subject_id=str(job.pk)).exclude(topic="").values_list("topic", flat=True)
    if list(told) != [f"job.{job.state}"]:
        return f"{name} was told of as {list(told)}"
    if job.state == JobState.CANCELLED:
        return "" if job.pk in stream.called_off else f"{name} was called off by nobody"
    if _by_the_storm(job, stream):
        blows = [attempt for attempt in attempts if attempt.outcome in {Outcome.LOST, Outcome.RETRIED}]
        return "" if len(blows) == MOST_FAULTS == job.faults else f"{name} was given up after {len(blows)} blows"
    return "" if job.error_code == DESERVED[behaviour] else f"{name} ended otherwise than it deserved"


def _by_the_storm(job: Job, stream: Stream) -> bool:
    deserved = DESERVED[stream.asked[job.pk]]
    return job.state == JobState.FAILED and job.error_code != deserved and job.error_code in OF_THE_STORM


def _wrong_with_works() -> list[str]:
    undeserved = Artwork.objects.exclude(job__state=JobState.SUCCEEDED).count()
    return [f"{undeserved} works are of jobs that did not succeed"] if undeserved else []


def _sweep_files() -> tuple[int, list[str], int]:
    """Have the sweeper remove orphans of any age, then compare store and rows."""
    files.YOUNG = timedelta(seconds=-5)
    removed = services.remove_orphans()
    rows = {(row.bucket, row.key): row.sha256 for row in ArtworkFile.objects.all()}
    previews = {("public", key) for key in Job.objects.exclude(preview_key="").values_list("preview_key", flat=True)}
    stored = {
        (bucket.value, item.key)
        for bucket, prefix in files.PLACES
        for item in storage.list_objects(bucket, f"{prefix}/")
    }
    wrongs = [f"{where} is a file of nothing" for where in stored - set(rows) - previews]
    wrongs += [f"{where} is missing" for where in set(rows) - stored]
    for (bucket, key), digest in rows.items():
        if (bucket, key) in stored:
            data = storage.get(storage.Bucket(bucket), key)
            if hashlib.sha256(data).hexdigest() != digest:
                wrongs.append(f"{key} is damaged")
    return removed, wrongs, len(stored)
