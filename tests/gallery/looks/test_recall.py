"""The benchmark's measure of recall: exact where the search is, and less where the graph is not searched widely."""

import numpy as np
import pytest
from django.db import connection

from gallery.models import HungLook
from gallery.selectors import looks
from generation.models import ArtworkLook
from marketplace.accounts.models import Artist
from tests.benchmarks.catalog.recall import recall_at_10
from tests.gallery import hanging

pytestmark = pytest.mark.django_db
WORKS = 160


@pytest.fixture
def crowd(artist: Artist) -> None:
    """Works in sixteen manners, some near one another and some alone."""
    rng = np.random.default_rng(7)
    middles = rng.normal(size=(16, 128))
    for at in range(WORKS):
        style = middles[at % 16] + 0.4 * rng.normal(size=128)
        work = hanging.bare_work(artist.user)
        ArtworkLook.objects.create(
            artwork=work, style=list(map(float, style / np.linalg.norm(style))), colour=[0.125] * 64, colours=[],
            network="efficientnet-lite0", version=1,
        )  # fmt: skip


def test_nearly_all_of_the_nearest_are_found(crowd: None) -> None:
    assert HungLook.objects.count() == WORKS
    assert recall_at_10("style", queries=20) >= 0.95


def test_a_search_that_hardly_looks_around_is_told_from_one_that_does(
    crowd: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def narrow(by: looks.By) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL hnsw.ef_search = 2; SET LOCAL hnsw.iterative_scan = off")

    monkeypatch.setattr(looks, "widen", narrow)
    assert recall_at_10("style", queries=20) < 0.5
