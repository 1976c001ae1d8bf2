"""What the sweeper does for generation: silent workers, lost messages, and files that nothing refers to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from generation import selectors, services
from generation.models import Artwork, Job, JobInput, Upload
from generation.services import files
from generation.worker.running import run_next_batch
from marketplace.core import periodic, storage
from marketplace.core.storage import Bucket
from tests.generation.conftest import picture, told, wakes

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


def lease() -> Job:
    return services.lease_jobs(queue="cpu", worker="w", host="h", device="cpu")[0]


def change(job: Job, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk).update(**fields)


def ago(**time: float) -> Any:
    return timezone.now() - timedelta(**time)


def test_a_lease_that_still_holds_is_left_alone(submit: Submit) -> None:
    submit()
    lease()
    assert services.take_back_lapsed() == 0


def test_a_job_that_loses_three_workers_fails(submit: Submit) -> None:
    job = submit()
    for _ in range(3):
        change(job, available_at=ago(seconds=1))
        change(lease(), lease_expires_at=ago(seconds=1))
        assert services.take_back_lapsed() == 1

    job.refresh_from_db()
    assert (job.state, job.error_code, job.attempt) == ("failed", "worker-lost", 3)
    assert [attempt.outcome for attempt in job.attempts.all()] == ["lost"] * 3
    assert told("job.failed") == [str(job.pk)]


def test_a_job_called_off_whose_worker_died_is_cancelled(submit: Submit) -> None:
    job = submit()
    change(lease(), lease_expires_at=ago(seconds=1))
    services.cancel_job(job_id=job.pk)

    services.take_back_lapsed()

    job.refresh_from_db()
    assert (job.state, told("job.cancelled")) == ("cancelled", [str(job.pk)])


def test_a_fresh_job_is_not_woken_again(submit: Submit) -> None:
    job = submit()
    assert services.wake_forgotten() == 0
    assert wakes() == [str(job.pk)]


def test_a_message_that_was_lost_is_sent_again_but_not_again_and_again(submit: Submit) -> None:
    job = submit()
    change(job, woken_at=ago(seconds=20))

    assert [services.wake_forgotten(), services.wake_forgotten()] == [1, 0]
    assert wakes() == [str(job.pk)] * 2


def test_in_a_busy_queue_a_long_wait_is_only_a_long_line(submit: Submit) -> None:
    submit()
    lease()
    change(submit(), woken_at=ago(seconds=60))
    assert services.wake_forgotten() == 0

    Job.objects.filter(state="queued").update(woken_at=ago(minutes=6))
    assert services.wake_forgotten() == 1


def test_a_job_that_waits_after_a_fault_is_not_woken_before_its_time(submit: Submit) -> None:
    job = submit()
    change(job, woken_at=None, available_at=timezone.now() + timedelta(seconds=60))
    assert services.wake_forgotten() == 0

    change(job, available_at=ago(seconds=1))
    assert services.wake_forgotten() == 1


def test_the_sweeper_runs_every_chore_of_generation(submit: Submit) -> None:
    job = submit()
    change(lease(), lease_expires_at=ago(seconds=1))

    ran = periodic.run_due(everything=True)

    assert {name for name in ran if name.startswith("generation.")} == {
        "generation.tasks.advance_searches",
        "generation.tasks.take_back_lapsed_leases",
        "generation.tasks.wake_forgotten_jobs",
        "generation.tasks.wake_forgotten_datasets",
        "generation.tasks.expire_uploads",
        "generation.tasks.forget_previews",
        "generation.tasks.remove_orphan_files",
        "generation.tasks.forget_silent_workers",
        "generation.tasks.finish_withdrawals",
        "generation.tasks.shelve_misplaced",
        "generation.tasks.read_works",
        "generation.tasks.refit_works_from_earlier",
        "generation.tasks.wake_for_looks",
    }
    job.refresh_from_db()
    assert job.state == "queued"


@pytest.fixture
def a_day_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on every file counts as old."""
    return lambda: monkeypatch.setattr(files, "YOUNG", timedelta(seconds=-5))


def keys() -> set[str]:
    return {item.key for bucket, prefix in files.PLACES for item in storage.list_objects(bucket, f"{prefix}/")}


def store(data: bytes, prefix: str = "stages", bucket: Bucket = Bucket.PUBLIC) -> str:
    return services.store_file(bucket=bucket, prefix=prefix, data=data, extension="webp", media_type="image/webp")


def test_files_that_nothing_refers_to_go_after_a_day_and_all_others_stay(
    make_artwork: Callable[..., Artwork], send: Callable[..., Upload], submit: Submit, a_day_later: Callable[[], None]
) -> None:
    upload = send(picture(colour="plum"))
    upload = services.complete_upload(upload_id=upload.pk, owner=upload.owner)
    artwork = make_artwork(seed=9)
    watched = submit(behaviour="fault")
    run_next_batch("cpu")
    shown = store(b"what watchers saw last")
    change(watched, preview_key=shown)
    kept = {upload.key, shown, *artwork.files.values_list("key", flat=True)}
    stray = {store(b"a stray"), store(b"an original without a work", "artworks", Bucket.PRIVATE)}
    elsewhere = "elsewhere/file"
    storage.put(Bucket.PUBLIC, elsewhere, b"not ours", media_type="text/plain")

    services.remove_orphans()
    assert keys() >= kept | stray

    a_day_later()
    assert services.remove_orphans() >= 2
    assert {key for key in keys() if not key.startswith("weights/")} == kept  # weights are every test's
    assert storage.head(Bucket.PUBLIC, elsewhere) is not None
    storage.delete(Bucket.PUBLIC, elsewhere)


def test_a_file_that_only_a_job_names_is_kept(
    submit: Submit, send: Callable[..., Upload], a_day_later: Callable[[], None]
) -> None:
    upload = send(picture(colour="khaki"))
    upload = services.complete_upload(upload_id=upload.pk, owner=upload.owner)
    submit(inputs=[JobInput.of_upload("picture", upload)])
    Upload.objects.filter(pk=upload.pk).delete()

    a_day_later()
    services.remove_orphans()

    assert upload.key in keys()


def test_a_file_that_is_stored_again_while_orphans_go_is_spared(
    a_day_later: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = store(b"wanted again")
    a_day_later()
    looked = selectors.referenced_keys

    def stored_anew_just_then(asked: set[str]) -> set[str]:
        # Between the listing and the deletion a worker stores the same bytes: they are young again.
        monkeypatch.setattr(files, "YOUNG", timedelta(days=1))
        store(b"wanted again")
        return looked(asked)

    monkeypatch.setattr(selectors, "referenced_keys", stored_anew_just_then)
    services.remove_orphans()

    assert key in keys()
