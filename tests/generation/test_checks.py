"""A work is made again and compared: what is found, when it cannot be, and that nothing else comes of it."""

import threading
from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection
from PIL import Image

from generation import provenance, selectors, services
from generation.engines import registry
from generation.errors import EngineGone, InputsMissing, LeaseLost
from generation.models import Artwork, Check, Job, JobState, Priority, Purpose, SignatureState, Verdict, Visibility
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound
from marketplace.core.storage import Bucket, ObjectMissing
from tests.generation import checking
from tests.generation.conftest import encoded, told

pytestmark = pytest.mark.django_db(transaction=True)


def shifted(by: int, share: float = 1.0) -> Image.Image:
    """The usual picture, a share of whose rows is a little lighter."""
    pixels = np.asarray(checking.image()).copy()
    rows = max(1, round(len(pixels) * share))
    pixels[:rows] += np.uint8(by)
    return Image.fromarray(pixels)


def test_a_check_asks_for_exactly_the_recipe(user: User) -> None:
    picture = checking.photograph(user)
    artwork = checking.work(user, inputs=(picture,))
    job = services.request_check(artwork_id=artwork.pk, by=user)
    assert (job.purpose, job.subject_id, job.owner_id) == (Purpose.CHECK, artwork.pk, user.pk)
    assert (job.engine, job.engine_version, job.seed) == ("toy", "7", 7)
    assert {name: job.parameters[name] for name in artwork.recipe["parameters"]} == artwork.recipe["parameters"]
    assert job.pictures == [picture]
    assert (job.model_hash, job.priority, job.state) == (artwork.model_hash, Priority.ORDINARY, JobState.QUEUED)


def test_a_work_made_again_alike_is_identical_and_nothing_is_kept_of_it(user: User) -> None:
    artwork = checking.work(user)
    job = services.request_check(artwork_id=artwork.pk, by=user)
    check = checking.finish(job, checking.image())
    assert (check.verdict, check.largest_difference, check.psnr) == (Verdict.IDENTICAL, 0, None)
    assert (check.file_is_intact, check.signature, check.is_confirmed) == (True, SignatureState.TRUSTED, True)
    job.refresh_from_db()
    assert (job.state, job.progress, job.error_code) == (JobState.SUCCEEDED, 1.0, "")
    assert job.attempts.get().outcome == "succeeded"
    assert Artwork.objects.get() == artwork
    assert told("job.succeeded") == [str(job.pk)]
    assert selectors.last_check(artwork.pk) == check


def test_a_worker_makes_a_work_again_from_end_to_end(user: User, make_artwork: Callable[..., Artwork]) -> None:
    artwork = make_artwork()
    job = services.request_check(artwork_id=artwork.pk, by=user)
    assert job.pk in run_next_batch("cpu")
    job.refresh_from_db()
    assert (job.state, job.error_detail) == (JobState.SUCCEEDED, "")
    check = Check.objects.get(job=job)
    assert (check.verdict, check.signature, check.is_confirmed) == (Verdict.IDENTICAL, SignatureState.TRUSTED, True)
    manifest = selectors.manifest_of(artwork)
    assert manifest is not None
    assert manifest.recipe is not None
    assert (manifest.recipe["seed"], manifest.software) == (artwork.seed, "Toy 7")
    assert Artwork.objects.get() == artwork


def test_a_work_that_rounding_changed_is_close_and_says_by_how_much(user: User) -> None:
    artwork = checking.work(user)
    check = checking.finish(services.request_check(artwork_id=artwork.pk, by=user), shifted(2))
    assert (check.verdict, check.largest_difference) == (Verdict.CLOSE, 2)
    assert check.psnr == pytest.approx(42.11, abs=0.01)  # 10 log10(255^2 / 2^2)
    assert check.is_confirmed


@pytest.mark.parametrize(
    "remade", [shifted(3), shifted(17, share=0.02), checking.image(seed=2), checking.image(size=50)]
)
def test_another_picture_is_different(user: User, remade: Image.Image) -> None:
    artwork = checking.work(user)
    check = checking.finish(services.request_check(artwork_id=artwork.pk, by=user), remade)
    assert check.verdict == Verdict.DIFFERENT
    assert (check.largest_difference is None) == (remade.size != checking.image().size)
    assert (check.file_is_intact, check.is_confirmed) == (True, False)


def test_a_work_from_before_pixels_were_hashed_is_compared_with_its_file(user: User) -> None:
    artwork = checking.work(user, has_hash=False, is_signed=False)
    check = checking.finish(services.request_check(artwork_id=artwork.pk, by=user), checking.image())
    assert (check.verdict, check.signature) == (Verdict.IDENTICAL, SignatureState.NONE)
    assert check.is_confirmed
    again = checking.finish(services.request_check(artwork_id=artwork.pk, by=user), shifted(1))
    assert (again.verdict, again.largest_difference) == (Verdict.CLOSE, 1)
    assert selectors.last_check(artwork.pk) == again


def test_a_stored_file_that_was_painted_over_is_found_out(user: User) -> None:
    artwork = checking.work(user)
    checking.overwrite(artwork, checking.forged(artwork))
    check = checking.finish(services.request_check(artwork_id=artwork.pk, by=user), checking.image())
    assert (check.verdict, check.file_is_intact) == (Verdict.DIFFERENT, False)
    assert (check.signature, check.is_confirmed) == (SignatureState.INVALID, False)


def test_a_stored_file_with_the_same_picture_in_other_bytes_is_found_out(user: User) -> None:
    artwork = checking.work(user)
    checking.overwrite(artwork, encoded(checking.image()))
    check = checking.finish(services.request_check(artwork_id=artwork.pk, by=user), checking.image())
    assert (check.verdict, check.file_is_intact) == (Verdict.IDENTICAL, False)
    assert (check.signature, check.is_confirmed) == (SignatureState.NONE, False)


def test_a_stored_file_that_is_no_picture_any_more_is_found_out(user: User) -> None:
    artwork = checking.work(user)
    checking.overwrite(artwork, b"gone")
    check = checking.finish(services.request_check(artwork_id=artwork.pk, by=user), checking.image())
    assert (check.verdict, check.largest_difference, check.file_is_intact) == (Verdict.DIFFERENT, None, False)


def test_a_stored_file_that_is_gone_cannot_be_compared(user: User) -> None:
    artwork = checking.work(user)
    job = services.request_check(artwork_id=artwork.pk, by=user)
    assert artwork.original is not None
    storage.delete(Bucket.PRIVATE, artwork.original.key)
    with pytest.raises(ObjectMissing):
        checking.finish(job, checking.image())
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_lost_lease_has_nothing_to_say(user: User) -> None:
    artwork = checking.work(user)
    job = services.request_check(artwork_id=artwork.pk, by=user)
    checking.take(job)
    with pytest.raises(LeaseLost):
        services.finish_check(job_id=job.pk, token=job.pk, pixels_sha256="f" * 64, original=encoded(checking.image()))
    assert not Check.objects.exists()


def test_one_check_of_a_work_is_open_at_a_time_whoever_asks(user: User, make_user: Callable[..., User]) -> None:
    artwork = checking.work(user, visibility=Visibility.WALL, hung_at="2026-01-01T00:00Z")
    first = services.request_check(artwork_id=artwork.pk, by=user)
    assert services.request_check(artwork_id=artwork.pk, by=make_user()) == first
    checking.finish(first, checking.image())
    assert services.request_check(artwork_id=artwork.pk, by=user) != first


def test_people_who_ask_at_the_same_moment_get_one_check(user: User) -> None:
    artwork = checking.work(user)
    gate, got = threading.Barrier(4), list[Job]()

    def ask() -> None:
        try:
            gate.wait(10)
            got.append(services.request_check(artwork_id=artwork.pk, by=user))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert len({job.pk for job in got}) == 1
    assert Job.objects.filter(purpose=Purpose.CHECK).count() == 1


def test_anybody_may_check_what_hangs_and_nobody_what_they_may_not_see(
    user: User, make_user: Callable[..., User]
) -> None:
    stranger, picture = make_user(), checking.photograph(user)
    private = checking.work(user, inputs=(picture,))
    with pytest.raises(NotFound):
        services.request_check(artwork_id=private.pk, by=stranger)
    Artwork.objects.update(visibility=Visibility.WALL, hung_at="2026-01-01T00:00Z")
    # What it was made from is the maker's; making it again shows nobody more than the wall does.
    job = services.request_check(artwork_id=private.pk, by=stranger)
    assert (job.owner, job.pictures) == (stranger, [picture])


def test_an_engine_that_changed_or_left_cannot_be_asked(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    older = checking.work(user, engine_version="6")
    with pytest.raises(EngineGone, match="made by version 6 of “toy”; the house has version 7 now"):
        services.request_check(artwork_id=older.pk, by=user)
    current = checking.work(user)
    monkeypatch.delitem(registry._ENGINES, "toy")
    with pytest.raises(EngineGone, match="has left the house"):
        services.request_check(artwork_id=current.pk, by=user)
    assert not Job.objects.filter(purpose=Purpose.CHECK).exists()


def test_a_work_whose_input_is_gone_cannot_be_made_again(user: User) -> None:
    picture = checking.photograph(user)
    artwork = checking.work(user, inputs=(picture,))
    storage.delete(Bucket.PRIVATE, picture.key)
    with pytest.raises(InputsMissing, match="picture") as caught:
        services.request_check(artwork_id=artwork.pk, by=user)
    assert caught.value.data == {"inputs": ["picture"]}
    assert not Job.objects.filter(purpose=Purpose.CHECK).exists()


def test_a_check_that_failed_shows_as_such_and_another_may_follow(user: User) -> None:
    artwork = checking.work(user)
    job = services.request_check(artwork_id=artwork.pk, by=user)
    services.fail_job(job_id=job.pk, token=checking.take(job), code="engine-fault", detail="The brush broke.")
    failed = selectors.last_check_job(artwork.pk)
    assert failed is not None
    assert (failed.state, failed.error_detail) == (JobState.FAILED, "The brush broke.")
    assert selectors.last_check(artwork.pk) is None
    assert services.request_check(artwork_id=artwork.pk, by=user) != job


def test_what_a_work_says_of_itself_is_read_once(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    signed, unsigned = checking.work(user), checking.work(user, is_signed=False)
    manifest = selectors.manifest_of(signed)
    assert manifest is not None
    assert manifest.is_trusted
    assert selectors.manifest_of(unsigned) is None
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "read", None)
        patch.setattr(storage, "get", None)
        assert selectors.manifest_of(signed) == manifest
        assert selectors.manifest_of(unsigned) is None


def test_after_a_check_the_file_is_read_anew(user: User) -> None:
    artwork = checking.work(user)
    before = selectors.manifest_of(artwork)
    checking.overwrite(artwork, checking.forged(artwork))
    assert selectors.manifest_of(artwork) == before
    checking.finish(services.request_check(artwork_id=artwork.pk, by=user), checking.image())
    after = selectors.manifest_of(artwork)
    assert after is not None
    assert not after.is_valid


def test_one_pixel_in_a_corner_is_measured() -> None:
    one = Image.new("RGB", (30, 1000), "white")
    other = one.copy()
    other.putpixel((29, 999), (255, 255, 245))
    apart = provenance.difference(encoded(one), encoded(other, "WEBP", lossless=True))
    assert apart is not None
    assert apart.largest == 10
    assert apart.psnr == pytest.approx(77.67, abs=0.01)
