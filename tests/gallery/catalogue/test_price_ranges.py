"""A range of prices in one currency: what it finds in every order, what it refuses, and that an index serves it."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gallery import services
from gallery.selectors.catalogue import counted, counts, plans
from gallery.selectors.catalogue.query import Query
from generation.models import Artwork
from marketplace.accounts.models import Artist
from marketplace.core.errors import InvalidInput
from marketplace.listings.services import AskedPrice
from tests.gallery.catalogue import selling
from tests.gallery.catalogue.conftest import asked, bare_works, found, titles
from tests.gallery.markup import Page, read

IN_EUROS = "price_currency=eur"


@pytest.fixture
def priced(artist: Artist) -> list[Artwork]:
    """Twelve works for 10, 12.50, 15 … 37.50 euros, one for 20 dollars, one for nothing."""
    works = bare_works(artist, [{"title": f"Work {n:02d}"} for n in range(14)])
    for n, work in enumerate(works[:12]):
        selling.at(work, 1000 + 250 * n)
    selling.at(works[12], 2000, currency="usd")
    services.refresh_cards([work.pk for work in works])
    services.fold_changes()
    return works


@pytest.mark.parametrize("rare", [10_000, 0])  # gathered, walked
@pytest.mark.parametrize("sort", ["new", "trending", "price", "-price"])
def test_it_finds_what_lies_between_both_ends_among_them(
    priced: list[Artwork], sort: str, rare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "RARE", rare)
    monkeypatch.setattr(plans, "FETCHED", 1e9)
    between = sorted(titles(f"price_from=12.50&price_to=20&{IN_EUROS}&sort={sort}"))
    assert between == ["Work 01", "Work 02", "Work 03", "Work 04"]
    assert sorted(titles(f"price_from=35&{IN_EUROS}&sort={sort}")) == ["Work 10", "Work 11"]
    assert titles(f"price_to=9.99&{IN_EUROS}&sort={sort}") == []


def test_another_currency_is_asked_for_in_its_own_prices(priced: list[Artwork]) -> None:
    assert titles("price_from=20&price_to=20&price_currency=usd") == ["Work 12"]
    assert titles("price_from=20.01&price_currency=usd") == []


@pytest.fixture
def in_dollars(artist: Artist) -> list[Artwork]:
    """Eight works for fewer dollars the more euros they cost, half of them for dollars alone."""
    works = bare_works(artist, [{"title": f"Work {n}"} for n in range(8)])
    for n, work in enumerate(works):
        dollars = AskedPrice("personal", "usd", 4000 - 250 * n)
        selling.priced(work, *([] if n % 2 else [AskedPrice("personal", "eur", 1000 + 250 * n)]), dollars)
    services.refresh_cards([work.pk for work in works])
    services.fold_changes()
    return works


@pytest.mark.parametrize(("rare", "more"), [(10_000, "&medium=image"), (0, "&medium=image"), (0, "")])
def test_the_order_of_price_is_that_of_the_currency_asked_in(
    in_dollars: list[Artwork], rare: int, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "RARE", rare)
    monkeypatch.setattr(plans, "FETCHED", 1e9 if rare else 0)
    query = f"price_from=22.50&price_currency=usd{more}&page_size=3"
    cheapest = found(f"{query}&sort=price")
    assert [card.shown["title"] for card in cheapest.cards] == ["Work 7", "Work 6", "Work 5"]
    assert titles(f"{query}&sort=price&cursor={cheapest.next}") == ["Work 4", "Work 3", "Work 2"]
    assert titles(f"{query}&sort=-price") == ["Work 0", "Work 1", "Work 2"]


def test_a_page_tells_prices_in_the_currency_asked_in(client: Client, in_dollars: list[Artwork]) -> None:
    page = read(client.get("/search/?price_from=40&price_currency=usd")).html
    assert "$40.00" in page.partition('class="price-tag"')[2].partition("</span>")[0]
    assert "€10.00" in read(client.get("/search/?sort=price")).html


def test_its_pages_go_on_where_they_ended(priced: list[Artwork]) -> None:
    query = f"price_from=12.50&price_to=30&{IN_EUROS}&sort=price&page_size=3"
    first = found(query)
    priced[3].card.delete()  # the last of the first page
    second = found(f"{query}&cursor={first.next}")
    assert [card.shown["title"] for card in second.cards] == ["Work 04", "Work 05", "Work 06"]


@pytest.mark.parametrize(("query", "name"), [
    (f"price_from=20&price_to=10&{IN_EUROS}", "price_to"), (f"price_from=-1&{IN_EUROS}", "price_from"),
    ("price_from=10", "price_currency"), ("price_to=10&price_currency=xyz", "price_currency"),
    (f"price_to=ten&{IN_EUROS}", "price_to"), (f"price_to=1.999&{IN_EUROS}", "price_to"),
    (f"price_to=١٢&{IN_EUROS}", "price_to"), (f"price_to={'9' * 40}&{IN_EUROS}", "price_to"),
])  # fmt: skip
def test_what_makes_no_range_is_a_problem_that_names_the_parameter(client: Client, query: str, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(query)
    assert list(refused.value.data["errors"]) == [name]


@pytest.mark.django_db
def test_the_api_answers_with_a_problem_detail(client: Client) -> None:
    answer = client.get(f"/api/v1/catalogue/?price_from=2&price_to=1&{IN_EUROS}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["price_to"])


def test_it_is_written_in_one_way_and_a_currency_alone_says_nothing() -> None:
    one = asked(f"price_to=20.00&price_from=012.5&{IN_EUROS}")
    assert one == asked(f"{IN_EUROS}&price_from=12.50&price_to=20")
    assert one.encoded() == "?price_from=12.50&price_to=20&price_currency=eur"
    assert asked(f"{IN_EUROS}&price_from=&price_to=") == Query()


def test_counts_are_of_what_lies_in_it(priced: list[Artwork]) -> None:
    found_in = counted(asked(f"price_from=12.50&price_to=20&{IN_EUROS}"))
    assert (found_in["all"].everything, found_in["medium"].by_facet["medium:image"]) == (4, 4)


def test_a_narrow_range_is_counted_though_none_of_it_is_among_the_newest(
    priced: list[Artwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "RARE", 0)
    monkeypatch.setattr(counts, "LOOKED_AT", 2)
    few = counted(asked(f"price_from=37.50&{IN_EUROS}"))["all"]
    assert (few.everything, few.is_exact) == (1, True)


def test_a_page_needs_three_queries_at_most(
    priced: list[Artwork], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        assert found(f"price_from=12.50&{IN_EUROS}").cards


@pytest.mark.parametrize("currency", ["eur", "usd", "gbp"])
def test_an_index_serves_it(db: None, currency: str) -> None:
    priced = asked(f"price_from=10&price_to=12&price_currency={currency}").priced
    assert priced is not None
    condition, ends = priced.condition
    order = f"{priced.amount} DESC, artwork_id DESC"
    with connection.cursor() as cursor:
        # Of a table as small as this one whatever is read is cheap: the index can serve it where nothing else may.
        cursor.execute("; ".join(f"SET LOCAL enable_{way} = off" for way in ("seqscan", "bitmapscan", "sort")))
        for ordered in ("", f" ORDER BY {order}" if currency != "eur" else ""):
            cursor.execute(f"EXPLAIN SELECT artwork_id FROM gallery_card WHERE {condition}{ordered}", ends)  # our own
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert f"gallery_card_{currency}" in plan
            assert "Index Cond" in plan
            assert "Sort" not in plan


def test_the_form_works_without_scripts_keeps_the_rest_and_a_chip_undoes_it(
    client: Client, priced: list[Artwork]
) -> None:
    page = read(client.get(f"/search/?medium=image&price_from=12.50&price_to=20&{IN_EUROS}"))
    form = page.html.partition('aria-labelledby="facet-range"')[2].partition("</form>")[0]
    assert [field["value"] for field in Page(form).all("input", type="hidden", name="medium")] == ["image"]
    assert Page(form).all("input", name="price_from", value="12.50")
    assert Page(form).all("option", value="eur", selected="")
    chips = page.html.partition('class="chips chosen"')[2].partition("</ul>")[0]
    assert "€12.50 to €20.00" in chips
    assert "/search/?medium=image" in [link["href"] for link in Page(chips).all("a")]
