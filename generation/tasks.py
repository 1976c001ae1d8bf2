"""Actors that wake a worker, and the sweeper's chores. Nothing here loads torch: the studio's own process does."""

import dramatiq

from generation import selectors, services
from generation.worker.looking import look_ahead
from generation.worker.presence import Presence
from generation.worker.refitting import refit_works
from generation.worker.running import run_jobs
from generation.worker.studios import Studios
from marketplace.core.broker import CPU, GPU, IO
from marketplace.core.periodic import periodic

dramatiq.get_broker().add_middleware(Presence())
dramatiq.get_broker().add_middleware(Studios())


@dramatiq.actor(actor_name="run_jobs_cpu", queue_name=CPU, notify_shutdown=True)
def run_jobs_cpu(because_of: str) -> None:
    """Make the jobs that do without a GPU; `because_of` is only why we were woken: the rows decide what is next."""
    run_jobs(CPU)


@dramatiq.actor(actor_name="run_jobs_gpu", queue_name=GPU, notify_shutdown=True)
def run_jobs_gpu(because_of: str) -> None:
    """Make the jobs that are best made on a GPU; `because_of` is only why we were woken."""
    run_jobs(GPU)


@dramatiq.actor(actor_name="refit_previews", queue_name=CPU, max_age=60_000)
def refit_previews() -> None:
    """Give some works from earlier the previews that they lack: signed, so by a worker that paints."""
    refit_works()


@dramatiq.actor(actor_name="tend_datasets", queue_name=IO)
def tend_datasets(because_of: str) -> None:
    """Do what datasets wait for; `because_of` is only why we were woken."""
    if services.tend_datasets():
        tend_datasets.send(because_of)  # others have waited for this thread long enough


@dramatiq.actor(actor_name="look_at_works", queue_name=CPU)
def look_at_works(because_of: str) -> None:
    """Look at works that nobody has looked at; `because_of` is only why we were woken: the rows decide which."""
    if look_ahead():
        look_at_works.send(because_of)  # jobs have waited for this thread long enough


@periodic(seconds=5)
def wake_for_looks() -> None:
    """Have works looked at that are new, or that were seen by another network, a parcel at a time."""
    if selectors.next_unseen(1) or selectors.next_ungauged() or selectors.next_unmeasured(1):
        look_at_works.send("a chore")


@periodic(seconds=5)
def read_works() -> None:
    """Read what is said of works that were looked at."""
    services.read_works()


@periodic(seconds=2)
def take_back_lapsed_leases() -> None:
    """Give jobs whose worker fell silent to another."""
    services.take_back_lapsed()


@periodic(seconds=1)
def wake_forgotten_jobs() -> None:
    """Wake workers for jobs whose message was lost, and for those that waited after a fault."""
    services.wake_forgotten()


@periodic(seconds=5)
def wake_forgotten_datasets() -> None:
    """Have datasets looked after whose message was lost, or where something failed."""
    services.wake_forgotten_datasets()


@periodic(seconds=60)
def refit_works_from_earlier() -> None:
    """Have a painting worker see to some works whose previews are from earlier; a large house runs the command."""
    if selectors.unfitted_works().exists():
        refit_previews.send()


@periodic(seconds=600)
def expire_uploads() -> None:
    """Give up on uploads that never came, and remove what came and was never asked for."""
    services.expire_uploads()
    services.remove_incoming_orphans()


@periodic(seconds=3600)
def forget_previews() -> None:
    """Delete what was only to be looked at, a day later."""
    services.forget_previews()


@periodic(seconds=20)
def finish_withdrawals() -> None:
    """Go on with public files that must go and could not be deleted, or of which a cache has not heard."""
    services.finish_withdrawals()


@periodic(seconds=600)
def shelve_misplaced() -> None:
    """Move files of works whose event was lost."""
    services.shelve_misplaced()


@periodic(seconds=3600)
def remove_orphan_files() -> None:
    """Remove files that nothing refers to."""
    services.remove_orphans()


@periodic(seconds=60)
def forget_silent_workers() -> None:
    """Forget worker processes that nobody has heard of for ten minutes."""
    services.forget_silent_workers()


@periodic(seconds=60)
def advance_searches() -> None:
    """Go on with searches whose events were lost."""
    services.advance_searches()
