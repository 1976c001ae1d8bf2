"""The worker: from the lease to the work, and through what goes wrong on the way."""

import hashlib
import io
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from PIL import Image

from generation import provenance, services, tasks
from generation.models import Artwork, ArtworkFile, Job, JobInput, Priority, Upload
from generation.worker import batch, insisting, stage
from generation.worker.running import run_next_batch
from marketplace.core import storage
from marketplace.core.models import Heartbeat
from marketplace.core.storage import Bucket, StorageUnavailable
from tests.generation.conftest import Gate, picture, told
from tests.generation.watching import eventually, in_background, outcomes

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


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
        "parameters": {"size": 700, "behaviour": "paint", "gate": "", "seconds": 0.0},
        "inputs": [{"name": "picture", "key": upload.key, "sha256": upload.sha256, "credit": ""}],
        "torch": artwork.recipe["torch"], "device": "cpu", "batch": 1, "pixels_sha256": artwork.pixels_sha256,
    }  # fmt: skip
    assert sorted(artwork.files.values_list("role", "format", "width")) == [
        ("original", "png", 700),
        ("preview", "avif", 320), ("preview", "avif", 700), ("preview", "webp", 320), ("preview", "webp", 700),
        ("thumbnail", "avif", 240), ("thumbnail", "webp", 240),
    ]  # fmt: skip
    with Image.open(io.BytesIO(b64decode(artwork.placeholder or ""))) as tiny:
        assert max(tiny.size) == 16
    for file in artwork.files.all():
        check_file(file)


def check_file(file: ArtworkFile) -> None:
    bucket = Bucket(file.bucket)
    data = storage.get(bucket, file.key)
    manifest = provenance.read(data, provenance.MEDIA_TYPES[file.format])
    assert manifest is not None
    assert manifest.is_valid
    assert (len(data), hashlib.sha256(data).hexdigest()) == (file.bytes, file.sha256)
    assert Image.open(io.BytesIO(data)).size == (file.width, file.height)
    assert (bucket is Bucket.PRIVATE) == (file.role == "original")
    assert bool(file.url) == (bucket is Bucket.PUBLIC)


def test_the_same_seed_makes_the_same_pixels(make_artwork: Callable[..., Artwork]) -> None:
    first, second, other = (make_artwork(seed=seed).pixels_sha256 for seed in (1, 1, 2))
    assert first == second != other


def test_a_second_delivery_finds_nothing_to_do(submit: Submit) -> None:
    job = submit()
    tasks.run_jobs_cpu(str(job.pk))
    tasks.run_jobs_cpu(str(job.pk))

    assert Artwork.objects.count() == 1
    assert outcomes(job) == [("succeeded", "")]
    assert told("job.succeeded") == [str(job.pk)]


def test_an_urgent_job_goes_before_older_ones_and_each_queue_has_its_own(submit: Submit) -> None:
    plain, urgent = submit(size=32), submit(size=64, priority=Priority.COMMISSION)

    assert run_next_batch("gpu") == []
    assert [run_next_batch("cpu") for _ in range(3)] == [[urgent.pk], [plain.pk], []]


def test_two_workers_never_hold_the_same_job(submit: Submit) -> None:
    jobs = {submit(size=size).pk for size in (16, 32, 48, 64, 80, 96)}
    held: list[Job] = []

    def take() -> None:
        for _ in range(3):
            held.extend(services.lease_jobs(queue="cpu", worker="w", host="h", device="cpu"))

    threads = [in_background(take) for _ in range(2)]
    for thread in threads:
        thread.join()

    assert sorted(job.pk for job in held) == sorted(jobs)


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
    run_next_batch("cpu")

    job.refresh_from_db()
    assert (job.state, job.error_code, job.error_detail) == ("failed", code, detail)
    assert outcomes(job) == [("failed", code)]
    assert told("job.failed") == [str(job.pk)]
    assert not Artwork.objects.exists()


def test_a_fault_that_may_pass_is_tried_three_times_with_growing_pauses(submit: Submit) -> None:
    job = submit(behaviour="out-of-memory")
    pauses = []
    for _ in range(3):
        assert run_next_batch("cpu") == [job.pk]
        assert run_next_batch("cpu") == []  # not before its time
        job.refresh_from_db()
        pauses.append(round((job.available_at - timezone.now()).total_seconds()))
        Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))

    assert (job.state, job.error_code, job.faults) == ("failed", "out-of-memory", 3)
    assert pauses[:2] == [2, 4]
    assert outcomes(job) == [("retried", "out-of-memory")] * 3
    assert told("job.failed") == [str(job.pk)]


@pytest.mark.parametrize("fault", [StorageUnavailable("gone"), OperationalError("gone")])
def test_a_store_or_database_that_is_away_for_a_moment_costs_nothing(
    submit: Submit, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    job, calls = submit(), []

    def fail_twice(**said: Any) -> Any:
        calls.append(said)
        if len(calls) < 3:
            raise fault
        return services.finish_jobs(**said)

    monkeypatch.setattr(batch, "services", SimpleNamespace(**vars(services) | {"finish_jobs": fail_twice}))
    run_next_batch("cpu")

    job.refresh_from_db()
    assert (job.state, job.faults, len(calls), Artwork.objects.count()) == ("succeeded", 0, 3, 1)


def test_a_store_that_stays_away_is_a_fault_that_may_pass(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = submit()
    with monkeypatch.context() as outage:
        outage.setattr(insisting, "PATIENCE", 0.0)
        outage.setattr(batch, "develop", lambda job, made, studio: (_ for _ in ()).throw(StorageUnavailable("gone")))
        run_next_batch("cpu")
    job.refresh_from_db()
    assert (job.state, job.faults, outcomes(job)) == ("queued", 1, [("retried", "storage-unavailable")])

    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))
    assert services.wake_forgotten() == 1
    run_next_batch("cpu")

    job.refresh_from_db()
    assert (job.state, Artwork.objects.count()) == ("succeeded", 1)


def test_a_missing_input_fails_the_job_with_its_true_cause(submit: Submit, send: Callable[..., Upload]) -> None:
    upload = send(picture(colour="#010203"))
    upload = services.complete_upload(upload_id=upload.pk, owner=upload.owner)
    job = submit(inputs=[JobInput.of_upload("picture", upload)])
    storage.delete(Bucket.PRIVATE, upload.key)
    run_next_batch("cpu")

    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "object-missing")


def test_an_input_that_was_tampered_with_is_not_used(submit: Submit, send: Callable[..., Upload]) -> None:
    upload = send(picture(colour="#010204"))
    upload = services.complete_upload(upload_id=upload.pk, owner=upload.owner)
    job = submit(inputs=[JobInput.of_upload("picture", upload)])
    storage.put(Bucket.PRIVATE, upload.key, picture(colour="black"), media_type="image/png")
    run_next_batch("cpu")

    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "invalid-inputs")


def test_watchers_see_a_picture_of_the_work_in_progress(submit: Submit, gate: Gate) -> None:
    job = submit(behaviour="wait", size=1024, gate=str(gate), seed=1)
    worker = in_background(lambda: run_next_batch("cpu"))
    gate.wait_for("1.started")
    eventually(lambda: Job.objects.get(pk=job.pk).preview_key)
    job.refresh_from_db()
    gate.open()
    worker.join(timeout=60)

    assert (job.state, job.progress, job.stage) == ("running", 0.5, "Halfway")
    assert job.preview_key.startswith("stages/")
    assert Image.open(io.BytesIO(storage.get(Bucket.PUBLIC, job.preview_key))).size == (512, 512)
    assert Job.objects.get(pk=job.pk).preview_key.startswith("previews/")


def test_a_store_that_takes_no_preview_does_not_harm_the_work(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "_store", lambda job, preview: (_ for _ in ()).throw(StorageUnavailable("gone")))
    job = submit(seconds=0.6)
    run_next_batch("cpu")
    job.refresh_from_db()
    assert job.state == "succeeded"


def test_an_idle_worker_beats(settle: Callable[[], None]) -> None:
    settle()
    eventually(Heartbeat.objects.filter(name__startswith="worker:").exists)
    assert Heartbeat.objects.filter(name__startswith="worker:").count() == 1
