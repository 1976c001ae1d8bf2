"""What a sentence is held against: moods between two ends, colours by name, palettes by what they are like."""

from collections.abc import Mapping
from dataclasses import dataclass

from generation.engines.palettes import PaletteName


@dataclass(frozen=True)
class Axis:
    """A parameter between two ends; `low` and `high` say each in several ways. `rest` is where it stands unasked."""

    low: tuple[str, ...]
    high: tuple[str, ...]
    least: float = -1.0
    most: float = 1.0
    rest: float = 0.0


AXES: Mapping[str, Axis] = {
    "light": Axis(
        low=("dark", "gloomy", "night", "sombre", "shadowy", "black"),
        high=("bright", "light", "sunny", "radiant", "daylight", "morning"),
    ),
    "warmth": Axis(
        low=("cold", "cool", "icy", "frozen", "wintry", "chilly"),
        high=("warm", "hot", "fiery", "cosy", "sunset glow", "summer heat"),
    ),
    "contrast": Axis(
        low=("soft", "calm", "gentle", "misty", "delicate", "peaceful", "faded"),
        high=("dramatic", "stormy", "bold", "energetic", "stark contrast", "wild", "powerful"),
    ),
    "vividness": Axis(
        low=("muted", "faded", "colourless", "old", "grey", "black and white", "sepia"),
        high=("vivid", "colourful", "saturated", "glowing colours", "bright colours", "neon"),
    ),
    "strength": Axis(
        low=("subtle", "just a hint", "only slightly", "a light touch", "barely changed", "restrained"),
        high=("completely transformed", "strongly stylised", "fully painted"),
        least=0.3,
        most=1.0,
        rest=1.0,
    ),
    "keep_colours": Axis(
        low=("new colours", "change the colours"),
        high=("keep my colours", "the photograph's own colours", "keep the original colours", "natural colours"),
        least=0.0,
        most=1.0,
        rest=0.0,
    ),
}

COLOURS: Mapping[str, str] = {
    "red": "#c62f2b", "crimson": "#a4133c", "scarlet": "#d7261e", "ruby": "#9b111e", "vermilion": "#d9432c",
    "burgundy": "#6d1a36", "wine": "#722f37", "maroon": "#6a1b1b", "coral": "#f0745b", "salmon": "#f2937c",
    "rose": "#e08aa0", "pink": "#f09ab5", "magenta": "#c2187e", "fuchsia": "#d6249f", "purple": "#6a2c8c",
    "violet": "#6f42a8", "lilac": "#b99ad6", "lavender": "#b7a7dd", "mauve": "#b08bb0", "plum": "#6b2f5b",
    "indigo": "#2f2a7a", "navy": "#14213d", "blue": "#2458a8", "cobalt": "#1f4fb5", "ultramarine": "#26319b",
    "azure": "#3f8fe0", "cyan": "#23c4dc", "turquoise": "#2fb5ad", "teal": "#127475", "aquamarine": "#6fd6bd",
    "green": "#3a8a4a", "emerald": "#107c53", "jade": "#3f9c78", "olive": "#757a2e", "sage": "#9caf88",
    "moss": "#66753a", "lime": "#a6cf3a", "mint": "#a8e0c2", "yellow": "#f2cf3b", "gold": "#d4a22f",
    "golden": "#d4a22f", "amber": "#eba02c", "lemon": "#f3e35c", "ochre": "#c6862f", "mustard": "#cf9f2b",
    "orange": "#ec7a2b", "apricot": "#f5b37c", "peach": "#f7b999", "copper": "#b3693a", "bronze": "#8c6239",
    "rust": "#a6482a", "brown": "#6e4426", "chocolate": "#4d2b1c", "sienna": "#9a4c28", "umber": "#5c4230",
    "sepia": "#704f32", "beige": "#dccbaa", "sand": "#dbc28f", "cream": "#f4ead0", "ivory": "#f5f0df",
    "white": "#f7f5f0", "silver": "#c3c7cc", "grey": "#8c8c8c", "gray": "#8c8c8c", "slate": "#596670",
    "charcoal": "#36383c", "black": "#121214",
}  # fmt: skip

# How much lighter (OKLab) a word before a colour makes it, and how much more of its colour there is.
SHADES: Mapping[str, tuple[float, float]] = {
    "deep": (-0.12, 1.1), "dark": (-0.18, 0.95), "midnight": (-0.24, 0.9), "light": (0.16, 0.85), "pale": (0.2, 0.6),
    "soft": (0.1, 0.7), "pastel": (0.22, 0.6), "bright": (0.08, 1.25), "vivid": (0.02, 1.35), "electric": (0.05, 1.4),
    "neon": (0.1, 1.5), "muted": (0.0, 0.5), "dusty": (0.04, 0.5), "faded": (0.1, 0.5), "warm": (0.02, 1.05),
    "cool": (0.0, 0.95), "royal": (-0.06, 1.2), "sky": (0.22, 0.85), "forest": (-0.14, 0.9), "blood": (-0.12, 1.1),
    "baby": (0.25, 0.6), "powder": (0.22, 0.6), "burnt": (-0.12, 0.9), "rich": (-0.06, 1.2),
}  # fmt: skip

PALETTE_WORDS: Mapping[PaletteName, str] = {
    "nocturne": "colours of night, blue dusk under street lamps",
    "ember": "colours of fire, embers and flames",
    "verdigris": "colours of weathered copper, patina and old bronze",
    "opal": "colours of opal, mother-of-pearl, violet and rose twilight",
    "abyss": "colours of the deep sea, underwater light",
    "tidepool": "colours of the seaside, sea glass and sand",
    "fresco": "earth colours, terracotta and ochre, an Italian wall",
    "orchard": "colours of an orchard, leaf green and ripe fruit",
    "indigo": "colours of denim and indigo dye, shades of blue",
    "sumi": "black ink and white paper, no colours but black, white and grey",
}
