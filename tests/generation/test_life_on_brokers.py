"""One job's whole life on either broker, with the processes of production: submitted, relayed, made, told."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from generation.models import Artwork, Job
from marketplace.core.models import OutboxEvent
from marketplace.house.parts import Part
from marketplace.house.supervisor import Supervisor
from tests.generation.watching import eventually, outcomes

WORKER = [sys.executable, "-m", "dramatiq", "marketplace.core.worker_process", "--processes", "1", "--threads", "1"]


@pytest.fixture(params=["redis", "rabbitmq"])
def broker_url(request: pytest.FixtureRequest) -> str:
    if request.param == "rabbitmq":
        return str(request.getfixturevalue("rabbitmq_url"))
    return os.environ["BROKER_URL"]


@pytest.fixture
def staff(broker_url: str, transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A relay, a worker for events and one for works, on the tests' database."""
    database = os.environ["DATABASE_URL"].replace("/atelier?", f"/{connection.settings_dict['NAME']}?")
    environment = {"BROKER_URL": broker_url, "DATABASE_URL": database, "PYTHONPATH": str(settings.BASE_DIR)}
    supervisor = Supervisor(logs=tmp_path)
    for name, argv in {
        "relay": [sys.executable, str(settings.BASE_DIR / "manage.py"), "relay"],
        "io": [*WORKER, "--queues", "io"],
        "paint": [*WORKER, "--queues", "cpu"],
    }.items():
        supervisor.start(Part(name, argv, lambda: True, environment=environment))
    yield
    supervisor.stop()


@pytest.mark.usefixtures("staff")
def test_a_job_goes_its_way_on_either_broker(submit: Callable[..., Job]) -> None:
    job = submit(size=64, seed=3)
    eventually(lambda: Job.objects.filter(pk=job.pk, state="succeeded").exists(), seconds=90)
    assert outcomes(job) == [("succeeded", "")]
    assert Artwork.objects.get().job == job
    eventually(lambda: not OutboxEvent.objects.filter(done_at=None).exists(), seconds=60)
    assert sorted(OutboxEvent.objects.values_list("topic", "actor", "attempts")) == [
        ("", "run_jobs_cpu", 1), ("job.succeeded", "", 1),
    ]  # fmt: skip
