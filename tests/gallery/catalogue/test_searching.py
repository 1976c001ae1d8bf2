"""Pages of the catalogue: in every order, by keys, whichever way they are read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gallery import services
from gallery.models import Card
from gallery.selectors.catalogue import counted, plans
from gallery.selectors.catalogue.asking import Asked
from gallery.selectors.catalogue.cursors import Cursor
from gallery.selectors.catalogue.query import Query
from generation.models import Artwork
from marketplace.accounts.models import Artist
from marketplace.core.errors import InvalidCursor, InvalidInput
from tests.gallery.catalogue import selling
from tests.gallery.catalogue.conftest import asked, bare_works, found, titles

Hang = Callable[..., Artwork]
NOW = timezone.now()


@pytest.fixture
def many(artist: Artist) -> list[str]:
    """Thirty works: of two engines, some for sale at different prices, some by auction's end; last hung first."""
    works = bare_works(artist, [
        {
            "title": f"Work {n:02d}", "engine": "flow-field" if n % 3 else "texture", "width": 800 if n % 2 else 1200,
            "hung_at": NOW - timedelta(minutes=n // 2),
        }
        for n in range(30)
    ])  # fmt: skip
    for n, work in enumerate(works[:10]):
        selling.at(work, 1000 + 500 * (n // 2), size=1, closes_at=NOW + timedelta(days=1 + n))
    services.refresh_cards([work.pk for work in works])
    for n, work in enumerate(works):
        Card.objects.filter(pk=work.pk).update(trend=n % 4)
    services.fold_changes()
    return [work.title for work in sorted(works, key=lambda work: (work.hung_at, work.pk), reverse=True)]


def all_pages(query: str) -> list[str]:
    """All that a query finds, seven at a time; no page is empty."""
    seen: list[str] = []
    cursor = ""
    while True:
        page = found(f"{query}&page_size=7&cursor={cursor}")
        seen += [card.shown["title"] for card in page.cards]
        if not page.next:
            return seen
        assert len(page.cards) == 7
        cursor = page.next


WAYS = {"gathered": 10_000, "walked": 0}
DEAR = 1_000_000  # gathering costs so much that all is walked that is not rare


@pytest.mark.parametrize("way", WAYS)
def test_every_order_shows_everything_once(many: list[str], way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "RARE", WAYS[way])
    monkeypatch.setattr(plans, "FETCHED", DEAR)
    for query in ("", "medium=image", "medium=image&orientation=landscape&orientation=square"):
        assert all_pages(f"{query}&sort=new") == many
        assert sorted(all_pages(f"{query}&sort=trending")) == sorted(many)
        assert all_pages(f"{query}&sort=price") == all_pages(f"{query}&sort=-price")[::-1]
        assert all_pages(f"{query}&sort=ending") == [f"Work {n:02d}" for n in range(10)]
    prices = [card.shown["sale"]["amount"] for card in found("medium=image&sort=-price").cards]
    assert prices == sorted(prices, reverse=True)
    assert len(prices) == 10  # what has no price has no place among prices
    trends = [Card.objects.get(title=title).trend for title in all_pages("medium=image&sort=trending")]
    assert trends == sorted(trends, reverse=True)
    assert all_pages("engine=texture") == [title for title in many if int(title[-2:]) % 3 == 0]
    assert all_pages("engine=texture&q=work&sort=new") == all_pages("engine=texture")
    assert sorted(all_pages("q=work")) == sorted(many)


def test_a_walk_that_ends_too_early_is_followed_by_a_gathering(
    many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "RARE", 0)
    monkeypatch.setattr(plans, "FETCHED", DEAR)
    monkeypatch.setattr(plans, "STRETCHES", (3, 3))
    expected = [title for title in many if int(title[-2:]) % 2]
    assert all_pages("orientation=square") == expected
    assert all_pages("orientation=square&engine=texture") == [t for t in expected if int(t[-2:]) % 3 == 0]


def test_what_little_has_is_gathered_where_a_walk_would_be_longer() -> None:
    """A million cards, and two words: of a tenth and a thousandth of them, then of a half and a third."""
    texts = [Asked("", cards, ()) for cards in ((100_000, 1_500), (500_000, 300_000))]
    rare, common = (plans.matching(Query(text="a b"), text, {"all": 1_000_000}) for text in texts)
    assert rare.is_gathered_sooner(25)
    assert not common.is_gathered_sooner(25)


def test_values_of_a_facet_are_alternatives_and_facets_narrow_each_other(many: list[str]) -> None:
    assert len(titles("engine=texture&engine=flow-field&page_size=50")) == 30
    assert len(titles("engine=texture&orientation=square&page_size=50")) == 5
    assert titles("engine=crayon") == []


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("colour=rde", "teal"), ("orientation=tall", "portrait"), ("medium=oil", "animation"), ("sale=rent", "dutch"),
        ("licence=any", "personal"), ("currency=xyz", "eur"), ("price=1-2", "25-100"),
        ("edition=right", "left"), *((f"year={no}", "four digits") for no in ("²²²²", "٢٠٢٦", "20260", "x")),
    ],
)  # fmt: skip
def test_a_value_that_its_facet_cannot_have_is_refused_with_those_that_it_can(
    db: None, query: str, allowed: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        found(query)
    [said] = refused.value.data["errors"][query.partition("=")[0]]
    assert allowed in said


def test_a_cursor_survives_the_work_that_it_was_made_of(many: list[str]) -> None:
    page = found("page_size=5")
    Card.objects.filter(pk=page.cards[-1].pk).delete()
    assert [card.shown["title"] for card in found(f"page_size=5&cursor={page.next}").cards] == many[5:10]


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense", "===", "bnVsbA", "W10", "é", "A" * 5000, "WyJuZXciLCJub3ciLCIwIl0",
        *(Cursor(order, key, UUID(int=7)).encode() for order, key in (
            ("price", "100"), ("new", "2020-01-01"), ("new", "infinity"), ("nothing", "1"),
        )),
    ],
)  # fmt: skip
def test_a_cursor_of_something_else_is_refused(db: None, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        found(f"cursor={cursor}")


@pytest.mark.parametrize("key", ["1e999", "nan", "x", "1 or 1", "१२", "1_0", "1e-400", "+1", " 1"])
@pytest.mark.parametrize("sort", ["price", "trending"])
def test_a_key_that_the_database_could_not_read_is_refused(db: None, sort: str, key: str) -> None:
    with pytest.raises(InvalidCursor):
        found(f"sort={sort}&cursor={Cursor(sort, key, Artwork().pk).encode()}")


@pytest.mark.parametrize(
    "key",
    [
        "2024-W01-1T00:00:00+00:00", "2024-01-01x00:00:00+00:00", "2024-01-01T00:00:00+00:00:00.5",
        "0001-01-01T00:00:00+23:59", "2024-01-01T00:00:00",
    ],
)  # fmt: skip
def test_a_time_that_is_written_otherwise_than_those_given_out_is_refused(db: None, key: str) -> None:
    with pytest.raises(InvalidCursor):
        found(f"cursor={Cursor('new', key, Artwork().pk).encode()}")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("q=" + "x" * 201, "q"), ("sort=best", "sort"), ("page_size=0", "page_size"), ("page_size=101", "page_size"),
        ("page_size=²", "page_size"), ("page_size=0000019999", "page_size"), ("page_size=" + "9" * 5000, "page_size"),
        ("engine=a%00b", "engine"), ("colour=" + "x" * 81, "colour"),
        ("&".join(f"year={n}" for n in range(2000, 2030)), "facets"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named(query: str, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(query)
    assert name in refused.value.data["errors"]


def test_two_who_ask_the_same_ask_it_in_the_same_words() -> None:
    one, other = (
        asked("engine=b&q= ink%20%20river &engine=a&utm=1"),
        asked("q=ink river&engine=a&engine=b&sort=relevance"),
    )
    assert one == other
    assert one.encoded() == "?q=ink+river&engine=a&engine=b"


@pytest.mark.parametrize(
    "query", ["", "engine=texture", "medium=image&orientation=square", "q=work", "q=work&medium=image"]
)
def test_a_page_needs_three_queries_at_most(
    many: list[str], query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        assert found(query).cards


def count_of(query: str, group: str) -> dict[str, int]:
    counts = counted(asked(query))[group]
    assert counts.is_exact
    return {name.partition(":")[2]: n for name, n in counts.by_facet.items() if name.startswith(f"{group}:")}


def test_counts_of_a_facet_pass_over_its_own_choice(many: list[str]) -> None:
    everything: dict[str, Any] = {"texture": 10, "flow-field": 20}
    assert count_of("", "engine") == count_of("engine=texture", "engine") == everything
    assert count_of("engine=texture", "orientation") == {"square": 5, "landscape": 5}
    assert count_of("engine=texture&orientation=square", "engine") == {"texture": 5, "flow-field": 10}
    assert count_of("engine=texture&orientation=square", "orientation") == {"square": 5, "landscape": 5}
    assert count_of("q=work&engine=texture", "engine") == everything
    assert count_of("artist=vera-molnar", "engine") == everything
    assert count_of("engine=texture", "artist") == {"vera-molnar": 10}
    assert count_of("artist=vera-molnar", "artist") == {"vera-molnar": 30}
    assert counted(asked("engine=texture"))["all"].everything == 10
    assert counted(asked("engine=crayon"))["all"].everything == 0


def test_what_was_not_counted_before_is_counted_as_far_as_one_looks(
    many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.selectors.catalogue.counts.COUNTED", 5)
    found = counted(asked("medium=image&orientation=square"))["engine"]
    assert (found.is_exact, found.everything) == (False, 5)


def test_counts_know_what_was_not_folded_yet(many: list[str]) -> None:
    Card.objects.filter(engine="texture").delete()
    assert count_of("", "engine") == {"flow-field": 20}
