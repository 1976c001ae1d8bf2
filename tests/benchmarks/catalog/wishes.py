"""What is offered, before it is rows of the product's tables: distributions as a marketplace of this kind has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.catalog.words import Vocabulary

SEED = 7
CHUNK = 50_000
LISTINGS_OF_ONE = 50  # by each artist, on average
ARTISTS_ZIPF = 0.8
# Media come with their engines; the product asks for nothing else of an engine that made a work.
ENGINES = {
    "stylist": 20, "house-style": 18, "flow-field": 16, "gan": 14, "autoencoder": 9, "reaction-diffusion": 8,
    "texture": 6, "strange-attractor": 5, "gan-walk": 4,
}  # fmt: skip
SIZES = {1: 58, 3: 15, 5: 10, 10: 10, 25: 6, 100: 1}  # editions of a release, in percent
KINDS = {"fixed": 95, "english": 3, "dutch": 2}
CURRENCIES = {"eur": 50, "eur,usd": 20, "usd": 12, "gbp": 8, "eur,usd,gbp": 10}
LICENCES = {"personal": 70, "personal,commercial": 25, "commercial": 5}
SHAPES = {(960, 960): 40, (1200, 800): 30, (800, 1200): 24, (1920, 1080): 6}
COLUMNS = (
    "n", "title", "artist", "engine", "width", "height", "size", "sold", "kind", "amount", "currencies", "licences",
    "closes", "ended", "age", "seed", "phash",
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """How many listings and artists there are."""

    listings: int

    @property
    def artists(self) -> int:
        return max(20, self.listings // LISTINGS_OF_ONE)


class Noted:
    """Listings, passed on; what makes their looks is noted: each one's engine and artist, as numbers."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self.rows = rows
        self._engines: list[int] = []
        self._artists: list[int] = []

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        numbers = {name: n for n, name in enumerate(ENGINES)}
        artist, engine = COLUMNS.index("artist"), COLUMNS.index("engine")
        for row in self.rows:
            self._artists.append(row[artist])
            self._engines.append(numbers[row[engine]])
            yield row

    @property
    def engines(self) -> NDArray[np.int64]:
        return np.array(self._engines)

    @property
    def artists(self) -> NDArray[np.int64]:
        return np.array(self._artists)


def artists(offer: Offer) -> Iterator[tuple[int, str]]:
    """Each artist's number and name."""
    yield from enumerate(Vocabulary(np.random.default_rng(SEED)).names(offer.artists))


def listings(offer: Offer) -> Iterator[tuple[Any, ...]]:
    """Each listing's COLUMNS, the oldest first. `closes` is days from now, `age` days ago; empty ones are None."""
    rng = np.random.default_rng(SEED + 1)
    words = Vocabulary(rng)
    weights = 1.0 / np.arange(1, offer.artists + 1) ** ARTISTS_ZIPF
    weights /= weights.sum()
    for begin in range(0, offer.listings, CHUNK):
        count = min(CHUNK, offer.listings - begin)
        yield from _chunk(rng, words, weights, begin, count, offer.listings)


def _chunk(
    rng: np.random.Generator, words: Vocabulary, weights: Any, begin: int, count: int, whole: int
) -> Iterator[tuple[Any, ...]]:
    def of(shares: dict[Any, int]) -> list[Any]:
        values, parts = list(shares), np.array(list(shares.values()), float)
        return [values[at] for at in rng.choice(len(values), count, p=parts / parts.sum())]

    titles, engines, sizes, kinds = words.titles(count), of(ENGINES), of(SIZES), of(KINDS)
    shapes, currencies, licences = of(SHAPES), of(CURRENCIES), of(LICENCES)
    makers = rng.choice(len(weights), count, p=weights)
    # Prices by a log-normal law about 60.00, on whole units; half of all within a factor of three.
    amounts = np.clip(np.exp(rng.normal(4.1, 1.0, count)), 3, 90_000).astype(int) * 100
    shares, closes, ended = rng.beta(0.6, 1.4, count), rng.uniform(0.05, 60, count), rng.random(count) < 0.06
    ages = 1100 * (1 - (begin + np.arange(1, count + 1)) / (whole + 1))
    seeds, prints = rng.integers(0, 2**53, count), rng.integers(-(2**63), 2**63 - 1, count)
    for n in range(count):
        is_auction = kinds[n] == "english"
        size = 1 if is_auction else sizes[n]
        over = bool(ended[n]) and not is_auction
        sold = size if over else min(size - 1, int(shares[n] * size))
        timed = kinds[n] != "fixed" or closes[n] > 54
        yield (
            begin + n, titles[n], int(makers[n]), engines[n], *shapes[n], size, sold, kinds[n], int(amounts[n]),
            currencies[n].split(",")[0] if kinds[n] != "fixed" else currencies[n],
            licences[n].split(",")[0] if kinds[n] != "fixed" else licences[n],
            None if over or not timed else float(closes[n]), over, float(ages[n]), int(seeds[n]), int(prints[n]),
        )  # fmt: skip
