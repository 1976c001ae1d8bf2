"""From the files of a request to pictures: uploads, and originals of works, among them prints of any size."""

import hashlib
import io
import math
import warnings
from collections import defaultdict
from collections.abc import Sequence

from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from generation.engines.base import InputPicture
from generation.engines.errors import InvalidInputs

MOST_PIXELS = 16_384**2  # of one input: uploads are bounded before, a print has as many; this is the last wall
KEPT_PIXELS = 64_000_000  # a larger one is made smaller, because no engine looks that closely
_PNG = b"\x89PNG\r\n\x1a\n"


def decode_inputs(inputs: Sequence[dict[str, str]], blobs: Sequence[bytes]) -> dict[str, list[InputPicture]]:
    """The pictures of a request by name; of each input it is told {name, sha256}. Raises InvalidInputs."""
    pictures: defaultdict[str, list[InputPicture]] = defaultdict(list)
    for given, data in zip(inputs, blobs, strict=True):
        if hashlib.sha256(data).hexdigest() != given["sha256"]:
            raise InvalidInputs(f"The picture “{given['name']}” is not the one that was given.")
        pictures[given["name"]].append(InputPicture(image=_decode(given["name"], data)))
    return dict(pictures)


def _decode(name: str, data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is below
            with _open(data) as image:
                pixels = image.width * image.height
                if pixels > MOST_PIXELS:
                    raise InvalidInputs(f"The picture “{name}” has too many pixels.")
                step = math.ceil(math.sqrt(pixels / KEPT_PIXELS))
                return (image.reduce(step) if step > 1 else image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidInputs(f"The picture “{name}” cannot be read.") from error


def _open(data: bytes) -> Image.Image:
    """Open a file; PNG files have come out of this house, and may have more pixels than Pillow takes from strangers."""
    return PngImageFile(io.BytesIO(data)) if data.startswith(_PNG) else Image.open(io.BytesIO(data))
