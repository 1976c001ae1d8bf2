"""The cards of what `filling` made: drawn by the product's own code, from what is known here already.

The product reads a work with all that belongs to it through its models, which for a million takes half an hour. Here
its drawing is given stand-ins that know the same (`standins`). Whether they do is checked on works at random: the
product draws their cards anew, from the tables, and finds nothing to change.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

PROCESSES = 2
PARCEL = 2000
SAMPLE = 200


def write_cards(listings: int) -> None:
    """Write the cards of all works, in processes beside each other; indexes are built afterwards."""
    from django.db import connection

    from tests.benchmarks.catalog.filling import drop_indexes

    with connection.cursor() as cursor:
        indexes = drop_indexes(cursor, "gallery_card")
        steps = range(0, listings, max(PARCEL, -(-listings // (4 * PROCESSES))))
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            list(pool.map(_begin, [(begin, begin + steps.step) for begin in steps]))
        for index in indexes:
            cursor.execute(index)


def check_cards() -> None:
    """Raises AssertionError where the product would draw a card otherwise."""
    from gallery.models import Card
    from gallery.services import refresh_cards

    sample = list(Card.objects.order_by("?").values_list("pk", flat=True)[:SAMPLE])
    before = dict(Card.objects.filter(pk__in=sample).values_list("pk", "refreshed_at"))
    assert refresh_cards(sample) == len(sample)
    changed = [
        pk for pk, at in Card.objects.filter(pk__in=sample).values_list("pk", "refreshed_at") if before[pk] != at
    ]
    assert not changed, f"{len(changed)} of {len(sample)} cards are not as the product draws them, such as {changed[0]}"


def _begin(span: tuple[int, int]) -> None:
    """In a process of its own."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    write_span(span)


def write_span(span: tuple[int, int]) -> None:
    """Write the cards of the works with these numbers, the second one left out."""
    from django.db import connection

    from gallery.services.cards.drawing import draw
    from gallery.services.cards.writing import write_drawn
    from tests.benchmarks.catalog.standins import StandIn

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"SELECT {StandIn.COLUMNS} FROM bench_past WHERE n >= %s AND n < %s ORDER BY n", span)
        while rows := cursor.fetchmany(PARCEL):
            works: list[Any] = [StandIn(*row) for row in rows]  # all that drawing asks of a work, but no model
            write_drawn([draw(work, work.sales, work.colours) for work in works])
        cursor.execute("RESET session_replication_role")
