"""After the storm: what must be true of every job, every work and every file, and the counts of them all."""

import hashlib
from collections import Counter
from datetime import timedelta
from pathlib import PurePosixPath
from statistics import median

from django.db.models import Count

from generation import services
from generation.models import Artwork, ArtworkFile, Attempt, Job, JobState, Outcome
from generation.services import files
from generation.services.files import WEIGHTS
from marketplace.core import storage
from marketplace.core.models import OutboxEvent
from marketplace.core.storage import Bucket
from tests.chaos.stream import Stream

DESERVED = {
    "paint": "", "noop": "", "full-when-many": "", "user-error": "bad-request", "crash": "engine-crashed",
    "fault": "engine-fault", "out-of-memory": "out-of-memory", "die": "studio-gone", "wait": "time-limit",
    "deaf": "time-limit",
}  # fmt: skip
OF_THE_STORM = {"worker-lost", "studio-gone", "storage-unavailable"}
BLOWS = {Outcome.LOST, Outcome.RETRIED}
MOST_FAULTS = 3
MOST_BY_THE_STORM = 0.05  # a share: a storm that fells more proves little of what happens to the others

Counts = dict[str, dict[str, float]]


class Reckoning:
    """Looks at everything that is left, and gathers counts and sentences about what is wrong."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.jobs = list(Job.objects.order_by("pk"))
        self.works = Counter(Artwork.objects.values_list("job_id", flat=True))
        self.wrongs = list(stream.wrongs)
        self.counts: Counts = {}

    def reckon(self) -> None:
        """Look at the jobs first, then at the works and events, and sweep and compare the files last."""
        self._look_at_jobs()
        self._look_at_works_and_events()
        self._look_at_files()

    def _look_at_jobs(self) -> None:
        stream = self.stream
        if {job.pk for job in self.jobs} != set(stream.asked) or len(self.jobs) != stream.requests:
            self.wrongs.append(f"{stream.requests} jobs were asked for, and there are {len(self.jobs)}")
        felled = sum(self._by_the_storm(job) for job in self.jobs)
        if felled > MOST_BY_THE_STORM * len(self.jobs):
            self.wrongs.append(f"the storm felled {felled} jobs")
        self.wrongs += [wrong for job in self.jobs if (wrong := self._wrong_with(job))]
        self.counts["jobs"] = {"asked for": stream.requests, "asked for twice": stream.asked_twice}
        self.counts["jobs by end"] = dict(sorted(Counter(self._end_of(job) for job in self.jobs).items()))
        self.counts["attempts"] = dict(Attempt.objects.values_list("outcome").annotate(Count("pk")).order_by("outcome"))
        self.counts["calling off"] = self._calling_off()

    def _end_of(self, job: Job) -> str:
        if job.state != JobState.FAILED:
            return str(job.state)
        return f"failed: {job.error_code}" + (", struck three times" if self._by_the_storm(job) else "")

    def _wrong_with(self, job: Job) -> str:
        """What is not as it must be with one job, or nothing."""
        behaviour = self.stream.asked.get(job.pk, "unknown")
        attempts = list(job.attempts.order_by("number"))
        name = f"{behaviour} job {job.pk} ({job.state} {job.error_code})"
        if not job.is_final:
            return f"{name} has not ended"
        if job.lease_token or any(attempt.ended_at is None for attempt in attempts):
            return f"{name} is still held"
        if [attempt.number for attempt in attempts] != list(range(1, job.attempt + 1)):
            return f"{name} has gaps in its attempts"
        if self.works[job.pk] != (job.state == JobState.SUCCEEDED and behaviour != "noop"):
            return f"{name} has {self.works[job.pk]} works"
        told = OutboxEvent.objects.filter(subject_id=str(job.pk)).exclude(topic="").values_list("topic", flat=True)
        if list(told) != [f"job.{job.state}"]:
            return f"{name} was told of as {list(told)}"
        if job.state == JobState.CANCELLED:
            return "" if job.pk in self.stream.called_off else f"{name} was called off by nobody"
        if self._by_the_storm(job):
            blows = [attempt for attempt in attempts if attempt.outcome in BLOWS]
            return "" if len(blows) == MOST_FAULTS == job.faults else f"{name} was given up after {len(blows)} blows"
        return "" if job.error_code == DESERVED.get(behaviour) else f"{name} ended otherwise than it deserved"

    def _by_the_storm(self, job: Job) -> bool:
        """Whether it failed of what the storm did to it, not of what it is."""
        deserved = DESERVED.get(self.stream.asked.get(job.pk, ""))
        return job.state == JobState.FAILED and job.error_code != deserved and job.error_code in OF_THE_STORM

    def _calling_off(self) -> dict[str, float]:
        """How long it took from the word to the end; the slowest are of workers that were dead or frozen."""
        took = [
            (job.finished_at - job.cancel_requested_at).total_seconds()
            for job in self.jobs
            if job.state == JobState.CANCELLED and job.finished_at and job.cancel_requested_at
        ]
        counted: dict[str, float] = {"asked for": len(self.stream.called_off), "too late": self.stream.called_off_late}
        return counted | {"median, s": round(median(took or [0]), 2), "slowest, s": round(max(took, default=0), 2)}

    def _look_at_works_and_events(self) -> None:
        if undeserved := Artwork.objects.exclude(job__state=JobState.SUCCEEDED).count():
            self.wrongs.append(f"{undeserved} works are of jobs that did not succeed")
        if untold := OutboxEvent.objects.filter(done_at=None).count():
            self.wrongs.append(f"{untold} events were never told")
        self.counts["works"] = {"works": sum(self.works.values()), "events": OutboxEvent.objects.count()}

    def _look_at_files(self) -> None:
        """Have the sweeper remove orphans of any age, then compare all that is stored with all that is written."""
        files.YOUNG = timedelta(seconds=-5)
        removed = services.remove_orphans()
        rows = {(row.bucket, row.key): row.sha256 for row in ArtworkFile.objects.all()}
        previews = Job.objects.exclude(preview_key="").values_list("preview_key", flat=True)
        wanted = rows | {(Bucket.PUBLIC.value, key): PurePosixPath(key).stem for key in previews}
        stored = {(bucket.value, item.key) for bucket in Bucket for item in storage.list_objects(bucket)}
        weights = {(bucket, key) for bucket, key in stored if key.startswith(f"{WEIGHTS}/")}
        self.wrongs += [f"{where} is a file of nothing" for where in stored - set(wanted) - weights]
        self.wrongs += [f"{where} is missing" for where in set(wanted) - stored]
        for (bucket, key), digest in wanted.items():
            if (bucket, key) in stored and _sha256(bucket, key) != digest:
                self.wrongs.append(f"{key} is damaged")
        self.counts["files"] = {"stored": len(stored), "rows": len(rows), "orphans removed": removed}


def _sha256(bucket: str, key: str) -> str:
    return hashlib.sha256(storage.get(Bucket(bucket), key)).hexdigest()
