"""What happens to searches as their trials come on, to proofs that become somebody's, and to works taken down."""

from uuid import UUID

from generation import selectors, services
from generation.services.artworks import TRANSFERRED
from marketplace.core.outbox import subscribe


@subscribe(TRANSFERRED)
def on_artwork_transferred(artwork_id: str) -> None:
    services.unveil_artwork(artwork_id=UUID(artwork_id))


@subscribe("artwork.curated")
def on_artwork_curated(artwork_id: str) -> None:
    services.shelve_artwork(artwork_id=UUID(artwork_id))


@subscribe("search.started")
def on_search_started(search_id: str) -> None:
    services.advance_search(search_id=UUID(search_id))


@subscribe("training.validated", among=selectors.jobs_of_trials)
@subscribe("job.succeeded", among=selectors.jobs_of_trials)
@subscribe("job.failed", among=selectors.jobs_of_trials)
@subscribe("job.cancelled", among=selectors.jobs_of_trials)
def on_trial_moved(job_id: str) -> None:
    services.advance_search(search_id=selectors.search_of_job(UUID(job_id)))
