"""Exhibitions: written, hung, ordered, previewed, opened and closed; and visited."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from gallery.models import Exhibition, Hanging, Section
from gallery.selectors import exhibitions as selectors
from gallery.services import exhibiting
from generation.models import Artwork
from marketplace.accounts.models import Artist, Notification, User
from marketplace.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from marketplace.core.machine import NotNow
from tests.gallery import hanging
from tests.gallery.curation.conftest import private_work
from tests.gallery.markup import read

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture
def works(artist: Artist) -> list[Artwork]:
    return [hanging.work(artist.user, title=title) for title in ("Ebb", "Flow", "Neap")]


@pytest.fixture
def exhibition(judge: User, works: list[Artwork]) -> Exhibition:
    made = exhibiting.draft_exhibition(curator=judge, title="Tide & Time")
    for work in works:
        exhibiting.hang_in_exhibition(curator=judge, exhibition_id=made.pk, artwork_id=work.pk)
    return made


def titles(exhibition: Exhibition) -> list[str]:
    return [one.artwork.display_title for one in exhibiting.in_order(exhibition)]


def act(exhibition: Exhibition, judge: User) -> dict[str, Any]:
    return {"curator": judge, "exhibition_id": exhibition.pk}


def test_works_are_ordered_one_by_one_or_all_at_once(exhibition: Exhibition, judge: User) -> None:
    given = act(exhibition, judge)
    ebb, flow, neap = exhibiting.in_order(exhibition)
    exhibiting.move_hanging(**given, hanging_id=neap.pk, by=-1)
    assert titles(exhibition) == ["Ebb", "Neap", "Flow"]
    exhibiting.move_hanging(**given, hanging_id=ebb.pk, by=-1)
    assert titles(exhibition) == ["Ebb", "Neap", "Flow"]
    section = exhibiting.add_section(**given, title="Low water", first=neap.pk)
    assert [room.section for room in selectors.rooms_of(exhibition)] == [None, section]
    exhibiting.move_hanging(**given, hanging_id=ebb.pk, by=1)
    assert Hanging.objects.get(pk=ebb.pk).section == section, "it passed into the section"
    seen = Exhibition.objects.get(pk=exhibition.pk).version
    order = [(flow.pk, None), (neap.pk, section.pk), (ebb.pk, section.pk)]
    exhibiting.arrange_exhibition(**given, order=order, version=seen)
    assert titles(exhibition) == ["Flow", "Neap", "Ebb"]
    with pytest.raises(Conflict):
        exhibiting.arrange_exhibition(**given, order=order, version=seen)
    other = exhibiting.draft_exhibition(curator=judge, title="Other")
    foreign = exhibiting.add_section(curator=judge, exhibition_id=other.pk, title="Not here")
    for wrong in (order[:2], [*order, order[0]], [(flow.pk, foreign.pk), *order[1:]]):
        with pytest.raises(InvalidInput):
            exhibiting.arrange_exhibition(**given, order=wrong)
    exhibiting.remove_section(**given, section_id=section.pk)
    assert not Section.objects.filter(exhibition=exhibition).exists()
    assert len(titles(exhibition)) == 3


def test_a_heading_takes_the_rest_of_its_own_section_alone(exhibition: Exhibition, judge: User) -> None:
    given = act(exhibition, judge)
    ebb, flow, neap = exhibiting.in_order(exhibition)
    last = exhibiting.add_section(**given, title="Last", first=neap.pk)
    middle = exhibiting.add_section(**given, title="Middle", first=flow.pk)
    first = exhibiting.add_section(**given, title="First", first=ebb.pk)
    hung = [(room.section, room.hangings) for room in selectors.rooms_of(exhibition)]
    assert hung == [(first, [ebb]), (middle, [flow]), (last, [neap])]
    assert titles(exhibition) == ["Ebb", "Flow", "Neap"]
    with pytest.raises(NotFound):
        exhibiting.add_section(**given, title="Nowhere", first=neap.pk + 1000)


def test_an_empty_section_gets_what_is_hung_and_what_is_moved_on(
    exhibition: Exhibition, judge: User, artist: Artist
) -> None:
    given = act(exhibition, judge)
    neap = exhibiting.in_order(exhibition)[-1]
    waiting = exhibiting.add_section(**given, title="To come")
    hung = exhibiting.hang_in_exhibition(**given, artwork_id=hanging.work(artist.user, title="Spring").pk)
    assert hung.section == waiting
    exhibiting.remove_from_exhibition(**given, hanging_id=hung.pk)
    exhibiting.move_hanging(**given, hanging_id=neap.pk, by=1)
    assert Hanging.objects.get(pk=neap.pk).section == waiting
    assert titles(exhibition) == ["Ebb", "Flow", "Neap"]


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_alike_at_once_get_two_addresses(judge: User, colleague: User) -> None:
    both = threading.Barrier(2)

    def begin(curator: User) -> str:
        try:
            both.wait(timeout=10)
            return exhibiting.draft_exhibition(curator=curator, title="Tide").slug
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(begin, [judge, colleague])) == ["tide", "tide-2"]


def test_any_title_has_an_address_of_its_own(judge: User) -> None:
    long = f"{'a' * 59} and more"
    made = [
        exhibiting.draft_exhibition(curator=judge, title=one) for one in ("Tide 2", "Tide", "Tide", "_snake_case", long)
    ]
    assert [one.slug for one in made] == ["tide-2", "tide", "tide-3", "snake-case", "a" * 59]


def test_what_is_closed_before_its_time_was_open_until_then(exhibition: Exhibition, judge: User) -> None:
    now, given = timezone.now(), act(exhibition, judge)
    exhibiting.write_exhibition(**given, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=9))
    exhibiting.move_exhibition(**given, move="publish")
    with pytest.raises(NotNow):
        exhibiting.move_exhibition(**given, move="close")
    exhibiting.write_exhibition(**given, opens_at=now - timedelta(days=1))
    closed = exhibiting.move_exhibition(**given, move="close")
    assert closed.closes_at is not None
    assert now < closed.closes_at < timezone.now()
    assert exhibiting.move_exhibition(**given, move="reopen").closes_at is None


def test_what_is_over_and_closed_by_hand_was_open_until_its_own_end(exhibition: Exhibition, judge: User) -> None:
    given = act(exhibition, judge)
    exhibiting.move_exhibition(**given, move="publish")
    over = timezone.now() - timedelta(hours=1)
    Exhibition.objects.update(opens_at=over - timedelta(days=2), closes_at=over)
    assert exhibiting.move_exhibition(**given, move="close").closes_at == over


def test_what_would_be_over_is_not_published(exhibition: Exhibition, judge: User) -> None:
    now = timezone.now()
    given = act(exhibition, judge)
    exhibiting.write_exhibition(**given, opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))
    with pytest.raises(InvalidInput):
        exhibiting.move_exhibition(**given, move="publish")
    assert not Notification.objects.filter(kind="exhibition.changed").exists()


def test_it_opens_and_closes_at_its_time(exhibition: Exhibition, judge: User, artist: Artist, client: Client) -> None:
    given, now = act(exhibition, judge), timezone.now()
    address = f"/exhibitions/{exhibition.slug}/"
    assert exhibition.slug == "tide-time"
    exhibiting.write_exhibition(**given, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    exhibiting.move_exhibition(**given, move="publish")
    assert Notification.objects.filter(person=artist.user, kind="exhibition.changed").count() == 3
    assert client.get(address).status_code == 404
    assert "Tide &amp; Time" in read(client.get("/exhibitions/")).html
    exhibiting.write_exhibition(**given, opens_at=now - timedelta(hours=2))
    assert "Tide &amp; Time" in read(client.get(address)).html
    exhibiting.write_exhibition(**given, closes_at=now - timedelta(hours=1))
    assert exhibiting.close_exhibitions() == 1
    assert client.get(address).status_code == 200, "what is over can still be read"
    with pytest.raises(NotNow):
        exhibiting.move_exhibition(**given, move="publish")
    with pytest.raises(InvalidInput):
        exhibiting.write_exhibition(**given, closes_at=now - timedelta(days=3))


def test_what_is_taken_down_leaves_the_wall_at_once(
    exhibition: Exhibition, judge: User, works: list[Artwork], client: Client
) -> None:
    exhibiting.move_exhibition(**act(exhibition, judge), move="publish")
    Artwork.objects.filter(pk=works[1].pk).update(visibility="private")
    page = read(client.get(f"/exhibitions/{exhibition.slug}/"))
    assert page.all("a", href=f"/works/{works[0].pk}/")
    assert not page.all("a", href=f"/works/{works[1].pk}/")


def test_a_draft_is_seen_by_its_link_alone(exhibition: Exhibition, client: Client, judge: User) -> None:
    address, token = f"/exhibitions/{exhibition.slug}/", selectors.preview_token(exhibition)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}?preview={token}x").status_code == 404
    other = exhibiting.draft_exhibition(curator=judge, title="Other")
    assert client.get(f"/exhibitions/{other.slug}/?preview={token}").status_code == 404
    shown = client.get(f"{address}?preview={token}")
    assert "A preview" in read(shown).html
    assert "no-store" in shown["Cache-Control"]


def test_only_curators_make_them_and_only_of_what_hangs(
    exhibition: Exhibition, judge: User, artist: Artist, visitor: Client
) -> None:
    with pytest.raises(PermissionRefused):
        exhibiting.draft_exhibition(curator=artist.user, title="Mine")
    with pytest.raises(NotFound):
        exhibiting.hang_in_exhibition(**act(exhibition, judge), artwork_id=private_work(artist.user).pk)
    with pytest.raises(InvalidInput):
        exhibiting.move_exhibition(
            **act(exhibiting.draft_exhibition(curator=judge, title="Empty"), judge), move="publish"
        )
    for address in ("/curator/exhibitions/", f"/curator/exhibitions/{exhibition.slug}/"):
        assert visitor.get(address).status_code == 403


def test_a_curator_puts_one_together_on_the_easel(
    judge: User, signed_in: SignedIn, works: list[Artwork], client: Client
) -> None:
    desk = signed_in(judge)
    page = read(desk.post("/curator/exhibitions/", {"title": "Night"}, follow=True))
    easel = "/curator/exhibitions/night/"
    assert page.all("form", action=f"{easel}add/")
    assert read(desk.get(f"{easel}?words=eb mol")).all("input", value=str(works[0].pk))
    for work in works[:2]:
        desk.post(f"{easel}add/", {"artwork": f"https://atelier.example/works/{work.pk}/?from=mail"})
    first, second = Exhibition.objects.get().hangings.all()
    desk.post(f"{easel}move/", {"hanging": second.pk, "by": "-1"})
    desk.post(f"{easel}label/", {"hanging": first.pk, "text": "Made <at> night."})
    saved = {
        "title": "Night", "slug": "the-night", "text": "One.\n\nTwo.", "opens_at": "", "closes_at": "",
        "timezone": "UTC",
    }  # fmt: skip
    assert "Saved." in read(desk.post(easel, saved, follow=True)).html
    wrong = saved | {"opens_at": "2026-11-02T10:00", "closes_at": "2026-11-01T10:00"}
    assert "It closes after it opens." in read(desk.post("/curator/exhibitions/the-night/", wrong)).html
    desk.post("/curator/exhibitions/the-night/life/", {"move": "publish"})
    visit = read(client.get("/exhibitions/the-night/"))
    assert "Made &lt;at&gt; night." in visit.html
    assert "<p>Two.</p>" in visit.html
    assert visit.html.index("Flow") < visit.html.index("Ebb")


def test_of_two_who_write_at_once_the_slower_one_is_told(
    exhibition: Exhibition, judge: User, signed_in: SignedIn
) -> None:
    desk, easel = signed_in(judge), f"/curator/exhibitions/{exhibition.slug}/"
    [seen] = read(desk.get(easel)).all("input", name="seen")
    words = {"title": "Tide", "slug": exhibition.slug, "timezone": "UTC", "opens_at": "", "closes_at": ""}
    assert desk.post(easel, words | {"text": "The quick one.", "seen": seen["value"]}).status_code == 302
    slower = words | {"text": "The slow one.", "seen": seen["value"]}
    page = read(desk.post(easel, slower))
    assert "Somebody has written something else here meanwhile." in page.html
    assert "The slow one." in page.html
    assert Exhibition.objects.get().text == "The quick one."
    [seen] = page.all("input", name="seen")
    assert desk.post(easel, slower | {"seen": seen["value"]}).status_code == 302
    assert Exhibition.objects.get().text == "The slow one."


def test_over_http_too_who_has_not_seen_the_last_words_replaces_none(
    exhibition: Exhibition, judge: User, client_of: Callable[[User], APIClient]
) -> None:
    curator, address = client_of(judge), f"/api/v1/curator/exhibitions/{exhibition.pk}/"
    seen = curator.get(address).json()["words_tag"]
    assert curator.patch(address, {"title": "Ebb", "seen": seen}, format="json").json()["words_tag"] != seen
    assert curator.patch(address, {"title": "Flow", "seen": seen}, format="json").status_code == 409
    assert curator.patch(address, {"title": "Flow"}, format="json").json()["title"] == "Flow"


def test_a_longer_wall_takes_no_more_queries(
    exhibition: Exhibition, judge: User, artist: Artist, client: Client
) -> None:
    exhibiting.move_exhibition(**act(exhibition, judge), move="publish")

    def asked() -> int:
        work = hanging.work(artist.user)
        exhibiting.hang_in_exhibition(**act(exhibition, judge), artwork_id=work.pk)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/exhibitions/{exhibition.slug}/")
        return len(queries)

    assert asked() == asked()


def test_its_times_are_written_and_said_in_its_own_time_zone(
    exhibition: Exhibition, judge: User, signed_in: SignedIn, client: Client
) -> None:
    desk, easel = signed_in(judge), f"/curator/exhibitions/{exhibition.slug}/"
    form = {
        "title": "Tide", "slug": exhibition.slug, "text": "", "timezone": "Asia/Shanghai",
        "opens_at": "2020-11-02T10:00", "closes_at": "2099-03-01T18:30",
    }  # fmt: skip
    page = read(desk.post(easel, form, follow=True))
    assert page.all("input", name="closes_at", value="2099-03-01T18:30")
    exhibition.refresh_from_db()
    assert (exhibition.opens_at, exhibition.timezone) == (datetime(2020, 11, 2, 2, 0, tzinfo=UTC), "Asia/Shanghai")
    exhibiting.move_exhibition(**act(exhibition, judge), move="publish")
    said = read(client.get(f"/exhibitions/{exhibition.slug}/")).html
    assert "Open until 1 March 2099, 18:30 (Asia/Shanghai)" in said
    wrong = read(desk.post(easel, form | {"timezone": "Europe/Berlin", "closes_at": "2027-03-28T02:30"}))
    assert wrong.all("input", name="closes_at", **{"aria-invalid": "true"}), "an hour that this night does not have"
    with pytest.raises(InvalidInput):
        exhibiting.write_exhibition(**act(exhibition, judge), timezone="Mars/Olympus")


def test_what_is_over_leaves_what_is_on_and_keeps_its_page(exhibition: Exhibition, judge: User, client: Client) -> None:
    exhibiting.move_exhibition(**act(exhibition, judge), move="publish")
    on = read(client.get("/exhibitions/")).html
    assert "Past" not in on
    Exhibition.objects.update(opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now())
    past = read(client.get("/exhibitions/")).html  # at once, and not when a chore comes by
    assert "Nothing is on just now." in past
    assert past.index("Past") < past.index("Tide &amp; Time")
    archive = read(client.get(f"/exhibitions/{exhibition.slug}/")).html
    assert "Was open from" in archive
    api = client.get(f"/api/v1/exhibitions/{exhibition.slug}/").json()
    assert (api["is_open"], len(api["rooms"][0]["hangings"])) == (False, 3)


def test_whoever_moves_a_work_by_keyboard_stays_at_its_button(
    exhibition: Exhibition, judge: User, signed_in: SignedIn
) -> None:
    desk, easel = signed_in(judge), f"/curator/exhibitions/{exhibition.slug}/"
    _ebb, _flow, neap = exhibiting.in_order(exhibition)
    page = read(desk.post(f"{easel}move/", {"hanging": neap.pk, "by": "-1"}, follow=True))
    [button] = [found for _, found in page.elements if "autofocus" in found]
    assert (button["value"], button["aria-label"]) == ("-1", "Move Neap up")
