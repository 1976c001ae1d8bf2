"""What dispatch costs: `python -m tests.benchmarks.dispatch`, one run, one Redis, one PostgreSQL.

`dispatch-bare-dramatiq` compares jobs of an engine that does nothing, through their whole life (submitted as people's
variations, 64 in a transaction; relayed, leased, made in the studio, finished, and told to those who subscribed), with
bare Dramatiq messages; `dispatch-django-dramatiq` with messages that keep a row in django-dramatiq's admin table;
`…-singly` the same with a transaction for each job. Two worker processes in every case, one process
that submits; the clock runs from the first submission to the last end, and the last event told.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median, quantiles

from tests.benchmarks.parts import dramatiq_worker, manage, running, running_parts
from tests.benchmarks.reporting import report

JOBS, MESSAGES, SINGLES = 3000, 6000, 60
GROWN = (1_000, 100_000)
TOYS = '["tests.generation.toy:NOOP"]'


def rate(count: int, send: Callable[[], object], left: Callable[[], int]) -> float:
    """How many a second are sent and done."""
    started = time.perf_counter()
    for _ in range(count):
        send()
    while left():
        time.sleep(0.02)
    return count / (time.perf_counter() - started)


def main() -> None:
    """Measure everything, and print."""
    with running_parts(settings="tests.benchmarks.dispatch_settings", EXTRA_ENGINES=TOYS) as supervisor:
        from generation.services import MOST_VARIATIONS
        from tests.benchmarks import dispatch_actors as actors
        from tests.benchmarks.dispatch_jobs import Jobs

        rates = {}
        for name, send in {"bare": actors.do_nothing.send, "kept": actors.do_nothing_kept.send}.items():
            broker = getattr(actors, name)
            with running(
                supervisor, dramatiq_worker(name, f"{actors.__name__}:{name}", ["bench"], processes=2, threads=8)
            ):
                rate(300, partial(send, "1"), partial(actors.left, broker))
                rates[name] = rate(MESSAGES, partial(send, "1"), partial(actors.left, broker))
        jobs = Jobs()
        workers = dramatiq_worker("paint", "marketplace.core.worker_process", ["cpu"], processes=2, threads=1)
        couriers = manage("relay", "relay"), manage("sweeper", "sweep")
        io = dramatiq_worker("io", "marketplace.core.worker_process", ["io"], processes=1, threads=4)
        with running(supervisor, workers, io, *couriers):
            rate(200, jobs.submit, jobs.left)  # the studios stand, everything is imported
            together = MOST_VARIATIONS * rate(JOBS // MOST_VARIATIONS, jobs.submit_variations, jobs.left)
            singly = rate(JOBS, jobs.submit, jobs.left)
            report("dispatch-bare-dramatiq", together, rates["bare"], "jobs/s", JOBS, beside="bare messages")
            report("dispatch-bare-dramatiq-singly", singly, rates["bare"], "jobs/s", JOBS, beside="bare messages")
            report("dispatch-django-dramatiq", together, rates["kept"], "jobs/s", JOBS, beside="messages with a row")
            report(
                "dispatch-django-dramatiq-singly", singly, rates["kept"], "jobs/s", JOBS, beside="messages with a row"
            )
            waits = sorted(jobs.wait_of_one() for _ in range(SINGLES))
            late = quantiles(waits, n=100)[98]
            report("dispatch-wait-p50", median(waits), 0.050, "s", SINGLES, beside="50 ms")
            report("dispatch-wait-p99", late, median(waits), "s", SINGLES, beside="its own median")
            grown = []
            for size in GROWN:
                jobs.grow_to(size)
                grown.append(max(rate(JOBS // 2, jobs.submit, jobs.left) for _ in range(3)))
            report("dispatch-growth", 1 / grown[1], 1 / grown[0], "s/job", JOBS // 2, beside="1,000 finished jobs")


if __name__ == "__main__":
    main()
