"""Ten palettes that every algorithmic engine shares. No torch: the web process draws them beside the form.

Each has one ground, five colours in the order of their distance from it (a ramp that never doubles back in lightness,
so that density reads as depth), and one accent from across the colour circle, for a twentieth of the picture.
"""

from dataclasses import dataclass
from typing import Literal

PaletteName = Literal[
    "nocturne", "ember", "verdigris", "opal", "abyss", "tidepool", "fresco", "orchard", "indigo", "sumi"
]


@dataclass(frozen=True, kw_only=True)
class Palette:
    """A set of colours chosen to be seen together, as #rrggbb."""

    title: str
    ground: str
    colours: tuple[str, str, str, str, str]  # from nearest the ground in lightness to furthest from it
    accent: str

    @property
    def dark(self) -> bool:
        """Whether the ground is dark, so that more of anything means more light."""
        return int(self.ground[3:5], 16) < 0x80  # green carries most of the luminance


PALETTES: dict[PaletteName, Palette] = {
    "nocturne": Palette(  # night blues under gaslight: complementary, blue against amber
        title="Nocturne",
        ground="#0b1020",
        colours=("#1d2c55", "#35569a", "#7fa3cf", "#d9c9a3", "#f7ecd2"),
        accent="#e59a3c",
    ),
    "ember": Palette(  # one warm hue that brightens from coal to flame, cooled by a single teal
        title="Ember",
        ground="#160a0c",
        colours=("#4a0f1c", "#96202a", "#d9502b", "#f49b45", "#ffe0a3"),
        accent="#3f9c97",
    ),
    "verdigris": Palette(  # weathered bronze: greens to bone, with the copper beneath
        title="Verdigris",
        ground="#0c1715",
        colours=("#173f3a", "#2b766a", "#6fb59b", "#c5d4ae", "#f3ecd0"),
        accent="#cc7a3d",
    ),
    "opal": Palette(  # violet to rose to cream: analogous, with a milky green gleam
        title="Opal",
        ground="#130f1e",
        colours=("#3a2a62", "#77479c", "#cf6b9f", "#f3b39f", "#fdebd8"),
        accent="#7fd1c0",
    ),
    "abyss": Palette(  # deep water with living light in it
        title="Abyss",
        ground="#060d14",
        colours=("#0b3347", "#11677c", "#2fa89f", "#a4dcb1", "#f4f6d0"),
        accent="#ee6a50",
    ),
    "tidepool": Palette(  # sea glass on sand, and one piece of coral
        title="Tidepool",
        ground="#f4eee1",
        colours=("#b9d3c0", "#79b3ab", "#38858c", "#1c566c", "#0d2f43"),
        accent="#e4704f",
    ),
    "fresco": Palette(  # earths on lime plaster: ochre, sienna, and the blue of a cloak
        title="Fresco",
        ground="#f3e8d6",
        colours=("#e2bf86", "#d58f4f", "#b4532f", "#75302a", "#2d2430"),
        accent="#3b6f8c",
    ),
    "orchard": Palette(  # leaf greens with ripe fruit
        title="Orchard",
        ground="#f5f0e0",
        colours=("#d3cf8d", "#a3ad57", "#6b8440", "#3d5a38", "#22362d"),
        accent="#c8452f",
    ),
    "indigo": Palette(  # one dye, many baths; a persimmon thread
        title="Indigo",
        ground="#f4f1e8",
        colours=("#c4d1e6", "#8ba5d2", "#4f70b3", "#27417f", "#121d42"),
        accent="#e0663a",
    ),
    "sumi": Palette(  # ink and water on paper, signed with a red seal
        title="Sumi",
        ground="#f6f2e9",
        colours=("#cfc8bc", "#9a938a", "#645f5a", "#38353a", "#17161c"),
        accent="#b3312c",
    ),
}
