"""Draws the library of described styles anew: `python -m tests.styles.draw`.

For every style of the catalogue: its picture is fetched or drawn, described by the style network in a hundred numbers,
its five colours are found, and a small photograph is painted in it to show what it does. The numbers and words go to
the engine's `library.json`, the specimens to the gallery's static files. The pictures themselves are not kept.
"""

import argparse
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.base import Request
from generation.engines.colour import from_oklab, to_oklab
from generation.engines.device import open_context
from generation.engines.pictures import centre_square, fit, to_tensor
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.weights import provide_weights
from generation.engines.stylist.library import LIBRARY_FILE
from generation.engines.stylist.painting import Manner, paint
from tests.benchmarks.paintings import painting
from tests.styles.catalogue import CATALOGUE, Entry
from tests.styles.studies import STUDIES

SPECIMENS = Path(__file__).parents[2] / "gallery" / "static" / "gallery" / "styles"
SEED, PALETTE, SPECIMEN_SIDE = 7, 5, 192
DRAWN = {
    "flow-field": {"palette": "tidepool", "density": 0.8, "size": 512},
    "strange-attractor": {"palette": "opal", "size": 512},
    "reaction-diffusion": {"palette": "abyss", "pattern": "coral", "size": 512},
}
DOMAIN = {
    "painting": "Public domain: its painter died over seventy years ago. Measured from it; no picture is kept.",
    "study": "MIT, as this repository.",
    "engine": "MIT, as this repository.",
}


def picture_of(entry: Entry) -> Image.Image:
    """The picture whose manner is meant."""
    kind, _, name = entry.source.partition(":")
    if kind == "painting":
        return painting(name)
    if kind == "study":
        return STUDIES[name](np.random.default_rng(SEED))
    engine = registry.load(name, torch.device("cpu"))
    chosen = registry.declaration(name).validate_parameters(DRAWN[name])
    return engine.run(Request(parameters=chosen, seed=SEED), open_context(torch.device("cpu"), SEED))[0].image


def palette_of(picture: Image.Image) -> list[str]:
    """Five colours that a picture is made of, dark to light: k-means in OKLab from a fixed start."""
    pixels = to_oklab(to_tensor(fit(picture, 96))[0].permute(1, 2, 0).reshape(-1, 3))
    order = pixels[:, 0].argsort()
    centres = pixels[order[torch.linspace(0, len(order) - 1, PALETTE).long()]]
    for _ in range(40):
        nearest = torch.cdist(pixels, centres).argmin(1)
        centres = torch.stack(
            [pixels[nearest == k].mean(0) if (nearest == k).any() else centres[k] for k in range(PALETTE)]
        )
    centres = centres[centres[:, 0].argsort()]
    return ["#{:02x}{:02x}{:02x}".format(*row) for row in (from_oklab(centres) * 255).round().int().tolist()]


def main() -> None:
    """Write the library and its specimens."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", type=Path, help="also keep the styles' pictures in this folder, to look at")
    keep = options.parse_args().keep
    device = torch.device("cpu")
    networks = StyleNetworks.load(device, provide_weights(Path.home() / ".cache" / "atelier"))
    with Image.open(str(files("skimage") / "data" / "chelsea.png")) as opened:  # CC0
        subject = centre_square(opened.convert("RGB"), SPECIMEN_SIDE * 2)
    SPECIMENS.mkdir(parents=True, exist_ok=True)
    library = []
    for entry in CATALOGUE:
        picture = picture_of(entry).convert("RGB")
        if keep:
            picture.save(keep / f"{entry.slug}.png")
        with torch.inference_mode():
            vector = networks.describe([picture])[0]
            specimen = paint(networks, subject, Manner(vector=vector))
        specimen.resize((SPECIMEN_SIDE, SPECIMEN_SIDE), Image.Resampling.LANCZOS).save(
            SPECIMENS / f"{entry.slug}.webp", quality=78, method=6
        )
        library.append({
            "slug": entry.slug, "title": entry.title, "looks": entry.looks, "feels": entry.feels, "fits": entry.fits,
            "palette": palette_of(picture), "credit": entry.credit, "licence": DOMAIN[entry.source.partition(":")[0]],
            "vector": [round(float(number), 5) for number in vector],
        })  # fmt: skip
        print(entry.slug, library[-1]["palette"])
    LIBRARY_FILE.write_text(json.dumps(library, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
