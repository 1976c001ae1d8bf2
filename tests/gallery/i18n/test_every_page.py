"""Every page and every answer of the API in Chinese: what is still said in English is found.

The house of tests/walk is entered by people who have chosen Chinese, each page and answer asked for as one of those
who may see it, by turns.
"""

import json
from collections.abc import Iterator
from html import unescape
from typing import Any, ClassVar
from unittest import mock
from zlib import crc32

from django.test import Client, TestCase, override_settings

from tests.gallery.i18n.english import english_in, english_words_in
from tests.walk.addresses import Address, all_addresses
from tests.walk.calls import client_of
from tests.walk.test_walk import KEPT_CONNECTION, KEPT_CONTEXTS, UNTHROTTLED, furnished
from tests.walk.world import ROLES, Thing, World

CHINESE = {"accept-language": "zh-CN,zh;q=0.9"}
LEFT_OUT = ("/language/", "/accounts/logout", "/api/v1/docs/", "/api/v1/engines/")  # the last has engines of tests
# What is data, not speech: terms that bind, what a sentence is held against, programs' words, what people wrote.
DATA = {
    "terms", "looks", "feels", "fits", "palette", "parameters", "document", "manifest", "recipe", "user_agent", "html",
    "credit", "avif", "webp", "from", "to", "history", "author", "licence", "default", "sentence", "statement", "text",
    "bio", "name", "tags", "query", "artist", "owner", "author_name", "provider_name", "said", "artist_name",
}  # fmt: skip


@override_settings(ALLOWED_HOSTS=["*"])
class EveryPage(TestCase):
    """One way through the house."""

    world: ClassVar[World]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = furnished("zh-hans")

    def test_pages_and_answers_are_chinese(self) -> None:
        clients = {role: client_of(self.world, role) for role in ROLES}
        found: list[str] = []
        with mock.patch(UNTHROTTLED, return_value=True), mock.patch(KEPT_CONNECTION), mock.patch(KEPT_CONTEXTS):
            for address, thing in self.places():
                role = _one_of(address, thing)
                english = _english_at(clients[role], address.filled(thing.values))
                found += [f"{address.path} as {role}: {words}" for words in sorted(english)]
        assert not found, "\n".join(["Said in English to somebody who has chosen Chinese:", *found])

    def places(self) -> Iterator[tuple[Address, Thing]]:
        for address in all_addresses():
            if "GET" in address.methods and not address.path.startswith(LEFT_OUT):
                for thing in self.world.things_at(address):
                    yield address, thing


def _one_of(address: Address, thing: Thing) -> str:
    """One of those who may see it: always the same, and of alike things not always the same."""
    seen_by = [role for role in ROLES if role in thing.seen_by]
    return seen_by[crc32(address.labelled(thing.label).encode()) % len(seen_by)]


def _english_at(client: Client, path: str) -> set[str]:
    answer = client.get(path, headers=CHINESE)
    if answer.streaming:
        return set()
    kind, text = answer.headers.get("Content-Type", ""), answer.content.decode(errors="replace")
    if kind.startswith("text/html"):
        return english_in(unescape(text))
    return set(_said_in(json.loads(text))) if "json" in kind else set()


def _said_in(part: Any, name: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in DATA:
                yield from _said_in(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from _said_in(value, name)
    elif isinstance(part, str):
        yield from (f"{name}: {words}" for words in english_words_in(part))
