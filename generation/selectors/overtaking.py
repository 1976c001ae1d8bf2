"""When a training makes way for what is more urgent: never begun before it, and put off once it waits for a while."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from generation.models import Job, JobState, Purpose, Worker

PATIENCE = timedelta(seconds=3)  # in which a worker that has nothing to do would have taken it
BETWEEN = timedelta(seconds=10)  # in which one training leaves its checkpoint, before the next has to


def is_overtaken(job: Job, *, worker: str) -> bool:
    """Does something more urgent wait, and for a while already, that the worker of this training could make?

    In any of the worker's queues: one thread of it works for all. Of several trainings the last begun makes way first,
    and the others only while more still waits. What may not run yet, because its owner or engine has enough, waits for
    nobody's place.
    """
    queues = Worker.objects.filter(name=worker).values_list("queues", flat=True).first() or []
    begun = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).values("started_at")[:1]
    others = Job.objects.filter(state=JobState.RUNNING, purpose=Purpose.TRAIN, queue=job.queue)
    since = Now() - (PATIENCE + BETWEEN * others.filter(started_at__gt=begun).count())
    urgent = Job.objects.filter(state=JobState.QUEUED, queue__in=[*queues, job.queue], priority__gt=job.priority)
    waiting = urgent.filter(available_at__lt=since, created_at__lt=since)
    atelier = settings.ATELIER
    limited = waiting.within_limits(of_user=atelier.user_concurrency, of_engine=atelier.engine_concurrency, but=job)
    return limited.exists()
