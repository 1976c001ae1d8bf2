"""Which drawings a scribble may mean: the nearest ones, by the network of `embedding.py`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.engines.scribble.embedding import load_index
from generation.engines.scribble.library import Drawing, drawings_by_id, load_library
from generation.engines.scribble.maps import draw_maps
from generation.engines.scribble.strokes import Stroke


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A drawing, and how alike it is: -1 to 1."""

    drawing: Drawing
    likeness: float


def suggest(strokes: Sequence[Stroke], count: int = 5) -> list[Suggestion]:
    """The `count` drawings that are most like these strokes, the likest first."""
    index, known = load_index(), drawings_by_id()
    likeness = index.places @ index.embedder.embed(draw_maps(strokes)[None])[0]
    best = np.argsort(-likeness, kind="stable")[:count]
    return [Suggestion(known[index.ids[at]], float(likeness[at])) for at in best]


def search(words: str, count: int = 5) -> list[Drawing]:
    """Drawings by what they are called: those whose name holds all the words, then those by their tags."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    ranked: list[tuple[int, int, Drawing]] = []
    for at, drawing in enumerate(load_library()):
        if (rank := _rank(drawing, wanted)) is not None:
            ranked.append((rank, at, drawing))
    return [drawing for *_, drawing in sorted(ranked, key=lambda one: one[:2])[:count]]


def _rank(drawing: Drawing, wanted: Sequence[str]) -> int | None:
    """0 for the name itself, then the words of the name, their beginnings, and tags; None where a word is nowhere."""
    name = drawing.name.casefold()
    tags = [word for tag in drawing.tags for word in tag.casefold().split()]
    if name == " ".join(wanted):
        return 0
    if all(word in name.split() for word in wanted):
        return 1
    if all(any(part.startswith(word) for part in name.split()) for word in wanted):
        return 2
    if all(any(part.startswith(word) for part in (*name.split(), *tags)) for word in wanted):
        return 3
    return None
