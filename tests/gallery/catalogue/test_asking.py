"""Text finds works: in several languages, unfinished, mistyped, and as one asks a web search."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from gallery import services
from gallery.selectors.catalogue import asking
from gallery.selectors.catalogue.lexicon import pairs, searchable, trigrams, words
from generation.models import Artwork
from marketplace.accounts.models import Artist
from tests.gallery import hanging
from tests.gallery.catalogue.conftest import found, titles

Hang = Callable[..., Artwork]


def test_text_becomes_words_and_pairs() -> None:
    assert list(words("Ink-River №7, 水墨画 and café")) == ["ink", "river", "no7", "水墨", "墨画", "画", "and", "café"]
    assert pairs("海") == ["海"]
    assert searchable("Café Straße") == "café straße cafe strasse"
    assert trigrams("ink") == ["__i", "_in", "ink", "nk_"]


FOUND: list[tuple[str, set[str]]] = [
    ("river", {"Ink River", "River of ink and stone"}),
    ("rivers", {"Ink River", "River of ink and stone"}),  # by its stem
    ('"ink river"', {"Ink River"}),
    ("river -stone", {"Ink River"}),
    ("stone or brandung", {"River of ink and stone", "Die Brandungen"}),
    ("the brandung", {"Die Brandungen"}),  # what is too common to be told from counts for nothing
    ("brandung", {"Die Brandungen"}),
    ("montagne", {"Les montagnes bleues"}),
    ("山水", {"山水画卷"}),
    ("画卷", {"山水画卷"}),
    ("水", {"山水画卷", "水墨"}),
    ("水画卷", {"山水画卷"}),
    ("画水", set()),
    ("molnar river", {"Ink River", "River of ink and stone"}),  # without the accent
    ("riv", {"Ink River", "River of ink and stone"}),  # while one types
    ("harb ink", set()),  # only the last word is unfinished
    ("sumi stone", {"River of ink and stone"}),  # a palette of the public recipe
    ("flow field montagnes", {"Les montagnes bleues"}),
    ("' & | ! <-> :* \\ ()", set()),
    ("-river", set()),
]


def test_what_is_asked_is_found(hang: Hang) -> None:
    for title in (
        "Ink River",
        "River of ink and stone",
        "Die Brandungen",
        "Les montagnes bleues",
        "山水画卷",
        "水墨",
        "Harbour",
    ):
        hang(title)
    for query, expected in FOUND:
        page = found(urlencode({"q": query}))
        assert {card.shown["title"] for card in page.cards if not page.is_corrected} == expected, query


def test_a_word_that_many_cards_have_is_taken_as_finished(hang: Hang, monkeypatch: pytest.MonkeyPatch) -> None:
    hang("River")
    hang("Riverbed")
    assert set(titles("q=river")) == {"River", "Riverbed"}
    monkeypatch.setattr(asking, "FINISHED", 1)
    assert titles("q=river") == ["River"]
    assert set(titles("q=rive")) == {"River", "Riverbed"}


def test_titles_count_more_than_artists_and_these_more_than_recipes(hang: Hang) -> None:
    river = hanging.artist("Ada River")
    hang("In a recipe", recipe={"parameters": {"motif": "river"}})
    hang("By an artist", by=river)
    hang("River")
    assert titles("q=river") == ["River", "By an artist", "In a recipe"]


def test_a_mistyped_word_finds_what_was_meant(hang: Hang) -> None:
    for title in ("Ink River", "Brandung", "Harbour"):
        hang(title)
    for query, meant in (("rivre", "river"), ("rvier", "river"), ("molnra", "molnar"), ("Brandnug", "brandung")):
        page = found(f"q={query}")
        assert (page.is_corrected, page.correction, bool(page.cards)) == (True, meant, True)


def test_where_little_is_found_another_spelling_is_suggested_and_what_was_written_is_shown(hang: Hang) -> None:
    hang("Ink River")
    hang("Ink")
    assert found("q=ink").correction == ""
    page = found("q=zebra or ink")
    assert (page.is_corrected, len(page.cards)) == (False, 2)


def test_kinds_are_found_by_what_they_are_called_elsewhere(hang: Hang) -> None:
    red = hang("Ember", engine="flow-field")
    hanging.look_at(red, "red")
    hang("Ember film", medium="animation", engine="texture")
    services.refresh_cards([red.pk])
    services.fold_changes()
    for word in ("红色", "红", "rot", "rouge", "rojo", "流场"):
        assert titles(f"q={word}") == ["Ember"], word
    assert titles("q=动画") == titles("q=animación") == ["Ember film"]


def test_short_words_and_spaces_are_put_right_and_accents_are_no_mistakes(hang: Hang) -> None:
    for title in ("Low tide", "Reef", "Sunrise", "Ascension"):
        hang(title)
    meant = {"lwo tide": "low tide", "Lowtide": "low tide", "refe": "reef", "rif": "", "sun rise": "sunrise"}
    for written, right in meant.items():
        page = found(f"q={written}")
        assert (page.correction, len(page.cards)) == (right, 1 if right else 0), written
    page = found("q=ascénsion")
    assert (len(page.cards), page.correction) == (1, "")


def test_nonsense_finds_nothing_and_suggests_nothing(hang: Hang) -> None:
    hang("Ink River")
    page = found("q=xqzzkw")
    assert (page.cards, page.correction) == ([], "")


def test_a_work_is_found_by_who_made_it_and_in_whose_style(hang: Hang, artist: Artist) -> None:
    other = hanging.artist("Hilma Klint")
    hang("Spiral", by=other, style_artist=artist)
    assert titles("q=klint") == titles("q=Vera") == ["Spiral"]
