"""How the works look that nobody painted: vectors in clusters, as those of real works lie, written as COPY reads them.

A work's style is its engine's and its artist's and that of the series it belongs to, and a little of its own; its
colours are those of the one to three families that it is named after.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.catalog.wishes import CHUNK, SEED

SERIES_OF_ONE = 12  # works
SHARES = {"engine": 1.0, "artist": 0.9, "series": 0.7, "own": 0.6}  # of what makes a style
COLOUR_NOISE = 0.5
_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_END = b"\xff\xff"


def binary(
    engines: NDArray[np.int64], artists: NDArray[np.int64], widths: tuple[int, int], families: int
) -> Iterator[bytes]:
    """COPY's binary form of (number, style, colour, families as bits), for works in order of their numbers.

    `widths` are those of both vectors, which have unit length; one to three of the families' bits are set.
    """
    rng = np.random.default_rng(SEED + 2)
    style_width, colour_width = widths
    of_engine = _directions(rng, int(engines.max()) + 1, style_width)
    of_artist = _directions(rng, int(artists.max()) + 1, style_width)
    of_family = _directions(rng, families, colour_width, positive=True)
    row = np.dtype([
        ("fields", ">i2"), ("l1", ">i4"), ("n", ">i4"),
        ("l2", ">i4"), ("d2", ">i2"), ("z2", ">i2"), ("style", ">f2", style_width),
        ("l3", ">i4"), ("d3", ">i2"), ("z3", ">i2"), ("colour", ">f2", colour_width),
        ("l4", ">i4"), ("families", ">i4"),
    ])  # fmt: skip
    yield _SIGNATURE
    for begin in range(0, len(engines), CHUNK):
        span = slice(begin, begin + CHUNK)
        count = len(engines[span])
        series = _directions(rng, count // SERIES_OF_ONE + 1, style_width)[np.arange(count) // SERIES_OF_ONE]
        parts = (of_engine[engines[span]], of_artist[artists[span]], series, _directions(rng, count, style_width))
        style = _unit(sum(share * part for share, part in zip(SHARES.values(), parts, strict=True)))
        bits, colour = _colours(rng, of_family, count)
        rows = np.zeros(count, row)
        rows["fields"], rows["l1"], rows["l4"] = 4, 4, 4
        rows["n"], rows["families"] = np.arange(begin, begin + count), bits
        rows["l2"], rows["d2"], rows["style"] = 4 + 2 * style_width, style_width, style
        rows["l3"], rows["d3"], rows["colour"] = 4 + 2 * colour_width, colour_width, colour
        yield rows.tobytes()
    yield _END


def _colours(rng: np.random.Generator, of_family: Any, count: int) -> tuple[NDArray[np.int64], Any]:
    """Families as bits, and the vector that they make."""
    families = len(of_family)
    weights = 1.0 / np.arange(1, families + 1) ** 0.7
    chosen = rng.choice(families, (count, 3), p=weights / weights.sum())
    # So many of the three that were drawn, with the share of each.
    shares = np.stack([np.ones(count), rng.random(count) < 0.7, rng.random(count) < 0.4], axis=1) * [1.0, 0.6, 0.35]
    colour = (of_family[chosen] * shares[:, :, None]).sum(axis=1)
    colour += COLOUR_NOISE * np.abs(rng.normal(0, 1, colour.shape)) / np.sqrt(colour.shape[1])
    bits = np.zeros(count, np.int64)
    for place in range(3):
        bits |= np.where(shares[:, place] > 0, 1 << chosen[:, place], 0)
    return bits, _unit(colour)


def _directions(rng: np.random.Generator, count: int, width: int, *, positive: bool = False) -> Any:
    drawn = rng.normal(0, 1, (count, width)).astype(np.float32)
    return _unit(np.abs(drawn) ** 3 if positive else drawn)


def _unit(vectors: Any) -> Any:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
