"""Picture and words: are the right styles found? `python -m tests.benchmarks.words [sheet.webp]`.

`words-top3` is the share of the sentences in `asked.toml` for which one of the right styles is among the first three;
`words-top1` for which it is the first. Those sentences use other words than the catalogue's. The baseline matches
keywords: TF-IDF over the same descriptions, with cosines, stop words left out and plurals brought to their stems.

With a file's name, twenty sentences are painted over four photographs, each with the specimens of the styles it chose
and how much of each.
"""

import math
import sys
import textwrap
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image, ImageDraw

from generation.engines import registry
from generation.engines.base import InputPicture, Request
from generation.engines.device import open_context
from generation.engines.pictures import centre_square
from generation.engines.stylist.answering import read_for_house
from generation.engines.stylist.declarations import StylistParameters
from generation.engines.stylist.library import Described, house_styles
from generation.engines.stylist.phrases import content_words
from tests.benchmarks.reporting import report
from tests.benchmarks.style import photograph

FIRST = 3
SPECIMENS = Path(__file__).parents[2] / "gallery" / "static" / "gallery" / "styles"
PHOTOGRAPHS = ("coffee.png", "astronaut.png", "chelsea.png", "rocket.jpg")
WIDE, SIDE, CHIP, WORDS_HIGH, GAP, ACROSS, QUALITY = 512, 300, 62, 50, 12, 5, 72  # of the sheet, in pixels
SENTENCES = (
    "a stormy sea in deep blue with thick strokes, calm and old",
    "like sunlight through a cathedral window",
    "an old Japanese print, rose and turquoise, not too dark",
    "a quiet winter morning, everything frozen",
    "neon lights of a big city at night, cyberpunk",
    "black and white, dramatic, like a revolutionary poster",
    "only a hint of van Gogh, in yellow and dark green",
    "like a fire at night",
    "tender watercolour, light and dreamy",
    "gold and luxury, as for a queen",
    "for a children's book, bold and cheerful shapes",
    "cold and threatening, a storm is coming",
    "pop art, loud as a comic book",
    "zen: mountains in the mist, black ink only",
    "autumn leaves in a forest, warm and melancholy",
    "as mysterious as the Mona Lisa",
    "tiny dots that shimmer in the sun",
    "my grandmother's needlework, colourful",
    "lost in outer space among nebulae, violet",
    "a pencil sketch from my notebook",
)


def keyword_ranking(sentence: str, styles: Sequence[Described]) -> list[str]:
    """Styles by the cosine of their TF-IDF with the sentence's, those without a word in common last."""
    documents = [Counter(_stems(" ".join(style.facets))) for style in styles]
    present = Counter(word for document in documents for word in document)
    rarity = {word: math.log(len(styles) / count) for word, count in present.items()}
    asked = {word: count * rarity.get(word, 0.0) for word, count in Counter(_stems(sentence)).items()}

    def nearness(document: Counter[str]) -> float:
        weights = {word: count * rarity[word] for word, count in document.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return sum(weights.get(word, 0.0) * weight for word, weight in asked.items()) / length

    order = sorted(zip(styles, documents, strict=True), key=lambda pair: -nearness(pair[1]))
    return [style.slug for style, document in order if nearness(document) > 0]


def _stems(text: str) -> list[str]:
    return [word.removesuffix("'s").removesuffix("s") for word in content_words(text)]


def measure() -> None:
    """Print how often a right style is found, beside keywords."""
    asked = tomllib.loads((Path(__file__).parent / "asked.toml").read_text())["asked"]
    styles = list(house_styles().values())
    ours = []
    for one in asked:
        found = read_for_house(one["sentence"])
        ours.append([style.slug for style in (*found.mix, *found.others)])
    keywords = [keyword_ranking(one["sentence"], styles) for one in asked]
    for name, first in ((f"words-top{FIRST}", FIRST), ("words-top1", 1)):
        found_by_us, found_by_keywords = (
            sum(bool(set(row[:first]) & set(one["styles"])) for row, one in zip(rows, asked, strict=True)) / len(asked)
            for rows in (ours, keywords)
        )
        report(name, found_by_us, found_by_keywords, "share of sentences", len(asked))


def sheet() -> Image.Image:
    """Twenty sentences, the styles that each chose, and the work."""
    cpu = torch.device("cpu")
    engine = registry.load("stylist", cpu)
    high = SIDE + CHIP + WORDS_HIGH + GAP
    rows = -(-len(SENTENCES) // ACROSS)
    drawn = Image.new("RGB", (ACROSS * (SIDE + GAP) + GAP, rows * high + GAP), "#fbf9f5")
    draw = ImageDraw.Draw(drawn)
    for number, sentence in enumerate(SENTENCES):
        picture = photograph(PHOTOGRAPHS[(number + number // ACROSS) % len(PHOTOGRAPHS)])
        wanted = StylistParameters(sentence=sentence, size=WIDE).settled({"content": 1})
        given = {"content": [InputPicture(picture)]}
        work = engine.run(Request(parameters=wanted, seed=1, inputs=given), open_context(cpu, 1))[0].image
        x, y = GAP + number % ACROSS * (SIDE + GAP), GAP + number // ACROSS * high
        drawn.paste(centre_square(work, SIDE), (x, y))
        for place, part in enumerate(wanted.mix):
            with Image.open(SPECIMENS / f"{part.style}.webp") as specimen:
                drawn.paste(specimen.convert("RGB").resize((CHIP - 4, CHIP - 4)), (x + place * 100, y + SIDE + 4))
            draw.text((x + place * 100 + CHIP, y + SIDE + 22), f"{part.weight:.0%}", "#6b655c", font_size=13)
        for place, colour in enumerate(wanted.palette):
            draw.rectangle((x + SIDE - 12, y + SIDE + 4 + place * 10, x + SIDE, y + SIDE + 12 + place * 10), colour)
        told = "\n".join(textwrap.wrap(sentence, 44))
        draw.text((x, y + SIDE + CHIP + 4), told, "#1c1a17", font_size=14)
    return drawn


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sheet().save(sys.argv[1], quality=QUALITY, method=6)
    else:
        measure()
