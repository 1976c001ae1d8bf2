"""How many of the ten nearest works an approximate search finds, of those that an exact one does."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from gallery.models import HungLook
from gallery.selectors import looks
from tests.benchmarks.reporting import report

NEAREST, QUERIES = 10, 100


def recall_at_10(by: looks.By = "style", queries: int = QUERIES) -> float:
    """The share found, over works of the wall taken evenly through their keys; 1.0 is exact.

    Both searches rank what hangs as `gallery.selectors.looks.nearest` does, twins included: leaving them out afterwards
    is exact in any case.
    """
    asked = _evenly(list(HungLook.objects.order_by("pk").values_list("pk", flat=True)), queries)
    vectors = dict(HungLook.objects.filter(pk__in=asked).values_list("pk", by))
    shares = [
        _share(_found(vector, by, exactly=False), _found(vector, by, exactly=True)) for vector in vectors.values()
    ]
    return sum(shares) / len(shares)


def print_recall(queries: int = QUERIES) -> None:
    """A line of the benchmark for each way that every picture can be compared by."""
    for by in looks.OF_PICTURES:
        name = "similar-recall-at-10" if by == "style" else f"similar-recall-at-10-{by}"
        report(name, ours=recall_at_10(by, queries), baseline=1.0, unit="share of the ten nearest", n=queries)


@transaction.atomic
def _found(vector: Sequence[float], by: looks.By, *, exactly: bool) -> set[UUID]:
    looks.widen(by)
    with connection.cursor() as cursor:
        # One cannot do without the graph, the other has to do with it.
        exact, graph = ("on", "off") if exactly else ("off", "on")
        settings = {"seqscan": exact, "sort": exact, "indexscan": graph, "bitmapscan": graph}
        cursor.execute("; ".join(f"SET LOCAL enable_{kind} = {value}" for kind, value in settings.items()))
    return set(looks.ranked(vector, by=by)[:NEAREST].values_list("pk", flat=True))


def _share(found: set[UUID], exact: set[UUID]) -> float:
    return len(found & exact) / len(exact)


def _evenly(keys: Sequence[UUID], count: int) -> list[UUID]:
    return [keys[at * len(keys) // count] for at in range(min(count, len(keys)))] if keys else []
