"""The page of searches: what it offers, and that it says how it is ordered."""

import pytest
from django.test import Client

from gallery.selectors.catalogue import plans
from generation.models import Artwork
from marketplace.accounts.models import Artist
from tests.gallery import hanging
from tests.gallery.catalogue import selling
from tests.gallery.markup import Page, read

UNRANKED = "it is not ranked"


@pytest.fixture
def works(artist: Artist) -> list[Artwork]:
    made = [hanging.work(artist.user, title=f"Ink {word}") for word in ("River", "River River", "Stone")]
    selling.at(made[0], 4800)
    hanging.draw_cards()
    return made


def searched(client: Client, query: str = "", **headers: str) -> Page:
    return read(client.get(f"/search/{query}", headers=headers))


def orders(page: Page) -> list[str]:
    """What one may choose: the first goes without saying."""
    shown = page.html.partition('<label class="visually-hidden" for="order">')[2] or page.html
    return [part.partition(">")[2].partition("<")[0] for part in shown.split("<option")[1:]]


def test_the_best_match_is_offered_where_there_are_words(client: Client, works: list[Artwork]) -> None:
    without = orders(searched(client))
    assert (without[0], without.count("Last hung")) == ("Last hung", 1)
    assert "Best match" not in without
    written = orders(searched(client, "?q=ink"))
    assert written == ["Best match", *without]
    live = searched(client, "?q=ink", **{"HX-Request": "true"})
    assert live.all("div", **{"hx-swap-oob": "innerHTML:#order"})
    assert orders(live) == written
    assert searched(client, "?q=ink&sort=price").all("option", value="price", selected="")


def test_a_search_of_too_much_to_be_ranked_says_so(
    client: Client, works: list[Artwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert UNRANKED not in searched(client, "?q=ink").html
    monkeypatch.setattr(plans, "RARE", 2)
    assert UNRANKED in searched(client, "?q=ink&page_size=48").html
    assert UNRANKED not in searched(client, "?q=stone&page_size=48").html
    assert UNRANKED not in searched(client, "?q=ink&sort=new&page_size=48").html, "nobody asked for a ranking"


def test_bands_of_price_say_in_which_currency_they_are(client: Client, works: list[Artwork]) -> None:
    assert "Price, in EUR" in searched(client, "?q=ink").html


def test_every_choice_is_a_link_that_undoes_itself(client: Client, works: list[Artwork]) -> None:
    page = searched(client, "?q=ink&orientation=landscape")
    chips = page.html.partition('class="chips chosen"')[2].partition("</ul>")[0]
    assert [link["href"] for link in Page(chips).all("a")] == [
        "/search/?orientation=landscape",
        "/search/?q=ink",
        "/search/",
    ]
    [chosen] = page.all("a", **{"aria-current": "true"}, href="/search/?q=ink", rel="nofollow")
    assert chosen
    assert page.all("a", href="/saved-searches/new/?q=ink&orientation=landscape")
