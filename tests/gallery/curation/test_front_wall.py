"""What curators put before the wall, in the answer that all share: works they feature, exhibitions that are on."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gallery.models import Exhibition, Verdict
from gallery.services import exhibiting
from gallery.services.curating import decide, undo_decision
from generation import services as generation
from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from tests.gallery import hanging
from tests.gallery.markup import Page, read

pytestmark = pytest.mark.django_db
STRIP = "Chosen by our curators"


@pytest.fixture
def works(artist: Artist) -> list[Artwork]:
    made = [hanging.work(artist.user, title=title) for title in ("Ebb", "Flow", "Neap")]
    hanging.draw_cards()
    return made


def wall(client: Client, address: str = "/") -> Page:
    """The wall as a second reader gets it: what was kept for the first, where that still counts."""
    read(client.get(address))
    return read(client.get(address))


def strip(page: Page) -> list[str]:
    """What the strip shows, in its order."""
    if STRIP not in page.html:
        return []
    shown = page.html.partition(STRIP)[2].partition("</section>")[0]
    return [link["href"].split("/")[2] for link in Page(shown).all("a")]


def exhibit(judge: User, works: list[Artwork], title: str = "Tides") -> Exhibition:
    made = exhibiting.draft_exhibition(curator=judge, title=title)
    for work in works:
        exhibiting.hang_in_exhibition(curator=judge, exhibition_id=made.pk, artwork_id=work.pk)
    return exhibiting.move_exhibition(curator=judge, exhibition_id=made.pk, move="publish")


def test_what_is_featured_stands_before_the_wall_from_the_next_read_on(
    client: Client, judge: User, works: list[Artwork]
) -> None:
    assert strip(wall(client)) == []
    first = decide(artwork_id=works[0].pk, curator=judge, verdict=Verdict.FEATURE)
    decide(artwork_id=works[2].pk, curator=judge, verdict=Verdict.FEATURE)
    assert strip(wall(client)) == [str(works[2].pk), str(works[0].pk)]
    undo_decision(decision_id=first.pk, curator=judge)
    assert strip(wall(client)) == [str(works[2].pk)]
    assert strip(wall(client, "/?engine=flow-field")) == []
    generation.take_down_artwork(artwork_id=works[2].pk, curator=judge)
    assert strip(wall(client)) == []


def test_feature_no_more_leaves_it_at_once(client: Client, judge: User, works: list[Artwork]) -> None:
    decide(artwork_id=works[0].pk, curator=judge, verdict=Verdict.FEATURE)
    assert strip(wall(client)) == [str(works[0].pk)]
    decide(artwork_id=works[0].pk, curator=judge, verdict=Verdict.UNFEATURE)
    assert strip(wall(client)) == []


def test_exhibitions_that_are_on_have_posters_until_they_close(
    client: Client, judge: User, works: list[Artwork]
) -> None:
    made = exhibit(judge, works)
    assert wall(client).all("a", href="/exhibitions/tides/")
    given: dict[str, Any] = {"curator": judge, "exhibition_id": made.pk}
    exhibiting.write_exhibition(**given, title="Ebb and flood")
    assert "Ebb and flood" in wall(client).html
    exhibiting.move_exhibition(**given, move="take_back")
    assert not wall(client).all("a", href="/exhibitions/tides/")
    exhibiting.write_exhibition(**given, opens_at=timezone.now() + timedelta(days=1))
    exhibiting.move_exhibition(**given, move="publish")
    assert not wall(client).all("a", href="/exhibitions/tides/"), "it is only announced"
    begun = timezone.now() - timedelta(days=1)
    exhibiting.write_exhibition(**given, opens_at=begun, closes_at=begun + timedelta(hours=1))
    assert exhibiting.close_exhibitions() == 1
    assert not wall(client).all("a", href="/exhibitions/tides/")


def test_a_works_page_says_where_it_is_on_show(client: Client, judge: User, works: list[Artwork]) -> None:
    address = f"/works/{works[0].pk}/"
    assert "On show" not in wall(client, address).html
    made = exhibit(judge, works[:2])
    assert wall(client, address).all("a", href="/exhibitions/tides/")
    assert not wall(client, f"/works/{works[2].pk}/").all("a", href="/exhibitions/tides/")
    exhibiting.move_exhibition(curator=judge, exhibition_id=made.pk, move="close")
    assert not wall(client, address).all("a", href="/exhibitions/tides/")


def test_what_stands_before_the_wall_costs_the_same_however_much_it_is(
    client: Client, judge: User, works: list[Artwork], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cost = 0
    for n, work in enumerate(works):
        decide(artwork_id=work.pk, curator=judge, verdict=Verdict.FEATURE)
        exhibit(judge, works, f"Show {n}")
        if n == 0:
            with CaptureQueriesContext(connection) as asked:
                read(client.get("/"))
            cost = len(asked)
    with django_assert_num_queries(cost):
        read(client.get("/"))
