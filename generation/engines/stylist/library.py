"""The house's described styles: each a style vector of the arbitrary network, its colours, and words about it.

Standard library only: the web process reads it too. `tests/styles/draw.py` draws it anew.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

LIBRARY_FILE = Path(__file__).parent / "library.json"


@dataclass(frozen=True)
class Described:
    """Something whose manner can be asked for in words: how it looks, what it feels like, and what it suits."""

    slug: str
    title: str
    looks: str
    feels: str = ""
    fits: str = ""

    @property
    def facets(self) -> tuple[str, ...]:
        """What a sentence is compared with, one after the other."""
        return tuple(facet for facet in (f"{self.title}. {self.looks}", self.feels, self.fits) if facet)


@dataclass(frozen=True)
class HouseStyle(Described):
    """A style that stands in every installation."""

    palette: tuple[str, ...] = ()  # #rrggbb, dark to light
    credit: str = ""
    licence: str = ""
    vector: tuple[float, ...] = ()  # what the style predictor says of its picture: a hundred numbers


@lru_cache(maxsize=1)
def house_styles() -> Mapping[str, HouseStyle]:
    """Every style of the house, by its slug."""
    return {entry["slug"]: _style(entry) for entry in json.loads(LIBRARY_FILE.read_text())}


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """The words that the styles are described in, lower-cased."""
    texts = " ".join(facet for style in house_styles().values() for facet in style.facets)
    return frozenset(re.findall(r"[^\W\d_]+", texts.lower()))


def _style(entry: dict[str, Any]) -> HouseStyle:
    return HouseStyle(**entry | {"palette": tuple(entry["palette"]), "vector": tuple(entry["vector"])})
