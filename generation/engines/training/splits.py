"""Which pictures are held out. No torch here: datasets are split where they are gathered."""

from typing import Literal

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")
_VALIDATION, _TEST = 0.1, 0.1  # shares


def split_of(digest: str) -> Split:
    """The split of a picture by the SHA-256 of its bytes: adding pictures never moves another one."""
    share = int(digest[:8], 16) / 0x1_0000_0000
    if share < _TEST:
        return "test"
    return "validation" if share < _TEST + _VALIDATION else "train"
