"""Asking for works: what is accepted, what is written down, calling off and running again."""

from collections.abc import Callable
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from generation import selectors, services
from generation.errors import NotCancellable, NotRequeueable
from generation.models import Artwork, Job, JobInput, Upload
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from tests.generation.conftest import picture, told, wakes

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


def test_a_job_is_written_with_its_defaults_a_seed_and_one_message(submit: Submit) -> None:
    job = submit()

    assert (job.state, job.queue, job.engine_version, job.attempt) == ("queued", "cpu", "7", 0)
    assert job.parameters == {"size": 64, "behaviour": "paint", "gate": "", "seconds": 0.0}
    assert 0 <= job.seed < 2**53
    assert wakes() == [str(job.pk)]
    assert told("job.succeeded") == []


def test_the_same_request_key_asks_only_once(submit: Submit) -> None:
    first, second = submit(request_key="k"), submit(request_key="k")

    assert first.pk == second.pk
    assert wakes() == [str(first.pk)]


def test_requests_with_one_key_that_race_make_one_job(submit: Submit) -> None:
    made: list[Job] = []

    def ask() -> None:
        try:
            made.append(submit(request_key="race"))
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(made) == 6
    assert len({job.pk for job in made}) == 1
    assert wakes() == [str(made[0].pk)]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"engine": "nothing"}, "engine"),
        ({"parameters": {"size": 4}}, "parameters.size"),
        ({"parameters": {"colour": "red"}}, "parameters.colour"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**53}, "seed"),
        ({"inputs": [JobInput(name="song", key="k", sha256="s")]}, "inputs.song"),
        ({"inputs": [JobInput(name="picture", key="uploads/none.png", sha256="s")]}, "inputs.picture"),
        ({"inputs": [JobInput(name="picture", key="k", sha256="s")] * 3}, "inputs.picture"),
    ],
)
def test_what_the_engine_does_not_take_is_refused_by_field(user: User, request_: dict[str, Any], field: str) -> None:
    request: dict[str, Any] = {"owner": user, "engine": "toy", "parameters": {}}
    with pytest.raises(InvalidInput) as refused:
        services.submit_job(**(request | request_))

    assert list(refused.value.data["errors"]) == [field]
    assert not Job.objects.exists()


def test_a_request_can_be_checked_before_it_is_made() -> None:
    chosen = services.check_request(engine="toy", parameters={"size": 99}, counts={"picture": 1})
    assert chosen == {"size": 99, "behaviour": "paint", "gate": "", "seconds": 0.0}
    with pytest.raises(InvalidInput):
        services.check_request(engine="toy", parameters={}, counts={"picture": 3})


def test_another_persons_upload_is_no_input(
    submit: Submit, send: Callable[..., Upload], user: User, make_user: Callable[[], User]
) -> None:
    upload = send(picture())
    with pytest.raises(Conflict):
        selectors.input_from_upload(name="picture", upload_id=upload.pk, owner=user)
    upload = services.complete_upload(upload_id=upload.pk, owner=user)
    given = selectors.input_from_upload(name="picture", upload_id=upload.pk, owner=user)

    with pytest.raises(InvalidInput):
        submit(make_user(), inputs=[given])
    with pytest.raises(NotFound):
        selectors.input_from_upload(name="picture", upload_id=upload.pk, owner=make_user())
    assert submit(inputs=[given]).pictures == [given]


def test_only_those_a_work_belongs_to_may_take_it_as_input(
    make_artwork: Callable[..., Artwork], make_user: Callable[[], User], user: User
) -> None:
    artwork = make_artwork()
    Artwork.objects.filter(pk=artwork.pk).update(visibility="wall", hung_at=artwork.created_at)

    with pytest.raises(PermissionRefused, match="commission"):
        selectors.input_from_artwork(name="picture", artwork_id=artwork.pk, user=make_user())
    assert selectors.input_from_artwork(name="picture", artwork_id=artwork.pk, user=user).key


def test_the_artists_are_the_owner_and_whoever_made_the_style(
    make_artwork: Callable[..., Artwork], make_user: Callable[[], User], user: User, submit: Submit
) -> None:
    artist = Artist.objects.create(user=user, slug="ada", name="Ada")
    style = make_artwork(User.objects.get(pk=user.pk))
    collector = make_user()

    job = submit(collector, inputs=[JobInput.of_artwork("picture", style)], as_proof=True)
    run_next_batch("cpu")

    work = Artwork.objects.get(job=job)
    assert style.artist == artist
    assert (work.style_artist, work.artist, work.maker, work.owner) == (artist, None, collector, None)
    assert not selectors.may_download(collector, work)
    work = services.transfer_artwork(artwork_id=work.pk, owner=collector)
    assert selectors.may_download(collector, work)
    assert list(selectors.collection_of(collector)) == [work]
    assert [w.pk for w in selectors.artworks_of(user)] == [style.pk]


def test_a_waiting_job_is_called_off_at_once(submit: Submit) -> None:
    job = submit()

    assert services.cancel_job(job_id=job.pk).state == "cancelled"
    assert services.cancel_job(job_id=job.pk).state == "cancelled"

    assert told("job.cancelled") == [str(job.pk)]
    assert run_next_batch("cpu") == []


def test_nobody_calls_off_another_persons_job(submit: Submit, make_user: Callable[..., User]) -> None:
    job = submit()
    with pytest.raises(NotFound):
        services.cancel_job(job_id=job.pk, by=make_user())
    with pytest.raises(NotFound):
        services.cancel_job(job_id=uuid4())
    assert services.cancel_job(job_id=job.pk, by=make_user(is_staff=True)).state == "cancelled"


def test_a_finished_job_is_neither_called_off_nor_run_again(make_artwork: Callable[..., Artwork]) -> None:
    job = make_artwork().job
    with pytest.raises(NotCancellable):
        services.cancel_job(job_id=job.pk)
    with pytest.raises(NotRequeueable):
        services.requeue_job(job_id=job.pk)


def test_a_failed_job_that_is_queued_again_starts_afresh(submit: Submit) -> None:
    job = submit(behaviour="fault")
    run_next_batch("cpu")
    Job.objects.filter(pk=job.pk).update(parameters={"size": 32})

    again = services.requeue_job(job_id=job.pk)
    assert (again.state, again.error_code, again.progress, again.finished_at) == ("queued", "", 0.0, None)
    run_next_batch("cpu")

    job.refresh_from_db()
    assert (job.state, job.attempt) == ("succeeded", 2)
    assert [attempt.outcome for attempt in job.attempts.all()] == ["failed", "succeeded"]


def test_jobs_that_are_queued_again_take_their_turns_anew(submit: Submit, make_user: Callable[..., User]) -> None:
    died = [submit() for _ in range(3)]
    for job in died:
        services.cancel_job(job_id=job.pk)
    others = [submit(make_user()) for _ in range(2)]
    Job.objects.filter(pk__in=[job.pk for job in others]).update(turn=1000)

    again = [services.requeue_job(job_id=job.pk) for job in died]

    assert [job.turn for job in again] == [1000, 1001, 1002]
    assert set(Job.objects.waiting("cpu")[:3]) == {*others, again[0]}


@pytest.mark.parametrize(
    "illegal",
    [
        {"state": "running"},
        {"state": "succeeded"},
        {"state": "failed", "finished_at": "2030-01-01T00:00Z"},
        {"state": "lost"},
        {"progress": 1.5},
        {"lease_token": str(UUID(int=1))},
        {"seed": 2**53},
    ],
    ids=str,
)
def test_the_database_refuses_what_makes_no_sense(submit: Submit, illegal: dict[str, Any]) -> None:
    job = submit()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**illegal)


def test_variations_are_asked_for_once_and_follow_from_the_first_seed(submit: Submit, user: User) -> None:
    asked: dict[str, Any] = {"owner": user, "engine": "toy", "parameters": {"size": 16}, "seed": 7, "request_key": "k"}
    jobs = services.submit_variations(count=3, **asked)
    again = services.submit_variations(count=3, **asked)

    assert [job.seed for job in jobs] == [7, 8, 9]
    assert [job.pk for job in again] == [job.pk for job in jobs]
    assert list(Job.objects.order_by("turn").values_list("seed", "turn")) == [(7, 0), (8, 1), (9, 2)]
    assert wakes() == [str(job.pk) for job in jobs]
    with pytest.raises(InvalidInput) as refused:
        services.submit_variations(count=65, **asked)
    assert refused.value.data["errors"] == {"count": ["1 to 64."]}
