"""A search's life: the defaults first, then what looks better, until its budget is spent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from generation import selectors, services
from generation.errors import DatasetInUse, DatasetNotOpen, DatasetTooSmall, SearchFoundNothing, SearchRunning
from generation.models import Dataset, DatasetPicture, Job, JobState, Priority, Search, TrainedModel, Training, Trial
from generation.services import Bounds
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.models import OutboxEvent
from tests.generation.learning.searching import (
    ENOUGH,
    begin,
    finish,
    frozen_rows,
    lease,
    state,
    states,
    tell,
    trials,
    validate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(artist: Artist) -> Dataset:
    return frozen_rows(artist)


def test_the_first_trial_tries_what_is_searched_around_and_the_next_something_else(
    artist: Artist, rows: Dataset
) -> None:
    search = begin(artist, rows, parameters={"depth": 0.7, "minutes": 30.0})
    (first,) = trials(search)
    assert (first.number, first.parameters, first.state) == (0, {"depth": 0.7}, "running")
    assert first.training is not None
    job = first.training.job
    assert (job.priority, job.purpose, job.seed, job.state) == (Priority.TRAINING, "train", 5, "queued")
    assert (job.parameters["depth"], job.parameters["minutes"], job.parameters["judged_by"]) == (0.7, 0.1, "likeness")

    finish(lease())

    first, second = trials(search)
    assert first.state == "complete"
    assert first.value == pytest.approx(0.16)
    assert second.state == "running"
    assert second.parameters["depth"] != 0.7


def test_a_search_ends_with_its_last_trial_and_knows_its_best(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows)
    for _ in range(6):
        finish(lease())

    assert (state(search.pk), states(search)) == ("finished", ["complete"] * 6)
    assert not Job.objects.filter(state="queued").exists()
    best = selectors.best_trial(search)
    assert best is not None
    assert best.value == min(trial.value or 9.0 for trial in trials(search)) < 0.36
    assert Search.objects.get(pk=search.pk).importance == {"depth": 1.0}
    assert not TrainedModel.objects.exists()


def test_the_same_seed_searches_alike(artist: Artist, rows: Dataset) -> None:
    tried = []
    for seed in (5, 5, 6):
        search = begin(artist, rows, seed=seed)
        for _ in range(6):
            finish(lease())
        tried.append([trial.parameters for trial in trials(search)])
    assert tried[0] == tried[1] != tried[2]


def test_the_budget_of_minutes_ends_a_search_before_its_number_of_trials(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows, Bounds(planned=6, parallel=2, minutes=0.31, trial_minutes=0.1))
    while Job.objects.filter(state="queued").exists():
        finish(lease())
    assert (state(search.pk), states(search)) == ("finished", ["complete"] * 3)


def test_trials_run_as_many_at_a_time_as_was_said_and_are_not_counted_among_trainings(
    artist: Artist, rows: Dataset
) -> None:
    search = begin(artist, rows, Bounds(planned=6, parallel=3, minutes=10.0, trial_minutes=0.1))
    assert states(search) == ["running"] * 3
    assert len({trial.parameters["depth"] for trial in trials(search)}) == 3
    services.start_training(owner=artist.user, dataset_id=rows.pk, engine="train-bowl", name="Beside it")
    assert list(selectors.trainings_of(artist.user)) == [Training.objects.get(name="Beside it")]

    finish(lease())
    assert states(search) == ["complete", *["running"] * 3]


def test_what_is_told_twice_or_late_happens_once(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows)
    finish(lease())
    before = [(trial.state, trial.value, trial.parameters) for trial in trials(search)]
    OutboxEvent.objects.update(done_at=None)
    tell()
    services.advance_search(search_id=search.pk)
    assert [(trial.state, trial.value, trial.parameters) for trial in trials(search)] == before
    assert Job.objects.count() == 2


def test_a_search_whose_events_were_lost_goes_on_with_the_sweep(artist: Artist, rows: Dataset) -> None:
    search = services.start_search(
        owner=artist.user, dataset_id=rows.pk, engine="train-bowl", name="Bowl", seed=5, bounds=ENOUGH
    )
    OutboxEvent.objects.all().delete()
    assert states(search) == []
    assert services.advance_searches() == 1
    job = lease()
    assert job.lease_token is not None
    told: dict[str, Any] = {"curve": [], "step": 0, "images": 0, "seconds": 0.0, "reason": ""}
    services.finish_trial(job_id=job.pk, token=job.lease_token, **told)
    OutboxEvent.objects.all().delete()
    services.advance_searches()
    assert states(search) == ["failed", "running"]
    assert trials(search)[0].problem == "It was never measured: its budget ended before."


def test_nothing_is_begun_where_the_job_cannot_be(artist: Artist, rows: Dataset, monkeypatch: Any) -> None:
    """A crash between the trial and its job leaves neither."""
    search = services.start_search(
        owner=artist.user, dataset_id=rows.pk, engine="train-bowl", name="Bowl", seed=5, bounds=ENOUGH
    )

    def crash(**fields: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(Training.objects, "create", crash)
        tell_once()
    assert (Job.objects.count(), Trial.objects.count()) == (0, 0)
    assert OutboxEvent.objects.filter(topic="search.started", done_at=None).exists()
    services.advance_searches()
    assert (Job.objects.count(), states(search)) == (1, ["running"])


def tell_once() -> None:
    from marketplace.core.outbox import deliver

    deliver(list(OutboxEvent.objects.filter(done_at=None, actor="").values_list("pk", flat=True)))


def three_done(artist: Artist, rows: Dataset, **bounds: Any) -> Search:
    """Three trials are complete, and a fourth runs that is worse than all of them."""
    search = begin(artist, rows, Bounds(**{"planned": 6, "minutes": 10.0, "trial_minutes": 0.1, **bounds}))
    for _ in range(3):
        finish(lease())
    fourth = trials(search)[3].training
    assert fourth is not None
    Job.objects.filter(pk=fourth.job_id).update(parameters={**fourth.job.parameters, "depth": 1.0})
    return search


def test_a_hopeless_trial_is_stopped_early_and_its_place_goes_to_the_next_once_it_is(
    artist: Artist, rows: Dataset
) -> None:
    search = three_done(artist, rows)
    job = lease()
    validate(job, 2)
    assert states(search)[3] == "running"  # too early to say

    validate(job, 3)

    job.refresh_from_db()
    assert job.cancel_requested_at is not None
    assert states(search) == ["complete"] * 3 + ["pruned"]

    assert job.lease_token is not None
    services.note_checkpoint(
        job_id=job.pk,
        token=job.lease_token,
        key="checkpoints/x",
        sha256="ab",
        logs_key="",
        step=3,
        images=30,
        seconds=1.8,
        curve=[],
    )
    services.stop_job(job_id=job.pk, token=job.lease_token)
    tell()
    assert states(search) == ["complete"] * 3 + ["pruned", "running"]
    pruned = trials(search)[3]
    assert pruned.training is not None
    assert (pruned.value, pruned.training.checkpoint_key, pruned.training.job.state) == (None, "", "cancelled")


def test_a_good_trial_is_not_stopped(artist: Artist, rows: Dataset) -> None:
    search = three_done(artist, rows)
    job = lease()
    Job.objects.filter(pk=job.pk).update(parameters={**job.parameters, "depth": 0.3})
    job.refresh_from_db()
    for upto in range(1, 11):
        validate(job, upto)
    assert states(search)[3] == "running"


def test_a_trial_that_somebody_calls_off_is_no_pruned_one_and_the_search_goes_on(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows)
    first = trials(search)[0].training
    assert first is not None
    services.cancel_job(job_id=first.job_id, by=artist.user)
    tell()
    assert states(search) == ["cancelled", "running"]


def test_trials_that_fail_say_why_and_count(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows)
    for _ in range(6):
        job = lease()
        assert job.lease_token is not None
        services.fail_job(job_id=job.pk, token=job.lease_token, code="engine-fault", detail="The bottom fell out.")
        tell()
    assert (state(search.pk), states(search)) == ("finished", ["failed"] * 6)
    assert {trial.problem for trial in trials(search)} == {"The bottom fell out."}
    with pytest.raises(SearchFoundNothing):
        services.train_best(search_id=search.pk, owner=artist.user)


def test_a_worker_that_dies_leaves_the_trial_to_another(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows)
    job = lease()
    Job.objects.filter(pk=job.pk).update(lease_expires_at="2000-01-01T00:00Z")
    services.take_back_lapsed()
    tell()
    assert states(search) == ["running"]
    Job.objects.filter(pk=job.pk).update(available_at="2000-01-01T00:00Z")
    finish(lease())
    assert states(search) == ["complete", "running"]


def test_stopping_calls_off_what_runs_and_begins_nothing_more(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows, Bounds(planned=6, parallel=2, minutes=10.0, trial_minutes=0.1))
    finish(lease())
    running = lease()

    services.stop_search(search_id=search.pk, owner=artist.user)
    again = services.stop_search(search_id=search.pk, owner=artist.user)
    tell()

    running.refresh_from_db()
    assert (again.state, running.cancel_requested_at is not None) == ("stopped", True)
    assert states(search) == ["complete", "cancelled", "cancelled"]
    assert Job.objects.filter(state=JobState.QUEUED).count() == 0


def test_a_withdrawn_dataset_ends_its_searches(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows)
    services.withdraw_dataset(dataset_id=rows.pk, owner=artist.user)
    job = Job.objects.get()
    if job.state == JobState.QUEUED:
        services.cancel_job(job_id=job.pk)
    tell()
    assert (state(search.pk), states(search)) == ("finished", ["cancelled"])


def test_the_best_is_trained_in_full_and_only_once(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows, parameters={"minutes": 45.0})
    for _ in range(3):
        finish(lease())
    services.stop_search(search_id=search.pk, owner=artist.user)
    best = selectors.best_trial(search)
    assert best is not None

    training = services.train_best(search_id=search.pk, owner=artist.user)

    assert (training.name, training.job.parameters["minutes"]) == ("Bowl", 45.0)
    assert training.job.parameters["depth"] == best.parameters["depth"]
    assert services.train_best(search_id=search.pk, owner=artist.user) == training
    services.cancel_job(job_id=training.job_id)
    assert services.train_best(search_id=search.pk, owner=artist.user) != training


def test_an_artist_searches_for_one_thing_at_a_time(
    artist: Artist, rows: Dataset, make_user: Callable[..., User]
) -> None:
    first = begin(artist, rows)
    with pytest.raises(SearchRunning):
        begin(artist, rows)
    other = Artist.objects.create(user=make_user(), slug="bob", name="Bob")
    begin(other, frozen_rows(other))
    services.stop_search(search_id=first.pk, owner=artist.user)
    begin(artist, rows)


def test_the_same_request_key_begins_once(artist: Artist, rows: Dataset) -> None:
    assert begin(artist, rows, request_key="k") == begin(artist, rows, request_key="k")
    assert Search.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"engine": "nothing"}, {"engine"}),
        ({"engine": "toy"}, {"engine"}),
        ({"name": " "}, {"name"}),
        ({"seed": -1}, {"seed"}),
        ({"parameters": {"depth": 2.0}}, {"parameters.depth"}),
        ({"parameters": {"nonsense": 1}}, {"parameters.nonsense"}),
        ({"space": {"depth": {"low": 0.0, "high": 2.0}, "minutes": {"low": 1, "high": 2}}},
         {"space.depth", "space.minutes"}),
        ({"space": {}}, {"space"}),
        ({"bounds": Bounds(planned=1)}, {"planned"}),
        ({"bounds": Bounds(planned=4, parallel=5)}, {"parallel"}),
        ({"bounds": Bounds(minutes=1.0, trial_minutes=2.0)}, {"minutes"}),
        ({"bounds": Bounds(minutes=1.0, trial_minutes=0.0)}, {"trial_minutes"}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_its_fields(
    artist: Artist, rows: Dataset, given: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        begin(artist, rows, **given)
    assert set(refused.value.data["errors"]) == fields
    assert not Search.objects.exists()


def test_a_search_needs_a_frozen_dataset_of_ones_own_with_pictures_held_out(
    artist: Artist, rows: Dataset, dataset: Dataset, make_user: Callable[..., User]
) -> None:
    with pytest.raises(DatasetNotOpen):
        begin(artist, dataset)
    with pytest.raises(DatasetTooSmall):
        begin(artist, frozen_rows(artist, held_out=3, name="Few"))
    other = Artist.objects.create(user=make_user(), slug="bob", name="Bob")
    with pytest.raises(NotFound):
        begin(other, rows)


def test_searches_are_their_artists_alone_and_keep_their_dataset(
    artist: Artist, rows: Dataset, make_user: Callable[..., User]
) -> None:
    search = services.start_search(owner=artist.user, dataset_id=rows.pk, engine="train-bowl", name="Bowl")
    stranger = make_user()
    for act in (services.stop_search, services.train_best):
        with pytest.raises(NotFound):
            act(search_id=search.pk, owner=stranger)
    with pytest.raises(NotFound):
        selectors.search_by_id(search.pk, stranger)
    with pytest.raises(DatasetInUse):
        services.delete_dataset(dataset_id=rows.pk, owner=artist.user)


def test_the_database_keeps_trials_whole(artist: Artist, rows: Dataset) -> None:
    search = begin(artist, rows)
    (trial,) = trials(search)
    for wrong in ({"state": "complete"}, {"value": 1.0}, {"state": "failed"}, {"training": None}, {"state": "gone"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Trial.objects.filter(pk=trial.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.create(search=search, number=0, parameters={}, state="failed", problem="Twice.")


@pytest.mark.django_db(transaction=True)
def test_trials_are_trained_by_workers_until_the_search_has_ended(
    artist: Artist, frozen: Dataset, settle: Callable[[], None]
) -> None:
    held_out = DatasetPicture.objects.filter(dataset=frozen).order_by("pk").values_list("pk", flat=True)[:4]
    DatasetPicture.objects.filter(pk__in=list(held_out)).update(split="validation")
    search = services.start_search(
        owner=artist.user, dataset_id=frozen.pk, engine="train-bowl", name="Bowl", seed=5,
        parameters={"breaks_above": 0.95}, bounds=Bounds(planned=8, parallel=2, minutes=10.0, trial_minutes=0.1),
    )  # fmt: skip

    settle()

    assert state(search.pk) == "finished"
    ended = trials(search)
    assert [trial.number for trial in ended] == list(range(8))
    assert {trial.state for trial in ended} <= {"complete", "pruned", "failed"}
    for trial in ended:
        assert trial.training is not None
        assert (trial.state == "failed") == (trial.parameters["depth"] > 0.95)
        assert not trial.training.checkpoint_key
        if trial.state == "complete":
            assert trial.value == pytest.approx((trial.parameters["depth"] - 0.3) ** 2)
    best = selectors.best_trial(search)
    assert best is not None
    assert best.value is not None
    assert best.value < (0.9 - 0.3) ** 2
    assert not TrainedModel.objects.exists()
