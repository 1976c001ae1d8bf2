"""Every text of the house has a Chinese translation that fits it."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from gallery.management import translating

PLACES = [(language, domain) for language in translating.LANGUAGES for domain in translating.DOMAINS]
NAMED = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@pytest.fixture(params=PLACES, ids=lambda place: "-".join(place), scope="module")
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    found: tuple[str, str] = request.param
    return found


@pytest.fixture(scope="module")
def kept(place: tuple[str, str]) -> Catalog:
    return translating.read(*place)


def texts(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def forms(message: Message) -> list[tuple[str, str]]:
    """Each original beside its translation; Chinese has one form for all numbers, which stands for the plural."""
    if isinstance(message.id, (list, tuple)):
        return [(message.id[-1], string) for string in message.string or ()]
    return [(message.id, str(message.string))]


def test_the_catalogue_is_up_to_date(place: tuple[str, str], kept: Catalog) -> None:
    sources = {(m.id, m.context) for m in texts(translating.gather(place[1]))}
    known = {(m.id, m.context) for m in texts(kept)}
    assert sources - known == set(), "run manage.py translations"
    assert known - sources == set(), "run manage.py translations"


def test_every_text_has_a_translation(kept: Catalog) -> None:
    assert translating.untranslated(kept) == []


def test_translations_name_the_same_values(kept: Catalog) -> None:
    wrong = [
        (original, translated)
        for message in texts(kept)
        for original, translated in forms(message)
        if {*NAMED.findall(original)} != {*NAMED.findall(translated)}
    ]
    assert wrong == []


def test_translations_keep_the_markup(kept: Catalog) -> None:
    tag = re.compile(r"</?\w+")
    wrong = [
        original
        for message in texts(kept)
        for original, translated in forms(message)
        if sorted(tag.findall(original)) != sorted(tag.findall(translated))
    ]
    assert wrong == []


def test_what_is_compiled_is_what_is_written(place: tuple[str, str], kept: Catalog) -> None:
    compiled = translating.catalogue_path(*place).with_suffix(".mo").read_bytes()
    assert compiled == translating.compiled(kept), "run manage.py translations"
