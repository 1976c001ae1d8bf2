"""Trainings that staff run again."""

from collections.abc import Callable

import pytest

from generation import services
from generation.errors import NotRequeueable
from generation.models import Dataset, Job, JobState, Training

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_training_that_was_taken_up_again_is_not_run_a_second_time(
    submit: Callable[..., Job], dataset: Dataset
) -> None:
    stopped, again = submit(), submit()
    services.cancel_job(job_id=stopped.pk)
    first = Training.objects.create(artist=dataset.artist, dataset=dataset, job=stopped, name="Patterns")
    services.requeue_job(job_id=stopped.pk)
    services.cancel_job(job_id=stopped.pk)

    Training.objects.create(artist=dataset.artist, dataset=dataset, job=again, name="Patterns", resumes=first)

    with pytest.raises(NotRequeueable):
        services.requeue_job(job_id=stopped.pk)
    stopped.refresh_from_db()
    assert stopped.state == JobState.CANCELLED
