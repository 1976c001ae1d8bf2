"""The worker: from the lease to the work, through every way in which it can go wrong."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from dramatiq.middleware import Shutdown
from PIL import Image

from generation import services, tasks
from generation.models import Artwork, ArtworkFile, Job, JobInput, Upload
from generation.worker import making, running, stage
from generation.worker.running import run_next_job
from marketplace.core import storage
from marketplace.core.models import Heartbeat
from marketplace.core.storage import Bucket, StorageUnavailable
from tests.generation import toy
from tests.generation.conftest import picture, told, wakes

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


def outcomes(job: Job) -> list[tuple[str, str]]:
    return list(job.attempts.values_list("outcome", "error_code"))


def in_background(work: Callable[[], object]) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_a_job_becomes_a_work_with_all_its_files(
    submit: Submit, send: Callable[..., Upload], settle: Callable[[], None]
) -> None:
    upload = send(picture())
    services.complete_upload(upload_id=upload.pk, owner=upload.owner)
    upload.refresh_from_db()
    job = submit(size=700, seed=5, title="Noise", inputs=[JobInput.of_upload("picture", upload)])

    settle()

    job.refresh_from_db()
    artwork = Artwork.objects.get(job=job)
    assert (job.state, job.progress, job.lease_token, job.error_code) == ("succeeded", 1.0, None, "")
    assert outcomes(job) == [("succeeded", "")]
    assert told("job.succeeded") == [str(job.pk)]
    assert (artwork.title, artwork.visibility, artwork.owner, artwork.medium) == (
        "Noise",
        "private",
        job.owner,
        "image",
    )
    assert artwork.recipe == {
        "engine": "toy", "engine_version": "7", "medium": "image", "model_hash": "c0ffee", "seed": 5,
        "parameters": {"size": 700, "behaviour": "paint"},
        "inputs": [{"name": "picture", "key": upload.key, "sha256": upload.sha256}],
        "torch": artwork.recipe["torch"], "device": "cpu",
    }  # fmt: skip
    assert sorted(artwork.files.values_list("role", "format", "width")) == [
        ("original", "png", 700),
        ("preview", "avif", 480), ("preview", "avif", 700), ("preview", "webp", 480), ("preview", "webp", 700),
        ("thumbnail", "avif", 240), ("thumbnail", "webp", 240),
    ]  # fmt: skip
    for file in artwork.files.all():
        check_file(file)


def check_file(file: ArtworkFile) -> None:
    bucket = Bucket(file.bucket)
    data = storage.get(bucket, file.key)
    assert (len(data), hashlib.sha256(data).hexdigest()) == (file.bytes, file.sha256)
    assert Image.open(io.BytesIO(data)).size == (file.width, file.height)
    assert (bucket is Bucket.PRIVATE) == (file.role == "original")
    assert bool(file.url) == (bucket is Bucket.PUBLIC)


def test_the_same_seed_makes_the_same_bytes(make_artwork: Callable[..., Artwork]) -> None:
    first, second, other = make_artwork(seed=1), make_artwork(seed=1), make_artwork(seed=2)
    hashes = [work.original.sha256 for work in (first, second, other) if work.original]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_second_delivery_finds_nothing_to_do(submit: Submit) -> None:
    job = submit()
    tasks.run_job_cpu(str(job.pk))
    tasks.run_job_cpu(str(job.pk))

    assert len(toy.runs) == 1
    assert Artwork.objects.count() == 1
    assert told("job.succeeded") == [str(job.pk)]


def test_an_urgent_job_goes_before_older_ones_and_each_queue_has_its_own(submit: Submit) -> None:
    plain, urgent = submit(), submit(priority=5)

    assert run_next_job("gpu") is None
    assert [run_next_job("cpu"), run_next_job("cpu"), run_next_job("cpu")] == [urgent.pk, plain.pk, None]


def test_two_workers_never_hold_the_same_job(submit: Submit) -> None:
    jobs = {submit().pk for _ in range(6)}
    held: list[Job | None] = []

    def take() -> None:
        held.extend(services.lease_job(queue="cpu", worker="w", host="h", device="cpu") for _ in range(3))

    threads = [in_background(take) for _ in range(2)]
    for thread in threads:
        thread.join()

    assert sorted(job.pk for job in held if job) == sorted(jobs)


@pytest.mark.parametrize(
    ("behaviour", "code", "detail"),
    [
        ("fault", "engine-fault", "The brush broke."),
        ("user-error", "bad-request", "This cannot be painted."),
        ("crash", "engine-crashed", "The engine failed in a way that was not foreseen."),
    ],
)
def test_an_engine_that_fails_fails_the_job_once(submit: Submit, behaviour: str, code: str, detail: str) -> None:
    job = submit(behaviour=behaviour)
    run_next_job("cpu")

    job.refresh_from_db()
    assert (job.state, job.error_code, job.error_detail) == ("failed", code, detail)
    assert outcomes(job) == [("failed", code)]
    assert told("job.failed") == [str(job.pk)]
    assert not Artwork.objects.exists()


def test_a_fault_that_may_pass_is_tried_three_times_with_growing_pauses(submit: Submit) -> None:
    job = submit(behaviour="out-of-memory")
    pauses = []
    for _ in range(3):
        assert run_next_job("cpu") == job.pk
        assert run_next_job("cpu") is None  # not before its time
        job.refresh_from_db()
        pauses.append(round((job.available_at - timezone.now()).total_seconds()))
        Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))

    assert (job.state, job.error_code, job.faults) == ("failed", "out-of-memory", 3)
    assert pauses[:2] == [2, 4]
    assert outcomes(job) == [("retried", "out-of-memory")] * 3
    assert told("job.failed") == [str(job.pk)]


@pytest.mark.parametrize("fault", [StorageUnavailable("gone"), MemoryError(), OperationalError("gone")])
def test_a_store_or_machine_that_is_out_of_breath_is_tried_again(
    submit: Submit, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    job = submit()
    with monkeypatch.context() as outage:
        outage.setattr(making, "store_work", lambda image: (_ for _ in ()).throw(fault))
        run_next_job("cpu")
    job.refresh_from_db()
    assert (job.state, job.faults) == ("queued", 1)

    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))
    assert services.wake_forgotten() == 1
    run_next_job("cpu")

    job.refresh_from_db()
    assert (job.state, Artwork.objects.count()) == ("succeeded", 1)


def test_a_missing_input_fails_the_job_with_its_true_cause(submit: Submit, send: Callable[..., Upload]) -> None:
    upload = send(picture(colour="#010203"))
    upload = services.complete_upload(upload_id=upload.pk, owner=upload.owner)
    job = submit(inputs=[JobInput.of_upload("picture", upload)])
    storage.delete(Bucket.PRIVATE, upload.key)
    run_next_job("cpu")

    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "object-missing")


def test_an_input_that_was_tampered_with_is_not_used(submit: Submit, send: Callable[..., Upload]) -> None:
    upload = send(picture(colour="#010204"))
    upload = services.complete_upload(upload_id=upload.pk, owner=upload.owner)
    job = submit(inputs=[JobInput.of_upload("picture", upload)])
    storage.put(Bucket.PRIVATE, upload.key, picture(colour="black"), media_type="image/png")
    run_next_job("cpu")

    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "invalid-inputs")


def test_a_running_job_that_is_called_off_stops(submit: Submit) -> None:
    job = submit(behaviour="wait")
    worker = in_background(lambda: run_next_job("cpu"))
    assert toy.started.wait(10)

    asked = services.cancel_job(job_id=job.pk)
    assert (asked.state, asked.cancel_requested_at is not None) == ("running", True)
    worker.join(timeout=5)

    job.refresh_from_db()
    assert (job.state, job.lease_token) == ("cancelled", None)
    assert outcomes(job) == [("cancelled", "")]
    assert told("job.cancelled") == [str(job.pk)]


def test_a_worker_whose_lease_was_stolen_finishes_nothing(submit: Submit) -> None:
    job = submit(behaviour="wait")
    late = in_background(lambda: run_next_job("cpu"))
    assert toy.started.wait(10)
    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert services.take_back_lapsed() == 1

    toy.gate.set()
    late.join(timeout=10)

    job.refresh_from_db()
    assert (job.state, job.faults, Artwork.objects.count()) == ("queued", 1, 0)
    assert outcomes(job) == [("lost", "worker-lost")]

    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))
    run_next_job("cpu")
    job.refresh_from_db()
    assert (job.state, Artwork.objects.count()) == ("succeeded", 1)
    assert outcomes(job) == [("lost", "worker-lost"), ("succeeded", "")]
    assert told("job.succeeded") == [str(job.pk)]


def test_a_worker_that_learns_it_lost_its_lease_stops_painting(
    submit: Submit, lease_seconds: Callable[[int], None]
) -> None:
    lease_seconds(1)
    job = submit(behaviour="wait")
    late = in_background(lambda: run_next_job("cpu"))
    assert toy.started.wait(10)

    Job.objects.filter(pk=job.pk).update(lease_token=uuid4())
    late.join(timeout=5)

    assert not late.is_alive()
    job.refresh_from_db()
    assert (job.state, told("job.cancelled")) == ("running", [])


def test_a_lease_is_renewed_while_the_engine_works(submit: Submit, lease_seconds: Callable[[int], None]) -> None:
    lease_seconds(1)
    job = submit(behaviour="wait")
    worker = in_background(lambda: run_next_job("cpu"))
    assert toy.started.wait(10)
    worker.join(timeout=1.5)

    assert services.take_back_lapsed() == 0
    toy.gate.set()
    worker.join(timeout=10)
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("succeeded", 1)


@pytest.fixture
def lease_seconds(settings: object) -> Callable[[int], None]:
    def set_to(seconds: int) -> None:
        changed = settings.ATELIER.model_copy(update={"lease_seconds": seconds})  # type: ignore[attr-defined]
        settings.ATELIER = changed  # type: ignore[attr-defined]

    return set_to


def test_a_worker_that_is_told_to_stop_hands_its_job_back(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = submit()
    with monkeypatch.context() as ending:
        ending.setattr(running, "make_work", lambda job, keeper: (_ for _ in ()).throw(Shutdown()))
        run_next_job("cpu")

    job.refresh_from_db()
    assert (job.state, job.faults, outcomes(job)) == ("queued", 0, [("released", "")])
    assert wakes() == [str(job.pk)] * 2
    run_next_job("cpu")
    job.refresh_from_db()
    assert job.state == "succeeded"


def test_a_worker_that_cannot_tell_the_database_leaves_the_lease_to_lapse(
    submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submit(behaviour="fault")
    monkeypatch.setattr(services, "fail_job", lambda **said: (_ for _ in ()).throw(OperationalError("gone")))
    assert run_next_job("cpu") == job.pk
    job.refresh_from_db()
    assert job.state == "running"

    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert services.take_back_lapsed() == 1


def test_a_process_that_is_ended_hands_its_job_back(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = submit()
    monkeypatch.setattr(running, "make_work", lambda job, keeper: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        run_next_job("cpu")
    job.refresh_from_db()
    assert (job.state, outcomes(job)) == ("queued", [("released", "")])


def test_a_job_called_off_while_its_worker_goes_away_is_cancelled(submit: Submit) -> None:
    job = submit()
    held = services.lease_job(queue="cpu", worker="w", host="h", device="cpu")
    assert held is not None
    assert held.lease_token is not None
    services.cancel_job(job_id=job.pk)

    assert services.release_job(job_id=job.pk, token=held.lease_token)
    assert not services.release_job(job_id=job.pk, token=held.lease_token)

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert told("job.cancelled") == [str(job.pk)]


def test_watchers_see_a_picture_of_the_work_in_progress(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BETWEEN_REPORTS", 0.0)
    job = submit(behaviour="wait", size=1024)
    worker = in_background(lambda: run_next_job("cpu"))
    assert toy.started.wait(10)
    job.refresh_from_db()
    toy.gate.set()
    worker.join(timeout=10)

    assert (job.state, job.progress, job.stage) == ("running", 0.5, "Halfway")
    assert job.preview_key.startswith("stages/")
    assert Image.open(io.BytesIO(storage.get(Bucket.PUBLIC, job.preview_key))).size == (512, 512)
    assert Job.objects.get(pk=job.pk).preview_key.startswith("previews/")


def test_reports_that_come_too_fast_are_let_go(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BETWEEN_REPORTS", 60.0)
    job = submit(behaviour="fault")
    run_next_job("cpu")
    job.refresh_from_db()
    assert (job.stage, job.progress, job.preview_key) == ("Getting ready", 0.0, "")


def test_a_store_that_takes_no_preview_does_not_harm_the_work(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BETWEEN_REPORTS", 0.0)
    monkeypatch.setattr(stage, "fit", lambda image, width: (_ for _ in ()).throw(StorageUnavailable("gone")))
    job = submit()
    run_next_job("cpu")
    job.refresh_from_db()
    assert job.state == "succeeded"


def test_an_idle_worker_beats(settle: Callable[[], None]) -> None:
    settle()
    assert Heartbeat.objects.filter(name__startswith="worker:").count() == 1
