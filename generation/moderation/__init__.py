"""Looking at pictures before people do: is one explicit, and does it look like another? No Django, no torch."""

from generation.moderation.classifier import ExplicitClassifier, OpenNsfw, classifier_named
from generation.moderation.hashing import HASH_BITS, hamming_distance, perceptual_hash

__all__ = [
    "HASH_BITS",
    "ExplicitClassifier",
    "OpenNsfw",
    "classifier_named",
    "hamming_distance",
    "perceptual_hash",
]
