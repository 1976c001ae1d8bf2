"""The catalogue of described styles, as `catalogue.toml` has it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """One style of the catalogue."""

    slug: str
    title: str
    source: str  # "painting:NAME", "study:NAME" or "engine:NAME"
    credit: str
    looks: str
    feels: str
    fits: str


CATALOGUE = tuple(
    Entry(**told) for told in tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text())["style"]
)
