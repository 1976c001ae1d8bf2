"""What people of the demo do with the works that hang in a new house: show them, collect them, doubt one.

So that whoever opens the house finds an exhibition to walk through, one that is announced, a collection to read, a feed
with news in it, and a case on the curator's desk.
"""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

PLACE, EVENING = ZoneInfo("Europe/Paris"), 18


@dataclass(frozen=True)
class Hung:
    """A work in its place, and the label beside it."""

    slug: str
    label: str = ""


@dataclass(frozen=True)
class Part:
    """Works under a heading; without one they hang before the first heading."""

    works: tuple[Hung, ...]
    title: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An exhibition by the demo's curator; it opens and closes at six in the evening where the curator lives."""

    title: str
    slug: str
    text: str
    parts: tuple[Part, ...]
    opens_in: timedelta  # none: at once
    stays: timedelta


@dataclass(frozen=True, kw_only=True)
class Collected:
    """A public collection of the demo's collector."""

    title: str
    description: str
    works: tuple[str, ...]


@dataclass(frozen=True)
class Doubted:
    """A work that the demo's collector reports."""

    slug: str
    reason: str
    words: str


SHOWN = (
    Shown(
        title="Weather by Rule",
        slug="weather-by-rule",
        text=(
            "Nobody drew these lines one by one. A rule was written down, a seed was chosen, and the rule was kept "
            "until it began to look like something that has moods: currents, dusk, growth, heat.\n\n"
            "Two artists set out from the same three programs. One comes from printmaking and looks for the place "
            "where repetition breaks; the other comes from ink and looks for the moment to stop. Walk slowly: each "
            "recipe stands on its work's own page, and each can be made again."
        ),
        parts=(
            Part(works=(Hung("low-tide", "The first work that was hung in this house."),)),
            Part(
                title="Currents",
                text="Thousands of pens follow one invisible wind, and stop where they would touch another's line.",
                works=(
                    Hung("ink-river", "The same wind as beside it, with a finer pen and more temper."),
                    Hung("spring-tide", "春潮连海平: the spring tide, level with the sea."),
                    Hung("delta"),
                    Hung("autumn-water"),
                ),
            ),
            Part(
                title="Growth",
                text="Two substances feed on each other. What is left when they agree is a reef, a maze or a lichen.",
                works=(Hung("reef", "Twenty-five of one growth."), Hung("lichen"), Hung("labyrinth"), Hung("garden")),
            ),
            Part(
                title="A point that never comes home",
                text="One point, thrown some millions of times. It never lands twice in a place, and never leaves.",
                works=(Hung("first-light"), Hung("smoke"), Hung("veil", "The only one there will be.")),
            ),
        ),
        opens_in=timedelta(),
        stays=timedelta(days=60),
    ),
    Shown(
        title="Photographs, Remembered Otherwise",
        slug="photographs-remembered-otherwise",
        text="Seven photographs that everybody has seen, painted in the hand of works that nobody had seen before.",
        parts=(
            Part(
                works=(
                    Hung("astronaut-tide"), Hung("camera-reef"), Hung("moon-veil"), Hung("coffee-fresco"),
                    Hung("motorcycle-ink"), Hung("rocket-veil"), Hung("cat-coals"),
                )
            ),
        ),
        opens_in=timedelta(days=7),
        stays=timedelta(days=45),
    ),
)  # fmt: skip

COLLECTED = Collected(
    title="Slow weather",
    description="What I would like to wake up to. Mostly water.",
    works=("spring-tide", "low-tide", "ink-river", "moon-veil", "autumn-water"),
)

DOUBTED = Doubted(
    "coffee-indigo",
    "mislabelled",
    "Is this not the cup of “Coffee on Lime Plaster”, only in blue? It should say that both paint one photograph.",
)
