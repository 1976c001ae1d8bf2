"""Jobs for the dispatch benchmark, once Django stands."""

import time
from itertools import count

from django.db import connection

from generation import services
from generation.models import Attempt, Job, JobState
from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent

OPEN = (JobState.QUEUED, JobState.RUNNING)
BATCH = 5000


class Jobs:
    """Jobs of one person for the engine that does nothing."""

    def __init__(self) -> None:
        self.owner = User.objects.create_user(email="bench@example.com", display_name="Bench")
        self.seeds = count(1)

    def submit(self) -> Job:
        """Ask for one, in a transaction of its own."""
        return services.submit_job(owner=self.owner, engine="noop", parameters={}, seed=next(self.seeds))

    def submit_variations(self) -> list[Job]:
        """Ask for as many as may be asked for at once, in one transaction."""
        seed = next(self.seeds)
        return services.submit_variations(
            count=services.MOST_VARIATIONS, owner=self.owner, engine="noop", parameters={}, seed=seed
        )

    def left(self) -> int:
        """How many have not ended, or have ended and were not told."""
        return Job.objects.filter(state__in=OPEN).count() + OutboxEvent.objects.filter(done_at=None).count()

    def wait_of_one(self) -> float:
        """Seconds from the commit of a job to its start, when nothing else is to be done."""
        time.sleep(0.35)  # long enough for everybody to have fallen idle
        job = self.submit()
        committed = time.time()
        while self.left():
            time.sleep(0.02)
        started = Attempt.objects.get(job=job).started_at
        return max(0.0, started.timestamp() - committed)

    def grow_to(self, size: int) -> None:
        """Have so many finished jobs in the table, with their attempts, by copying one."""
        model = Job.objects.filter(state=JobState.SUCCEEDED).first()
        assert model is not None
        missing = size - Job.objects.filter(state=JobState.SUCCEEDED).count()
        columns = [field.column for field in Job._meta.concrete_fields if field.column not in {"id", "request_key"}]
        listed = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO generation_job (id, {listed}) SELECT gen_random_uuid(), {listed}"
                " FROM generation_job CROSS JOIN generate_series(1, %s) WHERE id = %s",
                [max(0, missing), model.pk],
            )
            cursor.execute(
                "INSERT INTO generation_attempt (job_id, number, worker, host, device, batch, started_at, ended_at,"
                " outcome, error_code, error_detail) SELECT id, 1, 'w', 'h', 'cpu', 1, started_at, finished_at,"
                " 'succeeded', '', '' FROM generation_job WHERE NOT EXISTS"
                " (SELECT 1 FROM generation_attempt WHERE job_id = generation_job.id)"
            )
            cursor.execute("ANALYZE")
