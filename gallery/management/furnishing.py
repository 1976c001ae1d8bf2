"""The works that hang in a house that was just opened: what each is made from, its title and its price.

The first are drawn from nothing; the later ones paint photographs (from the wheel `scikit-image`) in the manner of
the first, so every picture on the wall was made by an engine of this house. Last comes a model that learns from some of
them, when the house is open already: it takes minutes.
"""

from dataclasses import dataclass, field
from typing import Any

from gallery.management.people import ARTIST, INK_PAINTER


@dataclass(frozen=True)
class Drawn:
    """A work by an algorithm alone, set out by one of the demo's artists."""

    slug: str
    title: str
    engine: str
    seed: int
    price: int  # minor units
    parameters: dict[str, Any] = field(default_factory=dict)
    artist: str = ARTIST


@dataclass(frozen=True)
class Painted:
    """A photograph in the manner of one or two of the drawn works."""

    slug: str
    title: str
    photograph: str
    styles: tuple[str, ...]
    price: int
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """A model, and what it learns from: square pieces of drawn works, cut out where these are not empty."""

    slug: str
    name: str
    description: str
    works: tuple[str, ...]
    engine: str
    price: int
    parameters: dict[str, Any]
    pieces: int = 120  # of each work
    side: int = 96  # pixels
    reach: tuple[float, float] = (0.11, 0.22)  # how much of a work's shorter side a piece shows
    margin: float = 0.14  # of a work that nothing is cut out of


@dataclass(frozen=True, kw_only=True)
class Sold:
    """A work for sale in editions, or the series of a model; prices are minor units by licence and currency."""

    slug: str
    size: int | None  # none: as many as are sold while it is open
    prices: dict[str, dict[str, int]]
    description: str = ""
    opens_in: float | None = None  # hours
    closes_in: float | None = None
    per_buyer: int | None = None
    takes_offers: bool = False


FIELD, ATTRACTOR, REACTION = "flow-field", "strange-attractor", "reaction-diffusion"

DRAWN = (
    Drawn("low-tide", "Low Tide", FIELD, 11, 2400, {"palette": "tidepool", "density": 0.7}),
    Drawn("first-light", "First Light", ATTRACTOR, 7, 3200, {"palette": "nocturne", "shape": "portrait"}),
    Drawn("reef", "Reef", REACTION, 3, 2800, {"palette": "abyss", "pattern": "coral"}),
    Drawn(
        "lime-and-cloak",
        "Lime and Cloak",
        FIELD,
        23,
        2600,
        {"palette": "fresco", "turbulence": 0.6, "shape": "portrait"},
    ),
    Drawn("coals", "Coals", ATTRACTOR, 19, 3000, {"palette": "ember", "shape": "landscape"}),
    Drawn("labyrinth", "Labyrinth for Two", REACTION, 8, 2200, {"palette": "verdigris", "pattern": "labyrinth"}),
    Drawn("orchard-wind", "Orchard Wind", FIELD, 31, 2400, {"palette": "orchard", "weight": 0.7, "shape": "landscape"}),
    Drawn("veil", "Veil", ATTRACTOR, 42, 3600, {"palette": "opal", "colouring": "speed"}),
    Drawn("lace", "Bone Lace", REACTION, 14, 2000, {"palette": "sumi", "pattern": "lace", "shape": "portrait"}),
    Drawn("ink-river", "Ink River", FIELD, 5, 2900, {"palette": "sumi", "turbulence": 0.7, "weight": 0.3}),
    Drawn("indigo-orbit", "Indigo Orbit", ATTRACTOR, 88, 3100, {"palette": "indigo"}),
    Drawn("garden", "Night Garden", REACTION, 21, 2700, {"palette": "opal", "pattern": "cells", "scale": 0.6}),
    Drawn("delta", "Delta", FIELD, 64, 2500, {"palette": "verdigris", "density": 0.8, "turbulence": 0.3}),
    Drawn(
        "furnace", "Furnace Song", REACTION, 33, 2600, {"palette": "ember", "pattern": "worms", "shape": "landscape"}
    ),
)

INK = (
    Drawn(
        "spring-tide", "春潮", FIELD, 108, 3300,
        {"palette": "sumi", "density": 0.55, "weight": 0.8, "turbulence": 0.35}, INK_PAINTER,
    ),
    Drawn(
        "autumn-water", "秋水", FIELD, 77, 3000,
        {"palette": "indigo", "shape": "landscape", "density": 0.6, "weight": 0.5, "turbulence": 0.2}, INK_PAINTER,
    ),
    Drawn("lichen", "苔", REACTION, 52, 2600, {"palette": "verdigris", "pattern": "coral", "scale": 0.5}, INK_PAINTER),
    Drawn("smoke", "烟", ATTRACTOR, 130, 3400, {"palette": "sumi", "shape": "portrait"}, INK_PAINTER),
)  # fmt: skip

# The house's own engines that collectors commission, and what a picture by each costs, in minor units.
ENGINES = {"stylist": 1900, "texture": 1200}

PAINTED = (
    Painted("astronaut-tide", "The Astronaut at Low Tide", "astronaut.png", ("low-tide",), 3900),
    Painted("cat-coals", "Chelsea by the Fire", "chelsea.png", ("coals",), 3400),
    Painted("coffee-fresco", "Coffee on Lime Plaster", "coffee.png", ("lime-and-cloak",), 2900),
    Painted("rocket-veil", "Ascension", "rocket.jpg", ("veil",), 4200),
    Painted("motorcycle-ink", "Workshop in Ink", "motorcycle_left.png", ("ink-river",), 3100),
    Painted("camera-reef", "The Photographer Under Water", "camera.png", ("reef",), 3300),
    Painted("moon-veil", "Moon Behind a Veil", "moon.png", ("veil", "first-light"), 3000),
    Painted("coins-indigo", "Hoard", "coins.png", ("indigo-orbit", "coals"), 2300),
    Painted("cat-orchard", "Cat in the Orchard", "chelsea.png", ("orchard-wind",), 3500, {"keep_colours": 0.4}),
    Painted("astronaut-coals", "Re-entry", "astronaut.png", ("coals",), 4100),
    Painted("coffee-indigo", "Blue Hour", "coffee.png", ("indigo-orbit",), 2800, {"strength": 0.9}),
    Painted("rocket-delta", "Departure, Verdigris", "rocket.jpg", ("delta",), 3700),
    Painted("motorcycle-light", "Still Life with Spokes", "motorcycle_left.png", ("first-light", "lace"), 3800),
    Painted("camera-fresco", "The Photographer, Fresco", "camera.png", ("lime-and-cloak", "orchard-wind"), 3200),
)

SOLD = (
    Sold(
        slug="reef", size=25, per_buyer=2, takes_offers=True,
        description="Twenty-five of one growth, and no more.",
        prices={"personal": {"eur": 4800, "usd": 5200, "gbp": 4100}, "print": {"eur": 14_500}},
    ),
    Sold(
        slug="veil", size=1, takes_offers=True, description="The only one there will be.",
        prices={"personal": {"eur": 64_000, "usd": 69_000}, "commercial": {"eur": 180_000}},
    ),
    Sold(
        slug="first-light", size=None, opens_in=24, closes_in=72, per_buyer=3,
        description="For two days, as many as people want; then never again.",
        prices={"personal": {"eur": 1500, "usd": 1600, "gbp": 1300}},
    ),
)  # fmt: skip

LEARNT = Learnt(
    slug="coral-script",
    name="Coral Script",
    description=(
        "It has read three of my growths, a few hundred pieces of them, until it could write in their hand. "
        "No rule is left in it: only what it remembers of how such lines meet."
    ),
    works=("reef", "labyrinth", "furnace"),
    engine="train-autoencoder",
    price=1800,
    parameters={
        "kind": "vq-vae", "resolution": 64, "images": 12_000, "minutes": 20, "codes": 256, "average_images": 1_500,
        "validate_every": 5_000,
    },
)  # fmt: skip
SERIES = Sold(
    slug=LEARNT.slug, size=64, per_buyer=4, description="Sixty-four growths that it never saw, each somebody's own.",
    prices={"personal": {"eur": 2600, "usd": 2900, "gbp": 2300}},
)  # fmt: skip


def key_of(slug: str) -> str:
    """The key under which what is furnished is asked for, once."""
    return f"furnish:{slug}"
