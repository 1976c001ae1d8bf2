"""Actors that wake a worker, and the sweeper's chores. Nothing here loads torch: the web process imports this too."""

import dramatiq
import structlog

from generation import services
from generation.worker.presence import Presence
from marketplace.core.broker import CPU, GPU
from marketplace.core.periodic import periodic

log = structlog.get_logger(__name__)

dramatiq.get_broker().add_middleware(Presence())


@dramatiq.actor(actor_name="run_job_cpu", queue_name=CPU, notify_shutdown=True)
def run_job_cpu(job_id: str) -> None:
    """Run the next job that does without a GPU; `job_id` is only why we were woken: the rows decide what is next."""
    _run_next(CPU)


@dramatiq.actor(actor_name="run_job_gpu", queue_name=GPU, notify_shutdown=True)
def run_job_gpu(job_id: str) -> None:
    """Run the next job that is best made on a GPU; `job_id` is only why we were woken."""
    _run_next(GPU)


def _run_next(queue: str) -> None:
    from generation.worker.running import run_next_job  # loads torch

    run_next_job(queue)


@periodic(seconds=2)
def take_back_lapsed_leases() -> None:
    """Give jobs whose worker fell silent to another."""
    services.take_back_lapsed()


@periodic(seconds=1)
def wake_forgotten_jobs() -> None:
    """Wake workers for jobs whose message was lost, and for those that waited after a fault."""
    services.wake_forgotten()


@periodic(seconds=600)
def expire_uploads() -> None:
    """Give up on uploads that never came, and remove what came and was never asked for."""
    services.expire_uploads()
    services.remove_incoming_orphans()


@periodic(seconds=3600)
def remove_orphan_files() -> None:
    """Remove files that nothing refers to."""
    services.remove_orphans()
