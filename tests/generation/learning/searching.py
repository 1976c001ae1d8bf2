"""A dataset that can be searched over, and trials that come on as a worker would bring them on."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from generation import selectors, services
from generation.models import Dataset, DatasetPicture, DatasetState, Job, Search, Trial
from generation.services import Bounds
from marketplace.accounts.models import Artist
from marketplace.core.models import OutboxEvent
from marketplace.core.outbox import deliver
from tests.generation.learning.toy_search import validations

ENOUGH = Bounds(planned=6, parallel=1, minutes=10.0, trial_minutes=0.1)


def frozen_rows(artist: Artist, *, held_out: int = 4, name: str = "Bowls") -> Dataset:
    """A frozen dataset as its rows show it; nothing of it lies in the object store."""
    dataset = Dataset.objects.create(artist=artist, name=name, state=DatasetState.FROZEN, frozen_at=timezone.now())
    DatasetPicture.objects.bulk_create(
        DatasetPicture(
            dataset=dataset, filename=f"{number}.png", declared_size=9, consent="own", consented_by=artist.user,
            state="ready", key=f"datasets/{number}", sha256=f"{number:064}", width=64, height=64,
            split="validation" if number < held_out else "train",
        )
        for number in range(held_out + 8)
    )  # fmt: skip
    return dataset


def begin(artist: Artist, dataset: Dataset, bounds: Bounds = ENOUGH, **more: Any) -> Search:
    given: dict[str, Any] = {"engine": "train-bowl", "name": "Bowl", "seed": 5}
    search = services.start_search(owner=artist.user, dataset_id=dataset.pk, bounds=bounds, **{**given, **more})
    tell()
    return search


def tell() -> None:
    """Deliver every event, as often as new ones come of it."""
    for _ in range(50):
        if not (due := list(OutboxEvent.objects.filter(done_at=None, actor="").values_list("pk", flat=True))):
            return
        deliver(due)
    raise AssertionError("There is always more to tell.")


def lease() -> Job:
    """Take the next trial as a worker would."""
    (job,) = services.lease_jobs(queue="cpu", worker="w", host="h", device="cpu")
    return job


def validate(job: Job, upto: int) -> None:
    """Say how good the model is after so many tenths of its budget."""
    assert job.lease_token is not None
    curve = validations(job.parameters["depth"], upto)
    services.note_validation(job_id=job.pk, token=job.lease_token, curve=curve)
    tell()


def finish(job: Job) -> None:
    assert job.lease_token is not None
    curve = validations(job.parameters["depth"])
    told = {"curve": curve, "step": 10, "images": 100, "seconds": 6.0, "reason": "images"}
    services.finish_trial(job_id=job.pk, token=job.lease_token, **told)
    tell()


def trials(search: Search) -> list[Trial]:
    return selectors.trials_of(search)


def states(search: Search) -> list[str]:
    return [str(trial.state) for trial in trials(search)]


def state(search_id: UUID) -> str:
    return str(Search.objects.get(pk=search_id).state)
