"""What people of the demo do with the first works: exhibitions, a collection, a case; each once."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from gallery.management import showing
from gallery.management.furnishing import DRAWN, INK, PAINTED, key_of
from gallery.management.season import COLLECTED, DOUBTED, SHOWN
from gallery.models import Case, Collection, Exhibition, Follow
from generation.models import Job
from marketplace.accounts.models import User
from tests.gallery import hanging

pytestmark = pytest.mark.django_db
FURNISHED = {work.slug for work in (*DRAWN, *INK, *PAINTED)}


@pytest.fixture
def people(settings: LazySettings) -> Callable[[str], User]:
    settings.ATELIER = settings.ATELIER.model_copy(update={"atelier_demo": True})
    call_command("make_demo_accounts", "--password", "demo-password-1")
    return lambda name: User.objects.get(email=f"{name}@demo.test")


def hang(maker: User, slug: str) -> None:
    work = hanging.work(maker, title=slug)
    Job.objects.filter(pk=work.job_id).update(request_key=key_of(slug))


def test_only_works_that_are_furnished_are_named() -> None:
    shown = [hung.slug for wanted in SHOWN for part in wanted.parts for hung in part.works]
    assert {*shown, *COLLECTED.works, DOUBTED.slug} <= FURNISHED
    assert len(shown) == len(set(shown))


def test_a_new_house_has_exhibitions_a_collection_news_and_a_case(
    people: Callable[[str], User], client: Client
) -> None:
    present, announced = SHOWN
    named = {hung.slug for wanted in SHOWN for part in wanted.parts for hung in part.works}
    for slug in named | {*COLLECTED.works, DOUBTED.slug}:
        hang(people("artist"), slug)
    showing.show(people("curator"))
    showing.collect(people("collector"))
    showing.doubt(people("collector"))

    page = client.get(f"/exhibitions/{present.slug}/").content.decode()
    places = [page.index(hung.slug) for part in present.parts for hung in part.works]
    assert places == sorted(places)
    for part in present.parts:
        assert part.title in page
    assert Exhibition.objects.announced().get().title == announced.title
    collection = Collection.objects.get(is_public=True)
    assert collection.items.count() == len(COLLECTED.works)
    assert Follow.objects.filter(follower=people("collector")).count() == 2
    assert Case.objects.get().artwork.title == DOUBTED.slug


def test_what_somebody_began_is_left_alone(people: Callable[[str], User]) -> None:
    for slug in FURNISHED:
        hang(people("artist"), slug)
    for _start in range(2):
        showing.show(people("curator"))
        showing.collect(people("collector"))
        showing.doubt(people("collector"))
    assert (Exhibition.objects.count(), Collection.objects.count(), Case.objects.count()) == (2, 1, 1)
    Collection.objects.update(title="Mine")
    assert showing.collect(people("collector")) == []
    assert showing.show(people("curator")) == []
