"""Batches against one by one, and fairness: `python -m tests.benchmarks.batching`, one run.

`batching-style` paints 32 photographs of 384 pixels, `batching-gan` draws 64 pictures of 64 pixels with a generator of
DCGAN's size; both as a studio does them, without files. Rounds of the two ways alternate; medians are taken. The last
line has one worker, one person's 100 jobs waiting, and then another person's single job.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import torch

from generation.engines import registry
from generation.engines.base import Engine, InputPicture, Request
from generation.engines.device import choose_device, open_context
from generation.worker.studio.together import Task, run_together
from tests.benchmarks.parts import dramatiq_worker, manage, running, running_parts
from tests.benchmarks.reporting import report
from tests.benchmarks.style import photograph, square

ROUNDS = 5
STYLES, GANS, QUEUED = 32, 64, 100
JOB_SECONDS = 0.25
ENGINES = ("tests.benchmarks.batching_gan:GENERATOR", "tests.generation.toy:TOY")


def style_tasks(device: torch.device) -> list[Task]:
    """Photographs of one shape, each in the manner of another."""
    names = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
    parameters = registry.declaration("arbitrary-style").validate_parameters({"size": 384})
    pictures = [square(photograph(name)) for name in names]
    tasks = []
    for number in range(STYLES):
        content, style = pictures[number % 4], pictures[(number // 4 + 1) % 4]
        inputs = {"content": [InputPicture(content)], "style": [InputPicture(style)]}
        request = Request(parameters=parameters, seed=number, inputs=inputs)
        tasks.append(Task(str(number), request, open_context(device, number)))
    return tasks


def gan_tasks(device: torch.device) -> list[Task]:
    """One seed after the other."""
    parameters = registry.declaration("bench-generator").validate_parameters({})
    requests = [Request(parameters=parameters, seed=number) for number in range(GANS)]
    return [Task(str(request.seed), request, open_context(device, request.seed)) for request in requests]


def one_by_one(engine: Engine[Any], tasks: Sequence[Task]) -> None:
    """Make each as if it were the only one."""
    for task in tasks:
        list(run_together(engine, [task]))


def in_batches(engine: Engine[Any], tasks: Sequence[Task], size: int) -> None:
    """Make them in batches of the size that a worker would gather."""
    for start in range(0, len(tasks), size):
        for result in run_together(engine, tasks[start : start + size]):
            assert result.error is None, result.error


def compare(name: str, engine_name: str, tasks: list[Task], device: torch.device) -> None:
    """Alternate the two ways and print works a second."""
    engine, size = registry.load(engine_name, device), registry.declaration(engine_name).most_together
    ways: dict[str, Callable[[], None]] = {
        "alone": partial(one_by_one, engine, tasks),
        "batched": partial(in_batches, engine, tasks, size),
    }
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for round_number in range(ROUNDS + 1):
        for way, make in ways.items():
            started = time.perf_counter()
            make()
            if round_number:
                taken[way].append(time.perf_counter() - started)
    works = {way: len(tasks) / median(seconds) for way, seconds in taken.items()}
    report(name, works["batched"], works["alone"], "works/s", len(tasks), beside="one by one", device=device.type)


def fairness() -> None:
    """How long another person's single job waits behind a hundred, in job lengths."""
    with running_parts(EXTRA_ENGINES='["tests.generation.toy:TOY"]') as supervisor:
        from generation import services
        from generation.models import Attempt, Job, JobState
        from marketplace.accounts.models import User

        many, one = (User.objects.create_user(email=f"{name}@example.com", display_name=name) for name in ("a", "b"))

        def ask(owner: User, number: int) -> Job:
            # Sizes differ from one to the next, so that each is made alone: the longest a turn can take.
            asked = {"size": 8 + number % 50, "seconds": JOB_SECONDS}
            return services.submit_job(owner=owner, engine="toy", parameters=asked)

        worker = dramatiq_worker("paint", "marketplace.core.worker_process", ["cpu"], processes=1, threads=1)
        with running(supervisor, worker, manage("relay", "relay"), manage("sweeper", "sweep")):
            for number in range(QUEUED):
                ask(many, number)
            while Job.objects.filter(state=JobState.SUCCEEDED).count() < 5:
                time.sleep(0.02)
            single = ask(one, 99)
            while not Attempt.objects.filter(job=single).exists():
                time.sleep(0.01)
            waited = (Attempt.objects.get(job=single).started_at - single.created_at).total_seconds()
            ended = Attempt.objects.filter(ended_at__isnull=False)
            length = median(
                (attempt.ended_at - attempt.started_at).total_seconds() for attempt in ended if attempt.ended_at
            )
    report("fairness-wait", waited, length, "s", QUEUED, beside="one job's length")


def main() -> None:
    """Measure all, and print."""
    for where in ENGINES:
        registry.register(where)
    device = choose_device("auto")
    compare("batching-style", "arbitrary-style", style_tasks(device), device)
    compare("batching-gan", "bench-generator", gan_tasks(device), device)
    fairness()


if __name__ == "__main__":
    main()
