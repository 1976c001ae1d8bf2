"""Batches: who is made together, that each keeps what is its own, and what happens when there is too little room."""

from collections.abc import Callable

import pytest

from generation.models import Artwork, Job, Priority
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from tests.generation.conftest import Gate
from tests.generation.watching import outcomes

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


def states(*jobs: Job) -> list[str]:
    return [Job.objects.get(pk=job.pk).state for job in jobs]


def test_jobs_of_one_shape_are_made_together_and_each_keeps_its_seed(submit: Submit, gate: Gate) -> None:
    alone = submit(seed=3)
    run_next_batch("cpu")
    jobs = [submit(seed=seed, gate=str(gate)) for seed in (1, 2, 3, 4, 5)]

    assert run_next_batch("cpu") == [job.pk for job in jobs[:4]]  # the engine takes four
    assert run_next_batch("cpu") == [jobs[4].pk]

    assert "batch-4" in gate.marks
    assert states(*jobs) == ["succeeded"] * 5
    works = {work.seed: work for work in Artwork.objects.filter(job__in=jobs)}
    assert len({work.pixels_sha256 for work in works.values()}) == 5
    assert works[3].pixels_sha256 == Artwork.objects.get(job=alone).pixels_sha256
    assert [works[seed].recipe["batch"] for seed in (1, 5)] == [4, 1]
    assert list(jobs[0].attempts.values_list("batch", flat=True)) == [4]


def test_only_what_is_alike_is_made_together(submit: Submit) -> None:
    first, other_size, alike = submit(size=64), submit(size=32), submit(size=64)
    assert run_next_batch("cpu") == [first.pk, alike.pk]
    assert run_next_batch("cpu") == [other_size.pk]


def test_a_batch_stays_within_the_memory_lent_to_it(submit: Submit, limited: Callable[..., None]) -> None:
    limited(batch_memory=200_000_000)  # a toy work of 64 pixels says that it takes 64 MB
    jobs = [submit() for _ in range(4)]
    assert run_next_batch("cpu") == [job.pk for job in jobs[:3]]


def test_a_failure_in_a_batch_is_the_guilty_ones_alone(submit: Submit) -> None:
    good, guilty, also_good = submit(seed=1), submit(seed=2, behaviour="crash"), submit(seed=3)
    assert len(run_next_batch("cpu")) == 3

    assert states(good, guilty, also_good) == ["succeeded", "failed", "succeeded"]
    assert outcomes(guilty) == [("failed", "engine-crashed")]
    assert Artwork.objects.count() == 2


def test_a_batch_that_does_not_fit_is_split_until_it_does(submit: Submit, gate: Gate) -> None:
    jobs = [submit(seed=seed, behaviour="full-when-many", gate=str(gate)) for seed in range(4)]
    assert len(run_next_batch("cpu")) == 4

    assert states(*jobs) == ["succeeded"] * 4
    assert {"batch-4", "batch-2"} <= gate.marks
    assert [work.recipe["batch"] for work in Artwork.objects.all()] == [1] * 4


def test_people_take_turns_whoever_came_with_more(submit: Submit, make_user: Callable[..., User]) -> None:
    many, one = make_user(), make_user()
    hundred = [submit(many, size=8 + 8 * (n % 2)) for n in range(6)]
    single = submit(one, size=24)

    order = [job_id for _ in range(4) for job_id in run_next_batch("cpu")]

    # The head of the line came first; the newcomer is next, before the other's second turn.
    assert order.index(single.pk) < order.index(hundred[1].pk)


def test_a_paid_commission_goes_before_a_preview_and_a_preview_before_training(submit: Submit) -> None:
    sizes = iter(range(8, 100, 8))
    training, ordinary, live, paid = (
        submit(size=next(sizes), priority=priority)
        for priority in (Priority.TRAINING, Priority.ORDINARY, Priority.LIVE, Priority.COMMISSION)
    )
    order = [run_next_batch("cpu") for _ in range(4)]
    assert order == [[paid.pk], [live.pk], [ordinary.pk], [training.pk]]


def test_nobody_has_more_jobs_running_than_allowed(
    submit: Submit, make_user: Callable[..., User], limited: Callable[..., None]
) -> None:
    from generation import services

    limited(user_concurrency=2)
    greedy, other = make_user(), make_user()
    jobs = [submit(greedy) for _ in range(4)]
    hers = submit(other)

    leased = [services.lease_jobs(queue="cpu", worker="w", host="h", device="cpu") for _ in range(4)]

    assert [[job.pk for job in jobs] for jobs in leased] == [[jobs[0].pk], [hers.pk], [jobs[1].pk], []]


def test_an_engine_has_no_more_jobs_running_than_allowed(submit: Submit, limited: Callable[..., None]) -> None:
    from generation import services

    limited(engine_concurrency={"toy": 1})
    first, other = submit(), submit(engine="noop")
    submit()

    leased = [services.lease_jobs(queue="cpu", worker="w", host="h", device="cpu") for _ in range(3)]

    assert [[job.pk for job in jobs] for jobs in leased] == [[first.pk], [other.pk], []]


def test_an_engine_that_makes_nothing_to_look_at_succeeds_without_a_work(submit: Submit) -> None:
    jobs = [submit(engine="noop") for _ in range(3)]
    assert len(run_next_batch("cpu")) == 3
    assert (states(*jobs), Artwork.objects.count()) == (["succeeded"] * 3, 0)
