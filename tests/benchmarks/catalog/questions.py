"""`python -m tests.benchmarks.catalog.questions`: what visitors of the house at DATABASE_URL ask, as one line of JSON.

For each kind a list of different addresses: nothing that is measured is one answer over and over. Both sizes are asked
the same kinds of things; where a list goes on is written by the product's own cursors.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

import django
import numpy as np

MOST = 3000  # of a kind
PAGE, PAGES, DEEP = 24, 400, 10_000
STRETCH = 40  # neighbouring pages that stand for one depth
SEED = 11
CATALOGUE = "/api/v1/catalogue/"


def main() -> None:
    """Print them."""
    django.setup()
    rng = np.random.default_rng(SEED)
    kinds: dict[str, Callable[[np.random.Generator], Sequence[str]]] = {
        "list": _list, "facets": _facets, "search": _search, "similar": _similar, "detail": _detail, "wall": _wall,
        "search-page": _search_pages, "work-page": _work_pages, "first": _first, "deep": _deep,
    }  # fmt: skip
    asked: dict[str, Any] = {name: _different(make(rng), rng) for name, make in kinds.items()}
    print(json.dumps(asked | {"deep_page": _deep_page()}))


def _different(paths: Sequence[str], rng: np.random.Generator) -> list[str]:
    once = list(dict.fromkeys(paths))
    return [once[at] for at in rng.permutation(len(once))[:MOST]]


def _list(rng: np.random.Generator) -> list[str]:
    """Pages of the whole catalogue, in four orders."""
    begin = [CATALOGUE, *(f"{CATALOGUE}?sort={sort}" for sort in ("price", "-price", "trending"))]
    return begin + _pages("new", 1, PAGES) + _pages("price", 1, PAGES) + _pages("-price", 1, PAGES)


def _facets(rng: np.random.Generator) -> list[str]:
    """Narrowed lists and the counts that stand beside them, by one to three facets."""
    return [
        f"{CATALOGUE}{'facets/' if n % 2 else ''}?{urlencode(pairs)}"
        for n, pairs in enumerate(_narrowings(rng) for _ in range(2 * MOST))
    ]


def _narrowings(rng: np.random.Generator) -> list[tuple[str, str]]:
    """One to three groups of facets that the house has, with a value of each."""
    values = _values()
    groups = rng.choice(list(values), int(rng.integers(1, 4)), replace=False)
    return [(group, values[group][int(rng.integers(len(values[group])))]) for group in sorted(groups)]


@cache
def _values() -> dict[str, list[str]]:
    from gallery.models import FacetCount
    from gallery.selectors.catalogue import facets

    values = defaultdict(list)
    groups = set(facets.GROUPS) - facets.UNPAIRED
    for name in FacetCount.objects.filter(beside="").order_by("facet").values_list("facet", flat=True):
        if facets.group_of(name) in groups:
            values[facets.group_of(name)].append(facets.value_of(name))
    return dict(values)


def _search(rng: np.random.Generator) -> list[str]:
    """Texts: common and rare words, both together, mistyped ones, unfinished ones, Chinese; half of them in a page."""
    return [f"{CATALOGUE}?{urlencode({'q': text})}" for text in _texts(rng)]


def _texts(rng: np.random.Generator) -> list[str]:
    from tests.benchmarks.catalog.words import Vocabulary

    vocabulary, titles = Vocabulary(rng), _titles(rng, MOST)
    texts = []
    for n, title in enumerate(titles):
        words = [word.strip(",.").lower() for word in title.split()]
        long = [word for word in words if word.isalpha() and word.isascii() and len(word) > 4] or ["river"]
        word = long[int(rng.integers(len(long)))]
        if not title.isascii():
            texts.append(title[:2] if n % 2 else title[:3])
            continue
        ways = (word, " ".join(long[:2]), vocabulary.misspelt(word), word[:-1], f"{word} nocturne", title)
        texts.append(ways[n % len(ways)])
    return texts


def _similar(rng: np.random.Generator) -> list[str]:
    return [
        f"/api/v1/artworks/{key}/similar/{'?by=colour' if n % 2 else ''}" for n, key in enumerate(_works(rng, MOST))
    ]


def _detail(rng: np.random.Generator) -> list[str]:
    return [f"/api/v1/artworks/{key}/" for key in _works(rng, MOST)]


def _work_pages(rng: np.random.Generator) -> list[str]:
    return [f"/works/{key}/" for key in _works(rng, MOST)]


def _wall(rng: np.random.Generator) -> list[str]:
    return ["/", *(path.replace(CATALOGUE, "/") for path in _pages("new", 1, PAGES))]


def _search_pages(rng: np.random.Generator) -> list[str]:
    texts = [f"/search/?{urlencode({'q': text})}" for text in _texts(rng)[::2]]
    return texts + [f"/search/?{urlencode(_narrowings(rng))}" for _ in texts]


def _first(rng: np.random.Generator) -> list[str]:
    return [CATALOGUE, *_pages("new", 1, STRETCH - 1)]


def _deep(rng: np.random.Generator) -> list[str]:
    return _pages("new", _deep_page() - 1, STRETCH)


def _deep_page() -> int:
    """The ten thousandth page, or what there is of it."""
    from gallery.models import Card

    return min(DEEP, max(2, Card.objects.count() // PAGE - STRETCH))


def _pages(sort: str, begin: int, count: int) -> list[str]:
    """The `count` pages after page `begin`, by cursors as the product gives them out."""
    from gallery.models import Card
    from gallery.selectors.catalogue.cursors import Cursor
    from gallery.selectors.catalogue.plans import ORDERS
    from gallery.selectors.catalogue.query import Sort

    column = ORDERS[Sort(sort)].key
    sign = "-" if sort in {"new", "-price"} else ""
    cards = Card.objects.filter(**{f"{column}__isnull": False}).order_by(f"{sign}{column}", f"{sign}artwork_id")
    rows = cards.values_list(column, "artwork_id")[begin * PAGE - 1 : (begin + count) * PAGE - 1 : PAGE]
    paths = []
    for key, pk in rows:
        cursor = Cursor(sort, key.isoformat() if column == "hung_at" else repr(key), pk).encode()
        order = "" if sort == "new" else f"sort={sort}&"
        paths.append(f"{CATALOGUE}?{order}cursor={cursor}")
    return paths


def _works(rng: np.random.Generator, count: int) -> list[Any]:
    """Works at random."""
    return _sample(rng, count, "artwork_id")


def _titles(rng: np.random.Generator, count: int) -> list[str]:
    return _sample(rng, count, "title")


def _sample(rng: np.random.Generator, count: int, column: str) -> list[Any]:
    from gallery.models import Card

    whole = Card.objects.count()
    step = max(1, whole // count)
    return list(Card.objects.order_by("artwork_id").values_list(column, flat=True)[int(rng.integers(step)) :: step])[
        :count
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    main()
