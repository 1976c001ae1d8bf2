"""Provenance: every file that leaves the house says, signed, what made it; and anybody's file can be asked."""

from generation.provenance.comparing import CLOSE_LARGEST, CLOSE_PSNR, Difference, difference
from generation.provenance.reading import Manifest, read
from generation.provenance.signing import MEDIA_TYPES, Claim, Ingredient, sign, sign_file

__all__ = [
    "CLOSE_LARGEST",
    "CLOSE_PSNR",
    "MEDIA_TYPES",
    "Claim",
    "Difference",
    "Ingredient",
    "Manifest",
    "difference",
    "read",
    "sign",
    "sign_file",
]
