"""Provenance: every file that leaves the house says, signed, what made it; and anybody's file can be asked."""

from generation.provenance.reading import Manifest, read
from generation.provenance.signing import SIGNABLE, Claim, Ingredient, sign

__all__ = ["SIGNABLE", "Claim", "Ingredient", "Manifest", "read", "sign"]
