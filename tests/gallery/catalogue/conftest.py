"""A catalogue with cards."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from gallery import services
from gallery.selectors.catalogue import Page, Query, search
from generation.models import Artwork, Job, Visibility
from marketplace.accounts.models import Artist
from tests.gallery import hanging


@pytest.fixture
def hang(artist: Artist) -> Callable[..., Artwork]:
    """Hang a work with its card, counted."""

    def make(title: str = "", by: Artist | None = None, **more: Any) -> Artwork:
        more |= {"title": title} if title else {}
        work = hanging.work((by or artist).user, **more)
        services.refresh_cards([work.pk])
        services.fold_changes()
        return work

    return make


def bare_works(artist: Artist, described: Sequence[dict[str, Any]]) -> list[Artwork]:
    """Works that hang, in two statements: without files, which only their cards' pictures would need."""
    now = timezone.now()
    maker = {"owner": artist.user, "engine_version": "1", "seed": 7}
    jobs = Job.objects.bulk_create(
        Job(**maker, engine="flow-field", queue="cpu", state=Job.State.SUCCEEDED, finished_at=now) for _ in described
    )
    usual: dict[str, Any] = {
        "maker": artist.user, "artist": artist, "visibility": Visibility.WALL, "hung_at": now, "medium": "image",
        "engine": "flow-field", "width": 1200, "height": 800, "recipe": {},
    }  # fmt: skip
    works = [Artwork(**(usual | maker | more), job=job) for job, more in zip(jobs, described, strict=True)]
    return Artwork.objects.bulk_create(works)


def asked(query: str) -> Query:
    return Query.parse(QueryDict(query))


def found(query: str) -> Page:
    return search(asked(query))


def titles(query: str) -> list[str]:
    """The titles that a query finds, in their order."""
    return [card.shown["title"] for card in found(query).cards]
