"""What a picture looks like in 64 bits: nearly the same for its copies, different for other pictures.

The DCT hash of pHash (C. Zauner, “Implementation and Benchmarking of Perceptual Image Hash Functions”, 2010): grey, 32
by 32, cosine transform, and of each of the 64 lowest frequencies whether it is above their median. What stands still
under resizing, compression, brightness and a slight crop is just the order of the low frequencies.
"""

from functools import cache
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:  # loaded with the first picture that is looked at
    import numpy as np

HASH_BITS = 64
SIDE = 32
LOW = 8
# Below this a picture is one flat colour as far as its low frequencies tell, and the order of what is left is chance.
FLATTEST = 2.0


def perceptual_hash(image: Image.Image) -> int | None:
    """The picture's hash as a signed 64-bit number, or None where it shows nothing to go by: one flat colour."""
    import numpy as np

    grey = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    pixels = np.asarray(grey, dtype=np.float64)  # (32, 32)
    waves = _cosines()
    # Without the first row and column: they hold the brightness and its plain gradients.
    low = (waves @ pixels @ waves.T)[1 : LOW + 1, 1 : LOW + 1].ravel()  # (64,)
    if float(np.abs(low).max()) < FLATTEST:
        return None
    bits: bytes = np.packbits(low > np.median(low)).tobytes()
    return int.from_bytes(bits, signed=True)


def hamming_distance(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return ((one ^ other) & ((1 << HASH_BITS) - 1)).bit_count()


@cache
def _cosines() -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """The first rows of the orthonormal DCT-II: (9, 32)."""
    import numpy as np

    frequency = np.arange(LOW + 1)[:, None]
    place = np.arange(SIDE)[None, :]
    waves: np.ndarray[tuple[int, int], np.dtype[np.float64]] = np.sqrt(2 / SIDE) * np.cos(
        np.pi * (2 * place + 1) * frequency / (2 * SIDE)
    )
    waves[0] /= np.sqrt(2)
    return waves
