"""Directions of what sentences are held against, kept in a file: no process waits for them at its first sentence.

The English model's lie beside this module. `python -m generation.engines.stylist.remembering` writes them anew once the
described styles, palettes or moods say something else; with the folder of an operator's own model, it writes that
model's there. What a file lacks is read by the model as it is needed, and a file of another model is left alone.
"""

import sys
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from generation.engines.stylist.anchors import AXES, PALETTE_WORDS
from generation.engines.stylist.library import house_styles
from generation.engines.text.encoder import SentenceEncoder, english_folder, open_encoder

HOUSE_FILE = Path(__file__).parent / "directions.npz"
IN_A_FOLDER = "atelier-directions.npz"  # beside an operator's model


def house_texts() -> list[str]:
    """Every text of the house that sentences are held against, each once; a short one first."""
    moods = [text for axis in AXES.values() for end in (axis.low, axis.high) for text in end]
    styles = [facet for style in house_styles().values() for facet in style.facets]
    return list(dict.fromkeys([*moods, *PALETTE_WORDS.values(), *styles]))


def keep_directions(encoder: SentenceEncoder, file: Path, texts: Sequence[str]) -> None:
    """Have the model read the texts, and write them with their directions."""
    with file.open("wb") as stream:
        np.savez_compressed(stream, texts=np.array(texts), directions=encoder.encode(texts))


def take_up_directions(encoder: SentenceEncoder, file: Path) -> bool:
    """Remember what was written before; False where there is no such file, or it is another model's or broken."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            return encoder.take_up(kept["texts"].tolist(), kept["directions"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return False


@lru_cache(maxsize=2)
def prepared(encoder: SentenceEncoder) -> SentenceEncoder:
    """The model with all that was kept of it; looked for once a process."""
    for file in (encoder.folder / IN_A_FOLDER, HOUSE_FILE):
        if take_up_directions(encoder, file):
            break
    return encoder


def main() -> None:
    """Write the directions of the house's texts, in the English model or in that of a folder."""
    own = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    encoder = open_encoder(own or english_folder())
    keep_directions(encoder, own / IN_A_FOLDER if own else HOUSE_FILE, house_texts())


if __name__ == "__main__":
    main()
